"""Callers hang up, keep their places and are called back: through the provider at 127.0.0.2, which is our phone."""

from pathlib import Path
from typing import Any

import pytest

from lab.phone import Call, IncomingCall, Phone
from tests.integration.conversations import hear_each_other
from tests.integration.test_calls_out import CALLS_OUT, CITIZEN, connected
from tests.integration.world import World, kinds, record

RULE = 'callback: {key: "2", again: 10s, tries: 2}'


def with_callbacks(folder: Path) -> Path:
    """Callers of greening may be called back; its agents wrap up at once."""
    file = folder / "hotline.yaml"
    before = "    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 1s\n"
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, f"{before}    announce: {{every: 30s}}\n    {RULE}\n"))
    return folder


pytestmark = pytest.mark.parametrize("change", [CALLS_OUT])


async def waits(hotline: World, provider: Phone, number: str = CITIZEN) -> Call:
    """A citizen who waits in greening."""
    call = await provider.dial("12319")
    await call.hears_speech()
    await call.press("1")
    await hotline.see("calls", lambda calls: any(one["state"] == "waiting" for one in calls))
    return call


async def promised(hotline: World, provider: Phone) -> Any:
    """A citizen has waited, has asked to be called back, and has heard that this will be done: the call's story."""
    call = await waits(hotline, provider)
    await call.hears_recording(hotline.clip("please-hold"))
    await call.press("2")
    await call.hears_recording(hotline.clip("callback-promised"))
    await call.ended()
    told = await hotline.ended(CITIZEN)
    assert record(told, "callback-promised")["number"] == CITIZEN
    return told


async def called_back(hotline: World, provider: Phone) -> IncomingCall:
    """A callback has been promised, the only agent gets ready, and the citizen's phone is called: that call."""
    await hotline.set_state("1001", "not-ready")
    await promised(hotline, provider)
    await hotline.set_state("1001", "ready")
    return await provider.incoming()


async def test_a_citizen_is_called_back_presses_one_and_talks(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        citizen = await called_back(hotline, provider)
        assert citizen.caller_number == "12320"
        answered = await citizen.answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        offer = await agent.incoming()
        assert offer.caller_number == CITIZEN
        own = await offer.answer()
        await hear_each_other(answered, own)
        await answered.hang_up()
        told = await hotline.ended(CITIZEN)
        assert [kind for kind in kinds(told) if kind.startswith(("callback", "connected"))] == [
            "callback-answered",
            "connected",
        ]


async def test_a_mailbox_presses_nothing_and_the_last_try_ends_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, _):
        await hotline.set_state("1001", "not-ready")
        told = await promised(hotline, provider)
        callback = record(told, "callback-promised")["callback"]
        await hotline.set_state("1001", "ready")
        mailbox = await (await provider.incoming()).answer()
        await mailbox.ended()
        story = await hotline.see(f"calls/{callback}", lambda call: "callback-postponed" in kinds(call))
        assert record(story, "callback-postponed")["why"] == "not-confirmed"
        await (await provider.incoming()).reject(486)
        story = await hotline.see(f"calls/{callback}", lambda call: "left-queue" in kinds(call))
        assert record(story, "left-queue")["why"] == "not-reached"
        await hotline.see_agent("1001", state="ready", phone="free")


async def test_who_rings_meanwhile_gets_the_place_and_the_other_phone_rings_no_more(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        rings = await called_back(hotline, provider)
        await rings.ring()
        call = await provider.dial("12319")
        await call.hears_speech()
        await call.press("1")
        offer = await agent.incoming()
        await rings.ended()
        await hear_each_other(call, await offer.answer())
        await call.hang_up()
        told = await hotline.ended(CITIZEN)
        assert kinds(told).count("callback-answered") == 1
        assert record(told, "connected")["waited_s"] > 5, "since the first call"


async def test_a_restart_while_the_citizens_phone_rings_rings_nobody_twice(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        rings = await called_back(hotline, provider)
        await rings.ring()
        await hotline.stop_service()
        await hotline.start_service()
        answered = await rings.answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        await hear_each_other(answered, await (await agent.incoming()).answer())
        assert len(provider.calls) == 1
        await answered.hang_up()
        assert "callback-answered" in kinds(await hotline.ended(CITIZEN))
