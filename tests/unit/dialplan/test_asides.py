"""Agents' legs while their callers are on hold, to the letter of what Asterisk is asked."""

import asyncio

import pytest

from dialplan.asides import FOLLOWS_S, Phone
from dialplan.snapshot import Channel
from tests.unit.dialplan.exchange import AGENT, CALLER, HOLDING, OFFER, TALK, Exchange, exchange, message
from tests.unit.faketime import fake_time, passes, settles

CHANNEL, OTHER = "PJSIP/anonymous-00000001", "PJSIP/1002-00000002"
ASKED = "bridge-asked"
OFFERED = ("Setvar", {"Channel": CHANNEL, "Variable": "SHARED(WUTONG_OFFERED)", "Value": "trees"})


def sent_to(extension: str) -> tuple[str, dict[str, str]]:
    return "Redirect", {"Channel": OFFER, "Context": "wutong-offer", "Exten": extension, "Priority": "1"}


def set_on_leg(name: str, value: str) -> tuple[str, dict[str, str]]:
    return "Setvar", {"Channel": OFFER, "Variable": name, "Value": value}


async def aside() -> Exchange:
    here = await exchange()
    await here.talks()
    here.asked()
    here.telephony.asides.set_aside(OFFER)
    here.leaves(CALLER, TALK)
    here.leaves(OFFER, TALK)
    here.enters(CALLER, HOLDING, "holding_bridge")
    here.told()
    return here


@fake_time
async def test_what_is_asked() -> None:
    here = await aside()
    assert here.asked() == [sent_to("aside")]
    here.telephony.asides.take_back(OFFER, CHANNEL, "trees")
    assert here.asked() == [OFFERED, sent_to("back")]
    for number, agent, target in (("1002", True, "PJSIP/1002"), ("110", False, "PJSIP/110@trunk")):
        here.telephony.asides.consult(OFFER, CHANNEL, "trees", number, agent=agent, own=False, seconds=30.0)
        named = [set_on_leg("WUTONG_CONSULT", target), set_on_leg("WUTONG_RINGS", "30")]
        assert here.asked() == [OFFERED, *named, sent_to("consult")]


@fake_time
async def test_a_leg_that_has_not_followed_the_order_before_gets_the_next_one_again() -> None:
    """It has a Redirect before it, and Asterisk refuses another one: "Redirect failed, channel not up"."""
    here = await aside()
    await here.works("refused")
    here.asked()
    here.telephony.asides.consult(OFFER, CHANNEL, "trees", "1002", agent=True, own=False, seconds=30.0)
    await passes(FOLLOWS_S / 2)
    assert here.asked()[-1:] == [sent_to("consult")]
    await passes(FOLLOWS_S)
    assert here.asked() == [sent_to("consult")]
    here.telephony.asides.set_aside(OFFER)
    await here.works("")
    await passes(3 * FOLLOWS_S)
    assert sent_to("consult") not in here.asked(), "there is a newer order"


@fake_time
async def test_the_leg_may_not_take_the_caller_who_is_given_to_somebody_else() -> None:
    """Else it would, as soon as the other one has left it."""
    here = await aside()
    here.asked()
    assert await here.telephony.asides.hand_over(OFFER, CHANNEL, OTHER).done()
    given = {"CALLER": CHANNEL, "WUTONG_JOINS": OFFER, "TRANSFER_CONTEXT": "wutong-transfer", "RECORD": ""}
    assert here.asked() == [
        set_on_leg("WUTONG_WITHDRAWN", "1"),
        ("Setvar", {"Channel": CHANNEL, "Variable": "SHARED(WUTONG_OFFERED)", "Value": OFFER}),
        *(("Setvar", {"Channel": OTHER, "Variable": name, "Value": value}) for name, value in given.items()),
        ("Redirect", {"Channel": OTHER, "Context": "wutong-joined", "Exten": "s", "Priority": "1"}),
    ]
    await here.works("refused")
    assert not await here.telephony.asides.hand_over(OFFER, CHANNEL, OTHER).done()


@fake_time
@pytest.mark.parametrize("talks", [True, False])
async def test_out_of_a_consultation_the_other_end_is_hung_up_and_the_leg_is_left_alone(talks: bool) -> None:
    """It comes back by itself, or has already: a Redirect would take it out of the talk with the caller."""
    here = await aside()
    asides = here.telephony.asides
    asides.consult(OFFER, CHANNEL, "trees", "1002", agent=True, own=False, seconds=30.0)
    here.event("DialBegin", DestUniqueid="other-1", DestChannel=OTHER)
    if talks:
        here.enters(OFFER, ASKED)
    here.asked()
    asides.take_back(OFFER, CHANNEL, "trees")
    bridge = ASKED if talks else TALK
    kicked = ("BridgeKick", {"Channel": OFFER, "BridgeUniqueid": bridge})
    assert here.asked() == [("Hangup", {"Channel": OTHER, "Cause": "16"}), kicked]


