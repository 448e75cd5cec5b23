"""The tasks of the service. What becomes of mistakes in them: `tests/unit/service/test_mistakes.py`."""

import asyncio

import pytest

from service.setup.tasks import Failures, Tasks, Work


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
            task.cancel()
            await asyncio.sleep(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await serve()
    assert ended == ["in order"]
