import asyncio
from collections.abc import Iterator

import pytest

from base.failure import NotDone
from base.tasks import LONGEST_PAUSE, STEADY, pause
from processes.asterisk import AsteriskFailed
from processes.child import RESTARTS, keep


def test_pauses_grow_to_their_limit() -> None:
    assert [pause(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 10, 10, 10]
    assert pause(10_000) == LONGEST_PAUSE


class World:
    """The supervised program, and the time. `lives`: how long each life lasts; `starts`: how each start goes."""

    def __init__(self, lives: list[float], starts: list[Exception | None], how: str = "exit 1") -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.told: list[str] = []
        self.how = how
        self._lives: Iterator[float] = iter(lives)
        self._starts: Iterator[Exception | None] = iter(starts)

    async def start(self) -> None:
        outcome = next(self._starts)
        if outcome is not None:
            raise outcome

    async def ended(self) -> str:
        life = next(self._lives, None)
        if life is None:
            raise asyncio.CancelledError  # the end of the story: the supervisor is stopped
        self.now += life
        return self.how

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def run(self) -> None:
        with pytest.raises(asyncio.CancelledError):
            await keep(
                "the service", self.start, self.ended, self.told.append, sleep=self.sleep, clock=lambda: self.now
            )


async def test_what_dies_at_once_is_started_again_after_ever_longer_pauses() -> None:
    world = World([0.1] * 6, [None] * 6)
    await world.run()
    assert world.slept == [1, 2, 4, 8, 10, 10]


async def test_what_ran_long_is_started_again_soon() -> None:
    world = World([0.1, 0.1, STEADY, 0.1], [None] * 4)
    await world.run()
    assert world.slept == [1, 2, 1, 2]


async def test_a_start_that_fails_counts_and_is_tried_again() -> None:
    world = World([0.1, 0.1], [NotDone("no port"), AsteriskFailed("no room"), OSError("no disk"), None, None])
    await world.run()
    assert world.slept == [1, 2, 4, 8, 10]
    assert "the service ended (no port); it is started again in 2 s" in world.told
    assert world.told.count("the service runs again") == 2


async def test_a_mistake_of_ours_is_not_tried_again() -> None:
    world = World([0.1], [TypeError("a programming error")])
    with pytest.raises(TypeError):
        await keep("the service", world.start, world.ended, world.told.append, sleep=world.sleep)


async def test_what_was_asked_to_restart_is_started_at_once_and_has_not_failed() -> None:
    world = World([0.1] * 3, [None] * 3, RESTARTS)
    await world.run()
    assert world.slept == []


async def test_a_restart_that_fails_is_tried_again_after_a_pause() -> None:
    world = World([0.1], [NotDone("a port is taken"), None], RESTARTS)
    await world.run()
    assert world.slept == [1]
    assert "a port is taken" in world.told[0]
