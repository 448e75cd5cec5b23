"""A request finds its route at once, and the one that FastAPI would have found."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope

from service.http.app import Finder
from tests.unit.service.world import World


def asked(path: str, method: str = "GET") -> Scope:
    return {"type": "http", "method": method, "path": path, "headers": []}


def test_every_route_is_found_in_one_try_or_few() -> None:
    app = World().app()
    finder = Finder(app.described)
    for context in iter_route_contexts(app.described):
        assert context.path is not None
        for method in context.methods or ():
            path = context.path.replace("{number}", "7")
            match, _ = finder.matches(asked(path, method))
            assert match is Match.FULL, (method, path)
            assert len(list(finder._candidates(path))) <= 20, path  # so many begin with /calls/{call_id}
    assert len(list(finder._candidates("/healthz"))) == 1
    assert list(finder._candidates("/nothing/here")) == []


@pytest.mark.parametrize("path", ["", "/", "/a", "/a/b", "/a/b/c", "/a/b/", "/a//", "/ab", "/a/b" + "/c" * 30_000])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_the_same_as_one_route_after_the_other(path: str, method: str) -> None:
    first, second = APIRouter(prefix="/a"), APIRouter()
    first.get("/{name}")(one)
    first.put("/{name}/c")(one)
    second.get("/a")(one)
    second.get("/")(one)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(first)
    app.include_router(second)
    matches = {route.matches(asked(path, method))[0] for route in app.router.routes}
    best = next((match for match in (Match.FULL, Match.PARTIAL) if match in matches), Match.NONE)
    assert Finder(app.router.routes).matches(asked(path, method))[0] is best


def test_a_word_instead_of_a_parameter_is_nearer() -> None:
    """As `admission` finds the rule of a request: else one route's rule would let somebody into the other."""
    wide, near = APIRouter(prefix="/versions"), APIRouter(prefix="/versions")
    wide.get("/{number}")(one)
    near.get("/current")(one)
    app = FastAPI(openapi_url=None)
    app.include_router(wide)
    app.include_router(near)
    assert next(Finder(app.router.routes)._candidates("/versions/current")) is app.router.routes[-1]


async def one() -> str:
    return ""
