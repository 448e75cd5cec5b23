"""Citizens who are called back, to the letter of what Asterisk is asked and reports."""

import pytest

from dialplan.ami_connection import ActionRefused
from dialplan.callback_legs import CallbackLegs, NotReached
from dialplan.legs import OVERTAKEN
from tests.unit.dialplan.exchange import Exchange, exchange
from tests.unit.faketime import fake_time, passes

LEG, NUMBER = "back-2-b1", "13800138000"
SAID = {"citizen": f"+86{NUMBER}", "shown": "12319", "language": "zh", "ask": "one&two", "last": "three"}


async def calling() -> tuple[Exchange, list[tuple[str, NotReached]]]:
    here, told = await exchange(), list[tuple[str, NotReached]]()
    here.telephony.callback_legs.not_reached = lambda callback, why: told.append((callback, why))
    return here, told


async def dialled(here: Exchange) -> None:
    await here.telephony.callback_legs.dial("b1", 2, NUMBER, **SAID)
    here.asked()


@fake_time
async def test_what_is_asked() -> None:
    here, _ = await calling()
    await here.telephony.callback_legs.dial("b1", 2, NUMBER, **SAID)
    ((name, asked),) = here.asked()
    assert name == "Originate"
    assert (asked["Channel"], asked["ChannelId"], asked["Context"]) == (f"PJSIP/{NUMBER}@trunk", LEG, "wutong-callback")
    assert (asked["CallerID"], asked["Timeout"]) == ('"12319" <12319>', "30000")
    assert asked["Variable"] == [
        "WUTONG_CALLBACK=b1",
        f"WUTONG_CITIZEN=+86{NUMBER}",
        "WUTONG_SHOWN=12319",
        "WUTONG_LANGUAGE=zh",
        "WUTONG_ASK=one&two",
        "WUTONG_LAST=three",
    ]
    here.event("DialBegin", "", DestUniqueid=LEG, DestChannel="PJSIP/trunk-00000001")
    assert here.asked() == [], "it is no stray"


@fake_time
async def test_a_provider_that_names_us_by_a_user_is_asked_to_show_the_number() -> None:
    here, _ = await calling()
    await CallbackLegs(here.link, "sip.example.com").dial("b1", 2, NUMBER, **SAID)
    ((_, asked),) = here.asked()
    assert asked["Variable"][-1] == "PJSIP_HEADER(add,P-Preferred-Identity)=<sip:12319@sip.example.com>"


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        ("17", "busy"),
        ("21", "declined"),
        ("19", "no-answer"),
        ("16", "no-answer"),
        ("1", "invalid"),
        ("28", "invalid"),
        ("34", "unreachable"),
    ],
)
@pytest.mark.parametrize("first", ["Hangup", "OriginateResponse"])
@fake_time
async def test_who_does_not_answer(cause: str, why: str, first: str) -> None:
    here, told = await calling()
    await dialled(here)
    if first == "Hangup":
        here.event("Hangup", LEG, Cause=cause)
    here.response("0", of=LEG)
    here.event("Hangup", LEG, Cause=cause)
    await passes(OVERTAKEN + 0.1)
    assert told == [("b1", NotReached(why))], "once"


@fake_time
async def test_without_a_channel_it_cannot_be_reached() -> None:
    here, told = await calling()
    await dialled(here)
    here.response("0", of=LEG)
    assert told == []
    await passes(OVERTAKEN + 0.1)
    assert told == [("b1", NotReached.UNREACHABLE)]


@fake_time
async def test_who_answers_and_presses_nothing() -> None:
    here, told = await calling()
    await dialled(here)
    here.event("Newstate", LEG, ChannelStateDesc="Up")
    here.event("Hangup", LEG, Cause="16")
    assert told == [("b1", NotReached.NOT_CONFIRMED)]


@fake_time
async def test_who_confirms_is_a_caller_from_then_on() -> None:
    here, told = await calling()
    await dialled(here)
    here.telephony.callback_legs.arrived(LEG)
    here.telephony.callback_legs.cancel("b1")  # the citizen waits in the queue
    here.event("Hangup", LEG, Cause="16")
    assert (told, here.asked()) == ([], [])


@fake_time
async def test_who_confirms_and_hangs_up_before_waiting_is_not_reached() -> None:
    here, told = await calling()
    await dialled(here)
    here.event("Newstate", LEG, ChannelStateDesc="Up")
    here.telephony.callback_legs.arrived(LEG)
    here.event("Hangup", LEG, Cause="16")
    assert told == [("b1", NotReached.NOT_CONFIRMED)]


@fake_time
async def test_who_confirms_and_is_lost_with_asterisk_before_waiting_is_dialled_again() -> None:
    here, told = await calling()
    await dialled(here)
    legs = here.telephony.callback_legs
    legs.arrived(LEG)
    legs.asked()
    legs.seen({})
    assert told == [("b1", NotReached.LOST)]


@fake_time
async def test_a_callback_that_is_over_rings_nobody() -> None:
    here, told = await calling()
    await dialled(here)
    here.telephony.callback_legs.cancel("b1")
    assert here.asked() == [("Hangup", {"Channel": LEG, "Cause": "16"})]
    here.event("Hangup", LEG, Cause="16")
    assert told == []


@fake_time
async def test_a_look_finds_it_gone() -> None:
    here, told = await calling()
    legs = here.telephony.callback_legs
    legs.adopt("b1", 2)
    legs.asked()
    legs.adopt("b2", 1)
    legs.seen({})
    assert told == [("b1", NotReached.LOST)], "b2 was not known when Asterisk was asked"
    assert "back-1-b2" in legs


@fake_time
async def test_asterisk_refuses() -> None:
    here, told = await calling()
    await here.works("refused")
    with pytest.raises(ActionRefused):
        await here.telephony.callback_legs.dial("b1", 2, NUMBER, **SAID)
    assert LEG not in here.telephony.callback_legs
    assert told == [], "who has asked says so"
