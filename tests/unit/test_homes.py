"""Tests meet nothing of whoever runs them, and whatever they call leaves their process as it is."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from base.folders import CHECKOUT, default_state
from tests import homes

COMMANDS = ("service/cli/test_commands.py", "commands/test_mistakes.py")
"""Modules of tests/unit; the first gives up root where the default state folder is another user's."""

CHANGING = """
import os
import resource
from pathlib import Path

from service.app.up import leave_root
from trees import draft_worker
from processes import users
from base.own_program import NotOurProgram
from settings.settings import Settings

FOLDER = Path({folder!r})


def now():
    umask = os.umask(0)
    os.umask(umask)
    limits = [resource.getrlimit(limit) for limit in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE)]
    priority = os.getpriority(os.PRIO_PROCESS, 0)
    return os.getresuid(), os.getresgid(), os.getgroups(), umask, limits, priority, dict(os.environ), os.getcwd()


def test_this_process_stays_as_it_is():
    before = now()
    for change in (
        lambda: users.become(users.User("somebody", 54_321, 54_321)),
        lambda: users.become_owner_of(FOLDER),
        lambda: leave_root(Settings(state=FOLDER), None, None, None),
        lambda: draft_worker.main(str(FOLDER)),
    ):
        try:
            change()
        except NotOurProgram as refused:
            assert "which is not Wutong's own: it only imports it. Nothing was done." in str(refused)
        else:
            raise AssertionError(f"not refused: {{now()}}, {{before}}")
        assert now() == before


if __name__ == "__main__":
    test_this_process_stays_as_it_is()
"""


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """As somebody starts it by hand: nothing of this run is inherited."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def belonging_to_another(folder: Path) -> Path:
    """As `up` leaves it when root starts it."""
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return folder


def content(folder: Path) -> dict[str, tuple[int, int, float, bytes]]:
    found = {path: path.stat() for path in (folder, *folder.rglob("*"))}
    return {
        str(path): (stat.st_uid, stat.st_mode, stat.st_mtime, path.read_bytes() if path.is_file() else b"")
        for path, stat in found.items()
    }


@pytest.mark.usefixtures("root")
def test_the_tests_of_the_commands_pass_in_a_home_full_of_traps_and_leave_it_as_it_was(apart: Path) -> None:
    variables = {"HOME": str(apart / "home")}
    for name, folder in (("XDG_STATE_HOME", ".local/state"), ("XDG_CACHE_HOME", ".cache"), (None, ".state")):
        wutong = apart / "home" / folder / "wutong"
        wutong.mkdir(parents=True)
        (wutong / "settings.toml").write_text("this is = no TOML")
        (wutong / "secrets.json").write_text("{")
        belonging_to_another(wutong)
        if name is not None:
            variables[name] = str(wutong.parent)
    variables |= {"WUTONG_STATE": str(wutong), "WUTONG_HOTLINE": "/nowhere", "WUTONG_BASE_PORT": "1"}
    before = content(apart / "home")
    modules = [f"tests/unit/{name}" for name in COMMANDS]
    done = python(*("-m", "pytest", "-q", "-p", "no:cacheprovider", *modules), **variables)
    assert done.returncode == 0, done.stdout[-5_000:]
    assert content(apart / "home") == before


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("started", [("-m", "pytest", "-q", "-p", "no:cacheprovider"), ()], ids=["pytest", "a program"])
def test_a_process_that_imports_wutong_cannot_give_up_root_nor_limit_itself(
    apart: Path, started: tuple[str, ...]
) -> None:
    state = apart / "state"
    state.mkdir()
    belonging_to_another(state)
    program = apart / "test_program.py"
    program.write_text(CHANGING.format(folder=str(state)))
    done = python(*started, str(program))
    assert done.returncode == 0, done.stdout


def test_each_test_has_a_home_of_its_own(home: Path) -> None:
    assert Path.home() == home
    assert default_state() == home / ".local" / "state" / "wutong"
    assert list(home.iterdir()) == []
    with homes.home() as another:
        assert another != home
        default_state().mkdir(parents=True)
    assert not another.exists()
    assert Path.home() == home
