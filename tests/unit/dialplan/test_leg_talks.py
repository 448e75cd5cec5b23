"""Agents' legs that are joined with a caller: when a talk begins and ends."""

from itertools import permutations

import pytest

from tests.unit.dialplan.exchange import AGENT, CALLER, HOLDING, OFFER, TALK, device, exchange, status
from tests.unit.faketime import fake_time


@pytest.mark.parametrize("order", list(permutations(("leave", "caller", "leg"))), ids="-".join)
@fake_time
async def test_connected_in_whichever_order_they_enter(order: tuple[str, ...]) -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    await here.rings()
    here.new_channel()
    here.up()
    here.heard.take()
    tell = {
        "leave": lambda: here.leaves(CALLER, HOLDING),
        "caller": lambda: here.enters(CALLER, TALK),
        "leg": lambda: here.enters(OFFER, TALK),
    }
    for event in order:
        tell[event]()
    assert here.told() == [("offer_connected", OFFER)]
    here.enters(CALLER, TALK)
    assert here.told() == [], "once"


@fake_time
async def test_a_leg_with_another_caller_or_alone_is_not_connected() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    await here.rings()
    here.new_channel()
    here.up()
    here.heard.take()
    here.enters(OFFER, TALK)
    here.enters("caller-2", TALK)
    here.enters(CALLER, "another bridge")
    assert here.told() == []
    here.leaves("caller-2", TALK)
    here.enters(CALLER, TALK)
    assert here.told() == [("offer_connected", OFFER)]


@fake_time
async def test_a_caller_who_is_held_again_is_told_each_time() -> None:
    here = await exchange()
    here.telephony.watch(CALLER)
    for _ in range(2):
        here.enters(CALLER, HOLDING, "holding_bridge")
        here.leaves(CALLER, HOLDING)
    assert here.told() == [("caller_held", CALLER)] * 2


@fake_time
async def test_the_agent_hangs_up_a_talk_and_it_is_told_once() -> None:
    for events in (("request", "hangup"), ("hangup",)):
        here = await exchange()
        await here.talks()
        for event in events:
            here.hangup_request() if event == "request" else here.hangup()
        assert here.told() == [("leg_hung_up", OFFER)]
        assert not here.live


@fake_time
async def test_a_phone_is_free_as_soon_as_the_talk_is_over() -> None:
    for events in (("request", "hangup"), ("hangup",)):
        here = await exchange()
        here.manager.lists["DeviceStateList"] = [device("NOT_INUSE")]
        await here.looks()
        await here.talks()
        here.tell(device("INUSE"))
        here.told()
        for event in events:
            here.hangup_request() if event == "request" else here.hangup()
        assert here.told() == [("leg_hung_up", OFFER), ("phone_changed", AGENT, "free")]


@fake_time
async def test_the_caller_hangs_up_a_talk() -> None:
    here = await exchange()
    await here.talks()
    here.hangup_request(uniqueid=CALLER)
    assert here.told() == [("caller_hung_up", CALLER)]
    here.telephony.forget(CALLER)
    here.hangup(uniqueid=CALLER)
    assert here.heard.take() == [("channel_ended", CALLER, "")]


@fake_time
async def test_a_ring_that_was_given_up_and_is_answered_all_the_same_is_told() -> None:
    """Asterisk did not have it when it was asked; the phone rang."""
    here = await exchange()
    here.telephony.watch(CALLER)
    await here.works("broken")
    await here.rings()
    await here.works()
    here.manager.lists["Status"] = [status(CALLER)]
    await here.looks()
    here.heard.take()
    here.new_channel()
    here.up()
    here.event("BridgeEnter", OFFER, BridgeUniqueid=TALK, BridgeTechnology="simple_bridge", Context="wutong-offer")
    assert here.told() == [("offer_answered", OFFER)], "so that the engine has it hung up"
