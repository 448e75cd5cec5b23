"""A lone caller and ready agents: how long until an agent is rung."""

import asyncio
from dataclasses import dataclass
from random import Random

from lab.bench.figures import Spread
from lab.bench.load import hang_up_all
from lab.bench.stage import Stage
from lab.bench.systems import Crowd, System, serving
from lab.patience import patience
from lab.phone import IncomingCall, Phone

TALK, PAUSE = 0.15, 0.25
"""Seconds of a talk, and mean seconds until the next caller."""


@dataclass(frozen=True, slots=True)
class LoneResult:
    """`answer`: from the caller's INVITE to the 200 for it. `offer`: from the caller's first audio packet, for which
    Asterisk's Answer() waits, to the INVITE at the agent's phone.
    """

    system: System
    answer: Spread
    offer: Spread


async def measure(stage: Stage, system: System, crowd: Crowd, calls: int, seed: int) -> LoneResult:
    """So many calls, one after the other. The first ones warm up and are not counted."""
    random, loop = Random(seed), asyncio.get_running_loop()
    rings: asyncio.Queue[IncomingCall] = asyncio.Queue()
    answers: list[float] = []
    offers: list[float] = []
    caller = crowd.callers[0]
    async with serving(stage, system, list(crowd.agents)):
        listening = [asyncio.create_task(_listen(phone, rings)) for phone in crowd.agents.values()]
        try:
            for number in range(-5, calls):
                asked_at = loop.time()
                call = await caller.dial(system.extension)
                async with patience("a ring at an agent's phone"):
                    ring = await rings.get()
                await ring.answer()
                await asyncio.sleep(TALK)
                assert call.began_at is not None
                assert call.media.spoke_at is not None
                if number >= 0:
                    answers.append(call.began_at - asked_at)
                    offers.append(ring.arrived_at - max(call.began_at, call.media.spoke_at))
                await ring.hang_up()
                await call.hang_up()
                await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))
        finally:
            for task in listening:
                task.cancel()
            await asyncio.wait(listening)
            await hang_up_all([caller, *crowd.agents.values()])
            await stage.wait_quiet()
    return LoneResult(system, Spread.of(answers), Spread.of(offers))


async def _listen(phone: Phone, rings: "asyncio.Queue[IncomingCall]") -> None:
    while True:
        try:
            offer = await phone.incoming(3_600)
        except TimeoutError:
            continue
        if offer.ending is None:
            rings.put_nowait(offer)
