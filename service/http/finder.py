"""The routes below a prefix, and the route of a request by how its path begins. FastAPI tries one after the other, and
each of our hundred costs two microseconds or more.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.utils import generate_unique_id
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, compile_path
from starlette.types import Receive, Scope, Send

_FOUND = "wutong.route"


def below(prefix: str, routers: Iterable[APIRouter]) -> Iterator[APIRoute]:
    """The routes themselves, changed: `/queues` below `/api/v1` is at `/api/v1/queues`. A router belongs to one app.

    FastAPI's `include_router` builds each route a second time for that: of our hundred it costs every start, and every
    test with an app, 60 ms of a processor. It also keeps both, and each request passes through both.
    """
    for router in routers:
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is no route of an API"
            route.path = prefix + route.path
            route.path_regex, route.path_format, route.param_convertors = compile_path(route.path)
            route.unique_id = route.operation_id or generate_unique_id(route)
            if route.response_field is not None:
                route.response_field.name = f"Response_{route.unique_id}"  # the title of an answer in OpenAPI
            yield route


class Finder(BaseRoute):
    """Replaces `routes`, and answers as they do. Of two that match, the one with more words before its
    first parameter is taken, then the first one: as `admission` finds the rule.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self.routes = list(routes)
        self._by_start: dict[str, list[BaseRoute]] = {}
        for route in self.routes:
            for start in {_start(context.path or "") for context in iter_route_contexts([route])}:
                self._by_start.setdefault(start, []).append(route)
        self._most_words = max(start.count("/") + 1 for start in self._by_start)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The route's answer, and which route it is."""
        partial: tuple[Match, Scope] = Match.NONE, {}
        for route in self._candidates(scope["path"]):
            match, found = route.matches(scope)
            if match is Match.FULL:
                return match, {**found, _FOUND: route}
            if match is Match.PARTIAL and partial[0] is Match.NONE:
                partial = match, {**found, _FOUND: route}
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that was found handle it."""
        await scope[_FOUND].handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Nothing here makes addresses from names."""
        raise NoMatchFound(name, path_params)

    def _candidates(self, path: str) -> Iterator[BaseRoute]:
        """No more is split than is known: a path may have 60,000 slashes."""
        words = path.split("/", self._most_words)[: self._most_words]
        for count in range(len(words), 0, -1):
            yield from self._by_start.get("/".join(words[:count]), ())


def _start(template: str) -> str:
    """What a path begins with before its first parameter: `/queues` of `/queues/{id}/callers`."""
    fixed, parameter, _ = template.partition("{")
    return fixed.rpartition("/")[0] if parameter else fixed
