"""How Asterisk tells what became of a ring, a caller and a phone: events in, the service's words out."""

import asyncio
import random

import pytest

from dialplan.ami import AmiDecoder, AmiMessage
from dialplan.link import ActionRefused, LinkDown
from dialplan.telephony import Strays, sub_hotline_of, sub_hotline_talk
from tests.unit.dialplan.exchange import (
    AGENT,
    CALLER,
    HOLDING,
    OFFER,
    RECORDING,
    TALK,
    Exchange,
    message,
    status,
)
from tests.unit.faketime import fake_time, settles

# --- keys, sub-hotlines, phones


@fake_time
async def test_keys_that_watched_callers_press_are_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.event("DTMFEnd", CALLER, Digit="5", Direction="Received")
    here.event("DTMFEnd", CALLER, Digit="6", Direction="Sent")
    here.event("DTMFBegin", CALLER, Digit="7", Direction="Received")
    here.event("DTMFEnd", "caller-2", Digit="8", Direction="Received")
    here.telephony.forget(CALLER)
    here.event("DTMFEnd", CALLER, Digit="9", Direction="Received")
    assert here.told() == [("key_pressed", CALLER, "5")]


@fake_time
async def test_a_sub_hotline_that_answers_is_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.event("DialEnd", CALLER, DialStatus="BUSY")
    here.event("DialEnd", "other", DialStatus="ANSWER")
    here.event("DialEnd", CALLER, DialStatus="ANSWER")
    assert here.told() == [("sub_hotline_answered", CALLER)]


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
    here = Exchange()
    await here.telephony.refresh()
    here.event("DeviceStateChange", Device="PJSIP/1001", State=state)
    here.event("DeviceStateChange", Device="Local/1001@x", State=state)
    here.event("DeviceStateChange", Device="PJSIP/", State=state)
    assert here.told() == [("phone_changed", "1001", phone)]


# --- after the link was down


@fake_time
async def test_who_is_gone_is_told_and_who_is_there_is_not() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    await here.rings()
    here.new_channel()
    here.link.lists["Status"] = [status("caller-2"), status("stranger")]
    here.link.lists["DeviceStateList"] = [
        message(Event="DeviceStateChange", Device="PJSIP/1001", State="UNAVAILABLE"),
        message(Event="DeviceStateChange", Device="PJSIP/1002", State="NOT_INUSE"),
    ]
    await here.telephony.refresh()
    assert here.told() == [
        ("caller_missing", CALLER),
        ("offer_failed", OFFER, "failed"),
        ("phone_changed", "1001", "unreachable"),
        ("phone_changed", "1002", "free"),
    ]
    assert not here.live


@fake_time
async def test_a_talk_whose_agent_is_gone_has_ended() -> None:
    here = Exchange()
    await here.talks()
    here.link.lists["Status"] = [status(CALLER)]
    await here.telephony.refresh()
    assert here.told() == [("leg_hung_up", OFFER)]


@pytest.mark.parametrize(
    ("taken", "bridge", "talked"),
    [(OFFER, "", True), (OFFER, TALK, True), (OFFER, HOLDING, False), ("offer-0", "", False)],
)
@fake_time
async def test_a_leg_that_is_gone_has_talked_if_its_caller_says_so(taken: str, bridge: str, talked: bool) -> None:
    """He is in no bridge any more, or its agent has handed him over to another."""
    here = Exchange()
    here.telephony.watch(CALLER)
    await here.rings()
    here.new_channel()
    caller = (*status(CALLER, bridge, "BridgeWait").fields, ("Variable", f"SHARED(WUTONG_TAKEN)={taken}"))
    here.link.lists["Status"] = [AmiMessage(caller), status("another agent", TALK, "AppDial")]
    await here.telephony.refresh()
    over = [("offer_connected", OFFER), ("leg_hung_up", OFFER)] if talked else [("offer_failed", OFFER, "failed")]
    assert [told for told in here.told() if told[1] == OFFER] == over
    assert not here.live


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("talked", [True, False])
@fake_time
async def test_a_leg_that_ends_before_asterisk_was_asked_has_talked_if_its_caller_says_so(
    listed: bool, talked: bool
) -> None:
    """It had been answered before the link broke, and ends in the moment in which the link is back."""
    here = Exchange()
    here.telephony.watch(CALLER)
    await here.rings()
    here.new_channel()
    here.up()
    here.telephony.lost()
    taken = ("Variable", f"SHARED(WUTONG_TAKEN)={OFFER if talked else '(null)'}")
    caller = AmiMessage((*status(CALLER, TALK if listed and talked else "", "BridgeWait").fields, taken))
    leg = status(OFFER, TALK if talked else "", "Bridge")
    here.link.lists["Status"] = [caller, leg] if listed else [caller]
    here.hangup()
    assert here.told() == [("offer_answered", OFFER)]
    await here.telephony.refresh()
    over = [("offer_connected", OFFER), ("leg_hung_up", OFFER)] if talked else [("offer_failed", OFFER, "failed")]
    assert [told for told in here.told() if told[1] == OFFER] == over
    assert not here.live


