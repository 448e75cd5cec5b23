"""Callers whom an agent's phone has transferred talk on, whatever happens to the service or its link to Asterisk."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lab.patience import until
from lab.phone import Call, IncomingCall, Phone
from tests.integration.conversations import connected, hear_each_other, in_menu, queued
from tests.integration.world import World, kinds, record, world


@pytest.fixture
async def hotline(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as made:
        yield made


async def test_a_caller_completed_to_a_colleague_talks_on_over_a_broken_link_and_a_restart(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    asking = await first.place("1003")
    asked = await colleague.incoming()
    await asked.answer()
    await asking.answered()
    await hear_each_other(asking, asked)  # before that it would be another kind of transfer to Asterisk
    await offer.attended_transfer(asking)
    await hear_each_other(caller, asked)
    await hotline.see_agent("1001", state="ready")
    hotline.proxies.ami.cut()
    await hotline.see_agent("1001", phone="unreachable")
    await hotline.see_agent("1001", phone="free")
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await hotline.stop_service()
    await hotline.start_service()
    await hear_each_other(caller, asked, one_says=1000, other_says=600)
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert told["outcome"] == "answered"


@pytest.mark.parametrize("away", ["the service", "the link"])
@pytest.mark.parametrize("at", ["an agent", "a colleague"])
async def test_a_transfer_to_a_colleague_that_nobody_saw_is_told_once_it_can_be_seen(
    hotline: World, away: str, at: str
) -> None:
    """`at`: who hands the caller over: the queue's agent, or a colleague who got the caller from this agent."""
    one, two = await hotline.agent("1001"), await hotline.agent_phone("1003")
    three = await hotline.agent_phone("1004")
    caller, talks = await connected(hotline, one)
    if at == "a colleague":
        talks = await joined(caller, talks, one, two, "1003")
        one = two
    if away == "the service":
        await hotline.stop_service()
    else:
        await hotline.proxies.ami.refuse()
        hotline.proxies.ami.cut()
        await hotline.see_agent("1001", phone="unreachable")
    talks = await joined(caller, talks, one, three, "1004")
    if away == "the service":
        await hotline.start_service()
    else:
        await hotline.proxies.ami.listen()
    await hotline.see_agent("1001", phone="free")
    (call,) = await hotline.get("calls")
    last = (await hotline.story(call["id"]))["transfers"][-1]
    by = "1003" if at == "a colleague" else "1001"
    assert (last["agent"], last["how"], last["to"], last["became"]) == (by, "consult", {"agent": "1004"}, "answered")
    await hear_each_other(caller, talks, one_says=1000, other_says=600)
    await talks.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert [talk["with"] for talk in told["talks"]][-1] == {"agent": "1004"}
    assert told["talks"][-1]["ended_by"] == "agent"
    assert len(told["transfers"]) == (2 if at == "a colleague" else 1)


async def joined(caller: Call, talks: IncomingCall, agent: Phone, colleague: Phone, number: str) -> IncomingCall:
    """The agent asks the colleague, and joins the two. The colleague's call."""
    asking = await agent.place(number)
    asked = await colleague.incoming()
    await asked.answer()
    await asking.answered()
    await hear_each_other(asking, asked)
    await talks.attended_transfer(asking)
    await hear_each_other(caller, asked, one_says=700, other_says=500)
    return asked


@pytest.mark.parametrize("seen", [True, False], ids=["a talk that was seen", "a talk that nobody saw"])
async def test_a_caller_sent_to_a_colleague_while_the_service_was_away_talks_on_and_nobody_is_rung(
    hotline: World, seen: bool
) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller = await queued(hotline, "1")
    offer = await first.incoming()
    await offer.ring()
    if not seen:
        await hotline.stop_service()
    await offer.answer()
    await hear_each_other(caller, offer)
    if seen:
        await hotline.stop_service()
    transferring = asyncio.create_task(offer.blind_transfer("1003"))
    asked = await colleague.incoming()
    await asked.answer()
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await transferring
    await hotline.start_service()
    await hotline.see_agent("1001", state="ready")
    assert (await hotline.get("queues/greening"))["waiting"] == 0
    await hear_each_other(caller, asked, one_says=1000, other_says=600)
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert (told["outcome"], record(told, "talk-ended")["by"], kinds(told).count("offered")) == ("answered", "agent", 1)
    assert [talk["with"] for talk in told["talks"]] == [{"agent": "1001"}, {"agent": "1003"}]
    (sent,) = told["transfers"]
    assert (sent["how"], sent["to"], sent["became"]) == ("blind", {"agent": "1003"}, "answered")
    assert sent["agent"] == ("1001" if seen else None)


