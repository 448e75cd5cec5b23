"""The clock, and where a hotline's day ends."""

import time
from datetime import UTC, datetime

import pytest

from service.setup.clock import Clock, day_end


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
