"""What may be read of a hotline's folder."""

import os
from pathlib import Path

import pytest

from sounds.recordings import read_inside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hotline"
    made.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    return made


def test_so_much_is_read_that_a_larger_file_is_seen(folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"12345")
    assert read_inside(folder / "a.txt", folder, 5) == b"12345"
    assert read_inside(folder / "a.txt", folder, 3) == b"1234"


def test_a_link_within_the_folder_is_followed(folder: Path, tmp_path: Path) -> None:
    """As Kubernetes mounts configuration; and the folder itself may be a link."""
    (folder / "..data").mkdir()
    (folder / "..data" / "a.txt").write_text("here")
    (folder / "a.txt").symlink_to(Path("..data") / "a.txt")
    (tmp_path / "link").symlink_to(folder)
    assert read_inside(folder / "a.txt", folder, 10) == b"here"
    assert read_inside(tmp_path / "link" / "a.txt", tmp_path / "link", 10) == b"here"


def test_a_link_out_of_it_is_not(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "b").symlink_to(tmp_path)
    for path in (folder / "a.txt", folder / "b" / "secret.txt", folder / ".." / "secret.txt"):
        with pytest.raises(OSError, match="link out of the folder"):
            read_inside(path, folder, 10)
    assert read_inside(folder / "a.txt", None, 10) == b"secret"


def test_what_is_no_file_is_refused_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "zero").symlink_to("/dev/zero")
    for path in (folder / "pipe", folder / "zero", folder):
        with pytest.raises(OSError, match=r"not a file|Is a directory"):
            read_inside(path, folder, 10)
