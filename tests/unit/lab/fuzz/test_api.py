"""What the tests of HTTP by chance find, before small interfaces that are not as they say."""

import re
from datetime import UTC
from typing import Annotated

import pytest
from fastapi import Body, FastAPI, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from emergency.model import BadEnd, end
from emergency.order import UNTIL
from lab.fuzz.api import properties
from lab.fuzz.properties import Broken


def tried(app: FastAPI, examples: int = 10) -> None:
    """Raises Broken."""
    for each in properties(app.openapi(), "http://test", "token", app):
        each.tried(1, examples)


def refusing(method: str, path: str, sentence: str) -> FastAPI:
    """Its only route takes no body, and refuses every request with that sentence."""
    app = FastAPI()

    @app.api_route(path, methods=[method], responses={422: {}})
    def route(name: str = "") -> Response:
        return JSONResponse({"detail": sentence}, 422)

    return app


@pytest.mark.parametrize(
    ("method", "path", "sentence", "by_rule"),
    [
        ("POST", "/api/v1/calls", "9 is not a number of this hotline; its numbers are 12319.", True),
        ("POST", "/api/v1/calls", "The request is not valid: body.seconds: Input should be less than 600.", False),
        ("POST", "/api/v1/users", "A password has 12 to 128 characters.", True),
        ("POST", "/api/v1/tokens", "A password has 12 to 128 characters.", False),
        ("PUT", "/api/v1/drain", "A password has 12 to 128 characters.", False),
        ("GET", "/api/v1/calls", "9 is not a number of this hotline; its numbers are 12319.", False),
    ],
)
def test_only_a_rule_of_that_route_may_refuse_what_is_as_described(
    method: str, path: str, sentence: str, by_rule: bool
) -> None:
    app = refusing(method, path, sentence)
    if by_rule:
        tried(app)
    else:
        with pytest.raises(Broken, match=f"{method} {path} positive does not hold"):
            tried(app)


@pytest.mark.parametrize("until", ["0", "99:99", "2", "1s", "400d", "9999-12-31T23:59", "0.0.0s"])
def test_what_looks_like_an_end_and_is_none_is_refused_by_a_rule(until: str) -> None:
    """`PUT /emergency` with `until: "0"` fits the description."""
    assert re.fullmatch(UNTIL, until)
    with pytest.raises(BadEnd) as wrong:
        end(until, 1_700_000_000.0, UTC, 86_400.0)
    tried(refusing("PUT", "/api/v1/emergency", f"{wrong.value}."))


@pytest.mark.parametrize("status", [413, 418])
def test_a_body_that_is_not_as_described_may_be_refused_for_its_size(status: int) -> None:
    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    async def refused(request: Request, error: Exception) -> Response:
        return JSONResponse({}, status)

    @app.post("/things", responses={status: {}, 400: {}})
    def things(name: Annotated[str, Body(embed=True, max_length=5)]) -> Response:
        return JSONResponse({})

    if status == 413:
        tried(app)
    else:
        with pytest.raises(Broken, match="POST /things negative does not hold"):
            tried(app)


def only_kind(request: Request) -> None:
    """A request with another name in its query is one that is not as described."""
    if set(request.query_params) - {"kind"}:
        raise RequestValidationError([])


@pytest.mark.parametrize("checked", [True, False])
def test_a_query_that_is_not_as_described_must_be_refused(checked: bool) -> None:
    app = FastAPI()
    described = {"type": "string", "pattern": "^[a-z]{3}$"}

    @app.get("/things", openapi_extra={"parameters": [{"name": "kind", "in": "query", "schema": described}]})
    def things(
        request: Request,
        kind: Annotated[str, Query(pattern="^[a-z]{3}$" if checked else "", include_in_schema=False)] = "abc",
    ) -> None:
        only_kind(request)

    if checked:
        tried(app)
    else:
        with pytest.raises(Broken, match="GET /things negative does not hold"):
            tried(app)


@pytest.mark.parametrize("checked", [True, False])
def test_a_route_that_says_it_needs_a_token_must_need_it(checked: bool) -> None:
    app = FastAPI()
    bearer = HTTPBearer(auto_error=False)

    @app.get("/things", responses={401: {}})
    def things(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)], kind: str = ""
    ) -> Response:
        if checked and not (given is not None and given.credentials == "token"):
            return Response("[]", 401, media_type="application/json")
        only_kind(request)
        return Response("[]", media_type="application/json")

    if checked:
        tried(app)
    else:
        with pytest.raises(Broken, match="GET /things positive does not hold"):
            tried(app)
