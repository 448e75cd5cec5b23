"""The HTTP app: routes of all packages, health, metrics, and how it describes itself."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, compile_path

import accounts.api
import accounts.openid.api
import accounts.session_api
from base.failure import NotDone
from emergency import api as emergency
from hotline import recordings_api as recordings
from publishing import drafts_api as drafts
from publishing import versions_api
from sentences.languages import said
from sentences.sentence import Sentence
from service.http import console_pages, description, help
from service.http.admission import API, Admission, Guard, unruled
from service.http.finder import Finder, below
from service.http.guards import BodyLimit, Faults, Hosts, SecurityHeaders
from service.http.metrics import Metrics
from service.http.turnstile import Turnstile
from web import problems
from web.filters import Filters
from web.languages import Wanted
from web.pages import Joined, Once, Together

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
            self.openapi_schema = description.describe_errors(schema)
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
    shown = Once(lambda: description.page(made.openapi()).encode())

    @made.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return Response(await described.page(), media_type="application/json")

    @made.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(await shown.page(), headers={"Content-Security-Policy": description.POLICY})

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
        told = {name: said(wrong.get(name, "ok"), language) for name in checks}
        noted = {name: said(found, language) for name, note in notes.items() if (found := note()) is not None}
        if wrong:
            detail = "; ".join(f"{name}: {told[name]}" for name in wrong)
            why = Sentence("Not ready. {why}.", why=detail)
            raise problems.Refusal(503, why, {"checks": told, "notes": noted})
        return Ready(checks=told, notes=noted)

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
