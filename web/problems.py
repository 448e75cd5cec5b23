"""Errors over HTTP as RFC 9457 problem details: `application/problem+json`, with a sentence in `detail`, in the
language that the request wants.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from sentences.languages import LANGUAGES, said
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, joined

# In which language a request wants the sentences for people: `Accept-Language`. English without one.


async def wanted(request: Request) -> str:  # a coroutine: FastAPI runs others in a thread
    """`zh` or `en`."""
    return asked_for(request.scope)


def asked_for(scope: Scope) -> str:
    """As `wanted`, before there is a request."""
    return preferred(Headers(scope=scope).get("accept-language", ""))


def preferred(accepted: str) -> str:
    """The first of ours in `zh-CN,zh;q=0.9,en;q=0.8`, by its `q`; of equals the one named first."""
    best, most = "en", 0.0
    for offer in accepted.split(",")[:20]:
        name, _, weight = offer.partition(";")
        language = name.strip().lower().partition("-")[0]
        quality = _quality(weight)
        if language in LANGUAGES and quality > most:
            best, most = language, quality
    return best


def _quality(weight: str) -> float:
    name, _, value = weight.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


Wanted = Annotated[str, Depends(wanted)]
"""The language, as an argument of a route."""

MEDIA_TYPE = "application/problem+json"

AGAIN = 2
"""Seconds after which somebody who asked for too much at once may ask again."""

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


class _InLanguage(JSONResponse):
    """Has the sentence in the language that the request wants."""

    media_type = MEDIA_TYPE

    def __init__(self, content: dict[str, Any], detail: str, headers: Mapping[str, str] | None) -> None:
        super().__init__({**_words(detail, "en"), **content}, content["status"], headers)
        self._content, self._detail = content, detail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (language := asked_for(scope)) != "en":
            self.body = self.render({**_words(self._detail, language), **self._content})
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def _words(detail: str, language: str) -> dict[str, Any]:
    """The sentence in a language, its code, and what stands in it."""
    members: dict[str, Any] = {"detail": said(detail, language)}
    if isinstance(detail, Sentence):
        fields = detail.fields.items()
        parts = {name: part if isinstance(part, int | float) else said(str(part), language) for name, part in fields}
        members |= {"code": detail.code, "fields": parts}
    return members


def response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, members: Mapping[str, Any] | None = None
) -> JSONResponse:
    """The answer to a request that fails. `members` come beside the four that every problem has. The sentence is
    in the language that the request wants.
    """
    title = HTTPStatus(status).phrase
    return _InLanguage({**(members or {}), "type": "about:blank", "title": title, "status": status}, detail, headers)


async def on_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Errors raised by a route, or by the framework: 404, 405."""
    assert isinstance(error, HTTPException)
    members = error.members if isinstance(error, Refusal) else None
    return response(error.status_code, _sentence(request, error), error.headers, members)


async def on_not_done(request: Request, error: Exception) -> JSONResponse:
    return response(503, str(error))


async def on_not_possible(request: Request, error: Exception) -> JSONResponse:
    return response(409, str(error))


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """A request that does not fit its description. The answer does not repeat what was sent: it may be anything."""
    assert isinstance(error, RequestValidationError)
    language = await wanted(request)
    mistakes = [(".".join(map(str, each["loc"])), _mistake(each)) for each in error.errors()[:MOST_ERRORS]]
    errors = [{"where": where, "message": said(why, language)} for where, why in mistakes]
    detail = joined(Sentence("{what}: {why}", what=where, why=why) for where, why in mistakes)
    return response(422, Sentence("The request is not valid: {mistakes}.", mistakes=detail), members={"errors": errors})


def _mistake(mistake: Mapping[str, Any]) -> Sentence:
    """What pydantic says of a field; of an error of ours, its own sentence."""
    error = mistake.get("ctx", {}).get("error")
    if isinstance(error, ValueError):
        return Sentence("Value error, {why}", why=str(error))
    return recognised(mistake["msg"])


def nothing_here() -> str:
    """The sentence of a 404."""
    return Sentence("There is nothing here; GET /openapi.json describes what there is.")


def not_possible(method: str, allowed: str) -> str:
    """The sentence of a 405."""
    return Sentence("{method} is not possible here; possible: {allowed}.", method=method, allowed=allowed)


def _sentence(request: Request, error: HTTPException) -> str:
    if error.detail != HTTPStatus(error.status_code).phrase:
        return error.detail
    match error.status_code:
        case 404:
            return nothing_here()
        case 405:
            return not_possible(request.method, (error.headers or {}).get("Allow", Sentence("other methods")))
        case _:
            return f"{error.detail}."
