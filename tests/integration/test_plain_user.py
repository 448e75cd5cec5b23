"""A user who is not root, with a home of its own and a checkout that others made: README's commands, twice in a row."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

import pytest

from base.folders import CHECKOUT, StateFolder
from base.process import Process
from doctor.status import look
from lab.ports import free_base
from processes import obtaining, passage
from processes.users import User
from service.app.up import program
from tests.integration.command import typed
from tests.pages import blocks

USER = "nobody"

EXAMPLES = [
    line.partition("#")[0].strip()
    for kind, block in blocks((CHECKOUT / "README.md").read_text(encoding="utf-8"))
    for line in block.splitlines()
    if kind == "sh"
]
"""README's lines for the shell."""

pytestmark = pytest.mark.usefixtures("root")


def example(command: str) -> str:
    """README's first example of it, as `.ci/run` takes it."""
    return next(line for line in EXAMPLES if line.startswith(f"./wutong {command}"))


@dataclass(frozen=True, slots=True)
class Newcomer:
    user: User
    home: Path
    base: int

    async def gives(self, line: str) -> tuple[int, str]:
        """Exit status of a command in the checkout, and what it printed."""
        status, *printed = await typed(
            line,
            user=self.user.uid,
            group=self.user.gid,
            extra_groups=[],
            umask=0o022,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "USER": self.user.name,
                "LC_ALL": "C.UTF-8",
                "WUTONG_BASE_PORT": str(self.base),
            },
        )
        return status, "".join(printed)

    def strangers(self) -> list[Path]:
        """What is not this user's in the home."""
        found = (path for path in self.home.rglob("*") if not path.is_symlink())
        return [path for path in found if path.stat().st_uid != self.user.uid]


@pytest.fixture
def newcomer(apart: Path) -> Newcomer:
    """It may go to the checkout, to Python, and to what its cache has links to: the private Asterisk, the voice."""
    entry = pwd.getpwnam(USER)
    user = User(entry.pw_name, entry.pw_uid, entry.pw_gid)
    cache = apart / ".cache" / "wutong"
    cache.mkdir(parents=True)
    for tool in obtaining.default_cache().iterdir():
        if tool.is_symlink():
            (cache / tool.name).symlink_to(tool.readlink())
    for folder in (apart, cache.parent, cache):
        os.chown(folder, user.uid, user.gid)
    passage.let_pass(user, [*program(), apart, *cache.iterdir()])
    return Newcomer(user, apart, free_base())


async def test_up_call_and_down_twice(newcomer: Newcomer) -> None:
    folder = StateFolder(newcomer.home / ".local" / "state" / "wutong")
    first = example("call")
    try:
        for call, password in ((first, True), ("./wutong call 12319 --seconds 1", False)):
            status, output = await newcomer.gives(f"{example('up')} --detach")
            assert status == 0, output
            assert ("shown only now" in output) == password, output
            found = look(folder)
            pids = (found.supervisor_pid, found.pid, found.asterisk_pid)
            processes = [process for pid in pids if pid is not None and (process := Process.of(pid)) is not None]
            assert [process.uid for process in processes] == [newcomer.user.uid] * 3
            status, output = await newcomer.gives(call)
            assert status == 0, output
            assert call != first or "Outcome: answered" in output, output
            assert await newcomer.gives("./wutong down") == (0, "stopping the service and Asterisk\ndown\n")
            assert [process.pid for process in processes if process.alive] == []
    finally:
        await newcomer.gives("./wutong down --yes")
    assert newcomer.strangers() == []