@fake_time
async def test_a_phone_that_is_about_to_ring_is_hung_up_once_it_does() -> None:
    here = await aside()
    asides = here.telephony.asides
    asides.consult(OFFER, CHANNEL, "trees", "1002", agent=True, own=False, seconds=30.0)
    asides.take_back(OFFER, CHANNEL, "trees")
    here.asked()
    here.event("DialBegin", DestUniqueid="other-1", DestChannel=OTHER)
    assert here.asked() == [("Hangup", {"Channel": OTHER, "Cause": "16"})]


@fake_time
async def test_whoever_is_brought_in_is_sent_to_the_leg_and_the_leg_is_left_alone() -> None:
    here = await aside()
    asides = here.telephony.asides
    here.asked()
    await asides.brought_in(OFFER, OTHER, asides.bring_in(OFFER, OTHER))
    there = {"Channel": OTHER, "Context": "wutong-joined", "Exten": "three", "Priority": "1"}
    known = {"WUTONG_THIRD": OFFER, "RECORD": ""}
    marked = [("Setvar", {"Channel": OTHER, "Variable": name, "Value": value}) for name, value in known.items()]
    assert here.asked() == [*marked, ("Redirect", there)]
    assert await asides.other_end(OFFER, "1002", agent=True) == OTHER
    asides.send_away(OFFER)
    asides.send_away(OFFER)
    assert here.asked() == [("Hangup", {"Channel": OTHER, "Cause": "16"})]
    here.event("Hangup", "other-1", Channel=OTHER, Cause="16")
    assert here.told() == [], "it was asked for"


@fake_time
async def test_a_third_who_is_gone_is_told_once() -> None:
    here = await aside()
    asides = here.telephony.asides
    await asides.brought_in(OFFER, OTHER, asides.bring_in(OFFER, OTHER))
    for _ in range(2):
        here.event("Hangup", "other-1", Channel=OTHER, Cause="16")
    assert here.told() == [("third_left", OFFER)]
    await here.works("refused")
    here.asked()
    await asides.brought_in(OFFER, OTHER, asides.bring_in(OFFER, OTHER))
    assert here.told() == [("third_left", OFFER)]
    assert ("Hangup", {"Channel": OTHER, "Cause": "16"}) in here.asked(), "the order may only be late"


@fake_time
@pytest.mark.parametrize("first", [True, False])
async def test_a_third_who_passes_the_call_on_passes_it_to_nobody(first: bool) -> None:
    here = await aside()
    asides = here.telephony.asides
    await asides.brought_in(OFFER, OTHER, asides.bring_in(OFFER, OTHER))
    here.asked()
    here.event("Hangup", "other-1", Channel=OTHER, Cause="16")  # at times told first
    end = "OrigTransfererChannel" if first else "SecondTransfererChannel"
    here.event("AttendedTransfer", "", Result="Success", **{end: OTHER}, TransfereeChannel="PJSIP/1003-0000000d")
    assert here.asked() == [("Hangup", {"Channel": "PJSIP/1003-0000000d", "Cause": "16"})]
    here.event("AttendedTransfer", "", Result="Success", **{end: CHANNEL}, TransfereeChannel="PJSIP/1003-0000000d")
    assert here.asked() == []


@fake_time
async def test_a_colleague_whom_a_lost_order_has_not_brought_in_may_transfer_whom_the_agent_gives_away() -> None:
    here = await aside()
    asides = here.telephony.asides
    await asides.brought_in(OFFER, OTHER, asides.bring_in(OFFER, OTHER))
    asides.asked()
    asides.seen({})
    assert here.told() == [("third_left", OFFER)]
    await asides.hand_over(OFFER, CHANNEL, OTHER).done()
    here.asked()
    here.event("AttendedTransfer", "", Result="Success", OrigTransfererChannel=OTHER, TransfereeChannel=CHANNEL)
    assert here.asked() == []


