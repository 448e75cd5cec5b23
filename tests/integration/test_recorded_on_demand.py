"""`record: on-demand`: the agent begins, both hear so first. And the code by which a phone lets a recording pause."""

import asyncio

import pytest

from lab.phone import Call
from tests.integration.conversations import connected, queued, taken
from tests.integration.test_recordings import (
    AGENT_SAYS,
    CALLER_SAYS,
    SECRET,
    lacks_secret,
    listed,
    parts_with,
    sides,
    speak,
    tells_secret,
    told,
)
from tests.integration.test_transfers_over_http import order
from tests.integration.world import World, kinds, record

BEFORE = 600
"""What the two say before."""
ON_DEMAND = pytest.mark.parametrize("change", [("record: always", "record: on-demand")])


async def talks(hotline: World) -> tuple[Call, Call]:
    """A caller and an agent who have talked, not recorded."""
    agent = await hotline.agent("1001")
    call = await queued(hotline, "26")
    talk = await taken(call, agent)
    call.send_tone(BEFORE)
    await talk.hears(BEFORE)
    await asyncio.sleep(1)
    call.send_silence()
    await talk.hears_silence()
    return call, talk


@ON_DEMAND
async def test_an_agent_begins_both_hear_so_and_only_then_it_is_recorded(hotline: World) -> None:
    call, talk = await talks(hotline)
    (live,) = await hotline.get("calls")
    assert (await hotline.get(f"calls/{live['id']}"))["recording"] == "off"
    asked = asyncio.create_task(order(hotline, "recording/start"))
    sentence = hotline.clip("recorded-now")
    await asyncio.gather(call.hears_mixed(sentence), talk.hears_mixed(sentence))
    assert (await asked)["recording"] == "on"
    await order(hotline, "recording/start", expected=409)
    await speak(call, talk)
    await tells_secret(hotline, call, talk)
    await speak(call, talk)
    await call.hang_up()
    ended = await hotline.ended()
    assert record(ended, "recording-begun")["actor"] == "token:local"
    assert kinds(ended).index("recording-told") < kinds(ended).index("recording-begun")
    (recording,) = await listed(hotline, ended["id"])
    assert [mark["what"] for mark in recording["marks"]] == ["begun", "pause", "hold"]
    assert recording["marks"][0]["held_s"] > 2
    caller, own = await sides(hotline, recording)
    assert parts_with(caller, CALLER_SAYS).count(True) >= 10
    assert parts_with(own, AGENT_SAYS).count(True) >= 10
    for side in (caller, own):
        assert not any(parts_with(side, BEFORE))
    lacks_secret(caller)


@ON_DEMAND
async def test_a_talk_that_nobody_asks_to_record_leaves_nothing_and_a_key_of_the_agent_begins_none(
    hotline: World,
) -> None:
    call, talk = await talks(hotline)
    await talk.press("D")
    await speak(call, talk)
    assert not [*hotline.settings.folder.recordings.glob("talk-*")]
    await call.hang_up()
    ended = await hotline.ended()
    assert await hotline.get(f"calls/{ended['id']}/recordings") == []
    assert "recording-told" not in kinds(ended)


@ON_DEMAND
async def test_who_hangs_up_during_the_sentence_is_not_recorded(hotline: World) -> None:
    call, _ = await talks(hotline)
    asked = asyncio.create_task(order(hotline, "recording/start", expected=409))
    await call.hears("sound")
    await call.hang_up()
    await asked
    ended = await hotline.ended()
    assert "recording-begun" not in kinds(ended)
    assert await hotline.get(f"calls/{ended['id']}/recordings") == []


async def test_only_a_queue_that_allows_it_is_recorded_on_demand(hotline: World) -> None:
    await connected(hotline, await hotline.agent("1001"))
    await order(hotline, "recording/start", expected=409)


async def test_a_code_on_the_phone_lets_the_recording_pause_and_go_on(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await told(hotline)
    talk = await taken(call, agent)
    await speak(call, talk)

    async def dials(says: str) -> None:
        await talk.hold()
        code = await agent.dial("*48")
        await code.hears_recording(hotline.clip(says))
        await code.ended()
        await talk.unhold()

    await dials("recording-paused")
    for one, other in ((call, talk), (talk, call)):  # the agent repeats it
        one.send_tone(SECRET)
        await other.hears(SECRET)
    await asyncio.sleep(1)
    for one, other in ((call, talk), (talk, call)):
        one.send_silence()
        await other.hears_silence()
    await dials("recording-on")
    await speak(call, talk)
    await call.hang_up()
    ended = await hotline.ended()
    assert record(ended, "recording-paused")["actor"] == record(ended, "recording-resumed")["actor"]
    (recording,) = await listed(hotline, ended["id"])
    assert [mark["what"] for mark in recording["marks"]] == ["pause"]
    for side, says in zip(await sides(hotline, recording), (CALLER_SAYS, AGENT_SAYS), strict=True):
        assert parts_with(side, says).count(True) >= 10
        assert not any(parts_with(side, SECRET))
    code = await agent.dial("*48")
    await code.hears_recording(hotline.clip("recording-off"))
