"""How Asterisk tells what became of a ring, a caller and a phone: events in, the service's words out."""

import random

import pytest

from dialplan.ami_connection import LinkDown
from dialplan.telephony import line_of_talk, line_talk
from dialplan.wire.ami import AmiDecoder, AmiMessage
from tests.unit.dialplan.exchange import (
    CALLER,
    OFFER,
    RECORDING,
    TALK,
    exchange,
)
from tests.unit.faketime import fake_time

# --- keys, sub-hotlines, phones


@fake_time
async def test_keys_that_watched_callers_press_are_told() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.event("DTMFEnd", CALLER, Digit="5", Direction="Received")
    here.event("DTMFEnd", CALLER, Digit="6", Direction="Sent")
    here.event("DTMFBegin", CALLER, Digit="7", Direction="Received")
    here.event("DTMFBegin", CALLER, Digit="7", Direction="Sent")
    here.event("DTMFBegin", "caller-2", Digit="8", Direction="Received")
    here.event("DTMFEnd", "caller-2", Digit="8", Direction="Received")
    here.telephony.forget(CALLER)
    here.event("DTMFEnd", CALLER, Digit="9", Direction="Received")
    assert here.told() == [("key_pressed", CALLER, "5"), ("key_begins", CALLER, "7")]


@fake_time
async def test_a_sub_hotline_that_answers_is_told() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.event("DialEnd", CALLER, DialStatus="BUSY")
    here.event("DialEnd", "other", DialStatus="ANSWER")
    here.event("DialEnd", CALLER, DialStatus="ANSWER")
    assert here.told() == [("caller_answered", CALLER)]


@pytest.mark.parametrize(
    ("state", "phone"),
    [
        ("NOT_INUSE", "free"),
        ("INUSE", "busy"),
        ("RINGING", "busy"),
        ("ONHOLD", "busy"),
        ("UNAVAILABLE", "unreachable"),
        ("SOMETHING NEW", "unreachable"),
    ],
)
@fake_time
async def test_phones(state: str, phone: str) -> None:
    here = await exchange()
    await here.looks()
    here.event("DeviceStateChange", Device="PJSIP/1001", State=state)
    here.event("DeviceStateChange", Device="Local/1001@x", State=state)
    here.event("DeviceStateChange", Device="PJSIP/", State=state)
    assert here.told() == [("phone_changed", "1001", phone)]


@fake_time
async def test_a_caller_whom_nothing_holds_any_more_is_told() -> None:
    here = await exchange()
    await here.talks()
    here.leaves(CALLER, "another bridge")
    assert here.heard.take() == []
    here.leaves(CALLER, TALK)
    assert here.heard.take() == [("caller_let_go", CALLER)]
    here.event("DialEnd", CALLER, DestUniqueid="a department's", DialStatus="BUSY")
    assert here.heard.take() == [("caller_let_go", CALLER)]


# --- handing over


@pytest.mark.parametrize("reverse", [False, True])
@fake_time
async def test_an_agent_who_waits_too_hands_the_caller_over(reverse: bool) -> None:
    here = await exchange()
    await here.talks()
    here.telephony.watch("the agent")
    ends = ("the agent", OFFER) if reverse else (OFFER, "the agent")
    both = {"OrigTransfererUniqueid": ends[0], "SecondTransfererUniqueid": ends[1]}
    here.event("AttendedTransfer", "", Result="Fail", **both)
    assert here.told() == []
    here.event("AttendedTransfer", "", Result="Success", **both)
    assert here.told() == [("caller_took_over", CALLER, "the agent", "")]
    there, bridge = ("Transferee", "OrigBridge") if reverse else ("TransferTarget", "SecondBridge")
    both |= {f"{there}Channel": "PJSIP/1003-0000000c", f"{bridge}Technology": "holding_bridge"}
    here.event("AttendedTransfer", "", Result="Success", **both)
    assert here.told() == [("caller_took_over", CALLER, "the agent", "")], "somebody else waits there, too"
    here.event("AttendedTransfer", "", Result="Success", **{**both, f"{bridge}Technology": "native_rtp"})
    assert here.told() == [("caller_took_over", CALLER, "the agent", "1003")], "an agent was connected there"


