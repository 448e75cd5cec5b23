"""Agents' legs, through the telephony: what is asked of Asterisk, and what becomes of it."""

import asyncio
from itertools import permutations

import pytest

from dialplan.legs import OVERTAKEN, RECHECK
from dialplan.wire import Unsendable
from tests.unit.dialplan.exchange import AGENT, CALLER, HOLDING, OFFER, TALK, device, exchange, ring, status
from tests.unit.faketime import fake_time, passes, settles

# --- asking for a ring


@fake_time
async def test_a_ring_is_one_originate_under_the_offers_id() -> None:
    here = await exchange()
    await here.rings(whisper=("/s/a", "/s/b"), ring=12.5)
    assert here.asked()[1:] == [
        (
            "Originate",
            {
                "ActionID": OFFER,
                "Channel": "PJSIP/1001",
                "ChannelId": OFFER,
                "Context": "wutong-offer",
                "Exten": "s",
                "Priority": "1",
                "Timeout": "12500",
                "CallerID": '"绿化 138" <13800138000>',
                "Async": "true",
                "Variable": [
                    "CALLER=PJSIP/trunk-0000000a",
                    "WHISPER=/s/a&/s/b",
                    "WUTONG_CALL=c-1",
                    "WUTONG_OFFER=offer-1",
                    "QUEUE=trees",
                ],
            },
        )
    ]
    assert here.live
    assert here.told() == []


@fake_time
async def test_for_which_queue_it_rings_the_callers_channel_is_told_first() -> None:
    here = await exchange()
    await here.rings(queue="greening")
    (_, offered), (name, asked) = here.asked()
    assert offered == {"Channel": "PJSIP/trunk-0000000a", "Variable": "SHARED(WUTONG_OFFERED)", "Value": "greening"}
    assert (name, "QUEUE=greening" in asked["Variable"]) == ("Originate", True)


@fake_time
async def test_what_a_display_shows_is_harmless_and_bounded() -> None:
    here = await exchange()
    await here.rings(display='绿"化"<x>\\\r\nAction: y' + "长" * 100, number="1\n2>")
    _, (_, fields) = here.asked()
    assert fields["CallerID"] == '"' + ("绿化xAction: y" + "长" * 100)[:60] + '" <12>'


@pytest.mark.parametrize("failure", ["down", "refused"])
@fake_time
async def test_a_ring_that_cannot_be_asked_for_fails_once(failure: str) -> None:
    here = await exchange()
    await here.works(failure)
    await here.rings()
    assert here.told() == [("offer_failed", OFFER, "failed")]
    assert not here.live


IN_DOUBT = pytest.mark.parametrize("failure", ["broken", "silent"])


@IN_DOUBT
@fake_time
async def test_a_ring_of_which_nobody_knows_is_not_given_up_before_asterisk_was_asked(failure: str) -> None:
    here = await exchange()
    await here.works(failure)
    await here.rings()
    assert (here.told(), here.live) == ([], True)
    await here.works()
    await here.looks()
    assert (here.told(), here.live) == ([("offer_failed", OFFER, "failed")], False)


@IN_DOUBT
@fake_time
async def test_a_ring_of_which_nobody_knew_is_taken_up(failure: str) -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    await here.works(failure)
    await here.rings()
    here.heard.take()
    await here.works()
    here.manager.lists["Status"] = [status(CALLER, TALK, "BridgeWait"), status(OFFER, TALK, "Bridge")]
    await here.looks()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER)]


@fake_time
async def test_a_ring_that_cannot_be_sent_is_none() -> None:
    here = await exchange()
    with pytest.raises(Unsendable):
        await here.rings(whisper=("line\r\nbreak",))
    assert [name for name, _ in here.asked()] == ["Setvar"]
    assert here.told() == []
    assert not here.live


@fake_time
async def test_a_ring_is_asked_for_before_anybody_waits_for_it() -> None:
    here = await exchange()
    here.telephony.legs.ring(ring())
    assert [name for name, _ in here.asked()] == ["Setvar", "Originate"]


@fake_time
async def test_a_ring_whose_answer_nobody_waits_for_any_more_is_taken_back_and_has_failed() -> None:
    here = await exchange()
    here.telephony.legs.ring(ring())
    here.telephony.legs.give_up(OFFER)
    assert [name for name, _ in here.asked()] == ["Setvar", "Originate", "Setvar", "Hangup"]
    assert here.told() == [("offer_failed", OFFER, "failed")]
    assert not here.live


@fake_time
async def test_a_ring_that_failed_before_asterisk_answered_the_action_fails_once() -> None:
    here = await exchange()
    here.manager.holds = []
    ringing = asyncio.create_task(here.rings())
    await settles()
    here.response("0")
    await here.works("silent")
    here.manager.released()
    await ringing
    await passes(OVERTAKEN)
    assert here.told() == [("offer_failed", OFFER, "unreachable")]


# --- a ring that goes out before the caller is held

ADMITTED = ("Setvar", {"Channel": OFFER, "Variable": "WUTONG_HELD", "Value": "1"})


