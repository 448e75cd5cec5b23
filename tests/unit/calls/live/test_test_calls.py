"""Test calls (`./wutong call`): marked in all that is told of them, and in no figure of citizens' calls."""

import asyncio
from dataclasses import asdict
from typing import Any

import pytest

from acd.last_hour import entry_end
from agents.states import AgentState
from journal.actor import Actor
from journal.records import Record
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import Hall, hall

TOKEN = {"arg_2": "", "arg_3": "rehearsal-0123456789ab"}
"""What the dialplan says of a test call only, in every session."""

AGENT = "2201"
"""Serves the queue `general`, which has a wrap-up."""


def learnt(here: Hall) -> Any:
    """What the queues have counted and learnt of calls."""
    counted = here.engine.snapshot()["queues"]
    return {name: {what: queue[what] for what in COUNTED} for name, queue in counted.items()}


COUNTED = ("handling", "staying", "answered", "in_time", "abandoned")


def of_calls(here: Hall) -> list[Record]:
    return [record for record in here.records if record.call is not None]


async def talk(here: Hall, caller: Caller) -> None:
    """The waiting caller talks with the agent for a while; then the agent wraps up."""
    leg = await here.rung()
    await here.answer(leg)
    await here.connect(leg, caller)
    await asyncio.sleep(30)
    await here.agent_hangs_up(leg, caller)
    await asyncio.sleep(60)
    assert here.state(AGENT) is AgentState.READY


async def queued(here: Hall, channel_id: str = "caller-1", **headers: str) -> Caller:
    caller = here.caller(channel_id, **headers)
    await settles()
    caller.press("0")
    await asyncio.sleep(3 * PROMPT)
    return caller


@fake_time
async def test_a_test_call_is_marked_and_teaches_the_queue_nothing() -> None:
    async with hall() as here:
        before = learnt(here)
        caller = await queued(here, **TOKEN)
        assert here.waiting("general") == 1, "it waits as any other"
        await asyncio.sleep(20)
        here.sign_in(AGENT)
        leg = await here.rung()
        assert here.engine.agent_view(AGENT).test
        await here.answer(leg)
        await here.connect(leg, caller)
        await asyncio.sleep(30)
        await here.agent_hangs_up(leg, caller)
        assert here.engine.agent_view(AGENT).test, "the wrap-up is of the test call"
        await asyncio.sleep(60)
        assert not here.engine.agent_view(AGENT).test
        assert learnt(here) == before
        assert {record.data.get("test") for record in of_calls(here)} == {True}
        assert not any(map(entry_end, of_calls(here)))


@fake_time
async def test_a_test_call_that_gives_up_is_not_abandoned() -> None:
    async with hall() as here:
        before = learnt(here)
        caller = await queued(here, **TOKEN)
        await asyncio.sleep(30)
        caller.hang_up()
        await passes(10)
        assert here.waiting("general") == 0
        assert learnt(here) == before


@fake_time
async def test_the_next_caller_counts() -> None:
    async with hall() as here:
        here.sign_in(AGENT)
        before = learnt(here)
        await talk(here, await queued(here, "tester", **TOKEN))
        assert learnt(here) == before
        await talk(here, await queued(here, "citizen"))
        assert learnt(here) != before
        assert learnt(here)["general"]["answered"] == 1
        assert any(map(entry_end, of_calls(here)))


@fake_time
@pytest.mark.parametrize("folded", [False, True], ids=["from a snapshot", "from Records"])
@pytest.mark.parametrize("when", ["waits", "talks"])
async def test_a_restart_keeps_the_mark(when: str, folded: bool) -> None:
    async with hall() as here:
        before = learnt(here)
        caller = await queued(here, **TOKEN)
        await asyncio.sleep(20)
        if when == "talks":
            here.sign_in(AGENT)
            leg = await here.rung()
            await here.answer(leg)
            await here.connect(leg, caller)
        async with here.restarted(folded=folded) as later:
            await later.adopts()
            (summary,) = later.book.unfinished()
            assert summary.test
            if when == "talks":
                assert later.engine.agent_view(AGENT).test
                await asyncio.sleep(30)
                await later.agent_hangs_up(leg, caller)
                await asyncio.sleep(60)
            else:
                caller.hang_up()
                await passes(10)
            assert learnt(later) == before
            assert {record.data.get("test") for record in of_calls(later)} == {True}


@fake_time
async def test_a_test_call_that_the_service_has_forgotten_is_one_still() -> None:
    """The journal lost the call; its channel has the token."""
    async with hall() as here:
        here.caller(**{**TOKEN, "arg_2": "18bcfe56800-0011aabb"})
        await passes(10 * PROMPT)
        assert [asdict(summary)["test"] for summary in here.book.unfinished()] == [True]


@fake_time
async def test_a_test_call_that_an_agent_sends_to_a_queue_is_one_there_too() -> None:
    async with hall() as here:
        here.caller(extension="6001", **TOKEN)
        await passes(10 * PROMPT)
        assert [summary.test for summary in here.book.unfinished()] == [True]


@fake_time
async def test_a_test_call_can_be_asked_for_as_soon_as_it_is_placed() -> None:
    """`POST /calls` answers with its id, and its story is looked up at once."""
    async with hall() as here:
        rehearsals = here.centre.rehearsals
        placing = asyncio.create_task(rehearsals.place(TOKEN["arg_3"], "12319", "", "", 30, None, Actor.token("local")))
        await settles()
        caller = here.caller(**TOKEN)
        caller.loses = ("WUTONG_MOVED=", True)  # nothing is told of a call before its channel carries its id
        await passes(1)
        assert not placing.done()
        caller.hang_up()
        call_id = await placing
        assert await here.book.get(call_id) is not None
