"""A mistake in every timer stays there: what was due is done a little later, or is found by the next look at Asterisk.

As in `test_mistakes.py`: beside each mistake one caller talks and another one waits, and hear nothing of it.
"""

import ast
import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from acd.effects import Announce
from agents.states import PhoneState
from base.clock import RING_AGAIN
from base.tasks import Work
from calls.leg import COMING
from calls.live.channel import KEY_GRACE
from calls.live.reconciler import COMPARE, LOOK_AGAIN
from dialplan.legs import OVERTAKEN, RECHECK, UNREACHED
from journal.actor import Actor
from journal.records import Kind
from tests.product import SOURCES
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_loop, fake_time, passes, settles
from tests.unit.service.calling import Hall
from tests.unit.service.saboteur import makes_a_mistake, once
from tests.unit.service.test_mistakes import (
    CHECKOUT,
    OTHER_PROGRAMS,
    Way,
    bystanders,
    fails,
    is_answered,
)


def timer_fails(name: str) -> None:
    """The next timer that is set for a method of this name is a mistake."""
    loop = fake_loop()
    real = loop.call_later

    def call_later(delay: float, callback: Callable[..., object], *args: Any, **more: Any) -> asyncio.TimerHandle:
        if getattr(callback, "__name__", "") == name:
            loop.call_later = real  # type: ignore[method-assign]
            callback = makes_a_mistake
        return real(delay, callback, *args, **more)

    loop.call_later = call_later  # type: ignore[method-assign, assignment]


# --- alarms


async def alarm_of_the_engine(here: Hall) -> None:
    """What is due is due still: else nobody would be offered, or told, before something happens."""
    await here.queued()
    due = here.engine.deadline()
    assert due is not None
    once(here.distributor._alarm, "_ring")
    await passes(due - here.distributor.clock.now() + RING_AGAIN + 0.1)
    later = here.engine.deadline()
    assert later is not None
    assert later > due


async def alarm_of_a_call(here: Hall) -> None:
    """A caller whose session broke is led back all the same."""
    caller = await here.queued()
    assert caller.line is not None
    caller.line.close()
    await settles()
    here.switchboard.announce(Announce(here.call().id, 1, None))
    await passes(0.1)
    caller.knocks = False
    once(here.call()._alarm, "_ring")
    await passes(COMING + RING_AGAIN + 0.1)
    assert here.asterisk.led_back == [caller.channel]
    await is_answered(here, caller)


# --- legs


async def a_ring_that_is_taken_back(here: Hall) -> None:
    """The phone says nothing: the timer would hang it up."""
    caller = await here.queued()
    here.sign_in()
    await passes(0.1)
    leg = next(leg for leg in here.asterisk.legs.values() if leg.caller == caller.id)
    here.telephony.legs._legs[leg.offer_id].reached = False
    timer_fails("_hang_up")
    caller.hang_up()
    await passes(UNREACHED + 0.1)
    assert here.asterisk.cancelled == []
    await passes(COMPARE)
    assert here.asterisk.cancelled == [leg.offer_id], "by the next look"


async def rings_a_phone_that_is_not_registered(here: Hall) -> None:
    """So there is no channel."""
    here.asterisk.instead["Originate"] = lambda: None
    here.sign_in()
    await passes(0.1)
    (offer,) = [offer for offer, leg in here.telephony.legs.believed().items() if not leg.made]
    here.asterisk.event("OriginateResponse", ActionID=offer, Response="Failure", Reason="0", Uniqueid="<null>")


async def a_phone_without_a_channel(here: Hall) -> None:
    """It is not registered, as Asterisk says before its events: the next look tells that there was no ring."""
    caller = await here.queued()
    timer_fails("_without_channel")
    await rings_a_phone_that_is_not_registered(here)
    await passes(OVERTAKEN + 0.1)
    assert Kind.OFFER_FAILED not in here.kinds()
    await passes(COMPARE)
    assert Kind.OFFER_FAILED in here.kinds()
    await is_answered(here, caller)


async def a_phone_that_could_not_be_reached(here: Hall) -> None:
    """It counts again as what Asterisk knows of it: by the next look."""
    caller = await here.queued()
    timer_fails("report")
    await rings_a_phone_that_is_not_registered(here)
    await passes(OVERTAKEN + RECHECK + 0.1)
    await passes(COMPARE)
    await is_answered(here, caller)


# --- sessions, test calls, looks


async def a_connection_that_says_nothing(here: Hall) -> None:
    """It is ended all the same."""
    agi, lost = here.centre.agi, asyncio.Event()

    class Silent(asyncio.Protocol):
        def connection_lost(self, exc: Exception | None) -> None:
            lost.set()

    await asyncio.get_running_loop().create_connection(Silent, "127.0.0.1", agi.port)
    once(agi, "drop")
    await passes(agi.header_timeout + 0.1)
    assert lost.is_set()


