"""A caller who does not come to a session in time is fetched: the other end of the last session may have disappeared
without closing it, and AGI() would wait for ever."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from acd.effects import Announce
from calls.leg import COMING, LAST_WORDS
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.faketime import fake_time, freezes, passes, settles
from tests.unit.service.calling import NEXT, Hall, hall
from tests.unit.service.dying import APOLOGY, put_through, story, whole


@asynccontextmanager
async def not_back() -> AsyncIterator[tuple[Hall, Caller]]:
    """The service has restarted, and the caller does not come to a session, for now."""
    async with hall() as before:
        caller = before.caller()
        await passes(1)
        async with before.restarted() as here:
            caller.knocks = False
            await here.link_up()
            await passes(1)
            yield here, caller


@fake_time
async def test_a_caller_whose_session_lost_its_other_end_without_a_word_is_led_to_a_new_one() -> None:
    async with hall() as before:
        caller, held = before.caller(), await before.queued("caller-2")
        await passes(1)
        async with before.restarted() as here:
            caller.knocks = False  # AGI() waits for a service that was on another machine
            await here.link_up()
            await passes(COMING - 1)
            assert here.asterisk.led_back == [], "the caller might just be coming in"
            await passes(2)
            assert here.asterisk.led_back == [caller.channel]
            assert held.held
            here.lets_in()
            await passes(3 * PROMPT)
            assert caller.heard[-3:] == [APOLOGY, "Welcome", "Main menu"]
            await passes(3 * COMING)
            assert len(here.asterisk.led_back) == 1
            caller.hang_up()
            held.hang_up()


@pytest.mark.parametrize("why", ["announcement", "talk over"])
@fake_time
async def test_a_caller_who_comes_out_of_the_holding_bridge_or_a_talk_is_led_to_a_new_one(why: str) -> None:
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted() as here:
            await here.link_up()
            await passes(1)
            if why == "announcement":
                here.switchboard.announce(Announce(here.call().id, 1, None))
                await passes(1)
            else:
                here.sign_in()
                ring = await here.rung()
                await here.answer(ring)
                await here.connect(ring, caller)
                await passes(1)
                await here.agent_hangs_up(ring, caller)
            assert caller.knocks
            caller.knocks = False
            await passes(COMING + 1)
            assert here.asterisk.led_back == [caller.channel]
            here.lets_in()
            await passes(PROMPT / 2)
            assert caller.playing == (NEXT if why == "announcement" else "Goodbye")
            caller.hang_up()


@pytest.mark.parametrize("answered", [True, False])
@fake_time
async def test_a_caller_who_was_put_through_is_led_to_a_new_session(answered: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        async with before.restarted() as here:
            await here.link_up()
            await passes(2 * COMING)
            if answered:
                caller.sub_hotline_answers()
                await passes(60)
            caller.put_through_ends("ANSWER" if answered else "BUSY", "17")
            caller.knocks = False
            await passes(COMING + 1)
            assert here.asterisk.led_back == [caller.channel]
            here.lets_in()
            await settles()
            assert caller.playing == ("Goodbye" if answered else "We are sorry, the call could not be connected.")
            caller.hang_up()


@fake_time
async def test_a_caller_whose_session_broke_without_asterisk_knowing_is_led_to_a_new_one() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        caller.session_breaks(unnoticed=True)
        await passes(COMING + 1)
        assert here.asterisk.led_back == [caller.channel]
        here.lets_in()
        await settles()
        assert caller.playing == APOLOGY
        caller.hang_up()


@fake_time
async def test_a_talking_caller_is_expected_anew_when_the_talk_is_over() -> None:
    """Without that, five seconds after leaving the holding bridge the caller lost the goodbye."""
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted() as here:
            await here.link_up()
            await passes(1)
            here.sign_in()
            ring = await here.rung()
            await here.answer(ring)
            await here.connect(ring, caller)
            await passes(COMING - 1)
            await here.agent_hangs_up(ring, caller)
            caller.knocks = False
            await passes(2)
            assert here.asterisk.led_back == []
            caller.knocks = True
            here.lets_in()
            await passes(PROMPT / 2)
            assert caller.playing == "Goodbye"


@fake_time
async def test_a_caller_who_comes_in_unasked_or_hangs_up_is_not_fetched() -> None:
    async with hall() as before:
        callers = [before.caller("caller-1"), before.caller("caller-2")]
        await passes(1)
        async with before.restarted() as here:
            for caller in callers:
                caller.knocks = False
            await here.link_up()
            await passes(1)
            callers[0].knocks = True
            here.lets_in()
            callers[1].hang_up()
            await passes(3 * COMING)
            assert here.asterisk.led_back == []
            callers[0].hang_up()


@fake_time
async def test_a_caller_who_comes_in_while_asterisk_is_asked_is_not_fetched() -> None:
    """As after a freeze: what was due and what came meanwhile are there at once. A fetch would end the new session."""
    async with not_back() as (here, caller):
        here.asterisk.meanwhile = caller.comes_in
        await passes(COMING)
        assert caller.playing == APOLOGY
        assert here.asterisk.led_back == []
        caller.hang_up()


@pytest.mark.parametrize("waits", [True, False], ids=["waiting", "goodbye"])
@fake_time
async def test_a_caller_who_comes_in_while_led_to_another_session_comes_in_that(waits: bool) -> None:
    """The Redirect is on its way, and breaks off the session that has just begun."""
    async with hall() as before:
        caller = await before.queued()
        if not waits:
            before.sign_in()
            ring = await before.rung()
            await before.answer(ring)
            await before.connect(ring, caller)
            await passes(1)
        async with before.restarted() as here:
            await here.link_up()
            await passes(1)
            if waits:
                here.switchboard.announce(Announce(here.call().id, 1, None))
                await passes(1)
            else:
                await here.agent_hangs_up(ring, caller)
            caller.knocks = False
            await passes(COMING + LAG / 2)
            caller.knocks = True
            here.lets_in()
            await settles()
            assert caller.playing == (NEXT if waits else "Goodbye")
            heard = len(caller.heard)
            await passes(PROMPT + 1 if waits else LAG)
            assert caller.held == waits
            caller.broken_off()
            await passes(1)
            here.lets_in()
            await passes(1)
            assert caller.heard[heard:] == ([] if waits else ["Goodbye"])
            assert caller.held == waits
            caller.hang_up()
            await here.over()
            assert story(here) == whole(queued=1, **({} if waits else {"connected": 1, "talk_ended": 1}))


@fake_time
async def test_a_caller_who_was_looked_for_and_not_led_anywhere_is_believed_to_be_gone() -> None:
    """The session broke while the caller was held. An agent transfers the caller from the next one: only AGI tells."""
    async with hall() as here:
        caller = await here.queued()
        caller.session_breaks()
        await passes(COMING + 1)
        assert (caller.held, here.asterisk.led_back) == (True, [])
        here.switchboard.announce(Announce(here.call().id, 1, None))
        await passes(1)
        here.lets_in()
        await passes(PROMPT)
        here.sign_in()
        ring = await here.rung()
        await here.answer(ring)
        await here.connect(ring, caller)
        await passes(5)
        caller.sent_elsewhere()
        await here.agent_hangs_up(ring)
        await passes(LAST_WORDS + 1)
        assert len(here.switchboard) == 0


@fake_time
async def test_a_caller_who_was_due_while_the_service_was_frozen_has_time_to_come_in() -> None:
    async with not_back() as (here, caller):
        freezes(2 * COMING)
        await passes(COMING - 1)
        assert here.asterisk.led_back == []
        await passes(2)
        assert here.asterisk.led_back == [caller.channel]
        caller.hang_up()


@fake_time
async def test_a_service_that_stops_fetches_nobody() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        caller.session_breaks(unnoticed=True)
        here.switchboard.close()
        await passes(2 * COMING)
        assert here.asterisk.led_back == []
        here.switchboard.dismiss(here.call())
