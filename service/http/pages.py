"""Pages that anybody may ask for, and often: to make one takes milliseconds of the loop that answers calls."""

import asyncio
from collections.abc import Callable


class Once:
    """Made at the first request, in a thread, and kept."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._page: bytes | None = None
        self._making = asyncio.Lock()

    async def page(self) -> bytes:
        async with self._making:
            if self._page is None:
                self._page = await asyncio.to_thread(self._make)
            return self._page


class Together:
    """Made anew for every request, but once for all that come in one turn of the loop: a crowd delays calls by one."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._next: asyncio.Future[bytes] | None = None

    async def page(self) -> bytes:
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
        except Exception as error:  # each of those who wait raises it
            waiting.set_exception(error)
