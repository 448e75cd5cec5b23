"""Agents' phones send their callers on: what the caller hears, where the caller gets, and what the story tells."""

import asyncio
from typing import Any

import pytest

from lab.phone import CallFailed, Phone
from tests.integration.conversations import connected, hear_each_other, queued
from tests.integration.world import World, kinds, record

CALLER = "13800138000"


async def told(hotline: World) -> Any:
    """The only call of the citizen, with its story."""
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == CALLER]
    return await hotline.story(call["id"])


async def seen(hotline: World, **wanted: Any) -> None:
    """Wait until the citizen's call has these values."""

    def is_so(calls: Any) -> bool:
        return any(all(call[key] == value for key, value in wanted.items()) for call in calls)

    await hotline.see("calls", is_so)


async def declines(phone: Phone) -> None:
    await (await phone.incoming()).reject(603)


async def test_a_caller_whose_transfer_fails_goes_to_the_front_of_the_queue_if_the_agent_is_not_free(
    hotline: World,
) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    await queued(hotline, "1", "13900139000")  # waits since before
    await hotline.set_state("1001", "not-ready")  # after the talk
    transferring = asyncio.create_task(offer.blind_transfer("1003"))
    await caller.hears_recording(hotline.clip("transfer-failed"))
    await transferring
    await hotline.see_queue("greening", waiting=2)
    second = await hotline.agent("1002")
    ring = await second.incoming()
    assert ring.caller_number == CALLER
    await ring.answer()
    await hear_each_other(caller, ring, one_says=900, other_says=500)


async def test_a_caller_sent_on_twice_comes_back_to_who_sent_the_caller_last(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent("1003")
    caller, offer = await connected(hotline, first)
    transferring = asyncio.create_task(offer.blind_transfer("1003"))
    asked = await (await colleague.incoming()).answer()
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await transferring
    transferring = asyncio.create_task(asked.blind_transfer("1005"))
    await caller.hears_recording(hotline.clip("transfer-failed"))
    await transferring
    back = await colleague.incoming()
    await back.answer()
    await hear_each_other(caller, back, one_says=1000, other_says=600)


@pytest.mark.parametrize("moment", [0.05, 0.5, 2.0])
async def test_a_caller_completed_to_a_queue_that_has_just_been_called_waits_there(
    hotline: World, moment: float
) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    await hotline.set_state("1001", "not-ready")  # after the talk
    asking = await first.place("6000")
    await asking.answered()
    await asyncio.sleep(moment)  # what is tested: the moments of an agent's call that has just begun
    await offer.attended_transfer(asking)
    third = await hotline.agent("1003")
    ring = await third.incoming()
    assert ring.caller_number == CALLER
    await ring.answer()
    await hear_each_other(caller, ring, one_says=900, other_says=500)
    call = await told(hotline)
    steps = [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected", "queued"))]
    assert steps == ["queued", "connected", "talk-ended", "transferred", "queued", "connected"]
    assert record(call, "transferred")["to"] == {"queue": "general"}
    (agents_own,) = [call for call in await hotline.get("calls") if call["caller"] == "1001"]
    assert agents_own["state"] == "ended"


async def test_a_phone_may_not_send_a_caller_just_anywhere(hotline: World) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    with pytest.raises(CallFailed):
        await offer.blind_transfer("110")
    await hear_each_other(caller, offer, one_says=900, other_says=500)
