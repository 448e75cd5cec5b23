"""Pure ASGI layers before the routes: security headers, faults, the token, a limit on bodies."""

import hmac

import structlog
from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from journal.actor import Actor
from service.http.problems import response

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body; real ones need a few hundred."""

GUARDED = "/api"

ADMINISTRATOR = Actor.token("local")
"""Anybody with this installation's one token."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


class SecurityHeaders:
    """Puts HEADERS on every response, where the route has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class Faults:
    """Answers 500 for an uncaught exception, and logs it. The client learns no details."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            log.exception("http.fault", method=scope["method"], path=scope["path"])
            if started:
                raise  # half a response was sent: the server must cut the connection
            fault = response(500, "Wutong made a mistake; its log tells which. Calls are not harmed by it.")
            await fault(scope, receive, send)


class Token:
    """Every path under GUARDED needs `Authorization: Bearer TOKEN`, with or without a route.

    Routes learn who asks by `agents.api.Asking`.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        guarded = path == GUARDED or path.startswith(f"{GUARDED}/")
        if scope["type"] not in ("http", "websocket") or not guarded:
            await self._app(scope, receive, send)
            return
        why = self._why_not(Headers(scope=scope).get("Authorization"))
        if why is None:
            scope.setdefault("state", {})["actor"] = ADMINISTRATOR
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": why})
        else:
            challenge = {"WWW-Authenticate": 'Bearer realm="wutong"'}
            await response(401, why, challenge)(scope, receive, send)

    def _why_not(self, authorization: str | None) -> str | None:
        hint = "`./wutong status --json` tells the token of this installation."
        if authorization is None:
            return f"Send the header Authorization: Bearer TOKEN. {hint}"
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return f"Only Bearer tokens are accepted. {hint}"
        # compare_digest takes the same time wherever the tokens differ
        if not hmac.compare_digest(token.strip().encode("latin-1", "replace"), self._expected):
            return f"The token is not valid. {hint}"
        return None


class BodyLimit:
    """Refuses a body over LARGEST_BODY bytes: by its announced length, else once it has grown so large."""

    SENTENCE = f"The body is larger than {LARGEST_BODY} bytes, the most that is accepted."

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("Content-Length", "")
        # Count digits first: int() of very many is slow, and Python refuses it.
        if announced.isascii() and announced.isdigit() and (len(announced) > 12 or int(announced) > LARGEST_BODY):
            # The body is not read: the connection cannot be used again.
            await response(413, self.SENTENCE, {"Connection": "close"})(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > LARGEST_BODY:
                raise HTTPException(413, self.SENTENCE, {"Connection": "close"})
            return message

        await self._app(scope, counted, send)
