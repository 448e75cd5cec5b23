"""Work in a program of its own."""

import asyncio
import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from base.failure import NotDone
from lab.patience import until
from processes import aside as module
from processes.aside import aside


def refused(given: str) -> str:
    raise NotDone(f"no {given}")


async def test_the_answer_comes_back_and_so_does_a_refusal() -> None:
    assert await aside(str.upper, "as asked", 60) == "AS ASKED"
    with pytest.raises(NotDone, match="no such thing"):
        await aside(refused, "such thing", 60)


async def test_the_program_ends_with_whoever_wanted_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "pid"
    monkeypatch.setattr(module, "PROGRAM", ("sh", "-c", f"echo $$ > {note}.draft; mv {note}.draft {note}; sleep 600"))
    asking = asyncio.create_task(aside(str.upper, "x", 60))

    async def told() -> bool:
        return note.exists()

    await until("the program", told, lambda there: there)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


async def test_a_program_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PROGRAM", ("sh", "-c", "echo no >&2"))
    with capture_logs() as logs, pytest.raises(NotDone, match="the log says why"):
        await aside(str.upper, "x", 60)
    assert (logs[0]["event"], logs[0]["what"], logs[0]["why"]) == ("aside-failed", "str.upper", "no\n")
    monkeypatch.setattr(module, "PROGRAM", ("sleep", "600"))
    with pytest.raises(NotDone, match="took longer"):
        await aside(str.upper, "x", 0.1)
    monkeypatch.setattr(module, "PROGRAM", ("/nowhere/python",))
    with pytest.raises(NotDone, match="cannot be started: No such file"):
        await aside(str.upper, "x", 60)
