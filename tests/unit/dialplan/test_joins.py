"""A caller whom an agent joins with a phone that the agent has dialled: the events that Asterisk sends then."""

import pytest

from tests.unit.dialplan.exchange import CALLER, OFFER, TALK, Exchange, exchange
from tests.unit.faketime import fake_time

OWN, BRIDGE = "own", "bridge of the agent's own call"


def joins(here: Exchange, *, reverse: bool = False, own_does: str = "Dial") -> None:
    """`reverse`: the phone has asked for it in its own call. `own_does`: the application that its own call is in."""
    own, talk = ("OrigTransferer", "SecondTransferer") if reverse else ("SecondTransferer", "OrigTransferer")
    ends = {f"{talk}Uniqueid": OFFER, f"{own}Uniqueid": OWN, f"{own}Exten": "1003"}
    there = {"TransfereeUniqueid": "" if reverse else CALLER, "DestType": "App", "DestApp": own_does}
    here.event("AttendedTransfer", "", Result="Success", **ends, **there)


def own_dial_ends(here: Exchange, status: str = "ANSWER") -> None:
    here.event("DialEnd", OWN, DialStatus=status)


@pytest.mark.parametrize("reverse", [False, True])
@fake_time
async def test_the_phone_rings_on_for_the_caller_and_answers(reverse: bool) -> None:
    here = await exchange()
    await here.talks()
    joins(here, reverse=reverse)
    assert here.told() == [("caller_put_through", CALLER, "1003", "rings")]
    here.leaves(CALLER, TALK)
    assert here.heard.take() == [], "the caller is on the way"
    here.hangup(uniqueid=OWN)
    here.event("DialEnd", CALLER, DialStatus="ANSWER")
    assert here.told() == [("caller_answered", CALLER)]
    here.enters(CALLER, BRIDGE)
    here.leaves(CALLER, BRIDGE)
    assert here.heard.take() == [("caller_let_go", CALLER)]


@pytest.mark.parametrize("order", [("joins", "answer"), ("answer", "joins")])
@fake_time
async def test_the_answer_and_the_joining_are_told_in_either_order(order: tuple[str, str]) -> None:
    here = await exchange()
    await here.talks()
    steps = {"joins": lambda: joins(here), "answer": lambda: own_dial_ends(here)}
    for step in order:
        steps[step]()
    first = order == ("answer", "joins")
    told = ("caller_put_through", CALLER, "1003", "answered" if first else "rings")
    assert here.told() == [told] if first else [told, ("caller_answered", CALLER)]


@fake_time
async def test_the_bridge_that_the_agents_own_call_was_in_is_the_callers() -> None:
    """Asterisk tells of it under the name of the agent's channel; the colleague's phone may die there."""
    here = await exchange()
    await here.talks()
    own_dial_ends(here)
    here.enters("colleague", BRIDGE)
    joins(here)
    here.enters(OWN, BRIDGE)
    here.leaves(CALLER, TALK)
    here.hangup(uniqueid=OWN)
    assert here.telephony.callers[CALLER] == BRIDGE
    here.told()
    here.hangup_request("18", "colleague")
    assert ("caller_lost", CALLER) in here.told()


@pytest.mark.parametrize(("status", "own_does"), [("BUSY", "Dial"), ("BUSY", "Wait"), ("ANSWER", "Wait")])
@fake_time
async def test_a_phone_that_had_declined_or_hung_up_gets_nobody(status: str, own_does: str) -> None:
    here = await exchange()
    await here.talks()
    own_dial_ends(here, status)
    joins(here, own_does=own_does)
    assert here.told() == [("caller_joined_nobody", CALLER, "1003")]
    here.leaves(CALLER, TALK)
    assert here.heard.take() == [("caller_let_go", CALLER)]


@fake_time
async def test_a_ring_that_is_forwarded_has_not_ended() -> None:
    here = await exchange()
    await here.talks()
    here.event("DialEnd", OWN, DialStatus="", Forward="1004")
    joins(here)
    assert here.told() == [("caller_put_through", CALLER, "1003", "rings")]


@fake_time
async def test_a_dial_that_fails_lets_the_caller_go() -> None:
    here = await exchange()
    await here.talks()
    joins(here)
    here.leaves(CALLER, TALK)
    own_dial_ends(here, "BUSY")
    assert ("caller_let_go", CALLER) in here.heard.take()


@fake_time
async def test_a_broken_link_forgets_what_was_on_its_way() -> None:
    here = await exchange()
    await here.talks()
    own_dial_ends(here)
    joins(here)
    here.telephony.lost()
    here.told()
    here.leaves(CALLER, TALK)
    assert here.heard.take() == [("caller_let_go", CALLER)]
    joins(here)
    assert here.told() == [("caller_put_through", CALLER, "1003", "rings")]


@fake_time
async def test_nothing_is_kept_of_channels_that_have_ended() -> None:
    here = await exchange()
    await here.talks()
    own_dial_ends(here)
    joins(here)
    here.hangup(uniqueid=OWN)
    own_dial_ends(here)
    joins(here)
    here.hangup(uniqueid=CALLER)
    here.telephony.forget(CALLER)
    here.event("DialEnd", "stranger", DialStatus="ANSWER")
    here.hangup(uniqueid="stranger")
    here.hangup(uniqueid=OWN)
    here.told()
    own_dial_ends(here)
    assert here.told() == []