@fake_time
async def test_a_leg_is_told_to_wait_only_for_one_who_is_not_held() -> None:
    for held, expected in ((True, []), (False, ["WUTONG_EARLY=1"])):
        here = await exchange()
        await here.rings(held=held)
        _, (_, fields) = here.asked()
        assert [said for said in fields["Variable"] if "EARLY" in said] == expected
        here.new_channel()
        here.telephony.legs.admit("another")
        here.telephony.legs.admit(CALLER)
        assert here.asked() == ([] if held else [ADMITTED])


@fake_time
async def test_a_leg_without_a_channel_is_told_that_the_caller_is_held_once_it_has_one() -> None:
    here = await exchange()
    here.manager.holds = []
    ringing = asyncio.create_task(here.rings(held=False))
    await settles()
    here.asked()
    here.telephony.legs.admit(CALLER)
    assert here.asked() == []
    here.new_channel()
    assert here.asked() == [ADMITTED]
    here.up()
    assert here.asked() == []
    here.manager.released()
    await ringing


@fake_time
async def test_a_leg_that_was_answered_is_told_too_and_a_cancelled_one_is_not() -> None:
    here = await exchange()
    await here.rings(held=False)
    here.new_channel()
    here.up()
    here.asked()
    here.telephony.legs.admit(CALLER)
    assert here.asked() == [ADMITTED]
    here.telephony.legs.cancel(OFFER)
    here.asked()
    here.telephony.legs.admit(CALLER)
    assert here.asked() == []


@fake_time
async def test_a_leg_that_may_have_missed_it_while_the_link_was_down_is_told_again() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    await here.rings(held=False)
    here.new_channel()
    here.telephony.legs.admit(CALLER)
    here.asked()
    here.manager.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait"), status(OFFER)]
    await here.looks()
    assert here.asked() == [ADMITTED]


@fake_time
async def test_every_leg_that_rings_for_the_caller_is_told() -> None:
    here = await exchange()
    for number in (1, 2):
        await here.rings(held=False, offer_id=f"o-{number}")
        here.event("Newchannel", f"o-{number}")
    here.asked()
    here.telephony.legs.admit(CALLER)
    assert [fields["Channel"] for _, fields in here.asked()] == ["o-1", "o-2"]


# --- what becomes of it: Originate, as it answers (ASTERISK.md), in every order


@fake_time
async def test_answered() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.event("Newstate", ChannelStateDesc="Ringing")
    assert here.told() == []
    here.up()
    here.up()
    here.response("4", "Success", OFFER)
    assert here.told() == [("offer_answered", OFFER)]


@fake_time
async def test_answered_as_the_originate_tells_before_the_channel_does() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.response("4", "Success", OFFER)
    here.up()
    assert here.told() == [("offer_answered", OFFER)]


@fake_time
@pytest.mark.parametrize("first", ["up", "response"])
async def test_an_agent_rung_beside_others_has_answered_when_the_dialplan_says_so_and_is_let_through(
    first: str,
) -> None:
    here = await exchange()
    await here.rings(beside=True)
    _, (_, asked) = here.asked()
    assert "BESIDE=1" in asked["Variable"]
    here.new_channel()
    here.up() if first == "up" else here.response("4", "Success", OFFER)
    assert here.told() == [], "a channel that does not wait yet"
    here.event("UserEvent", UserEvent="SomethingElse")
    here.event("UserEvent", "another", UserEvent="WutongPickedUp")
    assert here.told() == []
    here.event("UserEvent", UserEvent="WutongPickedUp")
    assert here.told() == [("offer_answered", OFFER)]
    here.telephony.legs.let_through(OFFER)
    assert here.asked() == [
        ("Setvar", {"Channel": OFFER, "Variable": "WUTONG_WON", "Value": "1"}),
        ("PlayDTMF", {"Channel": OFFER, "Digit": "D", "Receive": "true"}),
    ]
    here.hangup()
    assert here.told() == [("offer_failed", OFFER, "abandoned")]
    here.telephony.legs.let_through(OFFER)
    assert here.asked() == []


@fake_time
async def test_an_agent_who_is_rung_alone_gets_to_the_caller_without_the_service() -> None:
    here = await exchange()
    await here.rings()
    here.asked()
    here.new_channel()
    here.up()
    here.telephony.legs.let_through(OFFER)
    assert here.asked() == []


@fake_time
async def test_a_forwarded_ring_is_declined_and_whoever_is_called_instead_is_hung_up() -> None:
    here = await exchange()
    await here.rings()
    here.event("DialBegin", "", DestUniqueid=OFFER)
    here.new_channel()
    here.forwarded()
    assert here.told() == [("offer_failed", OFFER, "declined")]
    here.event("DialBegin", "", DestUniqueid="stranger", DestChannel="PJSIP/trunk-1")
    here.response("4", "Success", "stranger")
    assert here.told() == []
    assert here.asked()[-1] == ("Hangup", {"Channel": "stranger", "Cause": "26"})


