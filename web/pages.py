"""Pages that anybody may ask for often: making one takes milliseconds of the loop that answers calls."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Once:
    """Made at the first request, in a thread, and kept."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._page: bytes | None = None
        self._making = asyncio.Lock()

    async def page(self) -> bytes:
        """The page. Raises what making it raises; the next request tries again."""
        async with self._making:
            if self._page is None:
                self._page = await asyncio.to_thread(self._make)
            return self._page


class Together:
    """Made anew, once for all requests of one turn of the loop: a crowd delays calls no longer than one request."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._next: asyncio.Future[bytes] | None = None

    async def page(self) -> bytes:
        """The page as of this turn of the loop. Raises what making it raises."""
        if self._next is None:
            loop = asyncio.get_running_loop()
            self._next = loop.create_future()
            loop.call_soon(self._answer)
        return await asyncio.shield(self._next)

    def _answer(self) -> None:
        waiting, self._next = self._next, None
        assert waiting is not None
        try:
            waiting.set_result(self._make())
        except Exception as error:  # each waiting request raises it
            waiting.set_exception(error)


class Joined(Generic[T]):
    """Asked for one request at a time: those that come meanwhile get the same answer. It is given up once nobody waits
    for it any more.
    """

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._ask = ask
        self._asking: asyncio.Task[T] | None = None
        self._waiting = 0

    async def answer(self) -> T:
        """The answer of the request that is under way, or of a new one. Raises what that raises."""
        if self._asking is None or self._asking.done() or not self._waiting:
            self._asking, self._waiting = asyncio.create_task(self._ask()), 0
        asking = self._asking
        self._waiting += 1
        try:
            return await asyncio.shield(asking)
        finally:
            if asking is self._asking:
                self._waiting -= 1
                if not self._waiting:
                    asking.cancel()
