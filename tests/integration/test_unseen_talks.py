"""Talks that begin and end while the service or its link to Asterisk is away: the caller's last word tells of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.conversations import hear_each_other, queued
from tests.integration.world import World, world


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