@fake_time
async def test_who_was_let_go_unseen_is_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    here.link.lists["Status"] = [status(CALLER)]
    await here.telephony.refresh()
    assert here.heard.take()[-1] == ("caller_let_go", CALLER)
    await here.telephony.refresh()
    assert here.heard.take() == []


@fake_time
async def test_without_the_link_no_phone_can_be_reached() -> None:
    here = Exchange()
    here.link.lists["DeviceStateList"] = [
        message(Event="DeviceStateChange", Device="PJSIP/1001", State="NOT_INUSE"),
        message(Event="DeviceStateChange", Device="PJSIP/1002", State="UNAVAILABLE"),
    ]
    await here.telephony.refresh()
    here.told()
    here.telephony.lost()
    assert here.told() == [("phone_changed", "1001", "unreachable")]
    here.telephony.lost()
    assert here.told() == []


@fake_time
async def test_a_ring_whose_channel_is_still_to_be_made_is_not_taken_for_gone() -> None:
    here = Exchange()
    await here.rings()
    await here.telephony.refresh()
    assert here.told() == []
    assert here.live
    await here.telephony.cancel(OFFER)
    await here.telephony.refresh()
    assert here.told() == [("offer_failed", OFFER, "failed")]


@fake_time
async def test_what_began_while_asterisk_was_asked_is_not_taken_for_gone() -> None:
    here = Exchange()
    here.link.answer.clear()
    refreshing = asyncio.create_task(here.telephony.refresh())
    await settles()
    here.telephony.watch(CALLER)
    here.link.answer.set()
    await refreshing
    await here.rings()
    assert here.told() == []
    assert here.live


@fake_time
async def test_a_ring_that_became_a_talk_meanwhile_is_told_step_by_step() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    await here.rings()
    here.new_channel()
    here.heard.take()
    here.link.lists["Status"] = [status(CALLER, TALK, "BridgeWait"), status(OFFER, TALK, "Bridge")]
    await here.telephony.refresh()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER)]
    await here.telephony.refresh()
    assert here.told() == []


@fake_time
async def test_a_ring_that_still_rings_is_left_alone() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.link.lists["Status"] = [status(OFFER, state="Ringing")]
    await here.telephony.refresh()
    assert here.told() == []
    assert here.live


@fake_time
async def test_a_caller_who_was_held_meanwhile_is_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    here.link.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait"), status("caller-2", "b-9", "Dial")]
    for _ in range(2):  # and once more: what was asked for meanwhile, while the link was down, has come to nothing
        await here.telephony.refresh()
        assert sorted(here.told()) == [
            ("caller_dialling", "caller-2"),
            ("caller_held", CALLER),
            ("sub_hotline_answered", "caller-2"),
        ]


@fake_time
async def test_who_was_handed_over_to_a_colleague_is_not_held() -> None:
    """His BridgeWait still runs, and no leg of ours is in his bridge."""
    here = Exchange()
    here.telephony.watch(CALLER)
    here.link.lists["Status"] = [status(CALLER, TALK, "BridgeWait"), status("colleague", TALK, "AppDial")]
    await here.telephony.refresh()
    assert here.told() == []


@fake_time
async def test_a_sub_hotline_that_answered_meanwhile_is_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.link.lists["Status"] = [status(CALLER, "", "Dial")]
    await here.telephony.refresh()
    assert here.told() == [("caller_dialling", CALLER)]
    here.link.lists["Status"] = [status(CALLER, TALK, "Dial")]
    await here.telephony.refresh()
    assert here.told() == [("caller_dialling", CALLER), ("sub_hotline_answered", CALLER)]


