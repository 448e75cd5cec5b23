"""Callers whom an agent's phone has transferred talk on, whatever happens to the service or its link to Asterisk."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lab.patience import until
from tests.integration.conversations import connected, hear_each_other, in_menu, queued
from tests.integration.world import World, kinds, record, world


@pytest.fixture
async def hotline(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as made:
        yield made


async def test_who_was_handed_over_to_a_colleague_talks_on_over_a_broken_link_and_a_restart(hotline: World) -> None:
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
    told = await hotline.ended()
    assert (told["outcome"], record(told, "talk-ended")["by"]) == ("answered", "agent")
    await hotline.see_agent("1001", state="ready")
    assert (await hotline.get("queues/greening"))["waiting"] == 0
    await hear_each_other(caller, asked, one_says=1000, other_says=600)
    await asked.hang_up()
    await caller.ended()
    assert kinds(await hotline.ended()).count("offered") == 1


async def test_who_was_sent_to_the_hotline_s_own_number_while_the_service_was_away_hears_the_menu(
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


@pytest.mark.parametrize("service", ["up", "away"])
async def test_a_caller_handed_over_to_a_queue_in_which_the_agent_waited_is_not_left_in_silence(
    hotline: World, service: str
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
    if service == "away":
        await hotline.stop_service()
    await offer.attended_transfer(asking)
    if service == "away":
        await hotline.start_service()
        await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    else:
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
