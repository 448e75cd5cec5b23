"""The HTTP app: routes of all packages, health, metrics, and how it describes itself."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
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
import accounts.second_factor_api
import accounts.session_api
import acd.api
import acd.callers_api
import agents.api as agents_api
import agents.browser_phone_api as browser_phone_api
import agents.dial_api as dial_api
import agents.help_api as help_api
import calls.api as calls_api
import calls.earlier_api as earlier_api
import calls.hold_api as hold_api
import calls.linked_api as linked_api
import calls.listen_api as listen_api
import calls.move_api as move_api
import calls.own_api as own_api
import calls.targets_api as targets_api
import calls.transfer_api as transfer_api
import calls.wrap_up_api as wrap_up_api
from acd.api import QueueSource
from acd.callers_api import CallerSource
from agents.api import AgentSource
from agents.browser_phone_api import BrowserPhoneSource
from agents.dial_api import AgentDialling
from agents.help_api import Helping
from base.failure import NotDone
from calls.api import Placing
from calls.book import CallBook
from calls.hold_api import Holding
from calls.linked_api import Linking
from calls.listen_api import Eavesdropping
from calls.move_api import Moving
from calls.targets_api import TargetSource
from calls.transfer_api import Transferring
from calls.wrap_up_api import WrapUps
from emergency import api as emergency
from emergency.api import EmergencySource, PinSource
from hotline import prompts_api as prompts
from hotline import recordings_api as recordings
from hotline.drawing import api as pictures
from hotline.drawing.api import PictureSource
from hotline.prompts_api import PromptSource
from hotline.recordings_api import Recording
from privacy import api as privacy
from privacy.api import Ageing, Numbered
from publishing import administration_api as administration
from publishing import drafts_api as drafts
from publishing import versions_api
from publishing.administration_api import Operations
from publishing.drafts_api import Drafting
from publishing.versions_api import Versions
from sentences.languages import said
from sentences.sentence import Sentence
from service.http import console_pages, examination, help, names, notice, reference
from service.http.admission import API, Admission, Guard, unruled
from service.http.below import below
from service.http.broadcast import Broadcast
from service.http.description import describe_errors
from service.http.examination import Examining
from service.http.finder import Finder
from service.http.guards import BodyLimit, Faults, Hosts, SecurityHeaders
from service.http.metrics import Metrics
from service.http.notice import NoticeSource
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
    host_names: Collection[str],
    version: str,
    queues: QueueSource,
    callers: CallerSource,
    agents: AgentSource,
    browser_phones: BrowserPhoneSource,
    targets: TargetSource,
    places: Callable[[], names.Named],
    calls: CallBook,
    placing: Placing,
    moving: Moving,
    sending: Transferring,
    holding: Holding,
    dialling: AgentDialling,
    hearing: Eavesdropping,
    helping: Helping,
    sheets: WrapUps,
    linked: Linking,
    now: Callable[[], float],
    operations: Operations,
    versions: Versions,
    examining: Examining,
    spoken: PromptSource,
    drawing: PictureSource,
    drafting: Drafting,
    recorded: Recording,
    warning: EmergencySource,
    pins: PinSource,
    news: NoticeSource,
    talked: Callable[[str], Sequence[str]],
    ageing: Ageing,
    numbers: Numbered,
    metrics: Metrics,
    broadcast: Broadcast,
    checks: Mapping[str, Check],
    notes: Mapping[str, Callable[[], str | None]],
) -> App:
    """The app, ready to be served.

    host_names  names under which it is reached, beside loopback's
    places  the menus, queues and sub-hotlines of the hotline in use
    checks  what /readyz asks, by name
    notes   what /readyz also reports, which calls do not need
    talked  the last calls in which this agent talked, by id
    now     seconds since the epoch
    """

    def at_work(name: str) -> str | None:
        return agents.agent_view(name).call_id if name in agents.agents() else None

    made = App(
        title="Wutong",
        version=version,
        description=DESCRIPTION,
        openapi_url=None,  # FastAPI makes it anew for everybody who asks
        docs_url=None,  # FastAPI's two pages load scripts from elsewhere; `reference` needs none
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
        acd.api.router(queues),
        names.router(places),
        acd.callers_api.router(queues, callers, calls, agents),
        agents_api.router(agents),
        browser_phone_api.router(agents, browser_phones),
        targets_api.router(targets, queues, agents, calls),
        calls_api.router(calls, placing, at_work, places, sheets.codes, now),
        move_api.router(calls, moving, agents),
        transfer_api.router(calls, sending, targets, queues, agents),
        hold_api.router(calls, holding),
        dial_api.router(agents, dialling),
        listen_api.router(calls, hearing, agents),
        help_api.router(agents, helping),
        wrap_up_api.router(calls, sheets, at_work, now),
        earlier_api.router(calls, sheets, linked, at_work, places),
        linked_api.router(calls, linked, at_work, now),
        own_api.router(calls, sheets, agents, talked, at_work, now),
        administration.router(operations),
        versions_api.router(versions),
        examination.router(examining),
        prompts.router(spoken),
        pictures.router(drawing),
        drafts.router(drafting),
        recordings.router(recorded),
        emergency.router(warning, pins, admission.accounts),
        notice.router(news),
        privacy.router(ageing, numbers),
        broadcast.router(),
        accounts.session_api.router(admission.accounts, warning.timezone),
        accounts.second_factor_api.router(admission.accounts),
        *accounts.api.routers(admission.accounts),
    )
    # Providers add parameters of their own to the way back: RFC 6749, 4.1.2, has us ignore them.
    openid = accounts.openid.api.router(admission.accounts, warning.timezone)
    if wrong := unruled((*routers, openid)):
        raise RuntimeError(f"accounts/roles.py: ROUTES and the routes do not agree on {', '.join(wrong)}")
    read = list(below(API, routers))
    made.router.routes += (*read, *below(API, (openid,)), *_health(metrics, checks, notes).routes)

    described = Once(lambda: json.dumps(made.openapi(), ensure_ascii=False, separators=(",", ":")).encode())
    shown = Once(lambda: reference.page(made.openapi()).encode())

    @made.get("/openapi.json", include_in_schema=False)
    async def description() -> Response:
        return Response(await described.page(), media_type="application/json")

    @made.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(await shown.page(), headers={"Content-Security-Policy": reference.POLICY})

    made.described = (*made.router.routes, *console_pages.routes(browser_phones.port), *help.routes())
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
