import asyncio
from pathlib import Path

import pytest
import uvloop

from calls.live.intake import Intake
from journal.records import Kind
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import hall
from tests.unit.service.dying import MAINTENANCE


class Menus:
    """How many calls are in the menus."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def __call__(self) -> int:
        return self.calls


def test_a_drained_hotline_stays_so_over_a_restart(tmp_path: Path) -> None:
    first = Intake(tmp_path / "drained", Menus(0))
    assert first.why_closed() is None
    first.drain(True)
    second = Intake(tmp_path / "drained", Menus(0))
    assert (second.drained, "./wutong drain --off" in (second.why_closed() or "")) == (True, True)
    second.drain(False)
    assert not Intake(tmp_path / "drained", Menus(0)).drained


def test_what_cannot_be_kept_changes_nothing(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "none" / "drained", Menus(0))
    with pytest.raises(OSError, match="drained"):
        intake.drain(True)
    assert not intake.drained


@fake_time
async def test_a_restart_waits_for_the_menus(tmp_path: Path) -> None:
    menus = Menus(2)
    intake = Intake(tmp_path / "drained", menus)
    assert intake.leave(60) == 2
    assert "restarted" in (intake.why_closed() or "")
    menus.calls = 1
    intake.note()
    await passes(59)
    assert not intake.restarting.is_set()
    menus.calls = 0
    intake.note()
    assert intake.restarting.is_set()
    intake.close()


@fake_time
async def test_a_restart_waits_no_longer_than_the_shortest_time_asked_for(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "drained", Menus(2))
    intake.leave(60)
    intake.leave(5)
    intake.leave(30)
    await passes(4.9)
    assert not intake.restarting.is_set()
    await passes(0.2)
    assert intake.restarting.is_set()


def test_a_restart_may_be_asked_for_again_when_its_time_is_up(tmp_path: Path) -> None:
    """With uvloop, as in the service: a timer of 0 s does not tell its time."""

    async def ask() -> None:
        intake = Intake(tmp_path / "drained", Menus(2))
        for _ in range(3):
            intake.leave(0)
            await asyncio.sleep(0.01)
        assert intake.restarting.is_set()
        intake.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(ask())


@fake_time
async def test_without_anybody_in_the_menus_it_is_due_at_once(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "drained", Menus(0))
    assert intake.leave(60) == 0
    assert intake.restarting.is_set()
    intake.close()


@fake_time
async def test_while_drained_a_new_call_hears_so_and_is_told_as_a_call() -> None:
    async with hall() as here:
        here.intake.drained = True
        caller = here.caller()
        await passes(30)
        assert caller.heard == [MAINTENANCE, "Goodbye"]
        assert caller.hung_up
        assert here.kinds() == [Kind.CALL_STARTED, Kind.SAID, Kind.SAID, Kind.CALL_FINISHED]


@fake_time
async def test_while_drained_earlier_calls_go_on() -> None:
    async with hall() as here:
        waiting = await here.queued()
        here.intake.drained = True
        back = here.caller("caller-2", arg_2="18bcfe56800-0011aabb")
        here.sign_in()
        ring = await here.rung()
        assert ring.caller == waiting.id
        await settles()
        assert back.heard[0].startswith("We are sorry, something went wrong.")


@fake_time
async def test_before_a_restart_a_new_call_rings_and_is_not_answered() -> None:
    async with hall() as here:
        await here.queued()
        here.intake.leaving = True
        caller = here.caller("caller-2")
        await passes(50)
        assert caller.rings
        assert caller.heard == []
        assert len(here.switchboard) == 1
        caller.session_breaks()
