"""Time that a test spends at once: a loop whose clock jumps to the next timer whenever nothing else can happen."""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Jumping(selectors.SelectSelector):
    """Never waits. `now`: seconds since the loop was made."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("the test waits for what can never happen")
        self.now += max(timeout, 0.0)
        return []


class FakeTimeLoop(asyncio.SelectorEventLoop):
    """For tests without sockets and threads: nothing but callbacks and timers can happen."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def freeze(self, seconds: float) -> None:
        """So much time passes in which nothing can happen: the process is stopped."""
        self._jumping.now += seconds


def fake_time(test: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Run an async test in a loop of its own with fake time. One that waits for ever fails at once."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
            return runner.run(test(*args, **kwargs))

    return run


async def passes(seconds: float) -> None:
    """So much time passes; what is due in it happens."""
    await asyncio.sleep(seconds)


def freezes(seconds: float) -> None:
    """So much time passes at once; what is due in it happens afterwards."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FakeTimeLoop)
    loop.freeze(seconds)


async def settles() -> None:
    """Everything happens that needs no time."""
    for _ in range(20):
        await asyncio.sleep(0)
