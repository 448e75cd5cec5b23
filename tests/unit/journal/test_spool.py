"""The spool: what it keeps, what a start finds, what a full disk, torn and damaged files do."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

import pytest
from structlog.testing import capture_logs

from journal.actor import Actor
from journal.records import Kind, Record
from journal.segment import Head, read_head
from journal.spool import Draft, Spool, SpoolInUse


def key(n: int, call: str = "c1") -> Record:
    return Record(float(n), Kind.KEY_PRESSED, call=call, data={"key": str(n % 10)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


class Opened:
    """Spools of one folder, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.last: Spool | None = None

    def __call__(self, **options: Any) -> Spool:
        if self.last is not None:
            self.last.close()
        self.last = Spool.open(self.folder, **options)
        return self.last


@pytest.fixture
def opened(folder: Path) -> Iterator[Opened]:
    opened = Opened(folder)
    yield opened
    if opened.last is not None:
        opened.last.close()


def fill(spool: Spool, *numbers: int) -> None:
    for n in numbers:
        assert spool.append(n, key(n))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def discard(spool: Spool, written: int) -> None:
    spool.strike(written).discard()


def test_a_first_start_finds_nothing_and_keeps_at_once(opened: Opened, folder: Path) -> None:
    spool = opened()
    assert (spool.recovered, spool.last, spool.first, spool.fault) == ((None, ()), 0, 1, None)
    fill(spool, 1, 2)
    snapshot, records = opened().recovered
    assert (snapshot, records) == (None, [key(1), key(2)])
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_start_finds_the_newest_snapshot_and_the_records_since(opened: Opened) -> None:
    spool = opened()
    fill(spool, 1, 2)
    assert spool.begin(3, {"state": "two"})
    fill(spool, 3)
    assert spool.begin(4, {"state": "three"})
    fill(spool, 4, 5)
    again = opened()
    assert again.recovered == ({"state": "three"}, [key(4), key(5)])
    assert (again.last, again.last_at, again.first) == (5, 5.0, 1)
    fill(again, 6)  # goes on in the same segment
    assert opened().recovered == ({"state": "three"}, [key(4), key(5), key(6)])


def test_a_snapshot_without_records_since_knows_when_the_last_was_written(opened: Opened) -> None:
    spool = opened()
    fill(spool, 1, 2)
    assert spool.begin(3, {})
    discard(spool, 2)
    again = opened()
    assert (again.last, again.last_at, again.first) == (2, 2.0, 3)
    assert again.id == spool.id


