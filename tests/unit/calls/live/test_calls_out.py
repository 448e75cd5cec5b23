"""Calls to citizens in a service that runs, dies, and is there again."""

import pytest

from agents.states import AgentState
from calls.model import CallState, Direction
from hotline.calls_out import Allowed
from journal.actor import Actor
from journal.records import Kind
from tests.unit.faketime import fake_time
from tests.unit.service.calling import Hall, hall


async def called(here: Hall) -> str:
    """The agent's phone rings, and the agent picks up."""
    here.sign_in()
    to = Allowed("13800138000", "13800138000")
    await here.centre.calls_out.call("1001", "trees", to, "12319", "en", Actor.agent("1001"))
    await here.heard()
    (call,) = here.book.unfinished()
    assert (call.direction, call.state, here.state()) == (Direction.OUT, CallState.RINGING, AgentState.RINGING)
    here.centre.calls_out.agent_picked_up(call.id)
    assert here.state() is AgentState.ON_CALL
    return call.id


@pytest.mark.parametrize("folded", [False, True], ids=["from its snapshot", "from its Records alone"])
@pytest.mark.parametrize("talks", [False, True], ids=["while it rings", "in the talk"])
@fake_time
async def test_a_restart_takes_it_up_and_a_look_at_asterisk_ends_what_is_gone(talks: bool, folded: bool) -> None:
    async with hall() as before:
        call_id = await called(before)
        if talks:
            before.centre.calls_out.citizen_answered(call_id)
        async with before.restarted(folded=folded) as here:
            assert here.state() is AgentState.ON_CALL
            assert [call.id for call in here.book.unfinished()] == [call_id]
            assert len(here.switchboard) == 0, "no session brings it there"
            await here.adopts()
            assert here.kinds()[-1] is not Kind.CALL_OUT_DIALLED
            assert (Kind.CALL_OUT_ENDED if talks else Kind.CALL_OUT_FAILED) in here.kinds()
            assert here.book.unfinished() == []
            assert here.state() is AgentState.READY


@fake_time
async def test_it_takes_no_place_in_the_queue_and_none_of_its_figures() -> None:
    async with hall() as here:
        call_id = await called(here)
        here.centre.calls_out.citizen_answered(call_id)
        view = here.engine.queue_view("trees", here.distributor.clock.now())
        assert (view.waiting, view.talking, view.answered, view.service_level) == (0, 0, 0, None)
        assert list(here.engine.calls()) == []
