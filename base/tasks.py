"""The tasks of the service. A mistake in one task stays there: it is logged and counted, and all others go on.

`Failures` counts the mistakes, also those of timers and observers. `Tasks` owns the tasks.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from math import inf
from types import TracebackType
from typing import Any, Self

import structlog

log = structlog.get_logger()

BURST = 60.0
"""Seconds after a logged mistake in which further ones from the same line are only counted."""

STEADY = 60.0
"""Seconds; work that went on so long before it failed counts as never failed."""

LONGEST_PAUSE = 10.0
"""Seconds between two tries, at most. Callers are held for 30 s while the service is away, and its start takes part of
that.
"""


def pause(failures: int) -> float:
    """Seconds before the next try after `failures` in a row (1 …): 1, 2, 4, 8, 10, 10 …"""
    return min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))


class Work(StrEnum):
    """Where a mistake can happen: the label of `wutong_task_failures_total`."""

    # goes on as long as the service; begins anew after a failure
    ACCOUNTS = "accounts"
    ASTERISK_COMPARE = "asterisk-compare"
    ASTERISK_LINK = "asterisk-link"
    ASTERISK_LOGS = "asterisk-logs"
    ASTERISK_MEMORY = "asterisk-memory"
    BROWSER_PHONES = "browser-phones"
    CERTIFICATE = "certificate"
    CITIZENS_DOOR = "citizens-door"
    CLIPS = "clips"
    CLOCK = "clock"
    DAILY_SHEET = "daily-sheet"
    DESCRIPTORS = "descriptors"
    DOORS = "doors"
    GUARD = "guard"
    JOURNAL = "journal"
    RECORDING = "recording"
    RETENTION = "retention"
    SELFTEST = "selftest"
    SHARED = "shared"
    # of the whole service, once
    HTTP = "http"
    LANGUAGES = "languages"
    START = "start"
    # of one call, phone or look at Asterisk, once
    ASTERISK_LOOK = "asterisk-look"
    BRING_IN = "bring-in"
    CALL_BACK = "call-back"
    JOIN = "join"
    LEAD_BACK = "lead-back"
    LEAD_IN = "lead-in"
    MESSAGE = "message"
    PHONE_CHECK = "phone-check"
    PHONE_WATCH = "phone-watch"
    RING = "ring"
    STOP_PROMPT = "stop-prompt"
    # no tasks of `Tasks`
    CALL = "call"  # the machine of one call, and its commands
    CALLBACK = "callback"  # a timer, or a callback of the loop
    EFFECT = "effect"  # what the engine wanted
    ENGINE = "engine"
    EVENT = "asterisk-event"  # the service's own part in one event of AMI, or in one difference that a look found
    MEASURE = "measure"  # a part of /metrics
    OBSERVER = "observer"  # of anything else than Records
    REPORTS = "reports"  # a Record that no report counts
    SESSION = "agi-session"
    SNAPSHOT = "snapshot"
    UNOWNED = "unowned"  # a task that nobody has waited for


class Failures:
    """Mistakes of ours that stayed where they happened. `counts`: by their `Work`, every one is a key from the start,
    as a counter that is there before the first failure shows it as an increase.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys(Work, 0))
        self._now = now
        self._logged: dict[str, float] = {}

    def note(self, work: str, error: BaseException, **more: object) -> None:
        """Count the mistake; log it with its traceback, and `more`."""
        self.counts[work] += 1
        now = self._now()
        if now - self._logged.get(work, -inf) >= BURST:
            self._logged[work] = now
            log.error("task-failed", task=work, failures=self.counts[work], exc_info=error, **more)

    @contextmanager
    def stay(self, work: Work) -> Iterator[None]:
        """A mistake in this block stays there. Not for what happens thousands of times a second."""
        try:
            yield
        except Exception as error:
            self.note(work, error)

    def handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The loop's exception handler: what was raised in timers and callbacks, and by tasks that nobody waits for.
        `work` in the context says more.
        """
        error = context.get("exception")
        of_network = "transport" in context and isinstance(error, OSError)
        if error is None or of_network:
            loop.default_exception_handler(context)
            return
        work = Work.UNOWNED if "task" in context or "future" in context else Work.CALLBACK
        self.note(context.get("work", work), error, message=context.get("message"))


class Tasks:
    """Owns tasks: the block `async with` is left once all have ended. If an exception leaves the block, also a
    cancelling, they are cancelled first.
    """

    def __init__(self, failures: Failures) -> None:
        self.failures = failures
        self._running: set[asyncio.Task[Any]] = set()
        self._cancelled: set[asyncio.Task[Any]] = set()
        self._ending = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        cancelled: asyncio.CancelledError | None = None
        if error is not None:
            self._cancel_all()
        while self._running:
            try:
                await asyncio.wait(self._running)
            except asyncio.CancelledError as again:
                cancelled = again
                self._cancel_all()
        self._ending = True
        if cancelled is not None and error is None:
            raise cancelled

    def spawn(
        self, work: Work, coroutine: Coroutine[Any, Any, object], on_failure: Callable[[], object] | None = None
    ) -> asyncio.Task[Any]:
        """Run it as a task. If it fails, that is counted and logged, and `on_failure` is called: it repairs what it can
        for whoever waited for that work.
        """
        task = asyncio.get_running_loop().create_task(coroutine, name=work)
        self._running.add(task)
        task.add_done_callback(partial(self._done, work, on_failure))
        if self._ending:
            self.cancel(task)
        return task

    def cancel(self, task: asyncio.Task[Any]) -> None:
        """Cancel one of these tasks; its holders do that here, so that it is done once: a second cancelling would break
        off how the task ends, such as a connection that is being closed, which aiosqlite then waits for for ever.
        `Task.cancelling` would not show it: a time-out of the task's own counts there, too, and the task goes on after
        it.
        """
        if task in self._running and task not in self._cancelled:
            self._cancelled.add(task)
            task.cancel()

    def keep(self, work: Work, begin: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[Any]:
        """Run what `begin` returns; if it fails, begin anew after 1, 2, 4 … `LONGEST_PAUSE` seconds."""
        return self.spawn(work, self._kept(work, begin))

    async def _kept(self, work: Work, begin: Callable[[], Coroutine[Any, Any, None]]) -> None:
        loop, failures = asyncio.get_running_loop(), 0  # in a row
        while True:
            began = loop.time()
            try:
                await begin()
            except Exception as error:
                self.failures.note(work, error)
            else:
                return
            failures = 1 if loop.time() - began >= STEADY else failures + 1
            await asyncio.sleep(pause(failures))

    def _done(self, work: Work, on_failure: Callable[[], object] | None, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self._cancelled.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        self.failures.note(work, error)
        if on_failure is not None:
            with self.failures.stay(work):
                on_failure()

    def _cancel_all(self) -> None:
        self._ending = True
        for task in self._running:
            self.cancel(task)
