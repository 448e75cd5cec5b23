import asyncio

import pytest

from tests.unit.faketime import fake_time, passes


@fake_time
async def test_hours_pass_at_once_and_timers_in_order() -> None:
    loop = asyncio.get_running_loop()
    seen: list[float] = []
    for delay in (7_200.0, 3_600.0):
        loop.call_later(delay, seen.append, delay)
    await passes(10_000)
    assert seen == [3_600.0, 7_200.0]
    assert loop.time() == pytest.approx(10_000)


def test_one_that_waits_for_ever_fails() -> None:
    @fake_time
    async def hangs() -> None:
        await asyncio.Event().wait()

    with pytest.raises(AssertionError, match="never happen"):
        hangs()
