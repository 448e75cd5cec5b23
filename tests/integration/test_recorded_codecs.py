"""Recordings of phones whose codecs differ, without and with lost packets: both sides are heard, nothing is left out.

A phone of the lab speaks G.722 and Opus by repeating what Asterisk has encoded for it before.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest

from lab.patience import patience
from lab.phone import Call, Phone, audio
from lab.phone.sdp import G722, OPUS, PCMA, PCMU
from lab.stalls import Stalls
from tests.integration.test_recordings import AGENT_SAYS, CALLER_SAYS, listed, parts_with, sides
from tests.integration.world import World, record

TALKS = 5.0
"""Seconds."""

PAIRS = [
    (PCMU, PCMA),
    (PCMA, PCMU),
    (G722, PCMU),
    (PCMU, G722),
    (OPUS, PCMU),
    (PCMU, OPUS),
    (OPUS, G722),
    (G722, OPUS),
    (OPUS, OPUS),
]
"""Of the caller, and of the agent."""

Frames = Mapping[tuple[int, int], Sequence[bytes]]
"""By codec and hertz: a second of that tone."""


@asynccontextmanager
async def talking(hotline: World, caller: int, agent: int, loses: int = 0) -> AsyncIterator[tuple[Call, Call]]:
    """Phones of these codecs, which are recorded."""
    password = hotline.secrets.phone_password("1001", hotline.hotline.phones["1001"]).get_secret_value()
    async with (
        Phone(hotline.sip, number="13800138000", codecs=(caller,), loses=loses) as citizen,
        Phone(hotline.sip, "1001", password, codecs=(agent,), loses=loses) as phone,
    ):
        await phone.register(expires=60)
        await hotline.see_agent("1001", phone="free")
        await hotline.set_state("1001", "ready")
        call = await citizen.dial("12319")
        await hotline.see("calls?state=menu", lambda calls: len(calls) == 1)
        await call.press("26")
        talk = await (await phone.incoming()).answer()
        await hotline.see("calls?state=talking", lambda calls: len(calls) == 1)
        yield call, talk
        await call.hang_up()
        await talk.ended()
        await hotline.see("calls", lambda calls: all(one["state"] == "ended" for one in calls))


async def learnt(hotline: World) -> Frames:
    """The tones of both in each codec."""
    found = {(PCMU, hertz): audio.tone(hertz) for hertz in (CALLER_SAYS, AGENT_SAYS)}
    for codec in (PCMA, G722, OPUS):
        async with talking(hotline, codec, PCMU) as (call, talk):
            for hertz in (CALLER_SAYS, AGENT_SAYS):
                talk.send_tone(hertz)
                there = len(call.frames(codec))
                async with patience(f"two seconds of {hertz} Hz"):
                    while len(call.frames(codec)) < there + 100:  # noqa: ASYNC110 - raw packets have no event
                        await asyncio.sleep(0.05)
                found[codec, hertz] = tuple(call.frames(codec)[-50:])
    return found


@pytest.mark.parametrize("loses", [0, 50], ids=["all", "2 % lost"])
async def test_both_sides_are_heard_whatever_their_codecs(hotline: World, stalled: Stalls, loses: int) -> None:
    says = await learnt(hotline)
    for caller, agent in PAIRS:
        stalls = stalled.seconds
        async with talking(hotline, caller, agent, loses) as (call, talk):
            call.send_frames(says[caller, CALLER_SAYS])
            talk.send_frames(says[agent, AGENT_SAYS])
            await asyncio.sleep(TALKS)
        newest = (await hotline.get("calls?state=ended"))[0]
        (recording,) = await listed(hotline, newest["id"])
        talked = record(await hotline.story(newest["id"]), "talk-ended")["talked_s"]
        late = stalled.seconds - stalls
        assert recording["length_s"] == pytest.approx(talked, abs=0.1 + late), (caller, agent)
        left, right = await sides(hotline, recording)
        for side, hertz, other in ((left, CALLER_SAYS, AGENT_SAYS), (right, AGENT_SAYS, CALLER_SAYS)):
            heard = parts_with(side, hertz)
            assert heard.count(True) * 0.2 > TALKS - 1.5 - late, (caller, agent, hertz)
            assert not any(parts_with(side, other)), (caller, agent, "the sides are apart")
