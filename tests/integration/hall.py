"""A hall of agents who know the same, for tests of what happens in the same moment. See hall/hotline.yaml."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab.patience import patience
from lab.phone import Call, CallFailed, IncomingCall, Phone
from tests.integration.conversations import queued
from tests.integration.world import World, kinds

HALL = Path(__file__).parent / "hall"

KEYS = {
    "plain": "1",
    "whisper": "2",
    "everybody": "3",
    "spill": "4",
    "wrapped": "5",
    "full": "6",
    "grace": "7",
    "guess": "8",
    "twice": "9",
}

_ENDS = ("connected", "offer-failed", "offer-cancelled")

Act = Callable[[], Awaitable[Any]]


async def agents(hotline: World, *ids: str) -> dict[str, Phone]:
    """Agents at work, by id, ready in this order."""
    return {agent_id: await hotline.agent(agent_id) for agent_id in ids}


async def callers(hotline: World, queue: str, numbers: Iterable[str]) -> dict[str, Call]:
    """Citizens who wait in a queue, by number; they come all at once."""
    numbers = tuple(numbers)
    calls = await asyncio.gather(*(queued(hotline, KEYS[queue], number) for number in numbers))
    return dict(zip(numbers, calls, strict=True))


async def rung(phones: Mapping[str, Phone]) -> dict[str, IncomingCall]:
    """What rings at each phone, by agent; at none is there a second call."""

    async def one(phone: Phone) -> IncomingCall:
        offer = await phone.incoming()
        assert phone.calls == (offer,), f"a second call at {phone.number}:\n{phone.ladder()}"
        return offer

    offers = await asyncio.gather(*(one(phone) for phone in phones.values()))
    return dict(zip(phones, offers, strict=True))


async def together(*acts: tuple[float, Act]) -> None:
    """Begin all in the same turn of the loop, each so many seconds (0: none) after it; until all are done."""

    async def one(delay: float, act: Act) -> None:
        if delay > 0:
            await asyncio.sleep(delay)  # the distance between the two is what is tried, nothing is waited for
        await act()

    await asyncio.gather(*(one(delay, act) for delay, act in acts))


async def try_to_answer(offer: IncomingCall) -> None:
    """The agent picks up, if the phone still rings."""
    if offer.ending is None:
        with suppress(CallFailed):  # the ring was cancelled in that moment: one of the two ways that it may go
            await offer.answer()


async def try_to_decline(offer: IncomingCall) -> None:
    """The agent declines, if the phone still rings."""
    with suppress(CallFailed):
        await offer.reject(603)


async def talks(phone: Phone, offer: IncomingCall) -> IncomingCall:
    """The call in which the agent hears a caller's 800 hertz: this one, or, when this one is over, the next that comes.
    The agent says 440.
    """
    while True:
        if offer.up:
            offer.send_tone(440)
            heard = asyncio.ensure_future(offer.hears(800))
            over = asyncio.ensure_future(offer.ended())
            await asyncio.wait({heard, over}, return_when=asyncio.FIRST_COMPLETED)
            over.cancel()
            if not over.done() or over.cancelled():
                await heard
                return offer
            heard.cancel()
            await asyncio.gather(heard, return_exceptions=True)
        await offer.ended()
        offer = (await rung({phone.number: phone}))[phone.number]
        await try_to_answer(offer)


async def all_talk(phones: Mapping[str, Phone], offers: Mapping[str, IncomingCall], calls: Iterable[Call]) -> None:
    """Each caller comes to talk with another agent; then the callers hang up."""
    calls = tuple(calls)
    for call in calls:
        call.send_tone(800)
    async with patience("a talk of each caller with an agent"), asyncio.TaskGroup() as tasks:
        for agent_id, phone in phones.items():
            tasks.create_task(talks(phone, offers[agent_id]))
        for call in calls:
            tasks.create_task(call.hears(440))
    await asyncio.gather(*(call.hang_up() for call in calls))


async def at_rest(hotline: World, phones: Mapping[str, Phone]) -> None:
    """Nobody waits, rings or talks; the agents are ready, nobody's phone rings, Asterisk has no channel, every story is
    whole. If that never becomes so, something has leaked.
    """
    for agent_id, phone in phones.items():
        await hotline.see_agent(agent_id, state="ready", phone="free", call_id=None)
        for call in phone.calls:
            await call.ended()  # the service knew a moment earlier
    for queue in await hotline.see("queues", lambda queues: not any(q["waiting"] or q["talking"] for q in queues)):
        assert (queue["agents"]["ringing"], queue["agents"]["on_call"]) == (0, 0), queue
    calls = await hotline.see("calls?limit=500", lambda calls: all(call["state"] == "ended" for call in calls))
    for call in calls:
        check_story(await hotline.story(call["id"]))
    async with patience("the end of all channels"):
        while "0 active channels" not in (said := await hotline.asterisk.command("core show channels")):
            assert said  # a channel takes a moment to be gone; there is no event for a look from outside


def check_story(told: Any) -> None:
    """Each offer has one end, the caller talks with one agent at most, and each stay in a queue has one end."""
    story, names = told["story"], kinds(told)
    offered = [step["offer"] for step in story if step["kind"] == "offered"]
    ends = Counter(step["offer"] for step in story if step["kind"] in _ENDS)
    assert ends == Counter(offered), story
    assert names.count("connected") == names.count("talk-ended") <= 1, story
    moved = sum(step["kind"] == "moved" and "queue" in step["to"] for step in story)
    stays = names.count("left-queue") + names.count("overflowed") + names.count("connected") + moved
    assert names.count("queued") == stays, story
    assert (names.count("call-started"), names.count("call-finished")) == (1, 1), story


def reasons(told: Any) -> list[str]:
    """Why rings came to nothing, in order: of failed ones the reason, of cancelled ones why."""
    return [
        step["reason"] if step["kind"] == "offer-failed" else step["why"]
        for step in told["story"]
        if step["kind"] in ("offer-failed", "offer-cancelled")
    ]
