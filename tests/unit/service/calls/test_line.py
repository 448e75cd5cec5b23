"""A caller's line on a fake Asterisk; keys, prompts and holding, in every order in which AGI and AMI may tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from dialplan.fastagi import CallerGone
from service.calls.line import KEY_GRACE, Line
from sounds.model import Speech, Words
from tests.unit.dialplan.heard import Heard
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.fake_asterisk import LAG, PROMPT, FakeCaller, FakeTelephony

CATALOGUE = FakeCatalogue()
TWO: Speech = (Words({"*": "first"}), Words({"*": "second"}))


class _Ears:
    """What the switchboard does for a call."""

    def __init__(self) -> None:
        self.line: Line | None = None

    def key_pressed(self, caller: str, key: str) -> None:
        assert self.line is not None
        self.line.key(key)

    def caller_held(self, caller: str) -> None:
        assert self.line is not None
        self.line.held()

    def caller_hung_up(self, caller: str) -> None:
        """The session tells the line."""


@asynccontextmanager
async def a_line() -> AsyncIterator[tuple[Line, FakeCaller, FakeTelephony]]:
    ears = _Ears()
    caller, telephony = FakeCaller(ears), FakeTelephony(Heard())
    telephony.callers[caller.channel] = caller
    async with asyncio.TaskGroup() as tasks:
        ears.line = Line(telephony, tasks)
        ears.line.attach(caller.session)
        yield ears.line, caller, telephony


def saying(line: Line, speech: Speech = TWO, *, keys: bool = True) -> asyncio.Task[bool]:
    return asyncio.create_task(line.say(CATALOGUE, speech, "en", keys=keys))


async def until_held(line: Line) -> None:
    while not line.is_held:
        await passes(LAG)


def holding(line: Line) -> asyncio.Task[bool]:
    return asyncio.create_task(line.hold())


# --- keys and prompts


@fake_time
async def test_all_is_said_when_nothing_happens() -> None:
    async with a_line() as (line, caller, _):
        assert await line.say(CATALOGUE, TWO, "en") is False
        assert caller.heard == ["first", "second"]
        assert asyncio.get_running_loop().time() == pytest.approx(2 * PROMPT)


@fake_time
async def test_a_key_interrupts_and_is_one_key() -> None:
    async with a_line() as (line, caller, _):
        said = saying(line)
        await passes(1)
        caller.press("4")
        assert await said is True
        assert await line.next_key(1, by_agi=False) == "4"
        assert await line.next_key(1, by_agi=False) is None
        assert (caller.heard, caller.stops) == (["first"], 0)


@fake_time
async def test_a_key_that_agi_tells_long_before_ami_is_waited_for_in_silence() -> None:
    """The same key was pressed before between two commands: what AGI tells now may be that one, says the count."""
    async with a_line() as (line, caller, _):
        caller.press("4", agi=False)
        await passes(LAG)
        assert line.keys.take() == "4"
        said = saying(line)
        await passes(1)
        caller.lag = 0.5
        caller.press("4")
        assert await said is True
        assert await line.next_key(5, by_agi=False) == "4"
        assert caller.heard == ["first"], "no other prompt began"


@fake_time
async def test_a_key_before_a_prompt_skips_it() -> None:
    async with a_line() as (line, caller, _):
        line.key("7")
        assert await line.say(CATALOGUE, TWO, "en") is True
        assert caller.heard == []
        assert await line.next_key(1, by_agi=False) == "7"


@fake_time
async def test_a_key_that_asterisk_lost_between_two_commands_stops_the_prompt_after_the_grace() -> None:
    async with a_line() as (line, caller, _):
        said = saying(line)
        await passes(1)
        line.key("4")
        await passes(KEY_GRACE / 2)
        assert caller.stops == 0
        assert await said is True
        assert asyncio.get_running_loop().time() == pytest.approx(1 + KEY_GRACE + LAG)
        assert caller.heard == ["first"]


@fake_time
async def test_a_prompt_that_ended_by_itself_meanwhile_is_not_stopped_and_nor_is_the_next() -> None:
    async with a_line() as (line, caller, _):
        said = saying(line)
        await passes(PROMPT - KEY_GRACE / 2)
        line.key("4")
        assert await said is True
        assert await line.next_key(1, by_agi=False) == "4"
        assert await line.say(CATALOGUE, TWO, "en") is False
        assert (caller.heard, caller.stops) == (["first", "first", "second"], 0)


@fake_time
async def test_a_stop_that_is_on_its_way_when_the_prompt_ends_is_awaited() -> None:
    async with a_line() as (line, caller, _):
        said = saying(line)
        await passes(PROMPT - KEY_GRACE - LAG / 2)
        line.key("4")
        await said
        line.keys.clear()
        assert await line.say(CATALOGUE, TWO, "en") is False
        assert caller.heard == ["first", "first", "second"]
        assert caller.stops == 1
        assert asyncio.get_running_loop().time() > 3 * PROMPT, "it stopped nothing"


@fake_time
async def test_a_stop_that_comes_before_asterisk_plays_is_repeated() -> None:
    async with a_line() as (line, caller, _):
        caller.deaf_to_stops = 2
        said = saying(line)
        await settles()
        line.interrupt()
        assert await said is True
        assert caller.stops == 3
        assert asyncio.get_running_loop().time() < PROMPT


@fake_time
async def test_keys_do_not_interrupt_where_nobody_asks_for_one() -> None:
    async with a_line() as (line, caller, _):
        said = saying(line, keys=False)
        await passes(1)
        caller.press("4")
        assert await said is False
        assert (caller.heard, caller.stops) == (["first", "second"], 0)


@fake_time
async def test_interrupt_stops_what_is_said_and_not_what_comes_later() -> None:
    async with a_line() as (line, caller, _):
        line.interrupt()
        said = saying(line, keys=False)
        await passes(1)
        line.interrupt()
        line.interrupt()
        assert await said is True
        assert caller.stops == 1
        assert await line.say(CATALOGUE, TWO, "en") is False
        assert caller.heard == ["first", "first", "second"]


@fake_time
async def test_the_next_key_is_waited_for_no_longer_than_said() -> None:
    async with a_line() as (line, caller, _):
        assert await line.next_key(3, by_agi=False) is None
        waiting = asyncio.create_task(line.next_key(3, by_agi=False))
        await passes(1)
        caller.press("#")
        assert await waiting == "#"
        assert asyncio.get_running_loop().time() == pytest.approx(4 + LAG)


@fake_time
async def test_while_ami_is_down_agi_listens() -> None:
    async with a_line() as (line, caller, _):
        assert await line.next_key(3, by_agi=True) is None
        waiting = asyncio.create_task(line.next_key(3, by_agi=True))
        await passes(1)
        caller.press("0", ami=False)
        assert await waiting == "0"
        assert asyncio.get_running_loop().time() == pytest.approx(4)


@fake_time
async def test_a_caller_who_is_gone_ends_every_wait() -> None:
    for by_agi in (False, True):
        async with a_line() as (line, caller, _):
            waiting = asyncio.create_task(line.next_key(60, by_agi=by_agi))
            await passes(1)
            caller.hang_up()
            with pytest.raises(CallerGone):
                await waiting
    async with a_line() as (line, caller, _):
        said = saying(line)
        await passes(1)
        line.interrupt()  # the stop finds nothing more to stop
        caller.hang_up()
        with pytest.raises(CallerGone):
            await said
        assert caller.heard == ["first"]


# --- holding


@fake_time
async def test_a_leg_takes_him_out_and_gives_him_back() -> None:
    async with a_line() as (line, caller, telephony):
        held = holding(line)
        await until_held(line)
        caller.taken_out("offer-1")
        await passes(60)
        caller.given_back()
        assert await held is False
        assert telephony.kicks == []


@fake_time
async def test_he_is_brought_back_when_he_is_held() -> None:
    async with a_line() as (line, _, telephony):
        held = holding(line)
        await until_held(line)
        line.bring_back()
        line.bring_back()
        assert await held is True
        assert len(telephony.kicks) == 1


@fake_time
async def test_he_is_brought_back_before_ami_has_said_that_he_is_held() -> None:
    async with a_line() as (line, caller, telephony):
        caller.lag = 1
        held = holding(line)
        await settles()
        line.bring_back()
        assert not held.done()
        assert telephony.kicks == []
        assert await held is True
        assert asyncio.get_running_loop().time() == pytest.approx(1 + LAG)


@fake_time
async def test_he_is_not_held_at_all_when_he_is_wanted_back_before() -> None:
    async with a_line() as (line, caller, _):
        line.bring_back()
        assert await line.hold() is True
        assert not caller.held
        held = holding(line)
        await until_held(line)
        await passes(10)
        assert not held.done(), "once is enough"
        caller.kick()
        await held


@fake_time
async def test_he_stays_when_the_reason_is_gone() -> None:
    async with a_line() as (line, caller, telephony):
        line.bring_back()
        line.stay()
        held = holding(line)
        await until_held(line)
        await passes(10)
        assert not held.done()
        assert telephony.kicks == []
        caller.kick()
        assert await held is False, "it was not us who kicked"


@fake_time
async def test_one_who_is_brought_back_is_held_no_longer_until_he_is_held_again() -> None:
    async with a_line() as (line, caller, _):
        held = holding(line)
        await until_held(line)
        line.bring_back()
        waiting = asyncio.create_task(until_held(line))
        await held
        await passes(1)
        assert not waiting.done()
        held = holding(line)
        await waiting
        assert caller.held
        caller.kick()
        await held


@fake_time
async def test_one_who_is_kicked_as_soon_as_he_is_held_is_not_held() -> None:
    async with a_line() as (line, caller, _):
        caller.lag = 1
        held = holding(line)
        await settles()
        line.bring_back()
        waiting = asyncio.create_task(until_held(line))
        await held
        await passes(1)
        assert not waiting.done()
        held = holding(line)
        await waiting
        caller.kick()
        await held


@fake_time
async def test_who_was_sent_elsewhere_or_hung_up_is_gone() -> None:
    async with a_line() as (line, caller, _):
        held = holding(line)
        await until_held(line)
        caller.sent_elsewhere()
        with pytest.raises(CallerGone):
            await held
        assert caller.session.gone, "Asterisk goes on with him only when the session is closed"
    async with a_line() as (line, caller, _):
        held = holding(line)
        await until_held(line)
        caller.hang_up()
        with pytest.raises(CallerGone):
            await held


# --- putting through


@pytest.mark.parametrize("status", ["ANSWER", "BUSY", "NOANSWER", "CHANUNAVAIL", "CONGESTION"])
@fake_time
async def test_putting_through_tells_what_became_of_it(status: str) -> None:
    async with a_line() as (line, caller, _):
        dialling = asyncio.create_task(line.dial("PJSIP/2201", 30.5))
        await passes(5)
        assert caller.dialled == "PJSIP/2201,30,gri"
        caller.put_through_ends(status, "17")
        result = await dialling
        assert (result.status, result.cause, result.answered) == (status, "17", status == "ANSWER")


@pytest.mark.parametrize(("status", "result"), [("CANCEL", "-1"), ("CANCEL", "0"), ("ANSWER", "-1")])
@fake_time
async def test_who_hangs_up_while_he_is_put_through_is_gone(status: str, result: str) -> None:
    async with a_line() as (line, caller, _):
        dialling = asyncio.create_task(line.dial("PJSIP/2201", 30))
        await passes(5)
        caller.put_through_ends(status, "16", result)
        with pytest.raises(CallerGone):
            await dialling
        assert caller.session.gone


@fake_time
async def test_what_a_restart_needs_is_on_the_channel() -> None:
    async with a_line() as (line, caller, _):
        await line.set_variables({"WUTONG_CALL": "c-1", "WUTONG_QUEUE": "trees"})
        assert caller.variables == {"WUTONG_CALL": "c-1", "WUTONG_QUEUE": "trees"}