@fake_time
async def test_an_event_is_believed_more_than_a_list_that_began_before_it() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    here.heard.take()
    here.link.answer.clear()
    refreshing = asyncio.create_task(here.telephony.refresh())
    await settles()
    here.leaves(CALLER, HOLDING)
    here.link.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait")]
    here.link.answer.set()
    await refreshing
    assert here.told() == [], "he is held no longer"


@fake_time
async def test_a_link_that_breaks_again_is_for_who_asked() -> None:
    here = Exchange()
    await here.talks()
    here.link.failure = LinkDown("gone")
    with pytest.raises(LinkDown):
        await here.telephony.refresh()
    assert here.told() == []
    assert here.live


@fake_time
async def test_callers_whom_nobody_looks_after_are_found_and_those_who_talk_left_alone() -> None:
    here = Exchange()
    here.link.lists["Status"] = [
        status("lost", HOLDING, "BridgeWait"),
        status("known", HOLDING, "BridgeWait"),
        status("talks", TALK, "BridgeWait"),
        status("his agent", TALK, "Bridge"),
        status("on the way", "", "BridgeWait"),
        status("in the menu", "", "AGI"),
        status("stranded", "", "AGI"),
        status("a stranger", "", "AGI"),
        status("put through", "", "Dial"),
    ]
    strays = await here.telephony.strays(["known"], ["stranded", "put through", "talks", "lost"])
    assert strays == Strays(["PJSIP/lost"], ["stranded"])


@fake_time
async def test_who_waits_is_held_though_a_caller_was_handed_over_into_the_holding_bridge_and_so_is_he() -> None:
    """Unlike who was handed over, by the same means, to somebody who talks."""
    here = Exchange()
    here.link.lists["Status"] = [
        status("waits", HOLDING, "BridgeWait"),
        status("handed over", TALK, "BridgeWait"),
        status("link-1", TALK, channel="Local/_attended@transfer-00000000;1"),
        status("link-2", HOLDING, channel="Local/_attended@transfer-00000000;2"),
        status("talks", "talk-2", "BridgeWait"),
        status("link-3", "talk-2", channel="Local/_attended@transfer-00000001;1"),
        status("link-4", "talk-3", channel="Local/_attended@transfer-00000001;2"),
        status("colleague", "talk-3", "AppDial"),
    ]
    strays = await here.telephony.strays([], [])
    assert strays.held == ["PJSIP/waits", "PJSIP/handed over"]


@pytest.mark.parametrize("reverse", [False, True])
@fake_time
async def test_an_agent_who_waits_himself_hands_his_caller_over(reverse: bool) -> None:
    here = Exchange()
    await here.talks()
    here.telephony.watch("the agent")
    ends = ("the agent", OFFER) if reverse else (OFFER, "the agent")
    here.event("AttendedTransfer", "", OrigTransfererUniqueid=ends[0], SecondTransfererUniqueid=ends[1])
    assert here.told() == [("caller_handed_over", CALLER, "the agent")]
    here.event("AttendedTransfer", "", OrigTransfererUniqueid=OFFER, SecondTransfererUniqueid="his call to another")
    assert here.told() == []


# --- what is asked of a caller's channel


@fake_time
async def test_what_asterisk_refuses_or_does_not_answer_is_false() -> None:
    here = Exchange()
    assert await here.telephony.kick("PJSIP/x") is True
    assert await here.telephony.stop_prompt("PJSIP/x") is True
    assert await here.telephony.play_key("PJSIP/x", "5") is True
    assert here.link.take() == [
        ("Setvar", {"Channel": "PJSIP/x", "Variable": "SHARED(WUTONG_OFFERED)", "Value": ""}),
        ("BridgeKick", {"Channel": "PJSIP/x"}),
        ("ControlPlayback", {"Channel": "PJSIP/x", "Control": "stop"}),
        ("PlayDTMF", {"Channel": "PJSIP/x", "Digit": "5", "Duration": "120"}),
    ]
    for failure in (ActionRefused("an action", message(Message="No such channel")), LinkDown("gone"), TimeoutError()):
        here.link.failure = failure
        assert await here.telephony.kick("PJSIP/x") is False


@fake_time
async def test_a_ring_that_is_asked_for_after_a_kick_may_take_the_caller() -> None:
    """Both come of what was due in one moment, and the kick is a task of its own."""
    here = Exchange()
    kicked = here.telephony.kick("PJSIP/trunk-0000000a")
    await here.rings(queue="greening", held=False)
    await kicked
    asked = here.link.take()
    assert [fields["Value"] for name, fields in asked if name == "Setvar"] == ["", "greening"]
    assert [name for name, _ in asked if name != "Setvar"] == ["Originate", "BridgeKick"]


