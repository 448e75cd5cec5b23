"""What is believed of legs, callers and phones is compared with what Asterisk says: after the link was down, each
minute, and after a restart of the service."""

import asyncio

import pytest

from dialplan.link import LinkDown
from dialplan.picture import AsteriskPicture, LegRestored
from dialplan.wire.ami import AmiMessage
from tests.unit.dialplan.exchange import (
    AGENT,
    CALLER,
    HOLDING,
    OFFER,
    TALK,
    Exchange,
    exchange,
    message,
    status,
)
from tests.unit.faketime import fake_time, settles

# --- after the link was down


@fake_time
async def test_who_is_gone_is_told_and_who_is_there_is_not() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    await here.rings()
    here.new_channel()
    here.manager.lists["Status"] = [status("caller-2"), status("stranger")]
    here.manager.lists["DeviceStateList"] = [
        message(Event="DeviceStateChange", Device="PJSIP/1001", State="UNAVAILABLE"),
        message(Event="DeviceStateChange", Device="PJSIP/1002", State="NOT_INUSE"),
    ]
    await here.looks()
    assert here.told() == [
        ("caller_missing", CALLER),
        ("offer_failed", OFFER, "failed"),
        ("phone_changed", "1001", "unreachable"),
        ("phone_changed", "1002", "free"),
    ]
    assert not here.live


@fake_time
async def test_a_talk_whose_agent_is_gone_has_ended() -> None:
    here = await exchange()
    await here.talks()
    here.manager.lists["Status"] = [status(CALLER)]
    await here.looks()
    assert here.told() == [("leg_hung_up", OFFER)]


@pytest.mark.parametrize(
    ("taken", "bridge", "talked"),
    [(OFFER, "", True), (OFFER, TALK, True), (OFFER, HOLDING, False), ("offer-0", "", False)],
)
@fake_time
async def test_a_leg_that_is_gone_has_talked_if_its_caller_says_so(taken: str, bridge: str, talked: bool) -> None:
    """The caller is in no bridge any more, or was handed over to another agent."""
    here = await exchange()
    here.telephony.watch(CALLER)
    await here.rings()
    here.new_channel()
    caller = (*status(CALLER, bridge, "BridgeWait").fields, ("Variable", f"SHARED(WUTONG_TAKEN)={taken}"))
    here.manager.lists["Status"] = [AmiMessage(caller), status("another agent", TALK, "AppDial")]
    await here.looks()
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
    here = await exchange()
    here.telephony.watch(CALLER)
    await here.rings()
    here.new_channel()
    here.up()
    here.telephony.lost()
    taken = ("Variable", f"SHARED(WUTONG_TAKEN)={OFFER if talked else '(null)'}")
    caller = AmiMessage((*status(CALLER, TALK if listed and talked else "", "BridgeWait").fields, taken))
    leg = status(OFFER, TALK if talked else "", "Bridge")
    here.manager.lists["Status"] = [caller, leg] if listed else [caller]
    here.hangup()
    assert here.told() == [("offer_answered", OFFER)]
    await here.looks()
    over = [("offer_connected", OFFER), ("leg_hung_up", OFFER)] if talked else [("offer_failed", OFFER, "failed")]
    assert [told for told in here.told() if told[1] == OFFER] == over
    assert not here.live


@fake_time
async def test_who_was_let_go_unseen_is_told() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    here.manager.lists["Status"] = [status(CALLER)]
    await here.looks()
    assert here.heard.take()[-1] == ("caller_let_go", CALLER)
    await here.looks()
    assert here.heard.take() == []


@fake_time
async def test_without_the_link_no_phone_can_be_reached() -> None:
    here = await exchange()
    here.manager.lists["DeviceStateList"] = [
        message(Event="DeviceStateChange", Device="PJSIP/1001", State="NOT_INUSE"),
        message(Event="DeviceStateChange", Device="PJSIP/1002", State="UNAVAILABLE"),
    ]
    await here.looks()
    here.told()
    here.telephony.lost()
    assert here.told() == [("phone_changed", "1001", "unreachable")]
    here.telephony.lost()
    assert here.told() == []


@fake_time
async def test_a_ring_whose_channel_is_still_to_be_made_is_not_taken_for_gone() -> None:
    here = await exchange()
    await here.rings()
    await here.looks()
    assert here.told() == []
    assert here.live
    await here.telephony.cancel(OFFER)
    await here.looks()
    assert here.told() == [("offer_failed", OFFER, "failed")]


@fake_time
async def test_what_began_while_asterisk_was_asked_is_not_taken_for_gone() -> None:
    here = await exchange()
    here.manager.holds = []
    refreshing = asyncio.create_task(here.looks())
    await settles()
    here.telephony.watch(CALLER)
    here.manager.released()
    await refreshing
    await here.rings()
    assert here.told() == []
    assert here.live


@fake_time
async def test_a_ring_that_became_a_talk_meanwhile_is_told_step_by_step() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    await here.rings()
    here.new_channel()
    here.heard.take()
    here.manager.lists["Status"] = [status(CALLER, TALK, "BridgeWait"), status(OFFER, TALK, "Bridge")]
    await here.looks()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER)]
    await here.looks()
    assert here.told() == []


