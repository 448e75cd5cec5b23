"""A hotline on the telephone network: the provider at 127.0.0.2 is one of our phones."""

import asyncio
from pathlib import Path

import pytest

from lab.phone import CallFailed, Phone
from lab.ports import free_port
from settings.sections import Trunk
from tests.integration.conversations import hear_each_other
from tests.integration.world import kinds, record, world

POLICE = ("entry: main", 'entry: main\noutside_numbers: {"110": {zh: 公安, en: Police}}')


async def test_calls_come_and_go_through_the_trunk(tmp_path: Path, hotline_folder: Path, sounds: Path) -> None:
    provider_port, ours = free_port(), free_port()
    trunk = Trunk(host="127.0.0.2", port=provider_port, bind="127.0.0.1", bind_port=ours)
    async with world(tmp_path / "state", hotline_folder, sounds, trunk=trunk) as hotline:
        provider = Phone(("127.0.0.1", ours), number="13800138000", host="127.0.0.2", port=provider_port)
        async with provider:
            call = await provider.dial("12319")
            await call.hears_recording(hotline.clip(hotline.hotline.greeting))
            await call.press("7")
            outside = await provider.incoming()
            assert outside.dialled == "962777"
            await outside.answer()
            outside.send_tone(440)
            call.send_tone(800)
            await call.hears(440)
            await outside.hears(800)
            outside.send_silence()
            await outside.hang_up()
            await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
            await call.ended()
        told = await hotline.ended()
        assert (told["caller"], told["outcome"]) == ("13800138000", "sub-hotline")
        assert "sub-hotline-answered" in kinds(told)
        stranger = await hotline.citizen()
        with pytest.raises(CallFailed):  # with a trunk nobody calls without an account
            await stranger.dial("12319")


@pytest.mark.parametrize("change", [POLICE])
async def test_an_agent_sends_a_caller_to_a_number_outside_that_the_hotline_allows(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    provider_port, ours = free_port(), free_port()
    trunk = Trunk(host="127.0.0.2", port=provider_port, bind="127.0.0.1", bind_port=ours)
    async with (
        # Before Asterisk: it would ask a provider that does not answer again only after 30 s.
        Phone(("127.0.0.1", ours), number="13800138000", host="127.0.0.2", port=provider_port) as provider,
        world(tmp_path / "state", hotline_folder, sounds, trunk=trunk) as hotline,
    ):
        agent = await hotline.agent("1001")
        call = await provider.dial("12319")
        await call.hears_speech()
        await call.press("1")
        offer = await (await agent.incoming()).answer()
        await hear_each_other(call, offer)
        for step in ("complete", "consult", "join", "return"):
            (live,) = await hotline.get("calls")
            route, body = step, None
            if step == "consult":
                route, body = "transfer", {"to": {"number": "110"}, "how": "consult"}
            answer = await hotline.http.post(f"/api/v1/calls/{live['id']}/{route}", json=body)
            assert answer.status_code == (409 if step == "complete" else 200), answer.text
            if step == "consult":
                asked = await provider.incoming()
                assert asked.dialled == "110"
                police = await asked.answer()
                await hear_each_other(offer, police, one_says=900, other_says=500)
            elif step == "join":
                await hear_each_other(call, police, one_says=1000, other_says=600)
        await police.ended()
        await hear_each_other(call, offer, one_says=700, other_says=400)
        transferring = asyncio.create_task(offer.blind_transfer("110"))
        police = await provider.incoming()
        assert police.dialled == "110"
        await police.answer()
        await transferring
        await hear_each_other(call, police, one_says=900, other_says=500)
        await call.hang_up()
        told = await hotline.ended()
    assert record(told, "transferred")["to"] == {"number": "110"}
    assert told["transfers"][0]["became"] == "answered"
