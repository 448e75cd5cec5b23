"""Talks that begin and end while the service or its link to Asterisk is away: the caller's last word tells of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.integration.conversations import hear_each_other, in_menu, queued
from tests.integration.world import World, kinds, record, world


@asynccontextmanager
async def service_away(hotline: World) -> AsyncIterator[None]:
    await hotline.stop_service()
    yield
    await hotline.start_service()


@asynccontextmanager
async def link_away(hotline: World) -> AsyncIterator[None]:
    await hotline.proxies.ami.refuse()
    hotline.proxies.ami.cut()
    await hotline.see_agent("1001", phone="unreachable")
    yield
    await hotline.proxies.ami.listen()


@pytest.mark.parametrize("away", [service_away, link_away])
async def test_a_talk_that_came_and_went_is_told_whoever_ended_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path, away: Callable[[World], AbstractAsyncContextManager[None]]
) -> None:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as hotline:
        bureau = await hotline.agent_phone("2202")
        agent = await hotline.agent("1001")
        call = await queued(hotline, "1", "13800138000")
        offer = await agent.incoming()
        await offer.ring()
        department = await in_menu(hotline, "13900139000")
        await department.press("5")
        dialled = await bureau.incoming()
        await dialled.ring()
        async with away(hotline):
            await offer.answer()
            await hear_each_other(call, offer)
            await dialled.answer()
            await hear_each_other(department, dialled)
            await call.hang_up()
            await department.hang_up()
            await offer.ended()
            await dialled.ended()
        told = await hotline.ended("13800138000")
        assert (told["outcome"], record(told, "talk-ended")["by"]) == ("answered", "caller")
        assert record(told, "connected")["agent"] == "1001"
        assert record(told, "call-finished")["cause"] == "hung-up-unseen"
        told = await hotline.ended("13900139000")
        assert (told["outcome"], kinds(told).count("sub-hotline-answered")) == ("sub-hotline", 1)
        await hotline.see_agent("1001", state="ready")


async def test_an_agent_who_picked_up_unseen_and_is_sent_on_a_break_talks_on(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as hotline:
        agent, other = await hotline.agent("1001"), await hotline.agent("1002")
        call = await queued(hotline, "1")
        offer = await agent.incoming()
        await offer.ring()
        waits = await queued(hotline, "1", "13900139000")
        rung = await other.incoming()
        await rung.ring()
        async with link_away(hotline):
            await offer.answer()
            await hear_each_other(call, offer)
            assert (await hotline.set_state("1001", "not-ready", "lunch"))["next_state"] == "not-ready"
            await hotline.set_state("1002", "not-ready", "lunch")
        await rung.cancelled()
        await hotline.see_agent("1002", state="not-ready")
        await hotline.see_agent("1001", state="on-call")
        await hear_each_other(call, offer, one_says=900, other_says=500)
        await offer.hang_up()
        await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
        await hotline.see_agent("1001", state="not-ready", reason="lunch")
        assert waits.up
