"""Drawings of the hotline in use. The database counts, a program of its own draws: calls go on meanwhile."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.model import Reach
from base.failure import NotDone
from drawing.counting import traffic
from drawing.listing import OutlineOut, Wanted, drawn
from drawing.traffic import Traffic, since
from hotline.model import Hotline
from journal import database
from processes.aside import aside

FRESH = 60.0
"""Seconds for which a drawing is handed out again."""

KEPT = 16
"""Drawings that are kept: each has its language, days and reach."""

WITHIN_S = 60.0
"""Seconds that drawing may take, on a busy machine."""

_Key = tuple[str, str, int | None, Reach]


class Drawings:
    """Of the hotline in use. `now`: seconds since the epoch. One drawing is made at a time."""

    def __init__(self, in_use: Callable[[], Hotline], database: AsyncEngine, now: Callable[[], float]) -> None:
        self._in_use = in_use
        self._database = database
        self._now = now
        self._made: dict[_Key, tuple[float, OutlineOut]] = {}
        self._making = asyncio.Lock()

    def languages(self) -> tuple[str, ...]:
        """Those of the hotline in use, the default first."""
        return self._in_use().languages

    async def drawing(self, language: str, days: int | None, reach: Reach) -> OutlineOut:
        """What a drawing shows, and the drawing, with the traffic of so many days; 0: of today; None: without.

        Raises NotDone. When this is cancelled, the count and the program are ended.
        """
        async with self._making:
            hotline = self._in_use()
            # Of a reach only what a drawing shows by it: the agent makes no difference.
            key = hotline.version, language, days, reach.without_agent()
            made, kept = self._made.get(key, (-FRESH, None))
            if kept is not None and made + FRESH > self._now() >= made:
                return kept
            counted = None if days is None else await self._count(hotline, days)
            moment = datetime.fromtimestamp(self._now(), hotline.zone)
            drawing = await self._drawn(Wanted(hotline, language, moment, counted, reach))
            self._made.pop(key, None)
            self._made[key] = self._now(), drawing
            for oldest in list(self._made)[:-KEPT]:
                del self._made[oldest]
            return drawing

    async def _drawn(self, wanted: Wanted) -> OutlineOut:
        return await aside(drawn, wanted, WITHIN_S)

    async def _count(self, hotline: Hotline, days: int) -> Traffic:
        until = self._now()
        try:
            return await database.read(
                self._database, lambda connection: traffic(connection, hotline, since(days, until, hotline.zone), until)
            )
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise NotDone(
                "The calls cannot be counted: {name}. GET /readyz tells more.", name=type(error).__name__
            ) from error
