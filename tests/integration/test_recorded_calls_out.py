"""Calls of agents to citizens are recorded as the queue says: through the provider at 127.0.0.2, one of our phones."""

import asyncio
from pathlib import Path

import pytest

from lab.phone import Call, IncomingCall, Phone
from tests.integration.test_calls_out import CALLS_OUT, connected, rings, talks
from tests.integration.test_recordings import (
    AGENT_SAYS,
    CALLER_SAYS,
    SECRET,
    lacks_secret,
    listed,
    parts_with,
    sides,
    speak,
)
from tests.integration.test_transfers_over_http import order
from tests.integration.world import World, kinds, record

pytestmark = pytest.mark.parametrize("change", [CALLS_OUT])


def recording(folder: Path, rule: str) -> Path:
    """The talks of greening are recorded so."""
    file = folder / "hotline.yaml"
    before = "    needs: {greening: 3}\n    ring: 120s\n"
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, f"{before}    record: {rule}\n"))
    return folder


async def answers(hotline: World, provider: Phone, agent: Phone) -> tuple[Call, IncomingCall]:
    """A citizen who has answered, and hears that the talk is recorded."""
    own, citizen = await rings(hotline, provider, agent)
    await citizen.answer()
    await citizen.hears_recording(hotline.clip("talk-recorded"))
    return own, citizen


async def both_are_in_it(hotline: World) -> None:
    ended = await hotline.ended()
    (one,) = await listed(hotline, ended["id"])
    assert (one["id"], one["queue"], one["agent"]) == (f"{ended['id']}.out", "greening", "1001")
    caller, own = await sides(hotline, one)
    for side, says, other in ((caller, CALLER_SAYS, AGENT_SAYS), (own, AGENT_SAYS, CALLER_SAYS)):
        spoken = parts_with(side, says)[3:]
        assert spoken.count(False) <= 1
        assert not any(parts_with(side, other)), "the sides are apart"


async def test_a_citizen_hears_so_first_and_then_both_sides_are_recorded(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, recording(hotline_folder, "always"), sounds) as (hotline, provider, agent):
        own, citizen = await answers(hotline, provider, agent)
        await speak(citizen, own)
        await own.hang_up()
        await citizen.ended()
        await both_are_in_it(hotline)
        told = await hotline.ended()
        assert kinds(told)[:4] == ["call-out-dialled", "call-out-answered", "recording-told", "recording-begun"]
        (one,) = await listed(hotline, told["id"])
        assert one["marks"] == []
        assert record(told, "recorded")["length_s"] < record(told, "call-out-ended")["talked_s"] + 0.5
        assert not [*hotline.settings.folder.recordings.glob("talk-*")]


async def test_the_citizen_answers_and_both_talk_and_hang_up_while_the_service_is_away(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, recording(hotline_folder, "always"), sounds) as (hotline, provider, agent):
        own, citizen = await rings(hotline, provider, agent)
        await hotline.stop_service()
        await citizen.answer()
        await citizen.hears_recording(hotline.clip("talk-recorded"))
        await speak(citizen, own)
        await citizen.hang_up()
        await own.ended()
        await hotline.start_service()
        await both_are_in_it(hotline)


@pytest.mark.parametrize("by", ["http", "phone"])
async def test_the_agent_lets_the_recording_pause(tmp_path: Path, hotline_folder: Path, sounds: Path, by: str) -> None:
    async with connected(tmp_path, recording(hotline_folder, "always"), sounds) as (hotline, provider, agent):
        own, citizen = await answers(hotline, provider, agent)
        await speak(citizen, own)

        async def turns(to: str) -> None:
            if by == "http":
                await order(hotline, f"recording/{'pause' if to == 'paused' else 'resume'}")
            else:
                await own.hold()
                code = await agent.dial("*48")
                await code.hears_recording(hotline.clip(f"recording-{to}"))
                await code.ended()
                await own.unhold()

        await turns("paused")
        citizen.send_tone(SECRET)
        await own.hears(SECRET)
        await asyncio.sleep(1)
        citizen.send_silence()
        await own.hears_silence()
        await turns("on")
        await speak(citizen, own)
        await citizen.hang_up()
        (one,) = await listed(hotline, (await hotline.ended())["id"])
        (pause,) = one["marks"]
        assert (pause["what"], 1 < pause["at_s"] < one["length_s"] - 1) == ("pause", True)
        caller, _ = await sides(hotline, one)
        assert parts_with(caller, CALLER_SAYS).count(True) >= 10
        lacks_secret(caller)


async def test_the_agent_begins_where_the_queue_leaves_it_to_the_agent(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, recording(hotline_folder, "on-demand"), sounds) as (hotline, provider, agent):
        own, citizen = await talks(hotline, provider, agent)
        (live,) = await hotline.get("calls")
        assert (await hotline.get(f"calls/{live['id']}"))["recording"] == "off"
        asked = asyncio.create_task(order(hotline, "recording/start"))
        sentence = hotline.clip("recorded-now")
        await asyncio.gather(citizen.hears_mixed(sentence), own.hears_mixed(sentence))
        assert (await asked)["recording"] == "on"
        await order(hotline, "recording/start", expected=409)
        await speak(citizen, own)
        await own.hang_up()
        await both_are_in_it(hotline)
        (one,) = await listed(hotline, live["id"])
        (begun,) = one["marks"]
        assert begun["what"] == "begun"
        assert begun["held_s"] > 2


async def test_who_hangs_up_during_the_sentence_has_not_talked_and_is_not_recorded(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, recording(hotline_folder, "always"), sounds) as (hotline, provider, agent):
        own, citizen = await rings(hotline, provider, agent)
        await citizen.answer()
        await citizen.hears("sound")
        await citizen.hang_up()
        await own.ended()
        ended = await hotline.ended()
        assert kinds(ended) == ["call-out-dialled", "call-out-failed"]
        assert await hotline.get(f"calls/{ended['id']}/recordings") == []
        await hotline.see_agent("1001", state="ready", phone="free")