@fake_time
async def test_after_a_restart_nobody_is_the_third_until_asterisk_was_asked() -> None:
    """The caller, alone with the leg in its bridge, has a channel of the trunk as numbers have."""
    here = await exchange()
    await here.talks()
    members = [(OFFER, f"PJSIP/{AGENT}-00000001"), (CALLER, "PJSIP/trunk-00000001")]
    items = [message(Event="BridgeInfoChannel", Uniqueid=unique_id, Channel=name) for unique_id, name in members]
    here.manager.lists["BridgeInfo"] = items
    asides = here.telephony.asides
    asides.adopt_third(OFFER)
    assert await asides.other_end(OFFER, "110", agent=False) == ""
    here.asked()
    here.event("AttendedTransfer", "", Result="Success", TransfereeChannel=CHANNEL)
    assert here.asked() == [], "no channel without a name is the third"
    asides.asked()
    asides.seen({OFFER: leg(), "other-1": spying()})
    assert await asides.other_end(OFFER, "110", agent=False) == OTHER


@fake_time
async def test_a_third_who_was_given_the_caller_since_asterisk_was_asked_is_no_stranger() -> None:
    here = await aside()
    asides = here.telephony.asides
    await asides.brought_in(OFFER, OTHER, asides.bring_in(OFFER, OTHER))
    asides.asked()
    await asides.hand_over(OFFER, CHANNEL, OTHER).done()
    assert asides.seen({"other-1": spying()}) == {}
    asides.asked()
    assert list(asides.seen({"other-1": spying()})) == ["other-1"], "the order was lost"


def leg() -> Channel:
    return Channel(OFFER, f"PJSIP/{AGENT}-00000001", "Bridge", True, TALK, {})


def spying() -> Channel:
    """The one who was brought in, as Asterisk tells it."""
    return Channel("other-1", OTHER, "ChanSpy", True, "", {"WUTONG_THIRD": OFFER})


@fake_time
async def test_the_talk_goes_on_when_both_are_in_another_bridge_than_before() -> None:
    for order in ((CALLER, OFFER), (OFFER, CALLER)):
        here = await aside()
        here.enters(OFFER, ASKED)
        here.enters(OFFER, TALK)  # late news
        assert [told for told in here.told() if told[0] == "offer_connected"] == []
        for channel in order:
            here.enters(channel, "bridge-again")
        assert [told for told in here.told() if told[0] == "offer_connected"] == [("offer_connected", OFFER)]
        here.enters(OFFER, "bridge-again")
        assert here.told() == [], "once"


@fake_time
async def test_what_becomes_of_the_phone_that_rings_for_the_leg_is_told() -> None:
    here = await aside()
    here.event("DialBegin", DestUniqueid="other-1", DestChannel=OTHER)
    for status in ("ANSWER", "BUSY"):
        here.event("DialEnd", DestUniqueid="other-1", DialStatus=status)
        assert here.told() == [("leg_dialled", OFFER, status)]
    assert [name for name, _ in here.asked()] == ["Redirect"], "it is no stray"
    here.hangup()
    assert here.told() == [("leg_hung_up", OFFER)]


@fake_time
async def test_nobody_rings_when_a_leg_that_goes_back_gets_rid_of_its_hangup_cause() -> None:
    here = await aside()
    here.telephony.asides.consult(OFFER, CHANNEL, "trees", "1002", agent=True, own=False, seconds=30.0)
    here.event("DialBegin", DestUniqueid="other-1", DestChannel=OTHER)
    here.telephony.asides.take_back(OFFER, CHANNEL, "trees")
    assert ("Hangup", {"Channel": OTHER, "Cause": "16"}) in here.asked()
    here.told()
    none = {"DestUniqueid": "none-1", "DestChannel": "Local/s@wutong-clear-00000000;1"}
    here.event("DialBegin", **none)
    here.event("DialEnd", **none, DialStatus="BUSY")
    assert here.told() == []
    assert here.asked() == []


@fake_time
@pytest.mark.parametrize(
    ("others", "number", "found"),
    [
        ([OTHER], "1002", OTHER),
        (["PJSIP/1002_browser-0000000a"], "1002", "PJSIP/1002_browser-0000000a"),
        (["PJSIP/trunk-0000000b"], "110", "PJSIP/trunk-0000000b"),
        (["PJSIP/1003-0000000c"], "1002", ""),
        (["PJSIP/anonymous-0000000d"], "1002", ""),
        (["PJSIP/1002-0000000d"], "110", ""),
        ([OTHER, "PJSIP/1003-0000000c"], "1002", ""),
        ([], "1002", ""),
    ],
)
async def test_only_the_one_who_was_called_is_at_the_other_end(others: list[str], number: str, found: str) -> None:
    here = await aside()
    here.enters(OFFER, ASKED)
    members = [(OFFER, f"PJSIP/{AGENT}-00000001"), *((f"other-{name}", name) for name in others)]
    items = [message(Event="BridgeInfoChannel", Uniqueid=unique_id, Channel=name) for unique_id, name in members]
    here.manager.lists["BridgeInfo"] = items
    assert await here.telephony.asides.other_end(OFFER, number, agent=number != "110") == found


