"""Pictures of the hotline in use. The database counts, a thread draws: calls go on meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.model import Reach
from calls.traffic import traffic
from hotline.model import Hotline
from hotline.picture.making import graph_of
from hotline.picture.model import Graph
from hotline.picture.svg import svg
from hotline.picture.traffic import Traffic, since, with_traffic
from ivr.model import Place
from service.setup.failure import NotDone

FRESH = 60.0
"""Seconds for which a picture is handed out again."""

KEPT = 16
"""Pictures that are kept: each has its language, days and reach."""

_Key = tuple[str, str, int | None, Reach]


class Pictures:
    """The `PictureSource` of the HTTP interface. `now`: seconds since the epoch. One picture is made at a time."""

    def __init__(self, in_use: Callable[[], Hotline], database: AsyncEngine, now: Callable[[], float]) -> None:
        self._in_use = in_use
        self._database = database
        self._now = now
        self._made: dict[_Key, tuple[float, tuple[Graph, str]]] = {}
        self._making = asyncio.Lock()

    def languages(self) -> tuple[str, ...]:
        return self._in_use().languages

    async def drawing(self, language: str, days: int | None, reach: Reach) -> tuple[Graph, str]:
        """Raises NotDone."""
        async with self._making:
            hotline = self._in_use()
            # Of a reach only what a picture shows by it: the agent makes no difference.
            key = hotline.version, language, days, reach.without_agent()
            made, kept = self._made.get(key, (-FRESH, None))
            if kept is not None and made + FRESH > self._now() >= made:
                return kept
            counted = None if days is None else await self._count(hotline, days)
            moment = datetime.fromtimestamp(self._now(), hotline.zone)
            drawing = await asyncio.to_thread(_drawn, hotline, language, moment, counted, reach)
            self._made.pop(key, None)
            self._made[key] = self._now(), drawing
            for oldest in list(self._made)[:-KEPT]:
                del self._made[oldest]
            return drawing

    async def _count(self, hotline: Hotline, days: int) -> Traffic:
        until = self._now()
        try:
            async with self._database.connect() as connection:
                return await traffic(connection, hotline, since(days, until, hotline.zone), until)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise NotDone(f"The calls cannot be counted: {type(error).__name__}. GET /readyz tells more.") from error


def _drawn(
    hotline: Hotline, language: str, moment: datetime, counted: Traffic | None, reach: Reach
) -> tuple[Graph, str]:
    def seen(place: Place) -> bool:
        section, name = place
        return reach.whole or name in (reach.queues if section == "queues" else reach.departments)

    graph = _without_details(graph_of(hotline, language, moment=moment), seen)
    graph = graph if counted is None else with_traffic(graph, counted, seen)
    return graph, svg(graph)


def _without_details(graph: Graph, seen: Callable[[Place], bool]) -> Graph:
    """Names and ways are what every caller hears. Internal numbers and skills are for those who may see the queue."""
    nodes = {
        place: node if place[0] not in ("queues", "sub_hotlines") or seen(place) else replace(node, details=())
        for place, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)
