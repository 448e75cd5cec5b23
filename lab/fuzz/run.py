"""One run: rounds over all properties until the time is over, then a look at the hotline."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from lab.bench.machine import machine
from lab.chaos.site import site
from lab.fuzz import documents, drafts, events, link, wire
from lab.fuzz.properties import Broken, Property
from lab.fuzz.report import Report
from lab.fuzz.world import World

EXAMPLES = 100
"""Of each property in one round."""

SLOW = {
    "yaml": 20,
    "yaml-large": 2,
    "draft": 20,
    "ami-link": 10,
    "GET /api/v1/events": 5,
    "held-connections": 10,
    "forged-senders": 10,
    "lifetimes-of-rights": 10,
    "limits-across-accounts": 5,
}
"""Examples in a round of the properties that take long, by the beginning of their names."""

TOLD_EVERY = 10.0
"""Seconds between two lines of progress."""

HERE = (*wire.PROPERTIES, *events.PROPERTIES, *documents.PROPERTIES, *drafts.PROPERTIES, *link.PROPERTIES)
"""What needs no hotline."""


class NoSuchProperty(Exception):
    """The message names those there are."""


async def fuzz(
    folder: Path, sounds: Path, seconds: float, seed: int, only: Sequence[str], tell: Callable[[str], None]
) -> Report:
    """The whole run.

    seed  of the first round; each round counts it up by one
    only  names of properties; empty: all
    """
    if only and {*only} <= {each.name for each in HERE}:
        began = time.monotonic()
        chosen = [each for each in HERE if each.name in only]
        tried, failures = await rounds(chosen, seconds, seed, tell)
        return Report(seed, time.monotonic() - began, machine(), tried, _without(chosen, tried), failures, {}, [])
    async with site(folder, sounds, tell) as made:
        world = await asyncio.to_thread(World, made)
        try:
            return await _in(world, seconds, seed, only, tell)
        finally:
            world.close()


async def _in(world: World, seconds: float, seed: int, only: Sequence[str], tell: Callable[[str], None]) -> Report:
    known = [*HERE, *await asyncio.to_thread(world.properties)]
    if unknown := {*only} - {each.name for each in known}:
        raise NoSuchProperty(f"there is no {', '.join(unknown)}; there are {', '.join(each.name for each in known)}")
    before = world.memory()
    began = time.monotonic()
    chosen = [each for each in known if not only or each.name in only]
    tried, failures = await rounds(chosen, seconds, seed, tell)
    took = time.monotonic() - began
    tell("the rounds are over: is the hotline as it was?")
    faults = []
    try:
        await asyncio.to_thread(world.alive)
        await world.serves()
    except Exception as error:
        faults.append(f"the hotline does not serve a caller any more: {type(error).__name__}: {error}")
    faults += [f"the service logged an error: {line}" for line in world.faults()]
    faults += [f"a caller's number is none: {number!r}" for number in await asyncio.to_thread(world.forged)]
    after = world.memory()
    memory = {name: (size, after.get(name, 0)) for name, size in before.items()}
    return Report(seed, took, machine(), tried, _without(chosen, tried), failures, memory, faults)


def _without(chosen: Sequence[Property], tried: Mapping[str, int]) -> list[str]:
    return [each.name for each in chosen if each.name not in tried]


async def rounds(
    chosen: Sequence[Property],
    seconds: float,
    seed: int,
    tell: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> tuple[dict[str, int], list[Broken]]:
    """Round after round for `seconds`, and for what the last example takes; then: how many examples were tried of each
    property that there was time for, and what failed. A property that was broken is not tried again.

    In the first round each property has an even part of the time that is left, so that none takes it from the others.
    """
    began = told = clock()
    end = began + seconds
    tried: Counter[str] = Counter()
    failures: list[Broken] = []
    number = seed
    whole = list(chosen)
    while whole:
        for left, each in zip(range(len(whole), 0, -1), list(whole), strict=True):
            now = clock()
            if now >= end and tried:
                return dict(tried), failures
            until = now + (end - now) / left if number == seed else end
            over = partial(_is_over, clock, until)
            tried[each.name] += 0
            try:
                tried[each.name] += await asyncio.to_thread(each.tried, number, _examples(each.name), over)
            except Broken as failure:
                whole.remove(each)
                failures.append(failure)
                tell(f"{clock() - began:7.1f} {failure.name} does not hold, seed {number}")
            if clock() - told >= TOLD_EVERY:
                told = clock()
                tell(f"{told - began:7.1f} round {number - seed + 1}: {tried.total():,} examples")
        number += 1
    return dict(tried), failures


def _is_over(clock: Callable[[], float], until: float) -> bool:
    return clock() >= until


def _examples(name: str) -> int:
    fitting = [beginning for beginning in SLOW if name.startswith(beginning)]
    return SLOW[max(fitting, key=len)] if fitting else EXAMPLES
