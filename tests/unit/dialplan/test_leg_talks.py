"""Agents' legs that are joined with a caller: when a talk begins and ends."""

from itertools import permutations

import pytest

from dialplan.differences import LegRestored
from dialplan.snapshot import Channel
from tests.unit.dialplan.exchange import (
    AGENT,
    CALLER,
    HOLDING,
    OFFER,
    TALK,
    Exchange,
    device,
    exchange,
    message,
    status,
)
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


BROWSER = f"{AGENT}_browser"


def page(here: Exchange, name: str) -> None:
    here.tell(
        message(Event="ContactStatus", EndpointName=BROWSER, URI=f"sip:{name}@127.0.0.1", ContactStatus="Reachable")
    )


@fake_time
async def test_a_browser_that_is_gone_is_told_with_the_page_that_was_rung() -> None:
    here = await exchange()
    here.tell(message(Event="DeviceStateChange", Device=f"PJSIP/{BROWSER}", State="NOT_INUSE"))
    page(here, "first")
    assert here.told() == [("page_came", AGENT)]
    await here.talks()
    assert here.telephony.legs.in_browser(OFFER)
    page(here, "second")
    here.told()
    here.hangup_request("18")
    assert here.told() == [("page_lost", OFFER, "sip:first@127.0.0.1")]


@fake_time
async def test_a_ring_that_brings_an_agent_back_goes_to_the_browser_and_says_so() -> None:
    here = await exchange()
    await here.rings(back=True)
    (name, asked) = here.asked()[-1]
    assert (name, asked["Channel"]) == ("Originate", f"PJSIP/{BROWSER}")
    assert "PJSIP_HEADER(add,X-Wutong-Back)=1" in asked["Variable"]
    here.event("Newchannel", Channel=f"PJSIP/{BROWSER}-00000001", ChannelStateDesc="Down")
    assert here.telephony.phones.channels(AGENT) == {OFFER}


@pytest.mark.parametrize(("name", "browser"), [(BROWSER, True), (AGENT, False)])
@fake_time
async def test_a_leg_from_before_a_restart_is_a_browsers_by_its_name(name: str, browser: bool) -> None:
    here = await exchange()
    channel = Channel(OFFER, f"PJSIP/{name}-00000001", "Bridge", True, TALK, {})
    here.telephony.legs.adopt(CALLER, LegRestored(OFFER, "c-1", AGENT, channel, talks=True))
    here.hangup_request("18")
    assert here.told() == [("page_lost", OFFER, "") if browser else ("leg_hung_up", OFFER)]
