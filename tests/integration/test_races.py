"""Events at both ends of an offer in the same moment, with real phones. All is well whichever end is first."""

import asyncio
import random
import wave
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from lab.patience import PATIENCE, patience
from lab.phone import Call, Ending, IncomingCall, Phone
from tests.integration.conversations import copied
from tests.integration.hall import (
    HALL,
    agents,
    all_talk,
    at_rest,
    callers,
    reasons,
    rung,
    together,
    try_to_answer,
    try_to_decline,
)
from tests.integration.world import World, kinds, record

TEAM = ("1001", "1002", "1003", "1004", "1005", "1006")
BURST = 100
RING = 3.0
"""Seconds of a ring whose end is tested."""


@pytest.fixture
def hotline_folder(tmp_path: Path, change: tuple[str, str]) -> Path:
    return copied(HALL, tmp_path / "hotline", change)


def numbers(count: int) -> Iterator[str]:
    """Telephone numbers that nobody else in the test has."""
    return (f"13800{next(_serial):06}" for _ in range(count))


_serial = iter(range(1_000_000))


async def test_the_agent_answers_in_the_moment_in_which_the_caller_hangs_up(hotline: World) -> None:
    """In the same turn of the loop, and a few milliseconds before and after: half an offer leaks nothing."""
    chance = random.Random(1)
    team = await agents(hotline, *TEAM)
    for spread in (0.0, 0.002, 0.01, 0.04):
        calls = await callers(hotline, "plain", numbers(len(TEAM)))
        offers = await rung(team)
        assert {offer.caller_number for offer in offers.values()} == set(calls)
        await together(
            *((chance.uniform(0, spread), partial(try_to_answer, offer)) for offer in offers.values()),
            *((chance.uniform(0, spread), call.hang_up) for call in calls.values()),
        )
        for offer in offers.values():
            await offer.ended()
        for number in calls:
            told = await hotline.ended(number)
            assert told["outcome"] in ("answered", "abandoned")
            assert kinds(told).count("offered") == 1
            if told["outcome"] == "abandoned":
                assert reasons(told) == ["caller-left"]
        await at_rest(hotline, team)
    for agent in await hotline.get("agents"):
        assert agent["missed_offers"] == 0


@pytest.mark.parametrize("change", [("ring: 120s", f"ring: {RING:g}s")], ids=["of 3 s"])
@pytest.mark.parametrize("queue", ["plain", "spill"])
async def test_the_agent_answers_in_the_moment_in_which_the_ring_times_out(hotline: World, queue: str) -> None:
    """In `spill` overflow is due since long: it fires with the end of the ring, or, if the agent answered, never."""
    chance = random.Random(2)
    team = await agents(hotline, *TEAM)
    calls = await callers(hotline, queue, numbers(len(TEAM)))
    offers = await rung(team)
    now = asyncio.get_running_loop().time()
    await together(
        *(
            (offer.arrived_at + RING + chance.uniform(-0.02, 0.02) - now, partial(try_to_answer, offer))
            for offer in offers.values()
        )
    )
    await all_talk(team, offers, calls.values())
    await at_rest(hotline, team)
    for number in calls:
        told = await hotline.ended(number)
        assert told["outcome"] == "answered"
        names = kinds(told)
        assert set(reasons(told)) <= {"no-answer"}
        if queue == "spill":
            assert names.count("overflowed") == (1 if reasons(told) else 0)
            assert told["queue"] == ("plain" if reasons(told) else "spill")


async def test_the_agent_becomes_ready_in_the_moment_in_which_overflow_fires(hotline: World) -> None:
    chance = random.Random(3)
    team = await agents(hotline, *TEAM)
    for agent_id in TEAM:
        await hotline.set_state(agent_id, "not-ready")
    calls = await callers(hotline, "spill", numbers(len(TEAM)))
    due = 1.0 - (await hotline.get("queues/spill"))["longest_wait_s"]
    await together(
        *((due + chance.uniform(-0.02, 0.1), partial(hotline.set_state, agent_id, "ready")) for agent_id in TEAM)
    )
    offers = await rung(team)
    await together(*((0, offer.answer) for offer in offers.values()))
    await all_talk(team, offers, calls.values())
    await at_rest(hotline, team)
    for number in calls:
        told = await hotline.ended(number)
        assert told["outcome"] == "answered"
        assert set(reasons(told)) <= {"overflowed"}, "a ring is finished before overflow fires"


