"""The HTTP app: routes of all packages, how a request finds its own, health, metrics, and how it describes itself."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.utils import generate_unique_id
from jinja2 import Environment, FileSystemLoader
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field
from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, NoMatchFound, compile_path
from starlette.types import Receive, Scope, Send

import accounts.api
import accounts.openid.api
import accounts.session_api
from accounts import roles
from accounts.tokens import CSRF_HEADER
from base.failure import NotDone, NotPossible
from emergency import api as emergency
from hotline import recordings_api as recordings
from publishing import drafts_api as drafts
from publishing import versions_api
from sentences.languages import said
from sentences.sentence import Sentence, joined
from service.http import console_pages, help
from service.http.admission import API, GUARDED, Admission, Guard, unruled
from service.http.guards import BodyLimit, Faults, Hosts, SecurityHeaders
from service.http.metrics import Metrics
from service.http.turnstile import Turnstile
from web import problems
from web.filters import Filters
from web.pages import Joined, Once, Together
from web.problems import Wanted

# The OpenAPI document: what it says of every operation (its errors as they are, and who may ask), and the page at
# /docs, which shows it to people. The page has no scripts and nothing from elsewhere: it works offline.


def describe_errors(schema: dict[str, Any]) -> dict[str, Any]:
    """Add to `schema` the true form of every operation's errors, and the token where one is needed."""
    parts = schema.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = problems.Problem.model_json_schema()
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "wutong"},
    }
    shape = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                _without_null(parameter)
            responses = operation["responses"]
            if path.startswith(f"{GUARDED}/"):
                if method == "get":
                    responses["400"] = {"description": "There is no such filter; the sentence names those there are."}
                if (method.upper(), path.removeprefix(API)) not in roles.OPEN:
                    operation["security"] = [{"token": []}, {"session": []}]
                    responses.setdefault("401", {"description": "Nobody has signed in, or the token is wrong."})
                rule = roles.ROUTES.get((method.upper(), path.removeprefix(API)))
                if rule is not None and rule.costly:
                    much = "This account asks for too much at once that takes long; Retry-After says when to ask again."
                    responses["429"] = {"description": much}
                responses["403"] = {
                    "description": f"The account may not do that (docs/roles.md), or {CSRF_HEADER} is missing."
                }
            responses["421"] = {"description": "The Host header names another host."}
            if "requestBody" in operation:
                responses["400"] = {"description": "The body cannot be read: it is not UTF-8, or nested too deeply."}
                responses["413"] = {"description": "The body is too large."}
            if "422" in responses and responses["422"].get("description") == "Validation Error":
                responses["422"]["description"] = "The request is not valid; `errors` says where."
            responses["500"] = {"description": "A mistake of Wutong's; its log says which."}
            for status, answer in responses.items():
                answer.get("content", {}).get("text/event-stream", {}).pop("schema", None)  # it is events, no string
                if status >= "400":
                    answer["content"] = shape
                elif answer["description"] == "Successful Response":
                    answer["description"] = "Done; this is the answer."
    return schema


def _without_null(parameter: dict[str, Any]) -> None:
    """A parameter of a query is text or left out. It is never null: `null` would be a word."""
    schema = parameter["schema"]
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        schema |= choices[0]
    elif choices:
        schema["anyOf"] = choices


STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code { font-size: 0.95em; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; }
table { border-collapse: collapse; width: 100%; }
td { padding: 0.2rem 1rem 0.2rem 0; vertical-align: top; }
td:first-child { white-space: nowrap; }
"""

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The page's Content-Security-Policy: its own style and nothing else."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def page(openapi: Mapping[str, Any]) -> str:
    """The document as HTML."""
    return _TEMPLATES.get_template("reference.html").render(openapi, style=STYLE)


# The routes below a prefix, and the route of a request by how its path begins. FastAPI tries one after the other,
# and each of our hundred costs two microseconds or more.


_FOUND = "wutong.route"


def below(prefix: str, routers: Iterable[APIRouter]) -> Iterator[APIRoute]:
    """The routes themselves, changed: `/queues` below `/api/v1` is at `/api/v1/queues`. A router belongs to one app.

    FastAPI's `include_router` builds each route a second time for that: of our hundred it costs every start, and every
    test with an app, 60 ms of a processor. It also keeps both, and each request passes through both.
    """
    for router in routers:
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is not a route of an API"
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
        self._by_words: dict[tuple[str, str], list[BaseRoute]] = {}
        for route in self.routes:
            for words in {_words(context.path or "") for context in iter_route_contexts([route])}:
                self._by_words.setdefault(words, []).append(route)
        self._most_words = max(start.count("/") + 1 for start, _ in self._by_words)

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
        words = path.split("/", self._most_words + 2)[: self._most_words + 2]
        for count in range(min(len(words), self._most_words), 0, -1):
            start, after = "/".join(words[:count]), words[count + 1] if len(words) > count + 1 else ""
            if after:
                yield from self._by_words.get((start, after), ())
            yield from self._by_words.get((start, ""), ())


def _words(template: str) -> tuple[str, str]:
    """What a path begins with before its first parameter, and the word that follows that; "" for none: `/queues` and
    `callers` of `/queues/{id}/callers`.
    """
    fixed, parameter, rest = template.partition("{")
    if not parameter:
        return fixed, ""
    after = rest.partition("}/")[2].partition("/")[0]
    return fixed.rpartition("/")[0], "" if "{" in after else after


DESCRIPTION = """\
Times are ISO 8601 with zone. Durations are seconds, in fields that end in `_s`. Lists are bare arrays.
Errors are RFC 9457 problem details with a sentence in `detail`."""

Check = Callable[[], Awaitable[str | None]]
"""Answers None if all is well, else a few words on what is wrong."""

CHECK_S = 3.0
"""Seconds that all checks of /readyz have; the client has its own time limit."""


class Alive(BaseModel):
    """The process serves HTTP."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """Everything that calls need is there."""

    status: Literal["ready"] = "ready"
    checks: dict[str, str] = Field(
        description="The name of each check → `ok`.",
        examples=[{"asterisk": "ok", "intake": "ok", "database": "ok", "journal": "ok"}],
    )
    notes: dict[str, str] = Field(
        default={},
        description="Faults that keep no call away: a name → a sentence that says what to do.",
        examples=[
            {"voice": "3 texts are spoken by the draft voice espeak-ng, and callers will not understand them: …"}
        ],
    )


class App(FastAPI):
    """FastAPI, with errors and token described in its OpenAPI document as they are. `described`: its routes."""

    described: Sequence[BaseRoute]
    turnstile: Turnstile

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            schema = get_openapi(
                title=self.title, version=self.version, description=self.description, routes=self.described
            )
            self.openapi_schema = describe_errors(schema)
        return self.openapi_schema

    def methods(self, path: str) -> list[str]:
        """What can be done at `path`. Two routes may share it, and Starlette's own `Allow` names those of the first."""
        described = self.openapi()["paths"].items()
        return sorted(
            method.upper()
            for template, operations in described
            if compile_path(template)[0].match(path)
            for method in operations
        )


