"""Errors over HTTP as RFC 9457 problem details: `application/problem+json`, with a sentence in `detail`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"

MOST_ERRORS = 20
"""Mistakes of one request that are listed."""


class Problem(BaseModel):
    """What went wrong. Further members depend on the problem: `errors` of a 422, `problems` of a broken hotline,
    `checks` of `GET /readyz`.
    """

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`about:blank`: the status says it all.", examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(
        description="A sentence: what is wrong and what to do.",
        examples=["There is no such queue; the queues of this hotline are greening, general."],
    )


class Refusal(HTTPException):
    """An error with further members beside the sentence."""

    def __init__(self, status: int, detail: str, members: Mapping[str, Any]) -> None:
        super().__init__(status, detail)
        self.members = members


def response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, members: Mapping[str, Any] | None = None
) -> JSONResponse:
    """The answer to a request that fails. `members` come beside the four that every problem has."""
    title = HTTPStatus(status).phrase
    content = {**(members or {}), "type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status, dict(headers or {}), MEDIA_TYPE)


async def on_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Errors raised by a route, or by the framework: 404, 405."""
    assert isinstance(error, HTTPException)
    members = error.members if isinstance(error, Refusal) else None
    return response(error.status_code, _sentence(request, error), error.headers, members)


async def on_not_done(request: Request, error: Exception) -> JSONResponse:
    return response(503, str(error))


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """A request that does not fit its description. The answer does not repeat what was sent: it may be anything."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": ".".join(str(part) for part in mistake["loc"]), "message": mistake["msg"]}
        for mistake in error.errors()[:MOST_ERRORS]
    ]
    detail = "; ".join(f"{mistake['where']}: {mistake['message']}" for mistake in errors)
    return response(422, f"The request is not valid: {detail}.", members={"errors": errors})


def nothing_here() -> str:
    """The sentence of a 404."""
    return "There is nothing here; GET /openapi.json describes what there is."


def not_possible(method: str, allowed: str) -> str:
    """The sentence of a 405."""
    return f"{method} is not possible here; possible: {allowed}."


def _sentence(request: Request, error: HTTPException) -> str:
    if error.detail != HTTPStatus(error.status_code).phrase:
        return error.detail
    match error.status_code:
        case 404:
            return nothing_here()
        case 405:
            return not_possible(request.method, (error.headers or {}).get("Allow", "other methods"))
        case _:
            return f"{error.detail}."
