"""Who gives up and rings again soon gets the old place: a whole centre, before the fake Asterisk."""

import pytest

from acd.events import CallbackPromised, CallLeft, Left
from journal.records import Kind
from missed.model import Why
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import Hall, hall
from tests.unit.service.dying import folded

NUMBER, OTHER = "13800138000", "13900139000"
WAITED = 60.0


async def gives_up(here: Hall) -> None:
    """A citizen waits for a minute, and hangs up."""
    caller = await here.queued()
    await passes(WAITED)
    caller.hang_up()
    await passes(1)
    assert [seen.entry.queue for seen in here.centre.missed.list(here.distributor.clock.now())] == ["trees"]


async def head_start(here: Hall, channel: str, number: str) -> float:
    """Of a citizen who calls now, and waits in the same queue."""
    caller = here.caller(channel, callerid=number)
    await passes(PROMPT / 2)
    caller.press("1")
    await passes(3 * PROMPT)
    return float(str(here.told(Kind.QUEUED)[-1]["head_start"]))


@folded
@fake_time
async def test_the_old_place_also_after_a_restart(folded: bool) -> None:
    async with hall() as before:
        await gives_up(before)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(30)
            assert await head_start(here, "caller-2", OTHER) == 0
            since = await head_start(here, "caller-3", NUMBER)
            queued = [record.at for record in here.records if record.kind is Kind.QUEUED]
            assert since == pytest.approx(queued[-1] - queued[0])
            first = [standing.call_id for standing in here.engine.line_up(["trees"], 9)["trees"]]
            assert first == [here.call("caller-3").id, here.call("caller-2").id]


@fake_time
async def test_one_call_gets_it_and_only_for_a_while() -> None:
    async with hall() as here:
        await gives_up(here)
        callers = [here.caller(f"caller-{number}", callerid=NUMBER) for number in (2, 3, 4)]
        await passes(PROMPT / 2)
        for caller in callers:
            caller.press("1")
        await passes(3 * PROMPT)
        started = [float(str(data["head_start"])) for data in here.told(Kind.QUEUED)[1:]]
        assert sorted(started)[:2] == [0, 0]
        assert max(started) > WAITED


@fake_time
async def test_after_the_grace_time_there_is_no_old_place() -> None:
    async with hall() as here:
        await gives_up(here)
        await passes(121)
        assert await head_start(here, "caller-2", NUMBER) == 0


@folded
@fake_time
async def test_a_citizen_who_was_not_reached_is_missed_and_has_the_place_for_a_while(folded: bool) -> None:
    async with hall() as before:
        since = before.distributor.clock.now()
        caller = await before.queued()
        await passes(WAITED)
        before.distributor.tell(CallbackPromised(before.call("caller-1").id, "b1", NUMBER))
        caller.hang_up()
        await passes(3_600)
        before.distributor.tell(CallLeft("b1", Left.NOT_REACHED))
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            now = here.distributor.clock.now()
            (seen,) = here.centre.missed.list(now)
            assert (seen.entry.why, seen.entry.number, seen.entry.queue) == (Why.NOT_REACHED, NUMBER, "trees")
            assert seen.entry.since == pytest.approx(since, abs=10)
