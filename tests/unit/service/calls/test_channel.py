"""A caller's channel on a fake Asterisk: keys and prompts, in every order in which AGI and AMI may tell of them, and
what each task leaves on the channel and answers.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from calls import commands as do
from calls.commands import Task
from calls.events import DialEnded, DiallingKnown, Event, HistoryKnown, KeyAwaited, PlainEvent, Said, TakenKnown
from dialplan.fastagi import AgiServer, AgiSession, CallerGone
from dialplan.link import AmiLink
from dialplan.picture import TAKEN_VARIABLE
from dialplan.telephony import Telephony
from service.calls.channel import KEY_GRACE, Channel, SentElsewhere
from service.calls.edition import Edition
from sounds.catalogue import Catalogue
from sounds.model import Speech, Words
from tests.unit.asterisk.asterisk import LAG, Asterisk
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.asterisk.manager import SECRET
from tests.unit.dialplan.heard import Heard
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import START, FakeCatalogue
from tests.unit.service.small import hotline
from tests.unit.sounds.making import FakeVoice

EDITION = Edition(hotline(), FakeCatalogue())
TWO: Speech = (Words({"*": "first"}), Words({"*": "second"}))
SAID_TO_THE_END, SAID_IN_PART = Said("first second", interrupted=False), Said("first second", interrupted=True)
NO_KEY = KeyAwaited(None)


class _Ears(Heard):
    """Tells the channel of keys, as the switchboard does."""

    channel: Channel | None = None

    def key_begins(self, caller: str, key: str) -> None:
        assert self.channel is not None
        self.channel.key_begins(key)

    def key_pressed(self, caller: str, key: str) -> None:
        assert self.channel is not None
        self.channel.key(key)


@dataclass
class Desk:
    """What a channel is attached to."""

    asterisk: Asterisk
    telephony: Telephony
    sessions: asyncio.Queue[AgiSession]


@asynccontextmanager
async def a_channel(*, trunk: bool = True) -> AsyncIterator[tuple[Channel, Caller, Desk]]:
    asterisk, ears, over = Asterisk(()), _Ears(), asyncio.Event()
    await asterisk.listen()
    told: dict[str, Any] = {"on_up": lambda: None, "on_down": lambda why: None}
    link = AmiLink("127.0.0.1", asterisk.port, "wutong", SECRET, on_event=lambda e: here.telephony.on_event(e), **told)
    here = Desk(asterisk, Telephony(link, ears), asyncio.Queue())

    async def serve(session: AgiSession) -> None:
        here.sessions.put_nowait(session)
        await over.wait()

    server = AgiServer(serve, "127.0.0.1", 0, limit=10)
    await server.start()
    asterisk.agi_port = server.port
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        await link.wait_up()
        caller = asterisk.calls()
        here.telephony.watch(caller.id)
        channel = ears.channel = Channel(here.telephony, tasks, lambda: START, trunk=trunk, call_id="c-1")
        channel.attach(await here.sessions.get())
        yield channel, caller, here
        over.set()
        running.cancel()
    await server.stop(0)
    assert asterisk.strange == []


async def done(channel: Channel, task: Task) -> Event:
    return await channel.perform(task, EDITION)


def doing(channel: Channel, task: Task) -> asyncio.Task[Event]:
    return asyncio.create_task(done(channel, task))


def say(*, keys: bool = True) -> do.Say:
    return do.Say(TWO, "en", keys)


def now() -> float:
    return asyncio.get_running_loop().time()


# --- keys and prompts


@fake_time
async def test_all_is_said_when_nothing_happens() -> None:
    async with a_channel() as (channel, caller, _):
        assert await done(channel, say()) == SAID_TO_THE_END
        assert caller.heard == ["first", "second"]
        assert now() == pytest.approx(2 * PROMPT)


@fake_time
async def test_a_key_interrupts_and_is_one_key() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        caller.press("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        assert await done(channel, do.AwaitKey(1)) == NO_KEY
        assert (caller.heard, caller.stops) == (["first"], 0)


@fake_time
async def test_a_key_that_is_told_again_does_not_interrupt_the_next_prompt() -> None:
    """The phone sends an INFO when the key goes down, and RFC 4733 tells its end when the key comes up."""
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        caller.begins_to_press("4")
        caller.press("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        said, began = doing(channel, say()), now()
        await passes(0.5)
        caller.press("4")
        assert await said == SAID_TO_THE_END
        assert now() - began == pytest.approx(2 * PROMPT, abs=2 * LAG), "it went on where it had stopped"
        assert caller.heard == ["first", "first", "second"]
        assert await done(channel, do.AwaitKey(1)) == NO_KEY


@fake_time
async def test_a_prompt_that_goes_on_after_a_key_told_again_is_interrupted_by_another() -> None:
    async with a_channel() as (channel, caller, _):
        caller.begins_to_press("4")
        caller.press("4", agi=False)
        await passes(LAG)
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        said = doing(channel, say())
        await passes(0.5)
        caller.press("4")
        await passes(0.5)
        caller.press("5")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("5")


@fake_time
async def test_a_key_that_agi_tells_long_before_ami_is_waited_for_in_silence() -> None:
    """The same key was pressed before, between two commands: by the count, AGI may be telling that press now."""
    async with a_channel() as (channel, caller, here):
        caller.press("4", agi=False)
        await passes(LAG)
        assert channel.keys.take() == "4"
        said = doing(channel, say())
        await passes(1)
        here.asterisk.lag = 0.5
        caller.press("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(5)) == KeyAwaited("4")
        assert caller.heard == ["first"], "no other prompt began"


@fake_time
async def test_a_key_before_a_prompt_skips_it() -> None:
    async with a_channel() as (channel, caller, _):
        assert channel.key("7")
        assert await done(channel, say()) == SAID_IN_PART
        assert caller.heard == []
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("7")


@fake_time
async def test_a_key_that_asterisk_lost_between_two_commands_stops_the_prompt_after_the_grace() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        channel.key("4")
        await passes(KEY_GRACE / 2)
        assert caller.stops == 0
        assert await said == SAID_IN_PART
        assert now() == pytest.approx(1 + KEY_GRACE + LAG)
        assert caller.heard == ["first"]


@fake_time
async def test_a_prompt_that_ended_by_itself_meanwhile_is_not_stopped_and_nor_is_the_next() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(PROMPT - KEY_GRACE / 2)
        channel.key("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        assert await done(channel, say()) == SAID_TO_THE_END
        assert (caller.heard, caller.stops) == (["first", "first", "second"], 0)


@fake_time
async def test_a_stop_that_is_on_its_way_when_the_prompt_ends_is_awaited() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(PROMPT - KEY_GRACE - LAG / 2)
        channel.key("4")
        await said
        channel.keys.clear()
        assert await done(channel, say()) == SAID_TO_THE_END
        assert caller.heard == ["first", "first", "second"]
        assert caller.stops == 1
        assert now() > 3 * PROMPT, "it stopped nothing"


@fake_time
async def test_a_stop_that_comes_before_asterisk_plays_is_repeated() -> None:
    async with a_channel() as (channel, caller, _):
        caller.deaf_to_stops = 2
        said = doing(channel, say())
        await settles()
        channel.stop_saying()
        assert await said == SAID_IN_PART
        assert caller.stops == 3
        assert now() < PROMPT


@fake_time
async def test_keys_do_not_interrupt_where_nobody_asks_for_one() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say(keys=False))
        await passes(1)
        caller.press("4")
        assert await said == SAID_TO_THE_END
        assert (caller.heard, caller.stops) == (["first", "second"], 0)


@fake_time
async def test_a_key_that_is_known_already_is_told_once() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        caller.press("4", ami=False)
        await said
        assert not channel.key("4"), "AGI has told it"
        assert channel.key("4"), "this is another"


@fake_time
async def test_a_stop_ends_what_is_said_and_not_what_comes_later() -> None:
    async with a_channel() as (channel, caller, _):
        channel.stop_saying()
        said = doing(channel, say(keys=False))
        await passes(1)
        channel.stop_saying()
        channel.stop_saying()
        assert await said == SAID_IN_PART
        assert caller.stops == 1
        assert await done(channel, say()) == SAID_TO_THE_END
        assert caller.heard == ["first", "first", "second"]


@fake_time
async def test_the_next_key_is_waited_for_no_longer_than_said() -> None:
    async with a_channel() as (channel, caller, _):
        assert await done(channel, do.AwaitKey(3)) == NO_KEY
        waiting = doing(channel, do.AwaitKey(3))
        await passes(1)
        caller.press("#")
        assert await waiting == KeyAwaited("#")
        assert now() == pytest.approx(4 + LAG)


@fake_time
async def test_while_ami_is_down_agi_listens() -> None:
    async with a_channel() as (channel, caller, here):
        here.asterisk.link_breaks()
        await settles()
        assert await done(channel, do.AwaitKey(3)) == NO_KEY
        waiting = doing(channel, do.AwaitKey(3))
        await passes(1)
        caller.press("0", ami=False)
        assert await waiting == KeyAwaited("0")
        assert now() == pytest.approx(4)


@pytest.mark.parametrize("link_up", [True, False])
@fake_time
async def test_a_caller_who_is_gone_ends_the_wait_for_a_key(link_up: bool) -> None:
    async with a_channel() as (channel, caller, here):
        if not link_up:
            here.asterisk.link_breaks()
            await settles()
        waiting = doing(channel, do.AwaitKey(60))
        await passes(1)
        caller.hang_up()
        with pytest.raises(CallerGone):
            await waiting


@fake_time
async def test_a_caller_who_is_gone_ends_what_is_said() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        channel.stop_saying()  # it finds nothing more to stop
        caller.hang_up()
        with pytest.raises(CallerGone):
            await said
        assert caller.heard == ["first"]


@fake_time
async def test_a_prompt_that_is_missing_is_silence() -> None:
    async with a_channel() as (channel, caller, _):
        without_files = Edition(hotline(), Catalogue(Path("/nowhere"), None, ["en"], FakeVoice()))
        assert await channel.perform(say(), without_files) == SAID_TO_THE_END
        assert caller.heard == []


# --- a session after another


@fake_time
async def test_a_new_session_begins_with_both_counts_of_keys_level() -> None:
    async with a_channel() as (channel, caller, here):
        said = doing(channel, say())
        await passes(1)
        caller.press("4", ami=False)
        await said
        assert channel.keys.take() == "4"
        channel.close()
        caller.comes_in()
        channel.attach(await here.sessions.get())
        assert channel.key("4"), "AMI will tell no key of the session before"
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")


@fake_time
async def test_the_channel_is_attached_while_a_session_lives() -> None:
    async with a_channel() as (channel, caller, here):
        assert channel.attached
        assert (channel.caller, channel.name) == (caller.id, caller.channel)
        caller.hang_up()
        await settles()
        assert not channel.attached
        unfound = Channel(here.telephony, asyncio.TaskGroup(), lambda: START, trunk=True, call_id="c-2")
        assert (unfound.attached, unfound.caller, unfound.name) == (False, "", "")
        unfound.close()


# --- holding


@fake_time
async def test_the_hold_ends_when_the_caller_is_out_of_the_bridge_and_not_before() -> None:
    async with a_channel() as (channel, caller, _):
        held = doing(channel, do.PlainTask.HOLD)
        await passes(LAG)
        caller.held, caller.talking = False, True
        await passes(60)
        assert not held.done()
        caller.out()
        assert await held == PlainEvent.HOLD_ENDED
        held = doing(channel, do.PlainTask.HOLD)
        await passes(LAG)
        caller.out()
        assert await held == PlainEvent.HOLD_ENDED


@fake_time
async def test_a_caller_who_was_held_and_sent_elsewhere_is_gone() -> None:
    async with a_channel() as (channel, caller, _):
        held = doing(channel, do.PlainTask.HOLD)
        await passes(LAG)
        caller.sent_elsewhere()
        with pytest.raises(SentElsewhere):
            await held


@fake_time
async def test_a_caller_who_was_held_and_hung_up_is_gone() -> None:
    async with a_channel() as (channel, caller, _):
        held = doing(channel, do.PlainTask.HOLD)
        await passes(LAG)
        caller.hang_up()
        with pytest.raises(CallerGone):
            await held


# --- putting through

AGENT = do.Dial("2201", 30.5, agent=True)


@pytest.mark.parametrize("status", ["ANSWER", "BUSY", "NOANSWER", "CHANUNAVAIL", "CONGESTION"])
@fake_time
async def test_putting_through_tells_what_became_of_it(status: str) -> None:
    async with a_channel() as (channel, caller, _):
        dialling = doing(channel, AGENT)
        await passes(5)
        assert caller.dialled == "PJSIP/2201,30,gri"
        caller.put_through_ends(status, "17")
        assert await dialling == DialEnded(status, "17")


@pytest.mark.parametrize(("status", "result"), [("CANCEL", "-1"), ("CANCEL", "0"), ("ANSWER", "-1")])
@fake_time
async def test_a_caller_who_hangs_up_while_being_put_through_is_gone(status: str, result: str) -> None:
    async with a_channel() as (channel, caller, _):
        dialling = doing(channel, AGENT)
        await passes(5)
        caller.put_through_ends(status, "16", result)
        with pytest.raises(SentElsewhere):
            await dialling


@fake_time
async def test_a_number_is_dialled_by_the_trunk() -> None:
    async with a_channel() as (channel, caller, _):
        dialling = doing(channel, do.Dial("962777", 30, agent=False))
        await settles()
        assert caller.dialled == "PJSIP/962777@trunk,30,gri"
        caller.put_through_ends("ANSWER", "16")
        await dialling


@fake_time
async def test_without_a_trunk_there_is_no_way_to_a_number_but_to_an_agent() -> None:
    async with a_channel(trunk=False) as (channel, caller, _):
        assert await done(channel, do.Dial("962777", 30, agent=False)) == DialEnded("CHANUNAVAIL", "3")
        assert caller.dialled is None
        dialling = doing(channel, AGENT)
        await settles()
        assert caller.dialled == "PJSIP/2201,30,gri"
        caller.put_through_ends("BUSY", "17")
        await dialling


# --- what is on the channel


@pytest.mark.parametrize(
    ("task", "noted"),
    [
        (
            do.MarkCall(turned_away=False, language="en"),
            {
                "WUTONG_CALL": "c-1",
                "WUTONG_MOVED": "",
                "WUTONG_SUB_HOTLINE": "",
                "WUTONG_LANGUAGE": "en",
            },
        ),
        (
            do.MarkCall(turned_away=True, language="en"),
            {
                "WUTONG_CALL": "c-1",
                "WUTONG_MOVED": "",
                "WUTONG_SUB_HOTLINE": "",
                "WUTONG_LANGUAGE": "en",
                "WUTONG_TURNED_AWAY": "1",
            },
        ),
        (
            do.MarkQueue("en"),
            {"WUTONG_LANGUAGE": "en", TAKEN_VARIABLE: ""},
        ),
        (
            do.MarkDialling("bureau", "en"),
            {
                "WUTONG_MOVED": "",
                TAKEN_VARIABLE: "",
                "WUTONG_SUB_HOTLINE": "bureau",
                "DIALSTATUS": "",
                "WUTONG_LANGUAGE": "en",
            },
        ),
        (
            do.PlainTask.CLEAR_DIALLING,
            {"WUTONG_CALL": "c-1", "WUTONG_MOVED": "", TAKEN_VARIABLE: "", "WUTONG_SUB_HOTLINE": ""},
        ),
        (do.PlainTask.MARK_INTERRUPTED, {"WUTONG_INTERRUPTED": "1"}),
        (do.PlainTask.MARK_DONE, {"WUTONG_DONE": "1"}),
        (do.PlainTask.ANSWER, {}),
    ],
)
@fake_time
async def test_what_a_restart_needs_is_on_the_channel(task: Task, noted: dict[str, str]) -> None:
    async with a_channel() as (channel, caller, _):
        assert await done(channel, task) == PlainEvent.DONE
        assert caller.variables == noted


@pytest.mark.parametrize(
    ("task", "on_the_channel", "known"),
    [
        (do.PlainTask.ASK_TAKEN, {}, TakenKnown("")),
        (do.PlainTask.ASK_TAKEN, {TAKEN_VARIABLE: "o-1"}, TakenKnown("o-1")),
        (do.PlainTask.ASK_DIALLING, {}, DiallingKnown("")),
        (do.PlainTask.ASK_DIALLING, {"WUTONG_SUB_HOTLINE": "bureau"}, DiallingKnown("bureau")),
        (do.PlainTask.ASK_DIAL_RESULT, {"DIALSTATUS": ""}, DialEnded("", "")),
        (do.PlainTask.ASK_DIAL_RESULT, {"DIALSTATUS": "BUSY", "HANGUPCAUSE": "17"}, DialEnded("BUSY", "17")),
        (do.PlainTask.ASK_HISTORY, {}, HistoryKnown(turned_away=False, interrupted=False)),
        (do.PlainTask.ASK_HISTORY, {"WUTONG_INTERRUPTED": "1"}, HistoryKnown(turned_away=False, interrupted=True)),
        (
            do.PlainTask.ASK_HISTORY,
            {"WUTONG_INTERRUPTED": "1", "WUTONG_TURNED_AWAY": "1"},
            HistoryKnown(turned_away=True, interrupted=False),
        ),
    ],
)
@fake_time
async def test_what_is_on_the_channel_is_known_when_it_is_asked(
    task: Task, on_the_channel: dict[str, str], known: Event
) -> None:
    async with a_channel() as (channel, caller, _):
        caller.variables |= on_the_channel
        assert await done(channel, task) == known


@fake_time
async def test_a_caller_is_hung_up() -> None:
    async with a_channel() as (channel, caller, _):
        assert await done(channel, do.PlainTask.HANG_UP) == PlainEvent.DONE
        assert caller.hung_up
