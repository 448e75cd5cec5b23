"""Agents who join their callers with a phone that they have dialled, before they have talked with it."""

import asyncio

import pytest

from lab.phone import CallFailed, IncomingCall, Late, Phone
from tests.integration.conversations import connected, hear_each_other
from tests.integration.test_transfers import CALLER, seen, told
from tests.integration.test_unseen_talks import service_away
from tests.integration.world import World, kinds, record

MOMENTS = (0.0, 0.0005, 0.001, 0.0015, 0.002, 0.003)
"""Seconds from the ringing to the colleague's no."""


async def ringing(hotline: World, agent: Phone, offer: IncomingCall) -> IncomingCall:
    """The agent dials 1003, and joins the caller with that phone as it rings. Returns that ring."""
    colleague = await hotline.agent_phone("1003")
    own = await agent.place("1003")
    ring = await colleague.incoming()
    await ring.ring()
    await own.ringing()
    await offer.attended_transfer(own)
    return ring


def steps(call: object) -> list[str]:
    return [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected", "call-f"))]


async def test_a_caller_joined_with_a_colleague_whose_phone_still_rings_talks_there(hotline: World) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    ring = await ringing(hotline, first, offer)
    await seen(hotline, state="ringing", agent="1003")
    await caller.hears("sound")
    await ring.answer()
    await hear_each_other(caller, ring, one_says=900, other_says=500)
    await seen(hotline, state="talking", agent="1003")
    await ring.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    assert steps(call) == [
        "connected",
        "talk-ended",
        "transferred",
        "transfer-answered",
        "transfer-ended",
        "call-finished",
    ]
    sent = record(call, "transferred")
    assert (sent["how"], sent["to"], sent["actor"]) == ("consult", {"agent": "1003"}, "agent:1001")
    assert (call["agent"], call["outcome"], call["number"]) == ("1003", "answered", "12319")


async def test_a_caller_joined_with_a_colleague_who_then_declines_hears_so_and_comes_back(hotline: World) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    ring = await ringing(hotline, first, offer)
    await ring.reject(603)
    await caller.hears_recording(hotline.clip("transfer-failed"))
    back = await first.incoming()
    assert back.caller_number == CALLER
    await back.answer()
    await hear_each_other(caller, back, one_says=900, other_says=500)
    call = await told(hotline)
    assert steps(call) == ["connected", "talk-ended", "transferred", "transfer-failed", "connected"]


async def test_no_caller_is_lost_whom_an_agent_joins_with_a_colleague_in_the_moment_of_the_no(hotline: World) -> None:
    """The colleague's phone rings and declines at once, and the agent's phone joins as it hears the ringing. Then the
    agent keeps the caller, or the caller hears that it failed and comes back.
    """
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    for declines_after in MOMENTS:
        own = await first.place("1003")
        ring = await colleague.incoming()
        await ring.ring()
        no = asyncio.create_task(_decline(ring, declines_after))
        try:
            await own.ringing()
            await offer.attended_transfer(own)
        except (CallFailed, Late):
            await hear_each_other(caller, offer, one_says=900, other_says=500)  # there was nobody any more to join with
        else:
            await caller.hears_recording(hotline.clip("transfer-failed"))
            offer = await first.incoming()
            await offer.answer()
            await hear_each_other(caller, offer, one_says=900, other_says=500)
        await no
        await own.hang_up()
    assert "transfer-failed" in kinds(await told(hotline))


async def _decline(ring: IncomingCall, after: float) -> None:
    await asyncio.sleep(after)
    await ring.reject(603)


@pytest.mark.parametrize("answers", ["while it is away", "when it is back", "never", "declines while it is away"])
async def test_a_caller_joined_with_a_colleague_whose_phone_still_rings_outlives_the_service(
    hotline: World, answers: str
) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    ring = await ringing(hotline, first, offer)
    await seen(hotline, state="ringing", agent="1003")
    async with service_away(hotline):
        if answers == "while it is away":
            await ring.answer()
            await hear_each_other(caller, ring, one_says=900, other_says=500)
        if answers == "declines while it is away":
            await ring.reject(603)
    if answers in ("never", "declines while it is away"):
        if answers == "never":
            await ring.reject(603)
        await caller.hears_recording(hotline.clip("transfer-failed"))
        back = await first.incoming()
        await back.answer()
        await hear_each_other(caller, back, one_says=900, other_says=500)
        assert steps(await told(hotline)) == ["connected", "talk-ended", "transferred", "transfer-failed", "connected"]
        return
    if answers == "when it is back":
        await ring.answer()
    await hear_each_other(caller, ring, one_says=1000, other_says=600)
    await seen(hotline, state="talking", agent="1003")
    await ring.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    done = ["transferred", "transfer-answered", "transfer-ended", "call-finished"]
    assert steps(await hotline.ended()) == ["connected", "talk-ended", *done]


async def test_a_caller_joined_with_a_colleague_whose_phone_still_rings_may_hang_up(hotline: World) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    ring = await ringing(hotline, first, offer)
    await seen(hotline, state="ringing", agent="1003")
    await caller.hang_up()
    await ring.cancelled()
    call = await hotline.ended()
    assert steps(call) == ["connected", "talk-ended", "transferred", "call-finished"]
    assert (call["outcome"], record(call, "call-finished")["by"]) == ("answered", "caller")