@fake_time
async def test_a_channel_is_told_which_talk_of_its_is_known() -> None:
    here = Exchange()
    here.telephony.note_talk("PJSIP/x", OFFER)
    here.telephony.note_talk("", OFFER)  # one that was never found: it would become a global variable
    assert here.link.take() == [("Setvar", {"Channel": "PJSIP/x", "Variable": "WUTONG_SEEN", "Value": OFFER})]


@pytest.mark.parametrize(("value", "words"), [(OFFER, OFFER), ("(null)", ""), ("", "")])
@fake_time
async def test_the_last_word_of_a_caller_is_asked_for_and_forgotten(value: str, words: str) -> None:
    here = Exchange()
    here.link.answers = {"Value": value}
    assert await here.telephony.last_words("c1") == words
    asked, *forgotten = here.link.take()
    assert asked == ("Getvar", {"Variable": "WUTONG_TALKED_c1"})
    assert forgotten == ([("Setvar", {"Variable": "WUTONG_TALKED_c1", "Value": ""})] if words else [])


@fake_time
async def test_who_left_no_word_left_none_and_a_link_that_breaks_is_for_who_asked() -> None:
    here = Exchange()
    here.link.failure = ActionRefused("Getvar", message(Message="No such variable"))
    assert await here.telephony.last_words("c1") == ""
    here.link.failure = LinkDown("gone")
    with pytest.raises(LinkDown):
        await here.telephony.last_words("c1")


def test_talks_with_sub_hotlines_have_names_of_their_own() -> None:
    assert sub_hotline_of(sub_hotline_talk("gas")) == "gas"
    assert sub_hotline_of(OFFER) == ""


# --- the whole story, as Asterisk 22 told it


@fake_time
async def test_a_recorded_call() -> None:
    """A local channel stood in for the agent's phone; its originate is the one of `offer-1`."""
    here = Exchange()
    here.telephony.watch("wutong-1795535239.2")
    await here.rings(caller="wutong-1795535239.2")
    for part in AmiDecoder().receive(RECORDING.read_bytes()):
        if isinstance(part, AmiMessage) and part.event:
            here.telephony.on_event(part)
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
    here = Exchange()
    caller = "wutong-1795535239.2"
    here.telephony.watch(caller)
    await here.rings(caller=caller)
    for event in _recorded():
        here.telephony.on_event(event)
        here.telephony.on_event(event)
    of_the_offer = [told for told in here.told() if told[0].startswith(("offer_", "leg_"))]
    assert of_the_offer == [("offer_answered", OFFER), ("offer_connected", OFFER), ("leg_hung_up", OFFER)]


@fake_time
@pytest.mark.parametrize("apart", [2, 5, 20, 1_000])
async def test_a_recorded_call_in_any_other_order_is_told_at_most_once_and_leaves_nothing(apart: int) -> None:
    """Each event comes up to so many places late; then Asterisk is asked what is true, as it is from time to time."""
    caller = "wutong-1795535239.2"
    for seed in range(50):
        chance = random.Random(seed)
        order = sorted(enumerate(_recorded()), key=lambda at: at[0] + chance.uniform(0, apart))
        here = Exchange()
        here.telephony.watch(caller)
        await here.rings(caller=caller)
        for _, event in order:
            here.telephony.on_event(event)
        await here.telephony.refresh()
        told = [name for name, *_ in here.told()]
        assert told.count("offer_answered") <= 1
        assert told.count("offer_connected") <= 1
        assert told.count("offer_failed") + told.count("leg_hung_up") == 1, "it ended, and once"
        assert "caller_hung_up" in told
        assert not here.live


# --- after a restart of the service


def ours(uniqueid: str, *variables: str, bridge: str = "", **more: str) -> AmiMessage:
    told = status(uniqueid, bridge, **more)
    return AmiMessage((*told.fields, *(("Variable", variable) for variable in variables)))


