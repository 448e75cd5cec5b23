"""Callers who are moved, on the product's own assembly: what they hear, who gets them, and what a restart keeps."""

from typing import Any

import pytest

from acd.events import PhoneChanged
from agents.states import AgentState, PhoneState
from base.failure import NotPossible
from calls.move_api import MoveIn, Moves
from calls.states import Going, Settling, Waiting
from hotline.edition import Edition
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import NOBODY, FakeCatalogue, Hall, hall
from tests.unit.service.dying import folded, rings, sessions_first
from tests.unit.service.small import hotline

WANG = Actor.user("wang")


def move(here: Hall, to: dict[str, Any], channel_id: str = "caller-1") -> int | None:
    moves = Moves(here.distributor, here.switchboard, lambda: here.edition)
    return moves.move(here.call(channel_id).id, MoveIn.model_validate({"to": to}), WANG)


async def two_wait(here: Hall) -> tuple[Caller, Caller]:
    return await here.queued(), await here.queued("caller-2")


@fake_time
async def test_a_caller_who_is_moved_to_the_front_is_served_first() -> None:
    async with hall() as here:
        _, second = await two_wait(here)
        assert move(here, {"front": True}, "caller-2") == 1
        assert second.held
        here.sign_in()
        assert (await here.rung()).caller == second.id
        (data,) = here.told(Kind.MOVED)
        assert data == {"to": {"front": True}, "position": 1}


@fake_time
async def test_a_caller_who_is_moved_to_an_agent_is_served_at_once() -> None:
    async with hall() as here:
        _, second = await two_wait(here)
        here.sign_in("2201")
        await settles()
        move(here, {"agent": "2201"}, "caller-2")
        ring = await here.rung()
        assert (ring.caller, ring.agent_id) == (second.id, "2201")
        await here.answer(ring)
        await here.connect(ring, second)
        assert here.state("2201") is AgentState.ON_CALL


@fake_time
async def test_a_caller_who_is_moved_to_another_queue_waits_there_with_the_whole_wait() -> None:
    async with hall() as here:
        caller = await here.queued()
        await passes(20)
        assert move(here, {"queue": "general"}) is None
        await passes(2 * PROMPT)
        assert caller.heard[-1] == NOBODY
        assert caller.held
        assert (here.waiting(), here.waiting("general")) == (0, 1)
        assert here.told(Kind.QUEUED)[-1]["head_start"] == pytest.approx(20 + 3 * PROMPT, abs=0.5)
        kinds = here.kinds()[-5:]
        assert kinds == [Kind.MOVED, Kind.ROUTED, Kind.QUEUED, Kind.ANNOUNCED, Kind.SAID]
        moved = next(record for record in here.records if record.kind is Kind.MOVED)
        assert (moved.actor, moved.queue, moved.data["to"]) == (WANG, "trees", {"queue": "general"})


@fake_time
async def test_a_caller_who_hears_something_is_moved_all_the_same() -> None:
    async with hall() as here:
        caller = await here.told_to_wait()
        move(here, {"queue": "general"})
        await passes(2 * PROMPT)
        assert caller.held
        assert here.waiting("general") == 1


@fake_time
async def test_a_moved_caller_goes_by_the_version_in_use() -> None:
    """The call began with a version that does not have the queue; its own queue is not in the new one."""
    async with hall() as here:
        await here.queued()
        old = hotline()
        only = {name: queue for name, queue in old.queues.items() if name != "trees"}
        here.edition = Edition(old.model_copy(update={"queues": only}), FakeCatalogue())
        move(here, {"queue": "general"})
        await passes(1)
        assert here.call().edition is here.edition
        assert here.waiting("general") == 1


@fake_time
async def test_of_two_supervisors_the_second_is_told_what_is() -> None:
    async with hall() as here:
        await here.queued()
        move(here, {"queue": "general"})
        with pytest.raises(NotPossible, match="does not wait in a queue"):
            move(here, {"queue": "general"})
        await passes(1)
        with pytest.raises(NotPossible, match="waits in queue general already"):
            move(here, {"queue": "general"})
        assert len(here.told(Kind.MOVED)) == 1


@fake_time
async def test_a_caller_who_has_just_hung_up_or_been_matched_is_not_moved() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        with pytest.raises(NotPossible, match="just being offered to agent 1001"):
            move(here, {"queue": "general"})
        await here.answer(ring)
        with pytest.raises(NotPossible, match="just being offered to agent 1001"):
            move(here, {"front": True})
        await here.connect(ring, caller)
        with pytest.raises(NotPossible, match="talks with agent 1001"):
            move(here, {"front": True})
        call = here.call()
        caller.hang_up()
        await here.over()
        moves = Moves(here.distributor, here.switchboard, lambda: here.edition)
        with pytest.raises(NotPossible, match="does not wait in a queue"):
            moves.move(call.id, MoveIn.model_validate({"to": {"front": True}}), WANG)
        assert here.told(Kind.MOVED) == []


@fake_time
async def test_while_it_is_not_known_whether_an_agent_has_taken_the_caller_nobody_is_moved() -> None:
    """The ring is over for the engine, and the channel is being asked."""
    async with hall() as here:
        await here.queued()
        machine = here.call().machine
        machine.state = Settling("trees", frozenset())
        with pytest.raises(NotPossible, match="An agent has just answered"):
            move(here, {"queue": "general"})
        machine.state = Waiting("trees")


@fake_time
async def test_an_agent_whose_phone_goes_away_in_that_moment_is_named() -> None:
    async with hall() as here:
        await here.queued("caller-1", "5")
        here.sign_in("2201")
        here.distributor.tell(PhoneChanged("2201", PhoneState.UNREACHABLE))
        with pytest.raises(NotPossible, match="Agent 2201 is ready, but the phone is unreachable"):
            move(here, {"agent": "2201"})


@folded
@sessions_first
@fake_time
async def test_the_front_outlives_a_restart(folded: bool, sessions_first: bool) -> None:
    async with hall() as before:
        await two_wait(before)
        move(before, {"front": True}, "caller-2")
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            assert here.engine.position(here.call("caller-2").id) == 1
            assert here.engine.position(here.call("caller-1").id) == 2
            here.sign_in()
            assert (await here.rung()).caller == "caller-2"


@folded
@fake_time
async def test_a_caller_on_the_way_to_another_queue_at_the_restart_arrives_there(folded: bool) -> None:
    async with hall() as before:
        caller = await before.queued()
        await passes(20)
        move(before, {"queue": "general"})
        assert isinstance(before.call().machine.state, Going)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(2 * PROMPT)
            assert caller.held
            assert (here.waiting(), here.waiting("general")) == (0, 1)
            assert here.told(Kind.QUEUED)[-1]["head_start"] == pytest.approx(20 + 3 * PROMPT, abs=0.5)


@folded
@fake_time
async def test_the_ring_of_a_moved_caller_outlives_a_restart(folded: bool) -> None:
    async with hall() as before:
        _, second = await two_wait(before)
        before.sign_in("2201")
        await settles()
        move(before, {"agent": "2201"}, "caller-2")
        ring = await before.rung()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await here.answer(ring)
            await here.connect(ring, second)
            assert here.state("2201") is AgentState.ON_CALL