@pytest.mark.parametrize(
    ("target", "number", "phone"),
    [
        ("PJSIP/1003-0000000c", "Three", "1003"),
        ("PJSIP/trunk-0000000d", "962777", "962777"),
        ("PJSIP/trunk-0000000d", "+86/10 1,x", "+86101"),
    ],
)
@pytest.mark.parametrize("reverse", [False, True])
@fake_time
async def test_an_agent_who_talks_with_a_phone_too_joins_the_caller_with_it(
    reverse: bool, target: str, number: str, phone: str
) -> None:
    """A colleague's phone says of itself what it likes; the name of its channel is ours."""
    here = await exchange()
    await here.talks()
    ends = ("the agent's other", OFFER) if reverse else (OFFER, "the agent's other")
    joined = {"OrigTransfererUniqueid": ends[0], "SecondTransfererUniqueid": ends[1]}
    other = {"TransferTargetChannel": target, "TransferTargetCallerIDNum": number}
    here.event("AttendedTransfer", "", Result="Fail", **joined, **other)
    here.event("AttendedTransfer", "", Result="Success", **joined)
    assert here.told() == [], "it failed; an application, not a phone"
    here.event("AttendedTransfer", "", Result="Success", **joined, **other)
    assert here.told() == [("caller_joined", CALLER, phone)]


@fake_time
async def test_a_colleague_joins_a_caller_of_whom_no_leg_is_known_with_another_phone() -> None:
    """The colleague was dialled for a transfer: Asterisk names the caller."""
    here = await exchange()
    here.telephony.watch(CALLER)
    both = {"OrigTransfererUniqueid": "colleague's", "SecondTransfererUniqueid": "colleague's other"}
    target = {"TransferTargetChannel": "PJSIP/1005-0000000e", "TransferTargetCallerIDNum": "1005"}
    here.event("AttendedTransfer", "", Result="Success", TransfereeUniqueid=CALLER, **both, **target)
    assert here.told() == [("caller_joined", CALLER, "1005")]
    here.event("AttendedTransfer", "", Result="Success", TransfereeUniqueid="a stranger", **both, **target)
    assert here.told() == []


# --- what is asked of a caller's channel


@fake_time
async def test_what_asterisk_refuses_or_does_not_answer_is_false() -> None:
    here = await exchange()
    here.telephony.kick("PJSIP/x")
    assert await here.telephony.stop_prompt("PJSIP/x").done() is True
    here.telephony.play_key("PJSIP/x", "5")
    assert here.asked() == [
        ("Setvar", {"Channel": "PJSIP/x", "Variable": "SHARED(WUTONG_OFFERED)", "Value": ""}),
        ("BridgeKick", {"Channel": "PJSIP/x"}),
        ("ControlPlayback", {"Channel": "PJSIP/x", "Control": "stop"}),
        ("PlayDTMF", {"Channel": "PJSIP/x", "Digit": "5", "Duration": "120"}),
    ]
    for failure in ("refused", "silent", "broken", "down"):
        await here.works(failure)
        assert await here.telephony.stop_prompt("PJSIP/x").done() is False


@fake_time
async def test_a_ring_that_is_asked_for_after_a_kick_may_take_the_caller() -> None:
    here = await exchange()
    here.telephony.kick("PJSIP/trunk-0000000a")
    await here.rings(queue="greening", held=False)
    asked = here.asked()
    assert [fields["Value"] for name, fields in asked if name == "Setvar"] == ["", "greening"]
    assert [name for name, _ in asked if name != "Setvar"] == ["BridgeKick", "Originate"]


@fake_time
async def test_a_channel_is_told_which_talk_of_its_is_known() -> None:
    here = await exchange()
    here.telephony.note_talk("PJSIP/x", OFFER)
    here.telephony.note_talk("", OFFER)  # a channel that was never found: this would set a global variable
    assert here.asked() == [("Setvar", {"Channel": "PJSIP/x", "Variable": "WUTONG_SEEN", "Value": OFFER})]


@pytest.mark.parametrize(("value", "words"), [(OFFER, OFFER), ("(null)", ""), ("", "")])
@fake_time
async def test_the_last_word_of_a_caller_is_asked_for_and_forgotten(value: str, words: str) -> None:
    here = await exchange()
    here.manager.answers = {"Value": value}
    assert await here.telephony.last_words("c1") == words
    assert here.asked() == [("Getvar", {"Variable": "WUTONG_TALKED_c1"})], "it is kept until it is told"
    here.telephony.forget_words("c1")
    assert here.asked() == [("Setvar", {"Variable": "WUTONG_TALKED_c1", "Value": ""})]


@fake_time
async def test_a_call_without_last_words_has_none_and_the_asker_hears_of_a_broken_link() -> None:
    here = await exchange()
    await here.works("refused")
    assert await here.telephony.last_words("c1") == ""
    await here.works("down")
    with pytest.raises(LinkDown):
        await here.telephony.last_words("c1")


