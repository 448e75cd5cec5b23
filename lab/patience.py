"""How long a test waits for what must happen, and what it says when that does not happen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

Found = TypeVar("Found")

PATIENCE = 60.0
"""Seconds. A quiet machine needs less than one for most things. A starved one may need many: that is no failure."""

EVERY = 0.02
SELDOM = 0.1
"""Seconds between the first looks at what has no event to wait for, and between later ones. A look costs two
milliseconds of a processor; several tests look at the same time, and most of what they wait for takes seconds.
"""

GROWTH = 1.2
"""By so much each pause is longer than the one before: the end is found at most a fifth of the wait too late."""


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
    what: str,
    look: Callable[[], Awaitable[Found]],
    seen: Callable[[Found], Any] = bool,
    every: float | None = None,
    within: float = PATIENCE,
) -> Found:
    """Look again and again until what is found is `seen`; answers it. Raises Late, with what was found last, if that
    takes longer than `within` seconds.

    `every`: seconds between two looks; None: from EVERY, slowly growing, to SELDOM.
    """
    last: list[Found] = []
    pause = EVERY if every is None else every
    async with patience(what, within, lambda: f"The last look found: {last}"):
        while not seen((last := [await look()])[0]):
            await asyncio.sleep(pause)
            if every is None:
                pause = min(pause * GROWTH, SELDOM)
    return last[0]
