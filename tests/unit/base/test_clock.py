"""The clock, and where a hotline's day ends."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from base import clock as clock_
from base.clock import Alarm, Clock, day_end


def test_it_starts_no_earlier_than_the_last_record() -> None:
    future = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
    clock = Clock(not_before=future)
    assert future <= clock.now() <= clock.now() < future + 60


@pytest.mark.parametrize("step", [-86_400.0, 86_400.0])
def test_a_step_of_the_machines_clock_is_not_seen(monkeypatch: pytest.MonkeyPatch, step: float) -> None:
    clock = Clock()
    before, real = clock.now(), time.time
    monkeypatch.setattr(time, "time", lambda: real() + step)
    assert before <= clock.now() < before + 60


class Frozen:
    """A clock that is kept, in a process that can be frozen; `read` is set once all news is read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.read, self.rung = Clock(), asyncio.Event(), 0
        self.alarm = Alarm(self.clock, self._rings)
        self._seconds, real = 0.0, time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + self._seconds)  # the loop's clock, too

    def _rings(self) -> None:
        self.rung += 1

    def freeze(self, seconds: float) -> None:
        self._seconds += seconds

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        keeping = asyncio.create_task(self.clock.keep(self.read.wait))
        await asyncio.sleep(0)
        yield
        keeping.cancel()
        await asyncio.wait({keeping})

    async def caught_up(self) -> None:
        """Wait until the service has caught up, or is seen to have nothing to catch up with."""
        done = asyncio.Event()
        self.clock.once_caught_up(done.set)
        async with asyncio.timeout(60):
            await done.wait()


async def test_after_a_freeze_nothing_rings_until_all_news_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Frozen(monkeypatch)
    async with here.kept():
        before = here.clock.now()
        here.alarm.set(before + 10)
        here.freeze(15)
        assert here.clock.now() >= before + 15
        await asyncio.sleep(0.1)  # the loop's turn: all timers are due
        assert (here.clock.catching_up, here.rung) == (True, 0)
        here.read.set()
        await here.caught_up()
        await asyncio.sleep(0.1)
        assert (here.clock.catching_up, here.rung) == (False, 1)


async def test_what_is_not_due_any_more_by_the_news_does_not_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Frozen(monkeypatch)
    async with here.kept():
        here.alarm.set(here.clock.now() + 10)
        here.freeze(15)
        await asyncio.sleep(0.1)
        here.alarm.set(here.clock.now() + 100)  # by the news
        here.read.set()
        await here.caught_up()
        await asyncio.sleep(0.1)
        assert here.rung == 0
        here.alarm.set(None)
        here.freeze(100)
        await here.caught_up()
        await asyncio.sleep(0.1)
        assert here.rung == 0


async def test_alarms_ring_in_the_end_whatever_becomes_of_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_, "CATCHING_UP", 0.1)
    here = Frozen(monkeypatch)
    async with here.kept():
        here.alarm.set(here.clock.now() + 10)
        here.freeze(15)
        await here.caught_up()
        await asyncio.sleep(0.1)
        assert here.rung == 1


async def test_a_short_stop_is_no_freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Frozen(monkeypatch)
    async with here.kept():
        here.freeze(1.4)
        assert not here.clock.catching_up


@pytest.mark.parametrize(
    ("zone", "now", "end"),
    [
        ("Asia/Shanghai", "2026-11-24T15:59:59+00:00", "2026-11-24T16:00:00+00:00"),
        ("Asia/Shanghai", "2026-11-24T16:00:00+00:00", "2026-11-25T16:00:00+00:00"),
        ("Europe/Berlin", "2026-10-24T23:00:00+00:00", "2026-10-25T23:00:00+00:00"),  # a day of 25 hours
    ],
)
def test_the_day_ends_at_the_hotlines_midnight(zone: str, now: str, end: str) -> None:
    found = day_end(zone)(datetime.fromisoformat(now).timestamp())
    assert datetime.fromtimestamp(found, UTC) == datetime.fromisoformat(end)
