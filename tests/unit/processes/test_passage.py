"""Passing through folders that are closed: tried as that user."""

import subprocess
from pathlib import Path

import pytest

from processes.passage import closed as shut
from processes.passage import let_pass
from processes.users import User

SOMEBODY, OTHER = User("somebody", 54_321, 54_321), User("other", 54_322, 54_322)

pytestmark = pytest.mark.usefixtures("root")


def reads(user: User, *command: str) -> bool:
    done = subprocess.run(command, user=user.uid, group=user.gid, extra_groups=[], cwd="/", capture_output=True)
    return done.returncode == 0


def test_only_that_user_passes_and_lists_nothing(apart: Path) -> None:
    closed = apart / "home" / "wutong"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    file = closed / "file"
    file.write_text("content")
    assert not reads(SOMEBODY, "cat", str(file))

    assert closed.parent in shut(SOMEBODY, [file])
    opened = let_pass(SOMEBODY, [file])
    assert shut(SOMEBODY, [file]) == []
    assert closed.parent in opened
    assert closed not in opened  # it was open to everybody
    assert reads(SOMEBODY, "cat", str(file))
    assert not reads(SOMEBODY, "ls", str(closed.parent))
    assert not reads(OTHER, "cat", str(file))

    assert let_pass(SOMEBODY, [file]) == []
    assert let_pass(OTHER, [file])  # the second one leaves the first one's way open
    assert reads(OTHER, "cat", str(file))
    assert reads(SOMEBODY, "cat", str(file))


def test_the_way_leads_through_links_and_into_a_folder(apart: Path) -> None:
    for name in ("here", "there", "there/inner"):
        (apart / name).mkdir()
    (apart / "there" / "inner" / "python").write_text("content")
    (apart / "here" / "python").symlink_to("../there/inner/python")
    for name in ("here", "there/inner", "there"):
        (apart / name).chmod(0o700)
    let_pass(SOMEBODY, [apart / "here" / "python"])
    assert reads(SOMEBODY, "cat", str(apart / "here" / "python"))
    let_pass(OTHER, [apart / "there" / "inner"])
    assert reads(OTHER, "cat", str(apart / "there" / "inner" / "python"))
