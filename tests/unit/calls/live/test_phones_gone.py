"""An agent's phone of which nothing is heard any more, also while the service or its link to Asterisk is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agents.states import AgentState, PhoneState
from calls.live.reconciler import LOOK_AGAIN
from dialplan.liveness import LISTEN
from journal.records import Kind
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import Hall, hall
from tests.unit.service.dying import folded, sessions_first, talks

BROKEN_OFF = "We are sorry, the line to our staff was cut off. You are next in line. Please hold."


async def talk(here: Hall) -> tuple[Caller, Leg]:
    """The caller talks with 1001, and another one waits."""
    caller, leg = await talks(here)
    leg.variables["CHANNEL(rtcp,rxcount)"] = "250"
    await here.queued("caller-2")
    return caller, leg


async def comes_back(here: Hall, caller: Caller) -> None:
    """The caller is told, waits before the other one, and talks with another agent."""
    await passes(LISTEN + 20 * LAG)
    assert here.asterisk.legs == {}
    here.lets_in()
    await passes(2 * PROMPT)
    assert caller.heard[-1] == BROKEN_OFF
    (over,) = here.told(Kind.TALK_ENDED)
    assert (over["by"], over["cause"]) == ("system", "agent-phone-gone")
    assert here.waiting() == 2
    assert here.engine.agent_view("1001").phone is PhoneState.UNREACHABLE
    here.sign_in("1002")
    leg = await here.rung()
    assert leg.caller == caller.id
    await here.answer(leg)
    await here.connect(leg, caller)
    assert here.state("1002") is AgentState.ON_CALL


@fake_time
async def test_a_phone_that_answers_in_time_keeps_its_talk() -> None:
    async with hall() as here:
        caller, _ = await talk(here)
        here.asterisk.falls_silent("1001")
        await passes(LISTEN - 0.1)
        assert here.engine.agent_view("1001").phone is PhoneState.UNREACHABLE
        here.asterisk.answers_again("1001")
        await passes(3 * LISTEN)
        assert (caller.talking, here.engine.agent_view("1001").phone) == (True, PhoneState.BUSY)


@fake_time
async def test_it_is_noticed_after_the_link_was_away() -> None:
    async with hall() as here:
        caller, _ = await talk(here)
        await here.link_down()
        here.asterisk.falls_silent("1001")
        await here.link_up()
        await comes_back(here, caller)


@sessions_first
@folded
@fake_time
async def test_it_is_noticed_after_a_restart(sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        caller, _ = await talk(before)
        await before.dies()
        before.asterisk.falls_silent("1001")
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await comes_back(here, caller)


@pytest.mark.parametrize("moment", [0.0, LAG / 2, 2 * LAG, 0.5, PROMPT - 0.1])
@folded
@fake_time
async def test_a_restart_at_any_moment_after_it_was_noticed_leaves_the_caller_first(
    moment: float, folded: bool
) -> None:
    async with hall() as before:
        caller, _ = await talk(before)
        before.asterisk.falls_silent("1001")
        await passes(LISTEN + 10 * LAG)
        assert before.told(Kind.TALK_ENDED)
        await passes(moment)
        await before.dies()
        heard = len(caller.heard)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(3 * PROMPT)
            assert BROKEN_OFF in caller.heard[heard:], "the whole apology, though another service had begun it"
            assert here.waiting() == 2
            assert here.engine.position(here.call(caller.id).id) == 1
            await settles()


@asynccontextmanager
async def silent_start(phone: str) -> AsyncIterator[Hall]:
    """A service that started while Asterisk had 1001 as unreachable. Then `phone` registers, and nothing tells so."""
    async with hall() as before:
        before.asterisk.devices["1001"] = "UNAVAILABLE"
        async with before.restarted() as here:
            await here.link_up()
            await passes(1)
            assert here.engine.agent_view("1001").phone is PhoneState.UNREACHABLE
            here.asterisk.unreported.add(phone)
            yield here


@fake_time
async def test_a_phone_of_which_asterisk_reports_nothing_is_free_soon_after_a_start_and_soon_unreachable() -> None:
    """It registers after the first look, as Asterisk reads its configuration. Then it is gone."""
    async with silent_start("1001") as here:
        await passes(5)
        assert here.engine.agent_view("1001").phone is PhoneState.FREE
        here.asterisk.unreported.clear()
        await passes(6)
        assert here.engine.agent_view("1001").phone is PhoneState.UNREACHABLE


@fake_time
async def test_only_phones_of_which_asterisk_reports_nothing_are_asked_for_again_and_browsers_are_too() -> None:
    async with silent_start("1001_browser") as here:
        await passes(6)
        assert here.engine.agent_view("1001").phone is PhoneState.FREE
        here.asterisk.contacts_asked.clear()
        await passes(LOOK_AGAIN)
        assert here.asterisk.contacts_asked == ["1001_browser"]


@fake_time
async def test_after_a_connect_all_phones_are_asked_for_once_more_though_one_is_known_by_then() -> None:
    async with hall() as before:
        before.asterisk.devices.update(dict.fromkeys(("1001", "1002"), "UNAVAILABLE"))
        before.asterisk.unreported.add("1001")
        async with before.restarted() as here:
            await here.link_up()
            await passes(1)
            assert here.engine.agent_view("1001").phone is PhoneState.FREE
            here.asterisk.unreported.add("1002")
            await passes(LOOK_AGAIN)
            assert here.engine.agent_view("1002").phone is PhoneState.FREE
