import asyncio
import time

from lab.stalls import stalls


async def test_what_the_loop_stood_still_does_not_count() -> None:
    async with stalls() as still:
        passed, began = still.clock(), time.monotonic()
        time.sleep(0.3)  # noqa: ASYNC251 - the loop stands still: that is what is tried
        assert still.seconds >= 0.25, "before the watch has looked again"
        assert passed() <= time.monotonic() - began - 0.25
        await asyncio.sleep(0.1)
        assert still.seconds >= 0.25
        assert passed() <= time.monotonic() - began - 0.25


async def test_what_the_loop_works_itself_counts() -> None:
    """Else no bound on time would find what holds up the loop of the service, which runs in that of the tests."""
    async with stalls() as still:
        passed, began = still.clock(), time.thread_time()
        while time.thread_time() < began + 0.3:
            pass
        assert passed() >= 0.25
        await asyncio.sleep(0.1)
        assert passed() >= 0.25


async def test_waiting_for_something_is_no_stall() -> None:
    """However busy the machine is, what has passed and what it stood still are together no more than all."""
    async with stalls() as still:
        began = time.monotonic()
        passed, before = still.clock(), still.seconds
        await asyncio.sleep(0.2)
        stood = still.seconds - before
        assert passed() + stood <= time.monotonic() - began + 1e-6
        assert stood < time.monotonic() - began
