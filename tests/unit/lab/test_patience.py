"""A test that has waited in vain says for what."""

import asyncio
import itertools

import pytest

from lab.patience import EVERY, SELDOM, Late, patience, until


async def test_what_comes_is_answered() -> None:
    looks = itertools.count()

    async def look() -> int:
        return next(looks)

    async with patience("nothing"):
        assert await until("the third look", look, lambda number: number == 3, every=0) == 3


async def test_whoever_waits_long_looks_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    looks = itertools.count()

    async def rest(seconds: float) -> None:
        pauses.append(seconds)

    async def look() -> int:
        return next(looks)

    monkeypatch.setattr("lab.patience.asyncio.sleep", rest)
    await until("the fiftieth look", look, lambda number: number == 50)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (EVERY, SELDOM)
    pauses.clear()
    await until("the sixtieth look", look, lambda number: number == 60, every=0.5)
    assert set(pauses) == {0.5}


async def test_what_does_not_come_is_told_with_evidence() -> None:
    with pytest.raises(Late, match=r"the bus did not come within 0\.01 s\. It snows$"):
        async with patience("the bus", 0.01, lambda: "It snows"):
            await asyncio.Event().wait()


async def test_what_the_last_look_found_is_told() -> None:
    async def look() -> str:
        return "a tram"

    with pytest.raises(Late, match=r"the bus did not come .*The last look found: \['a tram'\]"):
        await until("the bus", look, lambda found: found == "a bus", within=0.01)


async def test_a_timeout_within_is_its_own() -> None:
    with pytest.raises(TimeoutError, match="a tram") as failure:
        async with patience("the bus"):
            raise TimeoutError("a tram")
    assert not isinstance(failure.value, Late)