def test_a_segment_that_the_service_before_deletes_meanwhile_is_nobodys(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has read the head when the file goes."""
    spool = opened()
    fill(spool, 1, 2)
    assert spool.begin(3, {"calls": []})
    fill(spool, 3)

    def read_late(path: Path) -> Head:
        head = read_head(path)
        if head.first == 1:
            path.unlink()
        return head

    monkeypatch.setattr("journal.spool.read_head", read_late)
    again = opened()
    assert again.fault is None
    assert (again.recovered.snapshot, again.recovered.records) == ({"calls": []}, [key(3)])


def test_records_come_out_as_they_went_in(opened: Opened) -> None:
    story = [
        Record(
            1_700_000_000.123456, Kind.OFFERED, "c1", "绿化", "1001", "o1", {"rule": {"idle": [1, 2.5, None, True]}}
        ),
        Record(0.1, Kind.SAID, "c1", data={"text": "梧桐 🌳\r\n\0", "odd": "\ud800"}),
        Record(0.2, Kind.AGENT_STATE, agent="1001", data=MappingProxyType({"deep": MappingProxyType({"a": 1})})),
    ]
    spool = opened()
    for n, record in enumerate(story, 1):
        assert spool.append(n, record)
    assert opened().recovered.records == story


def test_a_record_says_who_caused_it_and_one_of_an_older_version_says_the_system(opened: Opened, folder: Path) -> None:
    by_agent = key(1)._replace(actor=Actor.agent("1001"))
    spool = opened()
    assert spool.append(1, by_agent)
    assert spool.append(2, key(2))
    with (folder / "000001.jsonl").open("ab") as file:
        older = b'[3,3.0,"agent-phone",null,null,"1001",null,{"phone":"free"}]'
        file.write(b"%08x %b\n" % (crc32(older), older))
    found = opened().recovered.records
    assert found == [by_agent, key(2), Record(3.0, Kind.AGENT_PHONE, agent="1001", data={"phone": "free"})]
    assert [type(record.actor) for record in found] == [Actor] * 3


def test_what_is_no_json_is_kept_as_the_database_gets_it(opened: Opened) -> None:
    spool = opened()
    data: dict[Any, Any] = {"path": Path("p"), "set": {1}, ("a",): 1}
    assert spool.append(1, Record(1.0, Kind.SAID, data=data))
    assert opened().recovered.records[0].data == {"path": "p", "set": [1], "('a',)": 1}


def test_reading_back_goes_over_segments_in_order(opened: Opened) -> None:
    spool = opened()
    fill(spool, 1, 2, 3)
    spool.begin(4, {})
    fill(spool, 4, 5)
    spool.begin(6, {})
    fill(spool, 6, 7)

    def numbers(after: int, before: int, limit: int) -> list[int]:
        found = spool.read(after, before, limit)
        assert [record for _, record in found] == [key(n) for n, _ in found]
        return [n for n, _ in found]

    assert numbers(0, 8, 2) == [1, 2]
    assert numbers(2, 8, 3) == [3, 4, 5]
    assert numbers(5, 7, 9) == [6]
    assert numbers(6, 8, 9) == [7]
    assert numbers(1, 4, 9) == [2, 3]  # back again
    assert numbers(7, 8, 9) == []


STEPS: tuple[Callable[[Spool, Draft], object], ...] = (
    lambda spool, draft: None,
    lambda spool, draft: draft.write(),
    lambda spool, draft: spool.caught_up(draft, None),
    lambda spool, draft: draft.name(),
    lambda spool, draft: spool.named(draft, None),
)
"""How a draft comes into use."""


@pytest.mark.parametrize("dies_after", range(len(STEPS)))
def test_a_process_that_dies_while_another_segment_is_begun_loses_nothing(
    opened: Opened, folder: Path, tmp_path: Path, dies_after: int
) -> None:
    spool = opened()
    spool.begin(1, {"seen": 0})
    fill(spool, 1, 2)
    draft = spool.draft(3, {"seen": 2})
    n = 2
    for step in STEPS[: dies_after + 1]:
        step(spool, draft)
        fill(spool, n := n + 1)
    shutil.copytree(folder, tmp_path / "left")
    found = Spool.open(tmp_path / "left")
    snapshot, records = found.recovered
    assert snapshot is not None
    assert records == [key(number) for number in range(snapshot["seen"] + 1, n + 1)]
    assert snapshot["seen"] == (2 if dies_after >= 3 else 0)
    assert found.last == n
    found.close()


def test_records_that_two_segments_have_are_read_once(opened: Opened) -> None:
    spool = opened()
    fill(spool, 1, 2)
    draft, n = spool.draft(3, {}), 2
    for step in STEPS:
        step(spool, draft)
        fill(spool, n := n + 1)
    assert [number for number, _ in spool.read(0, 100, 100)] == list(range(1, n + 1))
    assert [number for number, _ in spool.read(0, 5, 100)] == [1, 2, 3, 4]
    assert [number for number, _ in spool.read(3, 100, 2)] == [4, 5]
    discard(spool, 2)
    assert [number for number, _ in spool.read(2, 100, 100)] == list(range(3, n + 1))


@pytest.mark.parametrize("at", range(1, len(STEPS)))
def test_a_draft_that_fails_leaves_the_segment_in_use(opened: Opened, folder: Path, at: int) -> None:
    spool = opened()
    fill(spool, 1)
    draft, failed = spool.draft(2, {}), OSError(errno.EIO, "the disk is gone")
    for step in STEPS[:at]:
        step(spool, draft)
        fill(spool, int(spool.last_at) + 1)
    if at < 3:
        assert not spool.caught_up(draft, failed)
    else:
        assert not spool.named(draft, failed)
    n = int(spool.last_at) + 1
    fill(spool, n)
    assert files(folder) == ["000001.jsonl"]
    assert spool.fault is None
    assert opened().recovered.records == [key(number) for number in range(1, n + 1)]


def test_a_fault_while_another_segment_is_begun_ends_with_a_third_one(
    opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = opened()
    fill(spool, 1)
    draft = spool.draft(2, {})
    draft.write()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: 0)
        assert not spool.append(2, key(2))
    assert spool.begin(3, {"seen": 2})
    assert not spool.caught_up(draft, None)
    fill(spool, 3)
    assert files(folder) == ["000001.jsonl", "000003.jsonl"]
    assert opened().recovered == ({"seen": 2}, [key(3)])


def test_segments_go_once_the_database_has_them_and_there_is_a_newer_one(opened: Opened, folder: Path) -> None:
    spool = opened()
    fill(spool, 1, 2)
    discard(spool, 2)
    assert files(folder) == ["000001.jsonl"]
    spool.begin(3, {})
    discard(spool, 1)
    assert files(folder) == ["000001.jsonl", "000002.jsonl"]
    discard(spool, 2)
    assert files(folder) == ["000002.jsonl"]
    assert spool.size == (folder / "000002.jsonl").stat().st_size
    assert spool.first == 3


def test_another_segment_is_due_at_its_size_and_not_with_every_record_after_a_failure(
    opened: Opened, folder: Path
) -> None:
    spool = opened(segment=500)
    n = 0
    while not spool.full:
        fill(spool, n := n + 1)
    assert spool.size >= 500
    assert spool.begin(n + 1, {})
    assert not spool.full


def test_the_last_line_cut_off_in_the_middle(opened: Opened, folder: Path) -> None:
    fill(opened(), 1, 2, 3)
    path = folder / "000001.jsonl"
    os.truncate(path, path.stat().st_size - 7)
    with capture_logs() as logs:
        spool = opened()
    assert spool.recovered.records == [key(1), key(2)]
    assert spool.last == 2
    assert [line["event"] for line in logs] == ["spool.torn"]
    fill(spool, 3)
    assert opened().recovered.records == [key(1), key(2), key(3)]


def test_a_damaged_line_is_left_out_and_the_file_kept(opened: Opened, folder: Path) -> None:
    fill(opened(), 1, 2, 3)
    path = folder / "000001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"key":"2"', b'"key":"7"'))
    with capture_logs() as logs:
        spool = opened()
    assert spool.recovered.records == [key(1), key(3)]
    assert spool.last == 3
    assert [line["event"] for line in logs] == ["spool.damaged"]
    assert "keep the file" in logs[0]["what_to_do"]
    assert [n for n, _ in spool.read(0, 4, 9)] == [1, 3]
    spool.begin(4, {})
    discard(spool, 3)
    aside, newest = files(folder)
    assert aside.startswith("000001.jsonl.damaged-")
    assert newest == "000002.jsonl"


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 100, b"no segment\n", b"\xff" * 5000, b'00000000 {"spool":1}\n', b"12345678 [[[[[[\n"]
)
def test_a_segment_with_a_damaged_head_is_put_aside(opened: Opened, folder: Path, content: bytes) -> None:
    spool = opened()
    fill(spool, 1, 2)
    spool.begin(3, {"state": "two"})
    (folder / "000003.jsonl").write_bytes(content)
    with capture_logs() as logs:
        again = opened()
    assert again.recovered == ({"state": "two"}, [])
    assert [line["event"] for line in logs] == ["spool.put_aside"]
    assert any(name.startswith("000003.jsonl.damaged-") for name in files(folder))
    assert again.begin(3, {})
    assert "000004.jsonl" in files(folder)


def test_a_segment_of_another_version_or_spool_is_put_aside(opened: Opened, folder: Path, tmp_path: Path) -> None:
    fill(opened(), 1)
    other = Spool.open(tmp_path / "other")
    fill(other, 1, 2)
    other.close()
    (tmp_path / "other" / "000001.jsonl").rename(folder / "000000.jsonl")
    with capture_logs() as logs:
        assert opened().recovered.records == [key(1)]
    assert logs[0]["why"] == "it is of another spool"


def test_a_segment_that_is_deleted_while_it_is_looked_for_is_not_missed(opened: Opened, folder: Path) -> None:
    spool = opened()
    fill(spool, 1)
    spool.begin(2, {"state": "one"})
    (folder / "000001.jsonl").unlink()
    (folder / "000001.jsonl").symlink_to(folder / "gone")  # the folder names it, and it cannot be opened
    again = opened()
    assert (again.recovered, again.fault) == (({"state": "one"}, []), None)


def test_what_was_left_of_a_segment_that_was_never_begun_is_removed(opened: Opened, folder: Path) -> None:
    opened()
    (folder / "000002.new").write_bytes(b"half a snap")
    opened()
    assert files(folder) == ["000001.jsonl"]


def test_over_its_limit_it_has_a_fault_until_there_is_room(opened: Opened, folder: Path) -> None:
    spool = opened(limit=900, segment=300)
    n = 0
    with capture_logs() as logs:
        while spool.append(n + 1, key(n + 1)):
            n += 1
            if spool.full:
                spool.begin(n + 1, {})
        assert spool.size <= 900
        assert spool.fault == "its 900 bytes are full"
        assert not spool.append(n + 2, key(n + 2))
        assert not spool.begin(n + 3, {})
        discard(spool, n)
        assert spool.begin(n + 3, {"state": "more"})
        fill(spool, n + 3)
    events = [line["event"] for line in logs]
    assert events.count("spool.failed") == 1
    assert events[-1] == "spool.resumed"
    assert opened().recovered == ({"state": "more"}, [key(n + 3)])


class Disk:
    """Writes that fail, or write less, while `error` is set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.error: int | None = None
        self.takes = 0
        self._write = os.write
        patch.setattr(os, "write", self)

    def __call__(self, file: int, data: bytes) -> int:
        if self.error is None:
            return self._write(file, data)
        if self.takes:
            return self._write(file, data[: self.takes])
        raise OSError(self.error, os.strerror(self.error))


@pytest.mark.parametrize(("error", "takes"), [(errno.ENOSPC, 0), (errno.ENOSPC, 10), (errno.EIO, 0)])
def test_a_disk_error_leaves_whole_lines_and_ends_with_another_segment(
    opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch, error: int, takes: int
) -> None:
    spool = opened()
    fill(spool, 1, 2)
    disk = Disk(monkeypatch)
    disk.error, disk.takes = error, takes
    assert not spool.append(3, key(3))
    assert spool.fault == os.strerror(error)
    disk.takes = 0
    assert not spool.begin(4, {})
    disk.error = None
    assert not spool.append(4, key(4))  # only with a snapshot that has what is missing
    assert (folder / "000001.jsonl").read_bytes().endswith(b"\n")
    assert spool.begin(5, {"state": "four"})
    fill(spool, 5)
    again = opened()
    assert again.recovered == ({"state": "four"}, [key(5)])
    assert [n for n, _ in again.read(0, 6, 9)] == [1, 2, 5]


def test_a_disk_that_is_full_when_a_segment_is_due(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = opened(segment=300)
    n = 0
    while not spool.full:
        fill(spool, n := n + 1)
    disk = Disk(monkeypatch)
    disk.error = errno.ENOSPC
    with capture_logs() as logs:
        assert not spool.begin(n + 1, {})
    assert [line["event"] for line in logs] == ["spool.not_rotated"]
    disk.error = None
    assert not spool.full
    fill(spool, n + 1)  # it goes on in the old one
    assert opened().recovered.records == [key(i) for i in range(1, n + 2)]


def test_a_start_on_a_full_disk_is_a_fault_not_an_end(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    disk.error = errno.ENOSPC
    spool = opened()
    assert spool.fault == os.strerror(errno.ENOSPC)
    assert not spool.append(1, key(1))
    disk.error = None
    assert spool.begin(2, {})
    fill(spool, 2)


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("in the way")
    spool = Spool.open(tmp_path / "spool")
    assert spool.fault == os.strerror(errno.EEXIST)
    assert not spool.append(1, key(1))
    assert not spool.begin(2, {})
    spool.close()


def test_segments_that_cannot_be_read_at_the_start_are_not_continued(
    opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = opened()
    fill(spool, 1, 2)

    def fails(*arguments: Any) -> Any:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("journal.spool.entries", fails)
        again = opened()
    assert again.fault == os.strerror(errno.EIO)
    assert again.id != spool.id
    assert again.begin(1, {"state": "new"})
    assert files(folder) == ["000001.jsonl", "000002.jsonl"]
    assert opened().recovered == ({"state": "new"}, [])


def test_a_segment_that_vanished_is_skipped_and_too_many_open_files_are_not(
    opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = opened()
    fill(spool, 1)
    spool.begin(2, {})
    fill(spool, 2)

    def no_files(*arguments: Any) -> Any:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as patch:
        patch.setattr("journal.spool.entries", no_files)
        with pytest.raises(OSError, match="open files"):
            spool.read(0, 3, 9)
    (folder / "000001.jsonl").unlink()
    with capture_logs() as logs:
        assert spool.read(0, 3, 9) == [(2, key(2))]
    assert [line["event"] for line in logs] == ["spool.damaged"]


def test_one_process_writes_it(opened: Opened, folder: Path) -> None:
    opened()
    with pytest.raises(SpoolInUse, match="another process"):
        Spool.open(folder)


KILLED = """
import os, sys
from pathlib import Path
from journal.records import Kind, Record
from journal.spool import Spool
spool = Spool.open(Path(sys.argv[1]))
n = 0
while True:
    n += 1
    spool.append(n, Record(float(n), Kind.KEY_PRESSED, call="c1", data={"key": str(n % 10)}))
    os.write(1, b"%d\\n" % n)
"""


def test_a_killed_process_loses_nothing_that_it_had_written(folder: Path, opened: Opened) -> None:
    """Every number that it printed is there: it prints after `append`."""
    with subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(200)]
        child.send_signal(signal.SIGKILL)
        told = int([*lines, *child.stdout][-1])
    spool = opened()
    assert spool.last >= told >= 200
    assert spool.recovered.records == [key(n) for n in range(1, spool.last + 1)]
