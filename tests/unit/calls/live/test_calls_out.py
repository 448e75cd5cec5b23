"""Calls to citizens in a service that runs, dies, and is there again."""

from math import inf

import pytest

from acd.model import Recorded
from agents.states import AgentState
from base.failure import NotDone, NotPossible
from calls.model import CallState, Direction
from hotline.calls_out import Allowed
from hotline.edition import Edition
from journal.actor import Actor
from journal.records import Kind
from recordings import keeper
from tests.unit.faketime import fake_time
from tests.unit.service.calling import FakeCatalogue, Hall, hall
from tests.unit.service.small import hotline


@pytest.fixture(autouse=True)
def no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the disk, which a loop with a fake clock cannot wait for."""
    monkeypatch.setattr(keeper, "LOOK", inf)


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


def recording(rule: Recorded) -> Edition:
    """The talks of "trees" are recorded so."""
    small = hotline()
    trees = small.queues["trees"].model_copy(update={"record": rule})
    return Edition(small.model_copy(update={"queues": {**small.queues, "trees": trees}}), FakeCatalogue())


async def recorded(here: Hall) -> str:
    """A talk that is recorded from its beginning."""
    call_id = await called(here)
    (dialled,) = here.told(Kind.CALL_OUT_DIALLED)
    assert dialled["recorded"] is True
    here.centre.calls_out.citizen_answered(call_id)
    return call_id


@fake_time
async def test_somebody_lets_the_recording_pause_and_a_restart_knows_so() -> None:
    async with hall(edition=recording(Recorded.ALWAYS)) as before:
        call_id = await recorded(before)
        before.orders.pause(call_id, Actor.user("li"), pause=True)
        async with before.restarted() as here:
            assert here.centre.calls_out.pause_or_go_on("1001") == "paused", "Asterisk cannot be told"
            with pytest.raises(NotDone):
                here.orders.pause(call_id, Actor.user("li"), pause=False)
            await here.adopts()
            assert here.centre.calls_out.of_id(call_id) is None
            with pytest.raises(NotPossible, match="No talk"):
                here.orders.pause(call_id, Actor.user("li"), pause=False)


@fake_time
async def test_the_code_on_the_agents_phone_lets_the_recording_pause_and_go_on() -> None:
    async with hall(edition=recording(Recorded.ALWAYS)) as here:
        await recorded(here)
        assert [here.reception.pauses_call_out("1001") for _ in range(2)] == ["paused", "on"]
        assert here.reception.pauses_call_out("1002") is None
        assert here.kinds()[-2:] == [Kind.RECORDING_PAUSED, Kind.RECORDING_RESUMED]


@pytest.mark.parametrize("rule", Recorded)
@fake_time
async def test_a_recording_is_begun_by_somebody_only_where_the_queue_allows_it_and_in_the_talk(rule: Recorded) -> None:
    async with hall(edition=recording(rule)) as here:
        call_id = await called(here)
        with pytest.raises(NotPossible):
            await here.orders.record(call_id, Actor.user("li"))
        here.centre.calls_out.citizen_answered(call_id)
        here.centre.recordings.full = True
        refused = NotDone if rule is Recorded.ON_DEMAND else NotPossible
        with pytest.raises(refused):
            await here.orders.record(call_id, Actor.user("li"))
        assert (Kind.RECORDING_BEGUN in here.kinds()) == (rule is Recorded.ALWAYS)


@fake_time
async def test_on_a_full_disk_nobody_is_said_to_be_recorded() -> None:
    async with hall(edition=recording(Recorded.ALWAYS)) as here:
        here.centre.recordings.full = True
        call_id = await called(here)
        here.centre.calls_out.citizen_answered(call_id)
        assert "recorded" not in here.told(Kind.CALL_OUT_DIALLED)[0]
        assert Kind.RECORDING_TOLD not in here.kinds()
