"""`./wutong top` in a terminal, against a real service."""

import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from base.folders import SAMPLE_HOTLINE
from base.process import Process
from lab.stalls import Stalls
from tests.integration.command import Wutong
from tests.integration.pty import Terminal, terminal
from wall.screen import ENTER, LEAVE


@pytest.fixture
async def wutong(tmp_path: Path, sounds: Path) -> AsyncIterator[Wutong]:
    """The sample. Nobody calls it."""
    state = tmp_path / "state"
    state.mkdir()
    (state / "sounds").symlink_to(sounds)
    wutong = Wutong(state, SAMPLE_HOTLINE)
    yield wutong
    await wutong.run("down", "--yes")


def command(wutong: Wutong, *options: str) -> list[str]:
    return [sys.executable, "-P", "-m", "service", "top", "--state", str(wutong.folder.root), *options]


async def service(wutong: Wutong) -> Process:
    found = Process.of((await wutong.status())["pid"])
    assert found is not None
    return found


async def sign_in(wutong: Wutong, agent: str) -> None:
    """Without a phone: somebody should look after that."""
    await wutong.put(f"agents/{agent}/state", {"state": "not-ready", "reason": "lunch"})


def row(shown: list[str], words: str) -> str:
    return next(line for line in shown if words in line)


async def test_the_wall_in_a_terminal(wutong: Wutong, stalled: Stalls) -> None:
    await wutong.up()
    async with terminal(command(wutong, "--language", "en"), 80, 24, **wutong.variables) as wall:
        await wall.shows("signed out", least=70, most=80)
        assert wall.modes != wall.fresh, "keys are read one by one"
        assert wall.written.startswith(ENTER)
        await sign_in(wutong, "1001")
        assert "1001" in row(await wall.shows("⊘1 unreachable"), "⊘ unreachable")
        await _resized(wall)
        await _lost(wutong, wall, stalled)
        wall.type("q")
        assert await wall.ends() == 0
        assert wall.written.endswith(LEAVE)
        assert wall.modes == wall.fresh
    status, output = await wutong.run("top", "--once", "--language", "zh")
    assert (status, "未签入" in output, "\x1b" in output) == (0, True, False), output
    status, output = await wutong.run("top", "--once", "--json")
    assert [agent["reason"] for agent in json.loads(output)["agents"] if agent["id"] == "1001"] == ["lunch"]


async def _resized(wall: Terminal) -> None:
    """The whole width is used at once, without a message from the service."""
    wall.resize(200, 60)
    await wall.shows("● ready", least=111, most=200)
    wall.resize(80, 24)
    await wall.shows("signed out", most=80)


async def _lost(wutong: Wutong, wall: Terminal, stalled: Stalls) -> None:
    """A service that hangs is said within 2 s, one that comes back is made good, with what has changed meanwhile."""
    frozen = await service(wutong)
    for last in (False, False, True):  # the shortest of several tries counts: a busy machine draws late
        frozen.send(signal.SIGSTOP)
        passed = stalled.clock()
        await wall.shows("no connection since")
        took = passed()
        frozen.send(signal.SIGCONT)
        await wall.shows("signed out", absent="no connection")
        if took < 2.5:
            break
        assert not last, f"2 s, and what this machine takes to draw, were {took:.1f} s"
    frozen.send(signal.SIGKILL)
    await wall.shows("no connection since")
    await wutong.next_service(frozen.pid)
    await sign_in(wutong, "1002")
    await wall.shows("⊘2 unreachable", absent="no connection")


async def test_ctrl_c_leaves_the_terminal_as_it_was(wutong: Wutong) -> None:
    """Also where there is no service to watch."""
    gone = ("--url", "http://127.0.0.1:1", "--token", "x" * 20, "--language", "en")
    async with terminal(command(wutong, *gone), 80, 24, **wutong.variables) as wall:
        await wall.shows("no connection since")
        assert wall.modes != wall.fresh
        wall.type("\x03")
        assert await wall.ends() == 0
        assert wall.modes == wall.fresh
        assert wall.written.endswith(LEAVE)