def test_talks_with_sub_hotlines_have_names_of_their_own() -> None:
    assert line_of_talk(line_talk("gas")) == "gas"
    assert line_of_talk(OFFER) == ""


# --- the whole story, as Asterisk 22 told it


@fake_time
async def test_a_recorded_call() -> None:
    """A local channel stood in for the agent's phone; its originate is the one of `offer-1`."""
    here = await exchange()
    here.telephony.watch("wutong-1795535239.2")
    await here.rings(caller="wutong-1795535239.2")
    for part in AmiDecoder().receive(RECORDING.read_bytes()):
        if isinstance(part, AmiMessage) and part.event:
            here.tell(part)
    told = [told for told in here.told() if told[0] != "phone_changed"]
    caller = "wutong-1795535239.2"
    assert told == [
        ("key_pressed", caller, "2"),
        ("caller_held", caller),
        ("key_pressed", caller, "7"),
        ("caller_held", caller),
        ("offer_answered", OFFER),
        ("offer_connected", OFFER),
        ("leg_hung_up", OFFER),
        ("caller_hung_up", caller),
        ("caller_ended", caller),
    ]


def _recorded() -> list[AmiMessage]:
    parts = AmiDecoder().receive(RECORDING.read_bytes())
    return [part for part in parts if isinstance(part, AmiMessage) and part.event]


@fake_time
async def test_a_recorded_call_whose_every_event_comes_twice_is_told_once() -> None:
    here = await exchange()
    caller = "wutong-1795535239.2"
    here.telephony.watch(caller)
    await here.rings(caller=caller)
    for event in _recorded():
        here.tell(event)
        here.tell(event)
    of_the_offer = [told for told in here.told() if told[0].startswith(("offer_", "leg_"))]
    assert of_the_offer == [("offer_answered", OFFER), ("offer_connected", OFFER), ("leg_hung_up", OFFER)]


@fake_time
@pytest.mark.parametrize("apart", [2, 5, 20, 1_000])
async def test_a_recorded_call_in_any_other_order_is_told_at_most_once_and_leaves_nothing(apart: int) -> None:
    """Each event comes up to so many events late; then Asterisk is asked what is true, as it is from time to time."""
    caller = "wutong-1795535239.2"
    for seed in range(50):
        chance = random.Random(seed)
        order = sorted(enumerate(_recorded()), key=lambda at: at[0] + chance.uniform(0, apart))
        here = await exchange()
        here.telephony.watch(caller)
        await here.rings(caller=caller)
        for _, event in order:
            here.tell(event)
        await here.looks()
        told = [name for name, *_ in here.told()]
        assert told.count("offer_answered") <= 1
        assert told.count("offer_connected") <= 1
        assert told.count("offer_failed") + told.count("leg_hung_up") == 1, "it ended, and once"
        assert "caller_hung_up" in told
        assert not here.live


# --- callers before their session

INCOMING = {"ChannelStateDesc": "Ring", "Context": "wutong-citizen", "Exten": "12319"}


@fake_time
async def test_a_citizens_channel_is_told_when_it_comes() -> None:
    here = await exchange()
    here.event("Newchannel", "1.1", Channel="PJSIP/anonymous-00000001", **INCOMING)
    assert here.told() == [("caller_came", "1.1", "PJSIP/anonymous-00000001", "12319")]


@pytest.mark.parametrize(
    "other",
    [
        {"Channel": "Local/12319@wutong-citizen-00000001;2"},  # a call from the command line
        {"ChannelStateDesc": "Down"},  # a call that goes out through the trunk
        {"Context": "wutong-agent"},
        {"Context": "wutong-offer", "ChannelStateDesc": "Down"},
    ],
    ids=str,
)
@fake_time
async def test_other_channels_are_no_callers(other: dict[str, str]) -> None:
    here = await exchange()
    here.event("Newchannel", "1.1", **{"Channel": "PJSIP/trunk-00000001", **INCOMING, **other})
    assert here.told() == []


@pytest.mark.parametrize(("said", "number"), [("13800138000", "13800138000"), ("unknown", "")])
@fake_time
async def test_a_channel_that_ends_tells_the_number_that_was_read(said: str, number: str) -> None:
    here = await exchange()
    here.event("Hangup", "1.1", Channel="PJSIP/anonymous-00000001", CallerIDNum=said)
    assert here.heard.take() == [("channel_ended", "1.1", number)]