async def test_a_talk_with_a_colleague_that_was_over_when_the_service_was_back_is_told(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    await hotline.stop_service()
    transferring = asyncio.create_task(offer.blind_transfer("1003"))
    asked = await colleague.incoming()
    await asked.answer()
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await transferring
    await asked.hang_up()
    await hotline.start_service()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    (sent,) = told["transfers"]
    assert (sent["how"], sent["agent"], sent["to"], sent["became"]) == ("blind", "1001", {"agent": "1003"}, "answered")
    assert [talk["with"] for talk in told["talks"]] == [{"agent": "1001"}, {"agent": "1003"}]


async def test_a_caller_sent_to_the_hotlines_own_number_while_the_service_was_away_hears_the_menu(
    hotline: World,
) -> None:
    agent = await hotline.agent("1001")
    caller, offer = await connected(hotline, agent)
    await hotline.stop_service()
    transferring = asyncio.create_task(offer.blind_transfer("12319"))
    await caller.hears("sound")  # music, until somebody is there
    await hotline.start_service()
    await caller.hears_recording(hotline.menu("main"))
    await transferring
    await caller.press("2")
    await caller.hears_recording(hotline.menu("water"))
    await hotline.see_agent("1001", state="ready")


@pytest.mark.parametrize("away", ["nothing", "the service", "the link"])
async def test_a_caller_completed_to_a_queue_in_which_the_agent_waited_is_not_left_in_silence(
    hotline: World, away: str
) -> None:
    """Asterisk joins the caller's bridge and the holding bridge, in which all wait, by two channels of its own."""
    first = await hotline.agent("1001")
    caller, offer = await connected(hotline, first)
    await hotline.set_state("1001", "not-ready")  # after the talk
    waits = await queued(hotline, "0", "13900139000")
    asking = await first.place("6001")
    await until(
        "both callers in the holding bridge",
        lambda: hotline.asterisk.command("bridge show all"),
        lambda bridges: re.search(r" 2 .*holding_bridge", bridges),
    )
    if away == "the service":
        await hotline.stop_service()
    elif away == "the link":
        await hotline.proxies.ami.refuse()
        hotline.proxies.ami.cut()
        await hotline.see_agent("1001", phone="unreachable")
    await offer.attended_transfer(asking)
    if away == "the service":
        await hotline.start_service()
    elif away == "the link":
        await hotline.proxies.ami.listen()
    await caller.hears_recording(hotline.clip("please-hold"))
    second = await hotline.agent("1002")
    ring = await second.incoming()
    assert ring.caller_number == "13800138000"
    await ring.answer()
    await hear_each_other(caller, ring, one_says=1000, other_says=600)
    await ring.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert (told["outcome"], record(told, "talk-ended")["by"]) == ("answered", "agent")
    assert "transfer-" not in await hotline.asterisk.command("core show channels concise")
    third = await hotline.agent("1003")
    ring = await third.incoming()
    await ring.answer()
    await hear_each_other(waits, ring)


async def test_a_caller_sent_to_a_queue_s_extension_waits_there_in_the_caller_s_language(hotline: World) -> None:
    agent = await hotline.agent("1001")
    caller = await in_menu(hotline)
    await caller.press("8")
    await caller.hears_recording(hotline.menu("main", "en"))
    await caller.press("1")
    offer = await agent.incoming()
    await offer.answer()
    await hear_each_other(caller, offer)
    await hotline.set_state("1001", "not-ready")  # after the talk
    await offer.blind_transfer("6003")
    await caller.hears_recording(hotline.clip("please-hold", "en"))
    (told,) = await hotline.get("calls?state=waiting")
    assert (told["language"], told["queue"]) == ("en", "quick")
