"""Callers hang up, keep their places and are called back: through the provider at 127.0.0.2, which is our phone."""

from pathlib import Path
from typing import Any

import pytest

from lab.phone import Call, Phone
from tests.integration.conversations import hear_each_other
from tests.integration.test_calls_out import CALLS_OUT, CITIZEN, connected
from tests.integration.world import World, kinds, record

RULE = 'callback: {key: "2", again: 1m, tries: 2}'


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


async def test_a_citizen_is_called_back_presses_one_and_talks(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        await hotline.set_state("1001", "not-ready")
        await promised(hotline, provider)
        await hotline.set_state("1001", "ready")
        citizen = await provider.incoming()
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
