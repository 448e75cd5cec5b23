"""Puts the routes of routers below a prefix.

FastAPI's `include_router` builds each route a second time for that: of our hundred it costs every start, and every test
with an app, 60 ms of a processor. It also keeps both, and each request passes through both.
"""

from collections.abc import Iterable, Iterator

from fastapi import APIRouter
from fastapi.routing import APIRoute
from fastapi.utils import generate_unique_id
from starlette.routing import compile_path


def below(prefix: str, routers: Iterable[APIRouter]) -> Iterator[APIRoute]:
    """The routes themselves, changed: `/queues` below `/api/v1` is at `/api/v1/queues`. A router belongs to one app."""
    for router in routers:
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is no route of an API"
            route.path = prefix + route.path
            route.path_regex, route.path_format, route.param_convertors = compile_path(route.path)
            route.unique_id = route.operation_id or generate_unique_id(route)
            if route.response_field is not None:
                route.response_field.name = f"Response_{route.unique_id}"  # the title of an answer in OpenAPI
            yield route
