"""Signing in at the city's provider: there and back.

A browser (its `Accept` has HTML) comes back to the console. After a refusal it comes to `/?openid=STATUS`, where the
page says why. Programs get the answers that all routes give.
"""

import hmac
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from accounts import tokens
from accounts.accounts import Accounts
from accounts.audit import Entry
from accounts.openid.flow import LASTS_S, Asked, Away, Flow, NotAdmitted, NotProven, admit, known, new_secret
from accounts.session_api import SessionOut, signed_in
from accounts.shapes import NO_DATABASE, TOO_MANY_TRIES, address, allowed, answering, secure
from accounts.sign_in import Outcome
from journal.actor import Actor
from sentences.sentence import Sentence

BEGIN = Sentence("Begin again at /api/v1/session/openid.")

CONSOLE = "/"

Parameter = Annotated[str | None, Query(max_length=4_000)]


def router(accounts: Accounts, timezone: Callable[[], str]) -> APIRouter:
    """The routes under `/session/openid`. `timezone`: the hotline's."""
    routes = APIRouter(prefix="/session/openid", tags=["session"])
    nowhere: dict[int | str, dict[str, Any]] = {404: {"description": "This hotline has no `[openid]` in its settings."}}

    @routes.get(
        "",
        status_code=303,
        response_class=RedirectResponse,
        summary="Sign in at the city's provider",
        responses={303: {"description": "To the provider, which leads back to `callback`."}, **nowhere, **NO_DATABASE},
    )
    async def begin(request: Request) -> RedirectResponse:
        """For a browser: a page leads here, and no script can follow."""
        provider = _provider(accounts)
        secret = new_secret()
        with _shown(request), answering(accounts):
            try:
                there = await provider.authorize(Flow(secret))
            except Away as error:
                accounts.sign_in.refuse(Outcome.AWAY, "", address(request), str(error), status=503)
        answer = RedirectResponse(there, 303)
        tokens.give_flow(answer, secret, LASTS_S, secure=secure(request))
        return answer

    @routes.get(
        "/callback",
        summary="Come back from the city's provider",
        responses={
            303: {"description": "For a browser: to the console."},
            401: {"description": "The provider did not confirm who it is, or another browser has begun."},
            403: {"description": "The provider knows the person, and no role follows from its claims."},
            **TOO_MANY_TRIES,
            **nowhere,
            **NO_DATABASE,
        },
    )
    async def callback(
        request: Request,
        response: Response,
        code: Parameter = None,
        state: Parameter = None,
        iss: Parameter = None,
        error: Parameter = None,
    ) -> SessionOut:
        """Sets the session's cookie, as signing in with a password does. A browser is led to the console."""
        provider = _provider(accounts)
        where, sign_in = address(request), accounts.sign_in
        secret = tokens.read_flow(request.headers.get("Cookie", ""), secure=secure(request))
        with _shown(request), answering(accounts):
            sign_in.knock(where)
            flow = None if secret is None else Flow(secret)
            if flow is None or not hmac.compare_digest(flow.state.encode(), (state or "").encode()):
                why = Sentence(
                    "This is not the browser that began to sign in, or it took more than {count} minutes.",
                    count=LASTS_S // 60,
                )
                sign_in.refuse(Outcome.WRONG, "", where, _begin(why))
            if iss not in (None, provider.settings.issuer):  # RFC 9207
                sign_in.refuse(Outcome.WRONG, "", where, _begin(Sentence("The answer comes from another provider.")))
            if code is None:
                why = Sentence("The provider did not sign you in.")
                if said := _said(error):
                    why = Sentence("The provider did not sign you in: {why}.", why=said)
                sign_in.refuse(Outcome.WRONG, "", where, _begin(why))
            try:
                claims = await provider.claims(code, flow)
                person, what = await admit(claims, provider.settings, accounts.directory, accounts.now())
            except Away as failure:
                sign_in.take_back(where)
                sign_in.refuse(Outcome.AWAY, "", where, str(failure), status=503)
            except NotProven as failure:
                sign_in.refuse(Outcome.WRONG, "", where, _begin(str(failure)))
            except NotAdmitted as failure:
                if (gone := known(claims, provider.settings, accounts.directory)) is not None:
                    await accounts.end_sessions(gone.name)  # the provider gives this person nothing any more
                sign_in.refuse(Outcome.NO_ROLE, "", where, str(failure), status=403)
        sign_in.take_back(where)
        if what is not None:
            actor, target = Actor.user(person.name), f"/users/{person.name}"
            entry = Entry(accounts.now(), actor, what, target, f"by OpenID: {allowed(person)}", where, 200)
            accounts.audit.note(entry, change=True)
        tokens.take_flow(response, secure=secure(request))
        session = await signed_in(accounts, timezone(), person, request, response)
        if _is_browser(request):
            response.status_code, response.headers["Location"] = 303, CONSOLE
        return session

    return routes


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("Accept", "")


@contextmanager
def _shown(request: Request) -> Iterator[None]:
    """Lead a browser to the console if the block refuses it; any other client gets the refusal."""
    try:
        yield
    except HTTPException as error:
        if not _is_browser(request):
            raise
        headers = {**(error.headers or {}), "Location": f"{CONSOLE}?openid={error.status_code}"}
        raise HTTPException(303, error.detail, headers) from error


def _provider(accounts: Accounts) -> Asked:
    if accounts.openid is None:
        raise HTTPException(
            404, Sentence("This hotline's settings name no provider: people sign in with a name and a password.")
        )
    return accounts.openid


def _said(error: str | None) -> str:
    """A code of OAuth's, such as `access_denied`; other text could be anybody's, and is not repeated."""
    return error if error is not None and re.fullmatch(r"[a-z_]{1,40}", error) else ""


def _begin(why: str) -> Sentence:
    return Sentence("{why} {begin}", why=why, begin=BEGIN)