@pytest.mark.parametrize("order", [("response", "forwarded"), ("forwarded", "response")], ids="-".join)
@pytest.mark.parametrize("cause", ["0", "23"])
@fake_time
async def test_a_ring_forwarded_to_nowhere_is_declined(order: tuple[str, ...], cause: str) -> None:
    """At times Asterisk hangs the channel up without a cause when it cannot reach the number to call instead."""
    here = await exchange()
    await here.rings()
    here.new_channel()
    if cause == "23":
        here.hangup_request(cause)
    for event in order:
        here.response("0") if event == "response" else here.forwarded()
    here.hangup(cause)
    assert here.told() == [("offer_failed", OFFER, "declined")]


@fake_time
async def test_another_channel_that_answers_is_not_the_agent() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.response("4", "Success", "stranger")
    assert here.told() == [("offer_failed", OFFER, "declined")]


@pytest.mark.parametrize(
    ("reason", "cause", "failure"),
    [
        ("3", "19", "no-answer"),
        ("0", "17", "declined"),  # by a phone without another call
        ("0", "21", "declined"),
        ("0", "19", "declined"),  # 480 at once
        ("0", "18", "unreachable"),
        ("0", "20", "unreachable"),
        ("0", "34", "unreachable"),  # congestion, and whatever else there is
        ("0", "", "unreachable"),
    ],
)
@pytest.mark.parametrize("order", list(permutations(("request", "response", "hangup"))), ids="-".join)
@fake_time
async def test_not_answered(order: tuple[str, ...], reason: str, cause: str, failure: str) -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    tell = {
        "request": lambda: here.hangup_request(cause),
        "response": lambda: here.response(reason),
        "hangup": lambda: here.hangup(cause),
    }
    for event in order:
        tell[event]()
    assert here.told() == [("offer_failed", OFFER, failure)]
    assert not here.live


@pytest.mark.parametrize("order", [("response", "hangup"), ("hangup", "response")], ids="-".join)
@fake_time
async def test_not_answered_and_no_hangup_was_requested(order: tuple[str, ...]) -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    for event in order:
        here.response("0") if event == "response" else here.hangup("21")
    assert here.told() == [("offer_failed", OFFER, "declined")]


@fake_time
async def test_a_phone_with_another_call_is_busy() -> None:
    here = await exchange()
    here.event("Newchannel", "own-1", ChannelStateDesc="Ring", Channel=f"PJSIP/{AGENT}-00000009")
    await here.rings()
    here.new_channel()
    here.hangup("17")
    here.response("0")
    assert here.told() == [("offer_failed", OFFER, "busy")]


@fake_time
async def test_not_registered_or_unknown_has_no_channel() -> None:
    here = await exchange()
    await here.rings()
    here.response("0")
    assert here.told() == []
    await passes(OVERTAKEN)
    assert here.told() == [("offer_failed", OFFER, "unreachable")]


@pytest.mark.parametrize("cause", ["17", "21"])
@fake_time
async def test_a_phone_that_refused_at_once_is_not_out_of_reach(cause: str) -> None:
    """The originate's failure may be told before the channel is."""
    here = await exchange()
    await here.rings()
    here.response("0")
    await passes(OVERTAKEN / 2)
    here.new_channel()
    here.hangup_request(cause)
    here.hangup(cause)
    await passes(OVERTAKEN)
    assert here.told() == [("offer_failed", OFFER, "declined")]


@fake_time
async def test_answered_and_hung_up_before_the_bridge() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.up()
    here.hangup_request()
    assert here.told() == [("offer_answered", OFFER)]
    here.hangup()
    assert here.told() == [("offer_failed", OFFER, "abandoned")]
    assert not here.live


@fake_time
async def test_events_of_strangers_are_nobodys() -> None:
    here = await exchange()
    await here.rings()
    here.event("Newstate", "other", ChannelStateDesc="Up")
    here.hangup("17", "other")
    here.enters("other", TALK)
    here.response("3", of="other")
    here.event("VarSet")
    assert here.heard.take() == [("channel_ended", "other", "")]
    assert here.live


# --- a phone that could not be reached


@fake_time
async def test_a_phone_that_could_not_be_reached_is_looked_at_again() -> None:
    here = await exchange()
    here.manager.lists["DeviceStateList"] = [device("NOT_INUSE")]
    await here.looks()
    await here.rings()
    here.new_channel()
    here.response("0")
    here.hangup("20")
    assert here.told()[-1] == ("offer_failed", OFFER, "unreachable")
    await passes(RECHECK - 1)
    assert here.told() == []
    await passes(2)
    assert here.told() == [("phone_changed", AGENT, "free")]
    await passes(100)
    assert here.told() == []


@fake_time
async def test_a_phone_that_rang_in_vain_needs_no_second_look() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.response("3")
    here.heard.take()
    await passes(RECHECK + 1)
    assert here.told() == []


@fake_time
async def test_a_robot_agent_is_a_channel_of_the_dialplan_and_nobodys_phone() -> None:
    here = await exchange()
    await here.rings(agent_id="robot", robot=("/s/robot",))
    (_, fields) = here.asked()[-1]
    assert fields["Channel"] == "Local/s@wutong-robot/n"
    assert "WUTONG_ROBOT=/s/robot" in fields["Variable"]
    assert here.telephony.phones.channels("robot") == frozenset()
