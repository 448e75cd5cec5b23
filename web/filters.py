"""A GET that names a filter which its route does not know is refused: its answer would hold more than was asked for.

So is one that names a filter twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from re import Pattern
from typing import NamedTuple

from fastapi.routing import iter_route_contexts
from starlette.datastructures import QueryParams
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from base.hints import did_you_mean, one_of, shown
from sentences.sentence import Sentence
from web.problems import response


class _Known(NamedTuple):
    """The names of a route's filters."""

    path: Pattern[str]
    names: list[str]


class Filters:
    """A layer before `routes`. A request without filters passes at once."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._known = list(_filters(routes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and scope["query_string"]:
            names = next((known.names for known in self._known if known.path.match(scope["path"])), None)
            why = None if names is None else _why_not(QueryParams(scope["query_string"]), names)
            if why is not None:
                await response(400, why)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _filters(routes: Iterable[BaseRoute]) -> Iterator[_Known]:
    for route in iter_route_contexts(list(routes)):
        if "GET" in (route.methods or ()):
            yield _Known(route.path_regex, [parameter.alias for parameter in route.dependant.query_params])


def _why_not(asked: QueryParams, known: Sequence[str]) -> str | None:
    """The first filter that is refused, and why; None: all are known."""
    given = [name for name, _ in asked.multi_items()]
    for name in asked:
        if given.count(name) > 1:  # a reader of the audit could not see which one counted
            return Sentence(
                "The filter {name} is there {count} times; send it once.", name=shown(name), count=given.count(name)
            )
        if name not in known:
            if not known:
                return Sentence("There is no filter {name}; this takes no filters.", name=shown(name))
            names = one_of(known)
            if hint := did_you_mean(name, known, ""):
                names = Sentence("{names} — {hint}", names=names, hint=hint)
            return Sentence("There is no filter {name}; known here: {names}.", name=shown(name), names=names)
    return None
