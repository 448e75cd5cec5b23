"""Tasks of which one fails, as if there was a mistake of ours in it that nobody foresaw."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from base.tasks import Failures, Tasks, Work

KEPT = {
    Work.ACCOUNTS,
    Work.ASTERISK_COMPARE,
    Work.ASTERISK_LINK,
    Work.ASTERISK_LOGS,
    Work.ASTERISK_MEMORY,
    Work.BROWSER_PHONES,
    Work.CERTIFICATE,
    Work.CITIZENS_DOOR,
    Work.CLIPS,
    Work.CLOCK,
    Work.DAILY_SHEET,
    Work.DESCRIPTORS,
    Work.DOORS,
    Work.GUARD,
    Work.JOURNAL,
    Work.RECORDING,
    Work.RETENTION,
    Work.SELFTEST,
}
"""What goes on as long as the service."""

OF_SEVERAL = {Work.SHARED}
"""The same, where there are several machines."""


class Mistake(Exception):
    """What nobody foresaw."""


async def mistaken() -> None:
    raise Mistake


def makes_a_mistake(*_: object, **__: object) -> Any:
    raise Mistake


def once(of: Any, method: str) -> None:
    """The next call of that method is a mistake."""
    real = getattr(of, method)

    def wrong(*args: Any, **more: Any) -> Any:
        setattr(of, method, real)
        raise Mistake

    setattr(of, method, wrong)


def handled() -> asyncio.Queue[object]:
    """The exceptions that the loop handles from now on: those of its timers."""
    told = asyncio.Queue[object]()
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.put_nowait(context.get("exception")))
    return told


class Saboteur(Tasks):
    """`fails`: the work that fails, once; `fail_first`: those whose first try fails, of all saboteurs. `spawned`: what
    was begun so far.
    """

    fail_first: ClassVar[set[Work]] = set()

    def __init__(self, failures: Failures) -> None:
        super().__init__(failures)
        self.fails: Work | None = None
        self.spawned: set[Work] = set()

    def keep(self, work: Work, begin: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[Any]:
        def once() -> Coroutine[Any, Any, None]:
            if work not in self.fail_first:
                return begin()
            self.fail_first.discard(work)
            return mistaken()

        return super().keep(work, once)

    def spawn(
        self, work: Work, coroutine: Coroutine[Any, Any, object], on_failure: Callable[[], object] | None = None
    ) -> asyncio.Task[Any]:
        self.spawned.add(work)
        if work is self.fails or (work in self.fail_first and work not in KEPT):
            self.fails = None
            self.fail_first.discard(work)
            coroutine.close()
            coroutine = mistaken()
        return super().spawn(work, coroutine, on_failure)
