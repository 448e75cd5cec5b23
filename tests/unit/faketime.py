"""Time that a test spends at once: a loop whose clock jumps to the next timer whenever nothing else can happen."""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, ParamSpec, TypeVar, TypeVarTuple

from tests.unit.asterisk.memory import InMemory, Network

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVarTuple("A")

LONGEST = 100_000.0
"""Seconds that no test needs: one that comes so far waits for what can never happen."""


class _Jumping(selectors.SelectSelector):
    """Never waits. `now`: seconds since the loop was made; `settled`: futures that wait until nothing more happens."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.settled: list[asyncio.Future[None]] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout != 0 and self.settled:
            for waiter in self.settled:
                if not waiter.done():
                    waiter.set_result(None)
            self.settled.clear()
        elif timeout is None or self.now > LONGEST:
            raise AssertionError("the test waits for what can never happen")
        else:
            self.now += max(timeout, 0.0)
        return []


class FakeTimeLoop(InMemory, asyncio.SelectorEventLoop):
    """For tests without sockets and threads: nothing but callbacks and timers can happen. TCP is in memory."""

    def __init__(self) -> None:
        self.jumping = _Jumping()
        super().__init__(self.jumping)
        self.network = Network(self)

    def time(self) -> float:
        return self.jumping.now

    def run_in_executor(self, executor: Executor | None, func: Callable[[*A], T], *args: *A) -> asyncio.Future[T]:
        """What others do in a thread is done at once."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    def freeze(self, seconds: float) -> None:
        """So much time passes in which nothing can happen: the process is stopped."""
        self.jumping.now += seconds


def fake_time(test: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Run an async test in a loop of its own with fake time. One that waits for ever fails at once."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
            return runner.run(test(*args, **kwargs))

    return run


def fake_loop() -> FakeTimeLoop:
    """The loop that runs; it has fake time."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FakeTimeLoop)
    return loop


async def passes(seconds: float) -> None:
    """So much time passes; what is due in it happens."""
    await asyncio.sleep(seconds)


def freezes(seconds: float) -> None:
    """So much time passes at once; what is due in it happens afterwards."""
    fake_loop().freeze(seconds)


async def settles() -> None:
    """Everything happens that needs no time."""
    settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    fake_loop().jumping.settled.append(settled)
    await settled
