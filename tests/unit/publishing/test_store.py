"""The versions in the state folder."""

import errno
import stat
from pathlib import Path

import pytest

from base.failure import NotDone
from publishing import store as module
from publishing.store import VersionStore
from publishing.versions import Origin, Version, content


def keep(store: VersionStore, words: str, origin: Origin | int = Origin.FOLDER) -> Version:
    files = {"hotline.yaml": words, "agents.yaml": ""}
    made = Version(store.next, 1.0, "user:wang", "", "0" * 12, origin, "/h", content(files))
    store.keep(store.write(made, files))
    return made


def test_versions_are_numbered_and_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    store = VersionStore(folder)
    assert (store.history, store.next) == ((), 1)
    made = [keep(store, words) for words in "abc"]
    again = VersionStore(folder)
    assert list(again.history) == made
    assert again.files(2)["hotline.yaml"] == "b"
    assert sorted(file.name for file in folder.iterdir()) == ["000001.json", "000002.json", "000003.json"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_draft_does_not_count_and_leaves_nothing(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    files = {"hotline.yaml": "a"}
    written = store.write(Version(1, 1.0, "x", "", "", Origin.FOLDER, "/h", content(files)), files)
    assert VersionStore(tmp_path).history == ()
    store.drop(written)
    assert list(tmp_path.iterdir()) == []


def test_the_last_are_kept_and_the_one_of_the_folder(tmp_path: Path) -> None:
    store = VersionStore(tmp_path, most=3)
    keep(store, "folder")
    for words in "abcde":
        keep(store, words, Origin.DRAFT)
    assert [each.number for each in store.history] == [1, 5, 6]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["000001.json", "000005.json", "000006.json"]
    with pytest.raises(NotDone, match="no version 2"):
        store.files(2)


def test_a_damaged_file_is_passed_over_and_its_number_is_not_used_again(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    keep(store, "a")
    keep(store, "b")
    file = tmp_path / "000002.json"
    file.write_text(file.read_text().replace('"b"', '"c"'))
    (tmp_path / "000009.json").write_bytes((tmp_path / "000001.json").read_bytes())
    again = VersionStore(tmp_path)
    assert ([each.number for each in again.history], again.damaged) == ([1], ("000002.json", "000009.json"))
    assert again.next == 10
    with pytest.raises(NotDone, match="Version 2 cannot be read: it is not as it was written"):
        store.files(2)


def test_one_file_that_cannot_be_opened_is_damaged_and_hides_no_other(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    keep(store, "a")
    (tmp_path / "000002.json").mkdir()
    again = VersionStore(tmp_path)
    assert ([each.number for each in again.history], again.damaged) == ([1], ("000002.json",))
    assert again.next == 3


def test_what_a_crash_left_is_removed_by_the_next_write(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    files = {"hotline.yaml": "a"}
    left = store.write(Version(1, 1.0, "x", "", "", Origin.FOLDER, "/h", content(files)), files).draft
    left.rename(tmp_path / ".000001.1")  # another process wrote it
    keep(store, "b")
    assert [file.name for file in tmp_path.iterdir()] == ["000001.json"]


def test_a_version_whose_name_is_not_on_the_disk_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = VersionStore(tmp_path)
    keep(store, "a")

    def full(folder: Path) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(module, "sync", full)
    with pytest.raises(OSError, match="broken"):
        keep(store, "b")
    assert [each.number for each in VersionStore(tmp_path).history] == [1], "or the next start would use it"