@fake_time
async def test_a_ring_that_still_rings_is_left_alone() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.manager.lists["Status"] = [status(OFFER, state="Ringing")]
    await here.looks()
    assert here.told() == []
    assert here.live


@fake_time
async def test_a_caller_who_was_held_meanwhile_is_told() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    here.manager.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait"), status("caller-2", "b-9", "Dial")]
    for _ in range(2):  # and once more: what was asked for while the link was down had no effect
        await here.looks()
        assert sorted(here.told()) == [
            ("caller_dialling", "caller-2"),
            ("caller_held", CALLER),
            ("sub_hotline_answered", "caller-2"),
        ]


@fake_time
async def test_who_was_handed_over_to_a_colleague_is_not_held() -> None:
    """The caller's BridgeWait still runs, and no leg of ours is in the bridge."""
    here = await exchange()
    here.telephony.watch(CALLER)
    here.manager.lists["Status"] = [status(CALLER, TALK, "BridgeWait"), status("colleague", TALK, "AppDial")]
    await here.looks()
    assert here.told() == []


@fake_time
async def test_a_sub_hotline_that_answered_meanwhile_is_told() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.manager.lists["Status"] = [status(CALLER, "", "Dial")]
    await here.looks()
    assert here.told() == [("caller_dialling", CALLER)]
    here.manager.lists["Status"] = [status(CALLER, TALK, "Dial")]
    await here.looks()
    assert here.told() == [("caller_dialling", CALLER), ("sub_hotline_answered", CALLER)]


@fake_time
async def test_an_event_is_believed_more_than_a_list_that_began_before_it() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    here.heard.take()
    here.manager.holds = []
    refreshing = asyncio.create_task(here.looks())
    await settles()
    here.leaves(CALLER, HOLDING)
    here.manager.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait")]
    here.manager.released()
    await refreshing
    assert here.told() == [], "he is held no longer"


@fake_time
async def test_a_link_that_breaks_again_is_for_who_asked() -> None:
    here = await exchange()
    await here.talks()
    await here.works("down")
    with pytest.raises(LinkDown):
        await here.looks()
    assert here.told() == []
    assert here.live


# --- after a restart of the service


def ours(uniqueid: str, *variables: str, bridge: str = "", **more: str) -> AmiMessage:
    told = status(uniqueid, bridge, **more)
    return AmiMessage((*told.fields, *(("Variable", variable) for variable in variables)))


LEG = ("WUTONG_CALL=c-1", f"WUTONG_OFFER={OFFER}")


async def adopted(here: Exchange, leg: AmiMessage | None, *, connected: bool = False) -> list[tuple[str, ...]]:
    """What is told of a leg from before a restart, when Asterisk has these channels now."""
    here.telephony.watch(CALLER)
    channel = AsteriskPicture.read([leg] if leg else [], []).channels.get(OFFER)
    here.telephony.adopt(CALLER, LegRestored(OFFER, "c-1", AGENT, channel, talks=connected))
    talks = leg is not None and leg.get("BridgeID") == TALK
    caller = status(CALLER, TALK if talks else HOLDING, "BridgeWait")
    here.manager.lists["Status"] = [*([leg] if leg else []), caller]
    await here.looks()
    return [told for told in here.told() if told[0] != "caller_held"]


@fake_time
async def test_an_adopted_leg_that_rings_is_heard_from_then_on() -> None:
    here = await exchange()
    assert await adopted(here, ours(OFFER, *LEG, state="Ringing")) == []
    here.up()
    here.enters(CALLER, TALK)
    here.enters(OFFER, TALK)
    here.hangup_request()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER), ("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_leg_that_was_answered_or_talks_meanwhile_is_told_so() -> None:
    assert await adopted(await exchange(), ours(OFFER, *LEG)) == [("offer_answered", OFFER)]
    talks = await adopted(await exchange(), ours(OFFER, *LEG, bridge=TALK))
    assert talks == [("offer_answered", OFFER), ("offer_connected", OFFER)]


@fake_time
async def test_an_adopted_leg_that_is_gone_has_failed_or_ended_its_talk() -> None:
    assert await adopted(await exchange(), None) == [("offer_failed", OFFER, "failed")]
    assert await adopted(await exchange(), None, connected=True) == [("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_talk_is_not_told_again_and_its_end_is() -> None:
    here = await exchange()
    assert await adopted(here, ours(OFFER, *LEG, bridge=TALK), connected=True) == []
    here.hangup()
    assert here.told() == [("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_leg_that_waits_for_its_caller_is_told_that_he_is_held() -> None:
    here = await exchange()
    await adopted(here, ours(OFFER, *LEG, "WUTONG_EARLY=1"))
    here.asked()
    here.telephony.admit(CALLER)
    assert here.asked() == [("Setvar", {"Channel": OFFER, "Variable": "WUTONG_HELD", "Value": "1"})]


@fake_time
async def test_an_adopted_leg_beside_others_is_let_through() -> None:
    here = await exchange()
    await adopted(here, ours(OFFER, *LEG, "BESIDE=1", state="Ringing"))
    here.asked()
    here.telephony.let_through(OFFER)
    ((action, fields),) = here.asked()
    assert (action, fields["Priority"]) == ("Redirect", "won")
