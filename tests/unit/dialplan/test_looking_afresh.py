"""What is believed of legs, callers and phones is compared with what Asterisk says: after the link was down, each
minute, and after a restart of the service."""

import pytest

from dialplan.wire.ami import AmiMessage
from tests.unit.dialplan.exchange import (
    CALLER,
    HOLDING,
    OFFER,
    TALK,
    exchange,
    message,
    status,
)
from tests.unit.faketime import fake_time

# --- after the link was down


@fake_time
async def test_callers_who_are_gone_are_told_and_those_who_are_there_are_not() -> None:
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


@fake_time
async def test_a_talk_that_ended_because_the_agents_phone_was_gone_is_told_as_that() -> None:
    here = await exchange()
    await here.talks()
    said = [("Variable", f"SHARED({name})={OFFER}") for name in ("WUTONG_TAKEN", "WUTONG_LOST")]
    here.manager.lists["Status"] = [AmiMessage((*status(CALLER).fields, *said))]
    await here.looks()
    assert here.told() == [("leg_lost", OFFER)]


@fake_time
async def test_who_talks_with_a_phone_that_is_no_leg_of_the_call_is_noted_on_the_phone() -> None:
    """So the dialplan can tell the caller's channel that this phone is gone."""
    here = await exchange()
    here.telephony.watch(CALLER)
    here.asked()

    def noted() -> list[object]:
        return [said["Channel"] for _, said in here.asked() if said.get("Variable") == "WUTONG_WITH"]

    here.enters(CALLER, TALK)
    here.enters("a colleague", TALK)
    assert noted() == ["a colleague"]
    here.leaves(CALLER, TALK)
    here.enters("somebody", "elsewhere")
    assert noted() == []
    here.enters(CALLER, "elsewhere")
    assert noted() == ["somebody"]
    found = (status(CALLER, "b-3", "BridgeWait"), status("a phone of a transfer that was not seen", "b-3", "AppDial"))
    here.manager.lists["Status"] = list(found)
    await here.looks()
    assert noted() == ["a phone of a transfer that was not seen"]


@fake_time
async def test_a_leg_that_an_agent_has_joined_with_another_caller_is_told_with_whom_it_is() -> None:
    here = await exchange()
    await here.talks()  # the agent's own call, in a queue
    here.asked()
    here.telephony.watch("another caller")
    here.enters("another caller", TALK)
    assert ("Setvar", {"Channel": OFFER, "Variable": "WUTONG_WITH", "Value": "another caller"}) in here.asked()


@pytest.mark.parametrize(
    ("taken", "bridge", "talked"),
    [(OFFER, "", True), (OFFER, TALK, True), (OFFER, HOLDING, False), ("offer-0", "", False)],
)
@fake_time
async def test_a_leg_that_is_gone_has_talked_if_its_caller_says_so(taken: str, bridge: str, talked: bool) -> None:
    """The caller is in no bridge any more, or was transferred to another agent."""
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
async def test_a_caller_who_was_let_go_unseen_is_told() -> None:
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
    here.telephony.legs.cancel(OFFER)
    await here.looks()
    assert here.told() == [("offer_failed", OFFER, "failed")]


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
async def test_phones_that_are_not_in_the_hotline_any_more_are_not_asked_about() -> None:
    """Asterisk lists them, and would complain of each in its log."""
    here = await exchange()
    here.manager.lists["DeviceStateList"] = [
        message(Event="DeviceStateChange", Device=f"PJSIP/{phone}", State="UNAVAILABLE") for phone in ("1002", "1099")
    ]
    await here.looks()
    unlisted = ["1001", "1001_browser", "1002_browser"]
    assert here.manager.phones == ["1002", *unlisted], "these are not listed, as nothing has happened of them"
