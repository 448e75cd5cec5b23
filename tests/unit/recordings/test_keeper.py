"""What becomes of the pieces of a talk, and of files and Records that have lost each other."""

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyrage
import pytest
from pyrage.x25519 import Identity

from base.tasks import Failures, Tasks
from calls.store import StoreUnavailable
from journal.records import Kind, Record
from recordings import keeper
from recordings.keeper import Keeper
from recordings.keys import Keys
from tests.unit.recordings.test_model import AT, SECOND, piece
from tests.unit.recordings.told import FakeTold

ZONE = ZoneInfo("Asia/Shanghai")


class Kept:
    """A keeper with its folders. `live`: calls that go on. `away`: the database is."""

    def __init__(self, root: Path, *keys: Any) -> None:
        self.raw, self.kept = root / "recordings", root / "recorded"
        self.raw.mkdir()
        self.kept.mkdir()
        self.records: list[Record] = [Record(AT, Kind.OFFERED, "c1", "greening", "1001", "o-1")]
        self.live: set[str] = set()
        self.away = False
        self.now = AT + 100
        self.keeper = Keeper(
            *(self.raw, self.kept, Tasks(Failures()), FakeTold(lambda: self.records), self.records.append),
            *(lambda: self.now, self.live.__contains__, self._story, lambda: ZONE, Keys(*keys)),
        )

    async def _story(self, call: str) -> tuple[object, Sequence[Record]] | None:
        if self.away:
            raise StoreUnavailable("OSError")
        return None, [record for record in self.records if record.call == call]

    def record(self, *pieces: tuple[str, int]) -> None:
        """Asterisk has written these."""
        for name, size in pieces:
            (self.raw / name).write_bytes(b"\1\0\2\0" * (size // 4))

    def told(self, kind: Kind) -> list[Record]:
        return [record for record in self.records if record.kind is kind]

    def files(self) -> list[str]:
        return [file.relative_to(self.kept).as_posix() for file in sorted(self.kept.rglob("*.*"))]


@pytest.fixture
def here(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


async def test_the_pieces_of_a_talk_become_one_file_and_a_record(here: Kept) -> None:
    here.record(piece(1, AT), piece(0.5, AT + 10))
    await here.keeper.settle()
    (record,) = here.told(Kind.RECORDED)
    assert (record.call, record.queue, record.agent, record.offer) == ("c1", "greening", "1001", "o-1")
    assert (record.data["length_s"], record.data["began"], record.data["day"]) == (1.5, AT, "2023/11/15")
    assert record.data["marks"] == [{"at_s": 1.0, "what": "hold", "held_s": 9.0}]
    assert here.files() == ["2023/11/15/c1.o-1.flac"]
    assert not [*here.raw.iterdir()]


async def test_with_a_public_key_only_encrypted_sound_comes_to_the_disk(tmp_path: Path) -> None:
    key = Identity.generate()
    here = Kept(tmp_path, [str(key.to_public())])
    here.record(piece(1, AT))
    plain = here.keeper.file("c1.o-1", "2023/11/15")
    plain.parent.mkdir(parents=True)
    plain.write_bytes(b"of a service that died before the Record, with other settings")
    await here.keeper.settle()
    assert here.files() == ["2023/11/15/c1.o-1.flac.age"]
    content = here.keeper.file("c1.o-1", "2023/11/15", encrypted=True).read_bytes()
    assert pyrage.decrypt(content, [key]).startswith(b"fLaC")
    (record,) = here.told(Kind.RECORDED)
    assert record.data["sha256"] == hashlib.sha256(content).hexdigest()
    assert record.data["recipients"] == [str(key.to_public())]
    await here.keeper.forget(["c1"])
    assert here.files() == []


async def test_encrypted_and_other_recordings_are_compared_and_removed_alike(tmp_path: Path) -> None:
    here = Kept(tmp_path, [str(Identity.generate().to_public())])
    here.record(piece(1, AT))
    await here.keeper.settle()
    here.keeper.keys = Keys()
    here.records.append(Record(AT, Kind.OFFERED, "c2", "greening", "1001", "o-2"))
    here.record(piece(1, AT, "c2", "o-2"))
    await here.keeper.settle()
    assert here.files() == ["2023/11/15/c1.o-1.flac.age", "2023/11/15/c2.o-2.flac"]
    await here.keeper.compare(AT)
    assert (here.keeper.lost, here.keeper.strays) == (0, 0)
    assert await here.keeper.remove_old(AT + keeper.DAY, {}) == 2
    assert here.files() == []


async def test_a_night_finds_the_files_that_are_not_those_of_their_records(here: Kept) -> None:
    here.records.append(Record(AT, Kind.OFFERED, "c2", "greening", "1001", "o-2"))
    here.record(piece(1, AT), piece(1, AT, "c2", "o-2"))
    await here.keeper.settle()
    file = here.keeper.file("c1.o-1", "2023/11/15")
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    for day, damaged in (0, set()), (2, set()), (30, set()), (31, {"c1.o-1"}):
        here.now = AT + day * keeper.DAY
        await here.keeper.examine(AT)
        assert here.keeper.damaged == damaged, day
    await here.keeper.forget(["c1"])
    assert here.keeper.damaged == set()


@pytest.mark.parametrize("end", [Kind.CALL_FINISHED, Kind.CALL_OUT_ENDED])
async def test_a_live_call_is_left_alone_until_it_is_over(here: Kept, end: Kind) -> None:
    here.record(piece(1, AT))
    here.live.add("c1")
    await here.keeper.settle()
    assert here.files() == []
    running = asyncio.create_task(here.keeper.run())
    await asyncio.sleep(0)
    here.live.clear()
    here.keeper.note(Record(AT + 90, end, "c1"))
    for _ in range(200):
        if here.told(Kind.RECORDED):
            break
        await asyncio.sleep(0.1)
    running.cancel()
    assert here.files() == ["2023/11/15/c1.o-1.flac"]


async def test_a_service_that_died_after_the_record_only_removes_the_pieces(here: Kept) -> None:
    here.record(piece(1, AT))
    await here.keeper.settle()
    here.record(piece(1, AT))
    await here.keeper.settle()
    assert len(here.told(Kind.RECORDED)) == 1
    assert not [*here.raw.iterdir()]


async def test_pieces_stay_while_the_database_is_away_or_the_disk_fails(
    here: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.record(piece(1, AT))
    here.away = True
    await here.keeper.settle()
    assert (here.keeper.failed, len([*here.raw.iterdir()])) == (1, 1)
    here.away = False
    here.kept.rmdir()
    here.kept.write_text("no folder")
    await here.keeper.settle()
    assert (here.keeper.failed, here.told(Kind.RECORDED)) == (1, [])
    here.kept.unlink()
    await here.keeper.settle()
    assert (here.keeper.failed, here.files()) == (0, ["2023/11/15/c1.o-1.flac"])


async def test_a_recording_for_which_the_disk_has_no_room_is_tried_again(here: Kept) -> None:
    here.record(piece(60, AT))
    folder = here.keeper.file("c1.o-1", "2023/11/15").parent
    folder.mkdir(parents=True)
    (folder / "c1.o-1.part").symlink_to("/dev/full")
    await here.keeper.settle()
    assert (here.keeper.failed, here.files(), here.told(Kind.RECORDED)) == (1, [], [])
    await here.keeper.settle()
    assert (here.keeper.failed, here.files()) == (0, ["2023/11/15/c1.o-1.flac"])


async def test_a_link_in_asterisks_folder_is_not_followed(here: Kept, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"\1\0\2\0" * SECOND)
    (here.raw / piece(1, AT)[0]).symlink_to(secret)
    await here.keeper.settle()
    assert (here.files(), here.told(Kind.RECORDED)) == ([], [])


async def test_what_belongs_to_no_talk_and_what_is_empty_is_removed(here: Kept) -> None:
    here.record(piece(1, AT, "c9"), piece(0, AT))
    await here.keeper.settle()
    assert (here.files(), here.told(Kind.RECORDED), [*here.raw.iterdir()]) == ([], [], [])


async def test_a_record_without_its_file_is_told_to_be_lost(here: Kept) -> None:
    here.record(piece(1, AT))
    await here.keeper.settle()
    await here.keeper.compare(AT)
    assert (here.keeper.lost, here.told(Kind.RECORDING_REMOVED)) == (0, [])
    here.keeper.file("c1.o-1", "2023/11/15").unlink()
    await here.keeper.compare(AT)
    await here.keeper.compare(AT)
    (removed,) = here.told(Kind.RECORDING_REMOVED)
    assert (here.keeper.lost, removed.call, removed.data) == (1, "c1", {"recording": "c1.o-1", "why": "lost"})


async def test_old_days_go_and_a_file_without_a_record_with_them(here: Kept) -> None:
    here.record(piece(1, AT))
    await here.keeper.settle()
    stray = here.kept / "2023/11/14/c7.o-7.flac"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    assert await here.keeper.old(AT, {}) == 1
    assert await here.keeper.remove_old(AT, {}) == 1
    assert here.files() == ["2023/11/15/c1.o-1.flac"]
    assert not stray.parent.exists()
    assert await here.keeper.remove_old(AT + 86_400, {}) == 1
    assert here.files() == []
    assert [record.data["why"] for record in here.told(Kind.RECORDING_REMOVED)] == ["old", "old"]


async def test_a_queue_keeps_its_recordings_as_long_as_it_says(here: Kept) -> None:
    here.records.append(Record(AT, Kind.OFFERED, "c2", "gas", "1001", "o-2"))
    here.record(piece(1, AT), piece(1, AT, "c2", "o-2"))
    await here.keeper.settle()
    days = here.keeper.remove_old
    assert await days(AT + 2 * keeper.DAY, {"gas": AT}) == 1
    assert here.files() == ["2023/11/15/c2.o-2.flac"]
    assert (here.keeper.lost, here.keeper.strays) == (0, 0)
    assert await days(AT, {"gas": AT + 2 * keeper.DAY}) == 1
    assert here.files() == []


async def test_a_file_without_a_record_is_counted_and_goes_last(here: Kept) -> None:
    stray = here.kept / "2023/11/15/c7.o-7.flac"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    assert await here.keeper.remove_old(AT + 2 * keeper.DAY, {"gas": AT}) == 0
    assert here.keeper.strays == 1
    assert await here.keeper.remove_old(AT + 2 * keeper.DAY, {"gas": AT + keeper.DAY}) == 1
    assert here.keeper.strays == 0


async def test_a_recording_of_the_first_compared_day_is_no_stray(here: Kept) -> None:
    here.record(piece(1, AT))
    await here.keeper.settle()
    await here.keeper.compare(AT + 200)
    assert here.keeper.strays == 0


async def test_a_forgotten_call_loses_what_is_kept_and_what_is_about_to_be(here: Kept) -> None:
    here.record(piece(1, AT))
    await here.keeper.settle()
    here.records.append(Record(AT, Kind.OFFERED, "c2", "greening", "1001", "o-2"))
    here.record(piece(1, AT, "c2", "o-2"))
    await here.keeper.forget(["c1", "c2"])
    assert (here.files(), [*here.raw.iterdir()]) == ([], [])
    assert {record.data["why"] for record in here.told(Kind.RECORDING_REMOVED)} == {"forgotten"}


async def test_a_full_disk_stops_recordings_and_is_said_once(here: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(keeper.log, "error", lambda event, **_: said.append(event))
    usage = shutil.disk_usage(here.raw)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=keeper.LEAST_FREE - 1))
    assert here.keeper.begun("c1", "o-1") == str(here.raw / "talk-c1.o-1")
    await here.keeper.settle()
    await here.keeper.settle()
    assert (here.keeper.full, here.keeper.begun("c1", "o-1"), said) == (True, "", ["recordings-stopped"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=keeper.LEAST_FREE))
    await here.keeper.settle()
    assert here.keeper.begun("c1", "o-1") != ""