async def a_prompt_that_a_key_should_stop(here: Hall) -> None:
    """It plays to its end, and the key counts."""
    caller = here.caller()
    await passes(1)
    timer_fails("_stop_deaf_prompt")
    caller.press("1", agi=False)
    await passes(KEY_GRACE + 0.1)
    assert caller.stops == 0
    await passes(3 * PROMPT)
    await is_answered(here, caller)


async def a_key_of_a_test_call(here: Hall) -> None:
    """It is not pressed, and the menu asks again."""
    token = "rehearsal-0123456789ab"
    listening = here.centre.rehearsals.place(token, "12319", ["1"], "", 30, None, Actor.token("local"))
    placing = asyncio.create_task(listening)
    await settles()
    timer_fails("_press")
    caller = here.caller(arg_2="", arg_3=token)
    await placing
    await passes(60)
    assert len(set(caller.heard)) < len(caller.heard)
    caller.hang_up()
    await passes(1)


async def a_look_after_one_that_failed(here: Hall) -> None:
    await here.link_down()
    fails(here, Work.ASTERISK_LOOK)
    here.mistakes[Work.ASTERISK_LOOK] = 1
    timer_fails("_look_soon")
    await here.link_up()
    await passes(LOOK_AGAIN + 1)
    assert here.engine.blind
    await passes(COMPARE)
    assert not here.engine.blind


async def a_question_about_phones_after_a_connect(here: Hall) -> None:
    """The next comparison asks for them, too."""
    phone = "2201"
    await here.link_down()
    here.asterisk.devices[phone] = "UNAVAILABLE"
    timer_fails("_ask_phones_soon")
    await here.link_up()
    await passes(1)
    here.asterisk.unreported.add(phone)
    await passes(LOOK_AGAIN)
    assert here.engine.agent_view(phone).phone is PhoneState.UNREACHABLE
    await passes(COMPARE)
    assert here.engine.agent_view(phone).phone is PhoneState.FREE


WAYS: dict[str, Way] = {
    "base/clock.py self._rings": alarm_of_the_engine,
    "base/clock.py self._rings: of a call": alarm_of_a_call,
    "dialplan/legs.py self._hang_up": a_ring_that_is_taken_back,
    "dialplan/legs.py self._without_channel": a_phone_without_a_channel,
    "dialplan/legs.py self._phones.report": a_phone_that_could_not_be_reached,
    "dialplan/fastagi.py self._drop": a_connection_that_says_nothing,
    "calls/live/channel.py self._stop_deaf_prompt": a_prompt_that_a_key_should_stop,
    "calls/live/rehearsal.py self._press": a_key_of_a_test_call,
    "calls/live/reconciler.py self._look_soon": a_look_after_one_that_failed,
    "calls/live/reconciler.py self._ask_phones_soon": a_question_about_phones_after_a_connect,
}
"""By module and callback."""

ELSEWHERE = {
    "accounts/audit.py self._over": "tests/unit/accounts/test_audit.py",
    "journal/writer.py self._begin": "sets an event, and can raise nothing",
    "journal/writer.py self._rotate": "tests/unit/journal/test_writer.py",
    "service/pulse.py self._try": "tests/unit/service/app/test_renewal.py",
    "service/app/standalone.py callback": "the loop's own timers, which come in time",
    "publishing/trial_run.py self._take_back": "the next call that ends asks for it again",
    "calls/live/intake.py self.restarting.set": "sets an event, and can raise nothing",
    "events/broadcast.py self._look": "tests/unit/events/test_broadcast.py",
    "events/broadcast.py self._minute_over": "tests/unit/service/http/test_hours.py",
    "service/http/connections.py self.cut": "tests/unit/service/http/test_connections.py",
    "web/pages.py self._answer": "gives what it raises to those who wait",
    "base/clock.py do": "sets the timer of an alarm, and can raise nothing",
    "dialplan/citizen_legs.py self._refused": "tests/unit/dialplan/test_citizen_legs.py; the next look tells it, too",
    "dialplan/callback_legs.py self._over": "tests/unit/dialplan/test_callback_legs.py; the next look tells it, too",
}
"""Tried in the tests of the one module that has it, or why not."""


@pytest.mark.parametrize("timer", WAYS)
@fake_time
async def test_a_mistake_in_a_timer_stays_there(timer: str) -> None:
    async with bystanders() as here:
        here.mistakes[Work.CALLBACK] = 1
        await WAYS[timer](here)
        assert +here.tasks.failures.counts == here.mistakes


def test_every_timer_is_tried() -> None:
    found = set()
    for module in SOURCES:
        name = str(module.relative_to(CHECKOUT))
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                index = {"call_soon": 0, "call_later": 1, "call_at": 1}.get(node.func.attr)
                if index is not None and not name.startswith(OTHER_PROGRAMS):
                    found.add(f"{name} {ast.unparse(node.args[index])}")
    assert found == {key.partition(":")[0] for key in WAYS} | set(ELSEWHERE)
