"""Recordings of phones whose codecs differ, without and with lost packets: both sides are heard, nothing is left out.

A phone of the lab speaks G.722 and Opus by repeating what Asterisk has encoded for it before.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
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


AGENTS = ("1001", "1002", "1004")
"""As many talk at the same time."""


class Lines:
    """Callers and agents, a pair for each of AGENTS, with phones of any codecs. All talks are recorded."""

    def __init__(self, hotline: World, loses: int) -> None:
        self._hotline, self._loses = hotline, loses
        self._placing = asyncio.Lock()  # one agent at a time is free: that one gets the caller

    @asynccontextmanager
    async def talking(self, line: int, caller: int, agent: int) -> AsyncIterator[tuple[Call, Call]]:
        """Phones of these codecs."""
        hotline, agent_id, number = self._hotline, AGENTS[line], number_of(line)
        password = hotline.secrets.phone_password(agent_id, hotline.hotline.phones[agent_id]).get_secret_value()
        async with (
            Phone(hotline.sip, number=number, codecs=(caller,), loses=self._loses) as citizen,
            Phone(hotline.sip, agent_id, password, codecs=(agent,), loses=self._loses) as phone,
        ):
            await phone.register(expires=60)
            await hotline.see_agent(agent_id, phone="free")
            async with self._placing:
                await hotline.set_state(agent_id, "ready")
                call = await citizen.dial("12319")
                await hotline.see("calls?state=menu", lambda calls: len(calls) == 1)
                await call.press("26")
                talk = await (await phone.incoming()).answer()
                await hotline.see("calls?state=talking", lambda calls: number in [one["caller"] for one in calls])
                await hotline.set_state(agent_id, "not-ready")  # after this talk
            yield call, talk
            await call.hang_up()
            await talk.ended()
            await hotline.see_agent(agent_id, state="not-ready")

    async def all(self, pairs: Sequence[tuple[int, int]], talk: Callable[[int, int, int], Awaitable[None]]) -> None:
        """Have `talk` for each pair of codecs, on a line that is free."""

        async def one_after_another(line: int) -> None:
            for caller, agent in pairs[line :: len(AGENTS)]:
                await talk(line, caller, agent)

        async with asyncio.TaskGroup() as group:
            for line in range(len(AGENTS)):
                group.create_task(one_after_another(line))


def number_of(line: int) -> str:
    return f"1380013800{line}"


async def learnt(lines: Lines) -> Frames:
    """The tones of both in each codec."""
    found = {(PCMU, hertz): audio.tone(hertz) for hertz in (CALLER_SAYS, AGENT_SAYS)}

    async def learn(line: int, codec: int, agent: int) -> None:
        async with lines.talking(line, codec, agent) as (call, talk):
            for hertz in (CALLER_SAYS, AGENT_SAYS):
                talk.send_tone(hertz)
                there = len(call.frames(codec))
                async with patience(f"two seconds of {hertz} Hz"):
                    while len(call.frames(codec)) < there + 100:  # noqa: ASYNC110 - raw packets have no event
                        await asyncio.sleep(0.05)
                found[codec, hertz] = tuple(call.frames(codec)[-50:])

    await lines.all([(codec, PCMU) for codec in (PCMA, G722, OPUS)], learn)
    return found


@pytest.mark.parametrize("loses", [0, 50], ids=["all", "2 % lost"])
async def test_both_sides_are_heard_whatever_their_codecs(hotline: World, stalled: Stalls, loses: int) -> None:
    says = await learnt(Lines(hotline, 0))
    lines = Lines(hotline, loses)

    async def recorded(line: int, caller: int, agent: int) -> None:
        stalls = stalled.seconds
        async with lines.talking(line, caller, agent) as (call, talk):
            call.send_frames(says[caller, CALLER_SAYS])
            talk.send_frames(says[agent, AGENT_SAYS])
            await asyncio.sleep(TALKS)
        newest = await hotline.ended(number_of(line))
        (recording,) = await listed(hotline, newest["id"])
        talked = record(newest, "talk-ended")["talked_s"]
        late = stalled.seconds - stalls
        assert recording["length_s"] == pytest.approx(talked, abs=0.1 + late), (caller, agent)
        left, right = await sides(hotline, recording)
        for side, hertz, other in ((left, CALLER_SAYS, AGENT_SAYS), (right, AGENT_SAYS, CALLER_SAYS)):
            heard = parts_with(side, hertz)
            assert heard.count(True) * 0.2 > TALKS - 1.5 - late, (caller, agent, hertz)
            assert not any(parts_with(side, other)), (caller, agent, "the sides are apart")

    await lines.all(PAIRS, recorded)
