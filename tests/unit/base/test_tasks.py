"""The tasks of the service. What becomes of mistakes in them: `tests/unit/service/test_mistakes.py`."""

import asyncio
from contextlib import suppress

import pytest

from base.tasks import Failures, Tasks, Work
from tests.unit.faketime import fake_time


async def test_a_task_that_is_ending_is_not_cancelled_again() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # as a connection that is being closed
            ended.append("in order")

    async def serve() -> None:
        async with Tasks(Failures()) as tasks:
            task = tasks.spawn(Work.CLIPS, work())
            await asyncio.sleep(0)
            tasks.cancel(task)
            await asyncio.sleep(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await serve()
    assert ended == ["in order"]


@fake_time
async def test_a_task_whose_own_time_is_up_in_that_very_turn_is_cancelled_all_the_same() -> None:
    """The time-out takes a cancelling of its own for itself, and the task would go on for ever."""
    late = asyncio.timeout(None)

    async def work() -> None:
        with suppress(TimeoutError):
            async with late:
                await asyncio.Event().wait()
        await asyncio.Event().wait()

    async def serve() -> None:
        async with Tasks(Failures()) as tasks:
            tasks.spawn(Work.CLIPS, work())
            await asyncio.sleep(0)
            late.reschedule(asyncio.get_running_loop().time())
            await asyncio.sleep(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await serve()