async def test_all_answer_a_ring_all_together_and_one_has_the_caller(hotline: World) -> None:
    chance = random.Random(4)
    team = await agents(hotline, *TEAM)
    for spread in (0.0, 0.0, 0.0, 0.001, 0.003, 0.01):
        calls = await callers(hotline, "everybody", numbers(1))
        ((number, call),) = calls.items()
        offers = await rung(team)
        call.send_tone(800)
        await together(*((chance.uniform(0, spread), partial(try_to_answer, offer)) for offer in offers.values()))
        (winner,) = await left(offers.values())
        winner.send_tone(440)
        await winner.hears(800)
        await call.hears(440)
        await call.hang_up()
        await winner.ended()
        await at_rest(hotline, team)
        told = await hotline.ended(number)
        assert told["outcome"] == "answered"
        assert kinds(told).count("offered") == len(TEAM)
        assert reasons(told) == ["answered-elsewhere"] * (len(TEAM) - 1)
    for agent in await hotline.get("agents"):
        assert agent["missed_offers"] == 0


async def left(offers: Iterable[IncomingCall]) -> list[IncomingCall]:
    """Those that are not over when all but one are."""
    live = {asyncio.ensure_future(offer.ended(2 * PATIENCE)): offer for offer in offers}
    async with patience("the end of all rings but one"):
        while len(live) > 1:
            done, _ = await asyncio.wait(live, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                del live[ended]
    for waiting in live:
        waiting.cancel()
    await asyncio.gather(*live, return_exceptions=True)
    return list(live.values())


async def test_the_agent_hangs_up_in_the_moment_of_the_connection(hotline: World) -> None:
    """Before the bridge the caller keeps the place and is rung for again; after it the conversation has been."""
    chance = random.Random(5)
    team = await agents(hotline, *TEAM)
    unfit = await hotline.agent("1007")
    calls = await callers(hotline, "plain", numbers(len(TEAM)))
    offers = await rung(team)

    async def touch(offer: IncomingCall, seconds: float) -> None:
        await offer.answer()
        await together((seconds, offer.hang_up))

    async def serve(phone: Phone) -> None:
        while True:
            offer = (await rung({phone.number: phone}))[phone.number]
            await offer.answer()
            offer.send_tone(440)
            await offer.ended()

    async def be_served(call: Call) -> None:
        """The caller hears an agent, or the goodbye after a conversation that is over."""
        call.send_tone(800)
        heard, over = (asyncio.ensure_future(doing) for doing in (call.hears(440), call.ended()))
        await asyncio.wait({heard, over}, return_when=asyncio.FIRST_COMPLETED)
        for waiting in (heard, over):
            waiting.cancel()
        said = await asyncio.gather(heard, over, return_exceptions=True)
        assert any(one is None or isinstance(one, Ending) for one in said), said
        await call.hang_up()

    async with asyncio.TaskGroup() as tasks:
        delays = [chance.choice((0, 0, 0.001, 0.002, 0.005, 0.02)) for _ in TEAM]
        await asyncio.gather(*(touch(offer, delay) for offer, delay in zip(offers.values(), delays, strict=True)))
        serving = [tasks.create_task(serve(phone)) for phone in team.values()]
        await asyncio.gather(*(be_served(call) for call in calls.values()))
        for task in serving:
            task.cancel()
    await at_rest(hotline, team)
    for number in calls:
        told = await hotline.ended(number)
        assert told["outcome"] == "answered"
        assert reasons(told) in ([], ["abandoned"])
        assert kinds(told).count("offered") == 1 + len(reasons(told))
    assert not unfit.calls


async def test_the_caller_hangs_up_before_the_ring_as_it_ends_in_the_whisper_and_as_it_becomes_the_talk(
    hotline: World,
) -> None:
    chance = random.Random(6)
    team = await agents(hotline, *TEAM)
    whisper = hotline.hotline.queues["whisper"].whisper
    assert whisper is not None
    with wave.open(str(hotline.clip(whisper))) as clip:
        length = clip.getnframes() / clip.getframerate()
    for moment in (0.03, length, length):
        calls = await callers(hotline, "whisper", numbers(len(TEAM)))
        offers = await rung(team)
        await asyncio.gather(*(offer.answer() for offer in offers.values()))
        await together(*((max(0, moment + chance.uniform(-0.03, 0.09)), call.hang_up) for call in calls.values()))
        for offer in offers.values():
            await offer.ended()
        await at_rest(hotline, team)
        for number in calls:
            told = await hotline.ended(number)
            assert told["outcome"] in (("answered", "abandoned") if moment == length else ("abandoned",))
            assert reasons(told) == ([] if told["outcome"] == "answered" else ["caller-left"])
    for agent in await hotline.get("agents"):
        assert agent["missed_offers"] == 0

    # as the ring ends
    calls = await callers(hotline, "plain", numbers(len(TEAM)))
    offers = await rung(team)
    await together(
        *((chance.uniform(0, 0.005), partial(try_to_decline, offer)) for offer in offers.values()),
        *((chance.uniform(0, 0.005), call.hang_up) for call in calls.values()),
    )
    await at_rest(hotline, team)
    for number in calls:
        told = await hotline.ended(number)
        assert told["outcome"] == "abandoned"
        assert set(reasons(told)) <= {"declined", "caller-left"}

    # before any ring
    for agent_id in TEAM:
        await hotline.set_state(agent_id, "not-ready")
    (call,) = (await callers(hotline, "plain", numbers(1))).values()
    await together((0, call.hang_up), *((0, partial(hotline.set_state, agent_id, "ready")) for agent_id in TEAM))
    await at_rest(hotline, team)


async def test_who_hung_up_in_the_whisper_is_rung_again_for_the_same_caller_and_nobody_else_is(hotline: World) -> None:
    agent, unfit = await hotline.agent("1001"), await hotline.agent("1007")
    (first,), (second,) = [(await callers(hotline, "whisper", numbers(1))).values() for _ in range(2)]
    offer = await agent.incoming()
    number = offer.caller_number
    await offer.answer()
    await offer.hears_speech()
    await offer.hang_up()
    again = await agent.incoming()
    assert again.caller_number == number, "the caller has kept the place"
    await again.answer()
    first.send_tone(800)
    await again.hears(800)
    assert not unfit.calls
    await first.hang_up()
    await (await agent.incoming()).answer()
    await second.hang_up()
    await at_rest(hotline, {"1001": agent, "1007": unfit})
    told = await hotline.ended(number)
    assert reasons(told) == ["abandoned"]
    assert kinds(told).count("offered") == 2


async def test_a_hundred_calls_in_one_moment_are_served_in_their_order(hotline: World) -> None:
    agent = await hotline.agent("1001")
    await hotline.set_state("1001", "not-ready")
    phones = [await hotline.citizen(number, taciturn=True, keep=2) for number in numbers(BURST)]

    async def come(phone: Phone) -> Call:
        call = await phone.dial("12319")
        await call.press("1")
        return call

    calls = await asyncio.gather(*(come(phone) for phone in phones))
    await hotline.see_queue("plain", waiting=BURST)
    listed = await hotline.get("calls?limit=500")
    stories = [await hotline.story(call["id"]) for call in listed]
    entered = {told["caller"]: record(told, "queued") for told in stories}
    assert sorted(step["position"] for step in entered.values()) == list(range(1, BURST + 1))
    await hotline.set_state("1001", "ready")
    served = []
    for _ in range(BURST):
        offer = (await rung({"1001": agent}))["1001"]
        served.append(offer.caller_number)
        await offer.answer()
        await hotline.see_agent("1001", state="on-call")
        await offer.hang_up()
    assert served == sorted(entered, key=lambda number: entered[number]["position"])
    await asyncio.gather(*(call.ended() for call in calls))
    await at_rest(hotline, {"1001": agent})
