"""Agents' phones send their callers on: what the caller hears, where the caller gets, and what the story tells."""

import asyncio
from typing import Any

import pytest

from calls import dialling
from lab.phone import CallFailed, Phone
from tests.integration.conversations import connected, hear_each_other, queued
from tests.integration.test_unseen_talks import service_away
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


async def is_busy(phone: Phone) -> None:
    await (await phone.incoming()).reject(486)


async def rings_on(phone: Phone) -> None:
    offer = await phone.incoming()
    await offer.ring()
    await offer.cancelled()


@pytest.mark.parametrize("target", ["declines", "is busy", "does not answer", "is not registered"])
async def test_a_caller_whose_transfer_fails_hears_why_and_comes_back_to_the_agent_who_is_free(
    hotline: World, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr(dialling, "TRANSFER_RING", 3.0)
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    if target != "is not registered":
        colleague = await hotline.agent_phone("1003")
        reacts = {"declines": declines, "is busy": is_busy, "does not answer": rings_on}[target]
        reaction = asyncio.create_task(reacts(colleague))
    transferring = asyncio.create_task(offer.blind_transfer("1003"))
    await caller.hears_recording(hotline.clip("transfer-failed"))
    back = await first.incoming()
    assert back.caller_number == CALLER
    await back.answer()
    await hear_each_other(caller, back, one_says=900, other_says=500)
    await back.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await asyncio.gather(transferring, return_exceptions=True)
    if target != "is not registered":
        await reaction
    call = await hotline.ended()
    steps = [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected", "queued"))]
    assert steps == [
        "queued",
        "connected",
        "talk-ended",
        "transferred",
        "transfer-failed",
        "queued",
        "connected",
        "talk-ended",
    ]
    assert record(call, "talk-ended")["by"] == "agent"
    sent = record(call, "transferred")
    assert (sent["how"], sent["to"], sent["actor"]) == ("blind", {"agent": "1003"}, "agent:1001")
    assert (call["outcome"], call["number"]) == ("answered", "12319")


async def test_a_caller_whose_transfer_fails_while_the_service_is_away_comes_back_with_it(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    async with service_away(hotline):
        transferring = asyncio.create_task(offer.blind_transfer("1003"))
        await declines(colleague)
        await transferring
    await declines(colleague)
    await caller.hears_recording(hotline.clip("transfer-failed"))
    back = await first.incoming()
    await back.answer()
    await hear_each_other(caller, back, one_says=900, other_says=500)
    call = await told(hotline)
    assert (kinds(call).count("transferred"), kinds(call).count("transfer-failed")) == (1, 1)


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


@pytest.mark.parametrize(
    "hasty", [False, True], ids=["a phone that waits for the outcome", "one that hangs up at once"]
)
async def test_a_caller_sent_to_a_colleague_talks_there_and_the_story_tells_it(hotline: World, hasty: bool) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    transferring = asyncio.create_task(offer.blind_transfer("1003", hasty=hasty))
    asked = await colleague.incoming()
    await asked.ring()
    await seen(hotline, state="ringing", agent="1003")
    await asked.answer()
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await transferring
    await seen(hotline, state="talking", agent="1003")
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    steps = [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected", "queued", "call"))]
    expected = ["call-started", "queued", "connected", "talk-ended", "transferred", "call-resumed", "transfer-answered"]
    assert steps == [*expected, "transfer-ended", "call-finished"]
    assert (call["agent"], call["outcome"], call["number"]) == ("1003", "answered", "12319")


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


async def test_a_caller_sent_to_a_queue_waits_there_in_one_call(hotline: World) -> None:
    first, third = await hotline.agent("1001"), await hotline.agent("1003")
    caller, offer = await connected(hotline, first)
    await hotline.set_state("1001", "not-ready")  # after the talk
    await offer.blind_transfer("6000")
    ring = await third.incoming()
    await ring.answer()
    await hear_each_other(caller, ring, one_says=900, other_says=500)
    await ring.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    steps = [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected", "queued", "call"))]
    expected = [
        "call-started",
        "queued",
        "connected",
        "talk-ended",
        "transferred",
        "call-resumed",
        "queued",
        "connected",
    ]
    assert steps == [*expected, "talk-ended", "call-finished"]
    assert [step["by"] for step in call["story"] if step["kind"] == "talk-ended"] == ["agent", "agent"]
    assert (call["number"], call["queue"]) == ("12319", "general")


async def test_a_caller_sent_to_a_sub_hotline_is_rung_for_there_and_its_failure_leads_where_it_says(
    hotline: World,
) -> None:
    first, third = await hotline.agent("1001"), await hotline.agent("1003")
    gas = await hotline.agent_phone("2201")
    caller, offer = await connected(hotline, first)
    await hotline.set_state("1001", "not-ready")  # after the talk
    transferring = asyncio.create_task(offer.blind_transfer("7001"))
    await declines(gas)
    await caller.hears_recording(hotline.clip("no-answer-apology"))
    await transferring
    ring = await third.incoming()
    await ring.answer()
    await hear_each_other(caller, ring, one_says=900, other_says=500)
    call = await told(hotline)
    assert record(call, "transferred")["to"] == {"sub_hotline": "gas"}
    assert "sub-hotline-failed" in kinds(call)


async def test_a_caller_joined_with_a_colleague_is_told_so(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    asking = await first.place("1003")
    asked = await (await colleague.incoming()).answer()
    await asking.answered()
    await hear_each_other(asking, asked)
    await offer.attended_transfer(asking)
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await seen(hotline, state="talking", agent="1003")
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    steps = [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected"))]
    assert steps == ["connected", "talk-ended", "transferred", "transfer-answered", "transfer-ended"]
    sent = record(call, "transferred")
    assert (sent["how"], sent["to"], sent["actor"]) == ("consult", {"agent": "1003"}, "agent:1001")


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


@pytest.mark.parametrize(("number", "phone"), [("6000", "1003"), ("7001", "2201")])
async def test_a_caller_joined_with_whom_a_queue_or_a_sub_hotline_gave_the_agent_talks_there(
    hotline: World, number: str, phone: str
) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    other = await hotline.agent("1003") if phone == "1003" else await hotline.agent_phone(phone)
    asking = await first.place(number)
    asked = await (await other.incoming()).answer()
    await hear_each_other(asking, asked)
    await offer.attended_transfer(asking)
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await seen(hotline, state="talking", agent=phone)
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await told(hotline)
    steps = [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected", "menu"))]
    assert steps[-5:] == ["connected", "talk-ended", "transferred", "transfer-answered", "transfer-ended"]
    assert record(call, "transferred")["to"] == {"agent": phone}


async def test_a_phone_may_not_send_a_caller_just_anywhere(hotline: World) -> None:
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    with pytest.raises(CallFailed):
        await offer.blind_transfer("110")
    await hear_each_other(caller, offer, one_says=900, other_says=500)
