"""Asterisk has ended, and callers ring again: a whole centre, before the fake Asterisk."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

import pytest

from calls.live.reception import LOOK
from journal.actor import Actor
from journal.records import Kind
from missed.model import Why
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import NOBODY, Hall, hall
from tests.unit.service.dying import APOLOGY, folded, put_through, rings, talks

FIRST, SECOND, NEW = "13800138000", "13900139000", "13700137000"


async def waits(here: Hall, channel: str, number: str) -> None:
    """A citizen who has chosen the queue."""
    caller = here.caller(channel, callerid=number)
    await passes(PROMPT / 2)
    caller.press("1")
    await passes(3 * PROMPT)


def asterisk_dies(here: Hall) -> None:
    for caller in here.asterisk.callers.values():
        caller.hung_up = True
    for leg in tuple(here.asterisk.legs.values()):
        leg.hangs_up()


def line(here: Hall) -> list[str]:
    """The numbers of those who wait, in their order."""
    standing = here.engine.line_up(["trees"], 9)["trees"]
    numbers = {record.call: record.data["caller"] for record in here.records if record.kind is Kind.CALL_STARTED}
    return [numbers[one.call_id] for one in standing]


@folded
@pytest.mark.parametrize("elsewhere", [False, True], ids=["restarted", "taken over"])
@fake_time
async def test_who_rings_again_in_reversed_order_waits_in_the_old_one(folded: bool, elsewhere: bool) -> None:
    async with hall() as before:
        await waits(before, "caller-1", FIRST)
        await passes(10)
        await waits(before, "caller-2", SECOND)
        await passes(10)
        await before.dies()
        asterisk_dies(before)
        await passes(30)
        known = replace(before.recollection(folded=folded), elsewhere=elsewhere)
        async with before.restarted(before=known) as here:
            # the Asterisk of a machine that takes over has been there all the time
            await here.link_up(uptime=86_400.0 if elsewhere else 2.0)
            await passes(1)
            cause = "machine-lost" if elsewhere else "asterisk-ended"
            assert [finished["cause"] for finished in here.told(Kind.CALL_FINISHED)] == [cause, cause]
            assert [left["why"] for left in here.told(Kind.LEFT_QUEUE)] == ["cut", "cut"]
            await waits(here, "caller-3", NEW)
            second = here.caller("caller-4", callerid=SECOND)
            await passes(PROMPT)
            first = here.caller("caller-5", callerid=FIRST)
            await passes(3 * PROMPT)
            assert line(here) == [FIRST, SECOND, NEW]
            assert second.heard[:2] == first.heard[:2] == [APOLOGY, NOBODY]
            missed = here.centre.missed.list(here.distributor.clock.now())
            assert {(one.entry.number, one.entry.why, one.again) for one in missed} == {
                (FIRST, Why.CUT, True),
                (SECOND, Why.CUT, True),
            }


@fake_time
async def test_who_talked_comes_first_and_that_agent_is_rung() -> None:
    async with hall() as before:
        await talks(before)
        cut = before.call().id
        await before.dies()
        asterisk_dies(before)
        async with before.restarted() as here:
            await here.link_up(uptime=2.0)
            here.takes_a_break()
            here.sign_in("1002")
            await passes(1)
            (finished,) = here.told(Kind.TALK_ENDED)
            assert (finished["by"], finished["cause"]) == ("system", "asterisk-ended")
            here.sign_in("1001")
            caller = here.caller("caller-2")
            await passes(1)
            offers = [record for record in here.records if record.kind is Kind.OFFERED]
            assert (offers[-1].agent, offers[-1].data["rule"]) == ("1001", "preferred-agent")
            assert caller.heard == [], "there is nothing to wait for"
            assert here.told(Kind.CALL_STARTED)[-1]["cut"] == cut


async def in_a_menu(here: Hall) -> None:
    here.caller()
    await passes(PROMPT / 2)


async def held(here: Hall) -> None:
    await talks(here)
    here.orders.hold(here.call().id, Actor.user("li"))
    await passes(1)


async def at_a_department(here: Hall) -> None:
    (await put_through(here)).sub_hotline_answers()
    await here.heard()


PLACES: Mapping[str, Callable[[Hall], Coroutine[Any, Any, object]]] = {
    "in a menu": in_a_menu,
    "waiting": Hall.queued,
    "rung for": rings,
    "talking": talks,
    "on hold": held,
    "at a department": at_a_department,
}


@pytest.mark.parametrize("where", PLACES)
@fake_time
async def test_nobody_hangs_up_when_asterisk_is_stopped_in_order(where: str) -> None:
    async with hall() as here:
        await PLACES[where](here)
        await here.asterisk.is_stopped()
        ended = {"by": "system", "outcome": "lost", "cause": "asterisk-ended"}
        assert here.told(Kind.CALL_FINISHED) == [ended], "each is cut off at once"
        assert [left["why"] for left in here.told(Kind.LEFT_QUEUE)] == ["cut"] * (where in ("waiting", "rung for"))
        for told in here.told(Kind.TALK_ENDED):
            assert (told["by"], told["cause"]) == ("system", "asterisk-ended")
        await here.link_up(uptime=0.0)
        await passes(1)
        assert len(here.told(Kind.CALL_FINISHED)) == 1
        here.caller("caller-2")
        await passes(3 * PROMPT)
        assert ("cut" in here.told(Kind.CALL_STARTED)[-1]) is (where not in ("in a menu", "at a department"))


@fake_time
async def test_a_session_that_ends_before_ami_says_that_asterisk_stops_is_cut_off_too() -> None:
    async with hall() as here:
        await waits(here, "caller-1", FIRST)
        (caller,) = here.asterisk.callers.values()
        caller.event("SoftHangupRequest", Cause="4")
        caller.hang_up()
        await here.heard()
        assert here.told(Kind.CALL_FINISHED) == [{"by": "system", "outcome": "lost", "cause": "asterisk-ended"}]


@fake_time
async def test_a_hang_up_that_the_service_has_ordered_ends_no_other_call() -> None:
    async with hall() as here:
        await waits(here, "caller-1", FIRST)
        (caller,) = here.asterisk.callers.values()
        caller.event("SoftHangupRequest", Cause="32")
        await here.heard()
        assert len(here.switchboard) == 1
        assert here.reconciler.link.up


@pytest.mark.parametrize("back", [True, False], ids=["Asterisk says so", "Asterisk says nothing"])
@fake_time
async def test_who_rings_before_asterisk_could_be_asked_hears_ringing_until_then(back: bool) -> None:
    async with hall() as before:
        await waits(before, "caller-1", FIRST)
        await before.dies()
        asterisk_dies(before)
        async with before.restarted() as here:
            first = here.caller("caller-2", callerid=FIRST)
            other = here.caller("caller-3", callerid=NEW)
            await passes(PROMPT)
            assert (first.heard, len(other.heard) > 0) == ([], True), "who had no call is not kept waiting"
            if back:
                await here.link_up(uptime=2.0)
                await passes(2 * PROMPT)
                assert (first.heard[0], line(here)) == (APOLOGY, [FIRST])
            else:
                await passes(LOOK)
                assert first.heard[0] == other.heard[0], "the greeting"