def app(
    *,
    admission: Admission,
    timezone: Callable[[], str],
    nouns: Iterable[APIRouter],
    host_names: Collection[str],
    phone_port: int,
    version: str,
    metrics: Metrics,
    checks: Mapping[str, Check],
    notes: Mapping[str, Callable[[], str | None]],
) -> App:
    """The app, ready to be served.

    timezone    the hotline's
    nouns       the routes of each noun, below `API`; those of accounts come here
    host_names  names under which it is reached, beside loopback's
    phone_port  of Asterisk's WebSocket, to which the console's phone connects
    checks      what /readyz asks, by name
    notes       what /readyz also reports, which calls do not need
    """
    made = App(
        title="Wutong",
        version=version,
        description=DESCRIPTION,
        openapi_url=None,  # FastAPI makes it anew for everybody who asks
        docs_url=None,  # FastAPI's two pages load scripts from elsewhere; `description.page` needs none
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing of a request goes anywhere else
        exception_handlers={
            HTTPException: _on_http_exception,
            NotDone: problems.on_not_done,
            NotPossible: problems.on_not_possible,
            RequestValidationError: problems.on_invalid_request,
        },
    )
    routers = (
        *nouns,
        accounts.session_api.router(admission.accounts, timezone),
        accounts.session_api.second_factor_router(admission.accounts),
        *accounts.api.routers(admission.accounts),
    )
    # Providers add parameters of their own to the way back: RFC 6749, 4.1.2, has us ignore them.
    openid = accounts.openid.api.router(admission.accounts, timezone)
    if wrong := unruled((*routers, openid)):
        raise RuntimeError(f"accounts/roles.py: ROUTES and the routes do not agree on {', '.join(wrong)}")
    read = list(below(API, routers))
    made.router.routes += (*read, *below(API, (openid,)), *_health(metrics, checks, notes).routes)

    described = Once(lambda: json.dumps(made.openapi(), ensure_ascii=False, separators=(",", ":")).encode())
    shown = Once(lambda: page(made.openapi()).encode())

    @made.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return Response(await described.page(), media_type="application/json")

    @made.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(await shown.page(), headers={"Content-Security-Policy": POLICY})

    made.described = (*made.router.routes, *console_pages.routes(phone_port), *help.routes())
    made.router.routes[:] = [Finder(made.described)]

    # The last middleware added is the outermost. Checks are layers here, and no dependencies of routes: each of those
    # costs a request 15 µs.
    made.add_middleware(Filters, routes=read)
    made.turnstile = Turnstile()
    made.add_middleware(made.turnstile.before)
    larger_bodies = {**recordings.LARGER, **versions_api.LARGER, **drafts.LARGER, **emergency.LARGER}
    larger = {(method, API + path): most for (method, path), most in larger_bodies.items()}
    made.add_middleware(BodyLimit, larger=larger)
    made.add_middleware(Guard, admission=admission)
    made.add_middleware(Hosts, names=host_names)
    made.add_middleware(Faults)
    made.add_middleware(SecurityHeaders)
    return made


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, HTTPException) and error.status_code == 405:
        methods = request.app.methods(request.url.path)
        if methods:  # else a page that is not described
            error.headers = {**(error.headers or {}), "Allow": ", ".join(methods)}
    return await problems.on_http_exception(request, error)


def _health(metrics: Metrics, checks: Mapping[str, Check], notes: Mapping[str, Callable[[], str | None]]) -> APIRouter:
    routes = APIRouter(tags=["operations"])

    async def ask() -> list[str | None]:
        return await asyncio.gather(*map(_ask, checks.values()))

    asked = Joined(ask)
    measured = Together(lambda: metrics.exposition())

    @routes.get("/healthz", summary="Is the process alive?")
    async def healthz() -> Alive:
        return Alive()

    @routes.get(
        "/readyz",
        summary="Can calls be taken?",
        responses={503: {"description": "Not all is there; `checks` names each, `detail` says what is missing."}},
    )
    async def readyz(language: Wanted) -> Ready:
        """What `checks` and `notes` say is in the first of `zh` and `en` that `Accept-Language` names."""
        answers = await asked.answer()
        wrong = {name: why for name, why in zip(checks, answers, strict=True) if why is not None}
        states = {name: said(wrong.get(name, "ok"), language) for name in checks}
        noted = {name: said(found, language) for name, note in notes.items() if (found := note()) is not None}
        if wrong:
            detail = joined(Sentence("{what}: {why}", what=name, why=found) for name, found in wrong.items())
            why = Sentence("Not ready. {why}.", why=detail)
            raise problems.Refusal(503, why, {"checks": states, "notes": noted})
        return Ready(checks=states, notes=noted)

    @routes.get(
        "/metrics",
        summary="Measures for Prometheus",
        response_class=Response,
        responses={200: {"description": "Prometheus' text format.", "content": {"text/plain": {}}}},
    )
    async def exposition() -> Response:
        return Response(await measured.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return routes


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_S):
            return await check()
    except TimeoutError:
        return Sentence("no answer within {seconds:g} s", seconds=CHECK_S)