@fake_time
async def test_the_other_end_is_waited_for_where_asterisk_has_told_of_its_answer_only() -> None:
    here = await aside()
    here.enters(OFFER, "before")
    here.manager.lists["BridgeInfo"] = [
        message(Event="BridgeInfoChannel", Uniqueid=unique_id, Channel=name)
        for unique_id, name in ((OFFER, f"PJSIP/{AGENT}-00000001"), ("other-1", OTHER))
    ]
    here.telephony.asides.consult(OFFER, CHANNEL, "trees", "1002", agent=True, own=False, seconds=30)
    here.event("DialEnd", DestUniqueid="other-1", DialStatus="ANSWER")
    asked = asyncio.create_task(here.telephony.asides.other_end(OFFER, "1002", agent=True))
    await passes(0.2)
    assert not asked.done()
    here.enters(OFFER, ASKED)
    await settles()
    assert await asked == OTHER


@fake_time
async def test_nobody_is_at_the_other_end_of_a_leg_that_is_in_no_bridge() -> None:
    here = await aside()
    assert await here.telephony.asides.other_end("offer-9", "1002", agent=True) == ""
    here.enters(OFFER, ASKED)
    await here.works("refused")
    assert await here.telephony.asides.other_end(OFFER, "1002", agent=True) == ""


@fake_time
async def test_an_agents_phone_rings_first_and_is_no_stray() -> None:
    here = await exchange()
    await here.telephony.dial(AGENT, "1002")
    ((name, fields),) = here.asked()
    channel = fields["ChannelId"]
    assert isinstance(channel, str)
    assert (name, fields) == (
        "Originate",
        {
            "ActionID": channel,
            "Channel": f"PJSIP/{AGENT}",
            "ChannelId": channel,
            "Context": "wutong-dial",
            "Exten": "s",
            "Priority": "1",
            "Timeout": "20000",
            "CallerID": '"1002" <1002>',
            "Async": "true",
            "Variable": ["WUTONG_DIALS=1002"],
        },
    )
    assert here.telephony.phones.has_other(AGENT, "")
    here.event("DialBegin", "", DestUniqueid=channel, DestChannel=f"PJSIP/{AGENT}-00000009")
    assert here.asked() == []
    here.response("0", of=channel)
    assert not here.telephony.phones.has_other(AGENT, "")


@fake_time
async def test_a_queue_is_called_as_by_the_agents_own_phone() -> None:
    here = await aside()
    here.asked()
    here.telephony.asides.consult(OFFER, CHANNEL, "trees", "6001", agent=False, own=True, seconds=30.0)
    assert set_on_leg("WUTONG_CONSULT", "Local/6001@wutong-transfer/n") in here.asked()


@fake_time
async def test_a_leg_that_goes_to_another_talk_is_no_leg_of_this_one() -> None:
    here = await exchange()
    await here.talks()
    here.asked()
    here.telephony.legs.release(OFFER)
    assert here.asked() == [set_on_leg("WUTONG_CALL", ""), set_on_leg("WUTONG_OFFER", "")]
    here.told()
    here.event("Hangup", OFFER, Cause="16")
    assert here.told() == []


LINE = "PJSIP/1003-00000009"


@fake_time
@pytest.mark.parametrize("others", [(), ("PJSIP/1004-00000009",), (LINE, OTHER), ("Local/_attended@x;1",), (LINE,)])
async def test_a_phone_that_is_alone_with_the_caller_is_found(others: tuple[str, ...]) -> None:
    here = await exchange()
    members = [(CALLER, CHANNEL), *((f"a-{name}", name) for name in others)]
    items = [message(Event="BridgeInfoChannel", Uniqueid=unique_id, Channel=name) for unique_id, name in members]
    here.manager.lists["BridgeInfo"] = items
    found = await here.telephony.asides.alone_with(CALLER, TALK, "1003")
    assert found == ((f"a-{LINE}", LINE) if others == (LINE,) else ("", ""))


@fake_time
async def test_the_phone_of_a_colleague_becomes_a_leg() -> None:
    here = await exchange()
    here.telephony.asides.lead(Phone("a-9", LINE), "c-1", CALLER, CHANNEL, "1003")
    known = {"CALLER": CHANNEL, "WUTONG_CALL": "c-1", "WUTONG_OFFER": "a-9", "QUEUE": "a-9", "RECORD": ""}
    assert here.asked() == [
        ("Setvar", {"Channel": "a-9", "Variable": name, "Value": value}) for name, value in known.items()
    ]
    here.told()
    here.event("HangupRequest", "a-9", Cause="16")
    assert here.told() == [("leg_hung_up", "a-9")]
