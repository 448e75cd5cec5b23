"""Whether enough files may be open."""

import asyncio
import resource

import pytest
import structlog.testing

from base import descriptors
from base.descriptors import OTHERS, Descriptors


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """This process's soft and hard limit, set by the test."""
    now = [0, 0]
    monkeypatch.setattr(resource, "getrlimit", lambda which: tuple(now))

    def change(which: int, to: tuple[int, int]) -> None:
        now[:] = to

    monkeypatch.setattr(resource, "setrlimit", change)
    return now


WANTED = Descriptors(500, 0).wanted


@pytest.mark.parametrize(
    ("before", "after", "limit"),
    [
        ((1_024, 524_288), (WANTED, 524_288), WANTED),
        ((1_024, resource.RLIM_INFINITY), (WANTED, resource.RLIM_INFINITY), WANTED),
        ((524_288, 524_288), (524_288, 524_288), 524_288),
        ((resource.RLIM_INFINITY,) * 2, (resource.RLIM_INFINITY,) * 2, WANTED),
    ],
)
def test_the_soft_limit_is_raised_as_far_as_is_needed(
    limits: list[int], before: tuple[int, int], after: tuple[int, int], limit: int
) -> None:
    limits[:] = before
    provided = descriptors.provide(500)
    assert tuple(limits) == after
    assert (provided.limit, provided.calls, provided.enough) == (limit, 500, True)


def test_a_hard_limit_that_is_too_low_takes_calls_not_the_reserve(limits: list[int]) -> None:
    limits[:] = 256, 600
    expected = descriptors.possible(500)
    provided = descriptors.provide(500)
    assert provided == expected
    assert tuple(limits) == (600, 600)
    assert not provided.enough
    assert provided.calls == 600 - OTHERS
    assert f"LimitNOFILE={WANTED}" in provided.sentence
    assert f"{provided.calls} calls" in provided.sentence


def test_one_call_is_taken_whatever_the_limit(limits: list[int]) -> None:
    limits[:] = 64, 64
    assert descriptors.provide(500).calls == 1


async def test_a_lack_of_descriptors_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "LOOK_S", 0.0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    watching = asyncio.create_task(descriptors.watch())
    with structlog.testing.capture_logs() as logs:
        await turns(10)
        assert logs == []
        resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
        try:
            await turns(10)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        await turns(10)
    assert [entry["event"] for entry in logs] == ["out-of-descriptors"]
    assert "1 files may be open" in logs[0]["why"]
    watching.cancel()


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)
