"""A caller's channel: its sessions, holding, putting through, and what each task leaves on it and answers."""

import asyncio

import pytest

from calls import effects as do
from calls.effects import Task
from calls.events import DialEnded, DiallingKnown, Event, HistoryKnown, KeyAwaited, PlainEvent, PromiseKnown, TakenKnown
from calls.live.channel import Channel, SentElsewhere
from dialplan.agi_session import CallerGone
from dialplan.snapshot import TAKEN_VARIABLE, TRANSFERER_VARIABLE
from tests.unit.asterisk.asterisk import LAG
from tests.unit.calls.live.channels import NOWHERE, a_channel, doing, done, say
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import START

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
        unfound = Channel(
            *(here.telephony, asyncio.TaskGroup(), lambda: START),
            trunk=True,
            call_id="c-2",
            number="",
            takes=NOWHERE,
            promise=PromiseKnown,
            records=lambda call, offer: "",
        )
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
            {"WUTONG_LANGUAGE": "en", TAKEN_VARIABLE: "", TRANSFERER_VARIABLE: ""},
        ),
        (
            do.MarkDialling("bureau", "en"),
            {
                "WUTONG_MOVED": "",
                TAKEN_VARIABLE: "",
                "WUTONG_SUB_HOTLINE": "bureau",
                "DIALSTATUS": "",
                "SHARED(WUTONG_LOST)": "",
                "WUTONG_LANGUAGE": "en",
                "_WUTONG_LEG": "c-1",
            },
        ),
        (
            do.PlainTask.CLEAR_DIALLING,
            {"WUTONG_CALL": "c-1", "WUTONG_MOVED": "", "WUTONG_RUNG": "", TAKEN_VARIABLE: "", "WUTONG_SUB_HOTLINE": ""},
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
        (
            do.PlainTask.ASK_DIAL_RESULT,
            {"DIALSTATUS": "ANSWER", "HANGUPCAUSE": "127", "SHARED(WUTONG_LOST)": "phone-1"},
            DialEnded("ANSWER", "127", lost=True),
        ),
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
async def test_a_caller_whose_channel_is_marked_is_hung_up_by_the_dialplan() -> None:
    async with a_channel() as (channel, caller, _):
        assert await done(channel, do.PlainTask.MARK_DONE) == PlainEvent.DONE
        assert not caller.hung_up
        channel.close()
        await settles()
        assert caller.hung_up