@fake_time
async def test_channels_of_ours_are_told_by_their_variables() -> None:
    here = Exchange()
    here.link.lists["Status"] = [
        status("stranger"),
        ours("nobody", "WUTONG_CALL=(null)", "WUTONG_OFFER=(null)"),
        ours(CALLER, "WUTONG_CALL=c-1", "WUTONG_OFFER=(null)", "WUTONG_SUB_HOTLINE=", bridge=HOLDING),
        ours("put-through", "WUTONG_CALL=c-2", "WUTONG_SUB_HOTLINE=gas", bridge="b-2"),
        ours(OFFER, "WUTONG_CALL=c-1", f"WUTONG_OFFER={OFFER}", "WUTONG_EARLY=1", "BESIDE=1"),
    ]
    caller, put_through, leg = await here.telephony.channels()
    assert (caller.unique_id, caller.name, caller.call_id, caller.offer_id) == (CALLER, f"PJSIP/{CALLER}", "c-1", "")
    assert (caller.bridge, caller.sub_hotline) == (HOLDING, "")
    assert (put_through.call_id, put_through.sub_hotline) == ("c-2", "gas")
    assert (leg.offer_id, leg.call_id, leg.waits, leg.beside, leg.bridge) == (OFFER, "c-1", True, True, "")


@fake_time
async def test_a_link_that_breaks_while_channels_are_asked_for_is_for_who_asked() -> None:
    here = Exchange()
    here.link.failure = LinkDown("it broke")
    with pytest.raises(LinkDown):
        await here.telephony.channels()


async def adopted(here: Exchange, leg: AmiMessage | None, *, connected: bool = False) -> list[tuple[str, ...]]:
    """What is told of a leg from before a restart, when Asterisk has these channels now."""
    here.telephony.watch(CALLER)
    here.link.lists["Status"] = [leg] if leg else []
    found = await here.telephony.channels()
    here.telephony.adopt(OFFER, AGENT, CALLER, found[0] if found else None, connected=connected)
    talks = leg is not None and leg.get("BridgeID") == TALK
    caller = status(CALLER, TALK if talks else HOLDING, "BridgeWait")
    here.link.lists["Status"] = [*([leg] if leg else []), caller]
    await here.telephony.refresh()
    return [told for told in here.told() if told[0] != "caller_held"]


LEG = ("WUTONG_CALL=c-1", f"WUTONG_OFFER={OFFER}")


@fake_time
async def test_an_adopted_leg_that_rings_is_heard_from_then_on() -> None:
    here = Exchange()
    assert await adopted(here, ours(OFFER, *LEG, state="Ringing")) == []
    here.up()
    here.enters(CALLER, TALK)
    here.enters(OFFER, TALK)
    here.hangup_request()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER), ("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_leg_that_was_answered_or_talks_meanwhile_is_told_so() -> None:
    assert await adopted(Exchange(), ours(OFFER, *LEG)) == [("offer_answered", OFFER)]
    talks = await adopted(Exchange(), ours(OFFER, *LEG, bridge=TALK))
    assert talks == [("offer_answered", OFFER), ("offer_connected", OFFER)]


@fake_time
async def test_an_adopted_leg_that_is_gone_has_failed_or_ended_its_talk() -> None:
    assert await adopted(Exchange(), None) == [("offer_failed", OFFER, "failed")]
    assert await adopted(Exchange(), None, connected=True) == [("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_talk_is_not_told_again_and_its_end_is() -> None:
    here = Exchange()
    assert await adopted(here, ours(OFFER, *LEG, bridge=TALK), connected=True) == []
    here.hangup()
    assert here.told() == [("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_leg_that_waits_for_its_caller_is_told_that_he_is_held() -> None:
    here = Exchange()
    await adopted(here, ours(OFFER, *LEG, "WUTONG_EARLY=1"))
    here.link.take()
    here.telephony.admit(CALLER)
    assert here.link.take() == [("Setvar", {"Channel": OFFER, "Variable": "WUTONG_HELD", "Value": "1"})]


@fake_time
async def test_an_adopted_leg_beside_others_is_let_through() -> None:
    here = Exchange()
    await adopted(here, ours(OFFER, *LEG, "BESIDE=1", state="Ringing"))
    here.link.take()
    here.telephony.let_through(OFFER)
    ((action, fields),) = here.link.take()
    assert (action, fields["Priority"]) == ("Redirect", "won")


@fake_time
async def test_a_caller_whom_nothing_holds_any_more_is_told() -> None:
    here = Exchange()
    await here.talks()
    here.leaves(CALLER, "another bridge")
    assert here.heard.take() == []
    here.leaves(CALLER, TALK)
    assert here.heard.take() == [("caller_let_go", CALLER)]
    here.event("DialEnd", CALLER, DestUniqueid="a department's", DialStatus="BUSY")
    assert here.heard.take() == [("caller_let_go", CALLER)]
