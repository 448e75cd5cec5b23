"""Recordings and lists of callers that versions keep: once for each content, whole or not at all."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from base.failure import NotDone
from hotline.extras import Extra
from publishing.versions import Contents


def extra(data: bytes) -> Extra:
    return Extra(hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "one.WAV").write_bytes(b"sound")
    return tmp_path / "one.WAV"


def test_a_content_is_kept_once_and_for_the_user_alone(tmp_path: Path, source: Path) -> None:
    kept = Contents(tmp_path / "contents")
    extras = {"prompts/zh/one.WAV": extra(b"sound"), "prompts/en/other.wav": extra(b"sound"), "list.txt": extra(b"138")}
    (tmp_path / "list").write_bytes(b"138")
    assert kept.lost(extras) == list(extras)
    kept.put(extras, {name: source if "prompts" in name else tmp_path / "list" for name in extras})
    assert kept.lost(extras, thorough=True) == []
    files = sorted((tmp_path / "contents").iterdir())
    assert {file.suffix for file in files} == {".wav", ""}
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "contents").stat().st_mode) == 0o700
    assert {at.read_bytes() for at in kept.paths(extras).values()} == {b"sound", b"138"}


def test_what_is_lost_or_damaged_is_found_and_can_be_put_again(tmp_path: Path, source: Path) -> None:
    kept, extras = Contents(tmp_path / "contents"), {"one.wav": extra(b"sound")}
    kept.put(extras, {"one.wav": source})
    (file,) = kept.paths(extras).values()
    file.write_bytes(b"noise")
    assert (kept.lost(extras), kept.lost(extras, thorough=True)) == ([], ["one.wav"])
    kept.put(extras, {"one.wav": source})
    assert kept.lost(extras, thorough=True) == []
    file.unlink()
    assert kept.lost(extras) == ["one.wav"]
    kept.put(extras, {"one.wav": source})
    assert kept.lost(extras, thorough=True) == []


def test_a_file_that_was_changed_meanwhile_is_not_kept(tmp_path: Path, source: Path) -> None:
    kept = Contents(tmp_path / "contents")
    with pytest.raises(NotDone, match=r"one\.wav was changed while it was read"):
        kept.put({"one.wav": extra(b"other")}, {"one.wav": source})
    assert list((tmp_path / "contents").iterdir()) == []


def test_what_has_no_end_is_neither_waited_for_nor_kept(tmp_path: Path) -> None:
    """A start takes what a version has lost from the folder, whatever is there."""
    kept, extras = Contents(tmp_path / "contents"), {"list.txt": extra(b"138")}
    os.mkfifo(tmp_path / "pipe")
    for source in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="not a file"):
            kept.put(extras, {"list.txt": source})
    (tmp_path / "longer").write_bytes(b"1380")
    with pytest.raises(NotDone):
        kept.put(extras, {"list.txt": tmp_path / "longer"})
    assert list((tmp_path / "contents").iterdir()) == []


def test_what_nobody_needs_goes(tmp_path: Path, source: Path) -> None:
    kept, extras = Contents(tmp_path / "contents"), {"one.wav": extra(b"sound")}
    kept.keep_only([])  # there is no folder yet
    kept.put(extras, {"one.wav": source})
    (tmp_path / "contents" / ".left").write_bytes(b"of a crash")
    kept.keep_only([extras])
    assert [file.suffix for file in (tmp_path / "contents").iterdir()] == [".wav"]
    kept.keep_only([])
    assert list((tmp_path / "contents").iterdir()) == []
