"""Every part of a recorded call: ring-all, transfers, a talk of three, a callback. And nobody who has left."""

import asyncio
from array import array
from pathlib import Path
from typing import Any

import pytest

from lab.phone import Call
from lab.phone.audio import share
from tests.integration.conversations import taken
from tests.integration.test_callbacks import called_back, with_callbacks
from tests.integration.test_calls_out import CALLS_OUT, CITIZEN
from tests.integration.test_calls_out import connected as on_the_network
from tests.integration.test_recordings import (
    AGENT_SAYS,
    CALLER_SAYS,
    FIFTH,
    RATE,
    SECRET,
    listed,
    parts_with,
    sides,
    speak,
    told,
)
from tests.integration.test_transfers_over_http import ask_transfer, order
from tests.integration.world import World, kinds

COLLEAGUE_SAYS = 1000
PRIVATE = 600
"""What agent and colleague say to each other while the caller hears music."""


async def whole(hotline: World, call_id: str, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await hotline.see(f"calls/{call_id}/recordings", lambda seen: len(seen) == count)
    assert not [*hotline.settings.folder.recordings.glob("talk-*")]
    return found


async def speaks(call: Call, other: Call, hertz: int) -> None:
    """Both are heard, for more than a second."""
    call.send_tone(CALLER_SAYS)
    other.send_tone(hertz)
    await call.hears(hertz)
    await other.hears(CALLER_SAYS)
    await asyncio.sleep(1.2)


def has(side: "array[int]", hertz: int) -> bool:
    """Whether this tone is in it for 0.6 s at least."""
    return parts_with(side, hertz).count(True) >= 3


async def only(hotline: World, recording: dict[str, Any], own: int, others: tuple[int, ...]) -> None:
    """The caller is left, `own` is right, and none of the others is in it."""
    caller, agent = await sides(hotline, recording)
    assert has(caller, CALLER_SAYS)
    assert has(agent, own)
    for side in (caller, agent):
        for hertz in others:
            assert not any(parts_with(side, hertz)), hertz


@pytest.mark.parametrize("change", [("strategy: ring-all", "strategy: ring-all\n    record: always")])
async def test_of_a_ring_all_only_the_talk_of_the_first_is_recorded(hotline: World) -> None:
    slow, quick = await hotline.agent("1001"), await hotline.agent("1002")
    call = await told(hotline, "3")
    one, other = await slow.incoming(), await quick.incoming()
    await one.ring()
    talk = await other.answer()
    await one.cancelled()
    await speak(call, talk)
    await call.hang_up()
    ended = await hotline.ended()
    (recording,) = await whole(hotline, ended["id"], 1)
    assert recording["agent"] == "1002"
    await only(hotline, recording, AGENT_SAYS, ())


@pytest.mark.parametrize("by", ["http", "phone"])
async def test_after_a_blind_transfer_to_a_phone_the_talk_with_it_is_recorded(hotline: World, by: str) -> None:
    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    call = await told(hotline)
    talk = await taken(call, agent)
    await speak(call, talk)
    if by == "http":
        await ask_transfer(hotline, {"agent": "1003"})
        transferring = None
    else:
        transferring = asyncio.create_task(talk.blind_transfer("1003"))
    ringing = await colleague.incoming()
    await call.hears("sound")  # music
    asked = await ringing.answer()
    if transferring is not None:
        await transferring
    await speaks(call, asked, COLLEAGUE_SAYS)
    await hotline.see("calls", lambda calls: calls and calls[0]["recording"] == "on")
    assert (await order(hotline, "recording/pause"))["recording"] == "paused"
    call.send_tone(SECRET)
    await asked.hears(SECRET)
    await asyncio.sleep(1)
    call.send_silence()
    await asked.hears_silence()
    assert (await order(hotline, "recording/resume"))["recording"] == "on"
    await order(hotline, "hold")
    call.send_tone(PRIVATE)
    await call.hears("sound")
    await asyncio.sleep(1)
    await order(hotline, "unhold")
    await speaks(call, asked, COLLEAGUE_SAYS)
    await call.hang_up()
    ended = await hotline.ended()
    first, second = await whole(hotline, ended["id"], 2)
    assert (first["agent"], second["agent"], second["queue"]) == ("1001", "1003", "recorded")
    assert [mark["what"] for mark in second["marks"]] == ["pause", "hold"]
    await only(hotline, first, AGENT_SAYS, (COLLEAGUE_SAYS, SECRET))
    await only(hotline, second, COLLEAGUE_SAYS, (AGENT_SAYS, PRIVATE))
    caller, _ = await sides(hotline, second)
    assert parts_with(caller, SECRET).count(True) <= 1, "but for the moment in which the order was on its way"


async def test_after_a_join_by_the_phones_own_key_the_talk_with_the_colleague_is_recorded(hotline: World) -> None:
    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    call = await told(hotline)
    talk = await taken(call, agent)
    await speak(call, talk)
    await talk.hold()
    asking = await agent.place("1003")
    asked = await (await colleague.incoming()).answer()
    await asking.answered()
    for one, other in ((asking, asked), (asked, asking)):
        one.send_tone(PRIVATE)
        await other.hears(PRIVATE)
    asking.send_silence()
    asked.send_silence()
    call.send_silence()
    await talk.attended_transfer(asking)
    await hotline.see("calls", lambda calls: (calls[0]["agent"], calls[0]["recording"]) == ("1003", "on"))
    await speaks(call, asked, COLLEAGUE_SAYS)
    await order(hotline, "recording/pause")
    call.send_tone(SECRET)
    await asked.hears(SECRET)
    await asyncio.sleep(1)
    call.send_silence()
    await asked.hears_silence()
    await order(hotline, "recording/resume")
    await speaks(call, asked, COLLEAGUE_SAYS)
    await call.hang_up()
    ended = await hotline.ended()
    first, second = await whole(hotline, ended["id"], 2)
    assert (first["agent"], second["agent"], second["queue"]) == ("1001", "1003", "recorded")
    await only(hotline, first, AGENT_SAYS, (COLLEAGUE_SAYS, SECRET, PRIVATE))
    await only(hotline, second, COLLEAGUE_SAYS, (AGENT_SAYS, PRIVATE))
    assert [mark["what"] for mark in second["marks"]] == ["pause"]


async def consults(hotline: World) -> tuple[Call, Call, Call]:
    """Caller, agent, and the colleague whom the agent asks."""
    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    call = await told(hotline)
    talk = await taken(call, agent)
    await speak(call, talk)
    await order(hotline, "transfer")
    asked = await (await colleague.incoming()).answer()
    for one, other in ((talk, asked), (asked, talk)):
        one.send_tone(PRIVATE)
        await other.hears(PRIVATE)
    await asyncio.sleep(1)
    talk.send_silence()
    asked.send_silence()
    return call, talk, asked


async def test_a_colleague_gets_the_caller_out_of_a_consultation_and_that_talk_is_recorded(hotline: World) -> None:
    call, talk, asked = await consults(hotline)
    await order(hotline, "complete")
    await talk.ended()
    await speaks(call, asked, COLLEAGUE_SAYS)
    await asked.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    ended = await hotline.ended()
    first, second = await whole(hotline, ended["id"], 2)
    await only(hotline, first, AGENT_SAYS, (COLLEAGUE_SAYS, PRIVATE))
    assert second["agent"] == "1003"
    await only(hotline, second, COLLEAGUE_SAYS, (AGENT_SAYS, PRIVATE))


async def test_in_a_talk_of_three_the_third_one_is_recorded_until_the_third_one_leaves(hotline: World) -> None:
    call, talk, asked = await consults(hotline)
    await order(hotline, "join")
    call.send_silence()
    asked.send_tone(COLLEAGUE_SAYS)
    await call.hears(COLLEAGUE_SAYS)
    await asyncio.sleep(1.5)
    await order(hotline, "recording/pause")
    asked.send_tone(SECRET)
    await call.hears(SECRET)
    await asyncio.sleep(1)
    asked.send_silence()
    await call.hears_silence()
    await order(hotline, "recording/resume")
    await order(hotline, "return")
    await asked.ended()
    await speak(call, talk)
    await call.hang_up()
    ended = await hotline.ended()
    (recording,) = await whole(hotline, ended["id"], 1)
    caller, own = await sides(hotline, recording)
    assert has(caller, CALLER_SAYS)
    assert has(own, AGENT_SAYS)
    third = [at for at in range(0, len(own) - FIFTH, FIFTH) if share(own[at : at + FIFTH], COLLEAGUE_SAYS) > 0.6]
    assert 1.2 <= len(third) * 0.2 <= 3, "as long as the third one has spoken"
    (held,) = [mark for mark in recording["marks"] if mark["what"] == "hold"]
    assert third[0] / RATE == pytest.approx(held["at_s"], abs=0.8), "where the third one has spoken"
    assert not any(parts_with(caller, COLLEAGUE_SAYS))
    assert parts_with(own, SECRET).count(True) <= 1
    assert not any(parts_with(own, PRIVATE))


async def test_three_talk_and_the_agent_leaves_to_the_colleague(hotline: World) -> None:
    call, talk, asked = await consults(hotline)
    await order(hotline, "join")
    asked.send_tone(COLLEAGUE_SAYS)
    await call.hears(COLLEAGUE_SAYS)
    await order(hotline, "complete")
    await talk.ended()
    await speaks(call, asked, COLLEAGUE_SAYS)
    await call.hang_up()
    ended = await hotline.ended()
    first, second = await whole(hotline, ended["id"], 2)
    assert (first["agent"], second["agent"]) == ("1001", "1003")
    await only(hotline, second, COLLEAGUE_SAYS, (AGENT_SAYS, PRIVATE))


@pytest.mark.parametrize("change", [CALLS_OUT])
async def test_a_citizen_who_is_called_back_hears_it_and_is_recorded(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    file = with_callbacks(hotline_folder) / "hotline.yaml"
    text = file.read_text()
    file.write_text(
        text.replace("    ring: 120s\n    wrap_up: 1s\n", "    ring: 120s\n    wrap_up: 1s\n    record: always\n")
    )
    async with on_the_network(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        answered = await (await called_back(hotline, provider)).answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        await answered.hears_recording(hotline.clip("talk-recorded"))
        talk = await (await agent.incoming()).answer()
        await speak(answered, talk)
        await answered.hang_up()
        ended = await hotline.ended(CITIZEN)
        story = kinds(ended)
        assert story.index("recording-told") < story.index("connected")
        (recording,) = await listed(hotline, ended["id"])
        await only(hotline, recording, AGENT_SAYS, ())
