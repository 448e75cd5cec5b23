"""How long a test waits for what must happen, and what it says when that does not happen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

Found = TypeVar("Found")

PATIENCE = 60.0
"""Seconds. A quiet machine needs less than one for most things. A starved one may need many: that is no failure."""

EVERY = 0.02
"""Seconds between two looks at what has no event to wait for."""


class Late(TimeoutError):
    """What was waited for did not happen in time. The message says what it was."""


@asynccontextmanager
async def patience(
    what: str, timeout: float = PATIENCE, evidence: Callable[[], str] = lambda: ""
) -> AsyncIterator[None]:
    """Let the block wait for `what`. Raises Late, with `evidence`, if it lasts longer than `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout) as limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise  # the block's own
        raise Late(f"{what} did not come within {timeout:g} s. {evidence()}".rstrip()) from error


async def until(
    what: str, look: Callable[[], Awaitable[Found]], seen: Callable[[Found], Any] = bool, every: float = EVERY
) -> Found:
    """Look again and again until what is found is `seen`; answers it. Raises Late, with what was found last."""
    last: list[Found] = []
    async with patience(what, PATIENCE, lambda: f"The last look found: {last}"):
        while not seen((last := [await look()])[0]):  # noqa: ASYNC110 - no event to wait for
            await asyncio.sleep(every)
    return last[0]
