"""Pure ASGI layers before the routes: security headers, faults, the host, a limit on bodies."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import ip_address

import structlog
from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentences.sentence import Sentence
from web.problems import response

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body; real ones need a few hundred. A recording is larger."""

LARGE = "large_body"
"""What the state of a request's scope has, if its route takes more than that."""

_PORT = re.compile(r":[0-9]*$")
_LITERAL = re.compile(r"\[([0-9a-f:.]+)\]")
"""An IPv6 address in a URL."""

POWERS = (
    "camera",
    "display-capture",
    "geolocation",
    "hid",
    "microphone",
    "payment",
    "serial",
    "usb",
)
"""What a browser may let a page do with the computer and the person before it."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in POWERS),
    "Cache-Control": "no-store",
}


_ON_THE_WIRE = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class SecurityHeaders:
    """Puts HEADERS on every response, where the route has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                more = [header for header in _ON_THE_WIRE if header[0] not in own]
                message = {**message, "headers": [*message["headers"], *more]}
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
            fault = response(500, Sentence("Wutong made a mistake; its log tells which. Calls are not harmed by it."))
            await fault(scope, receive, send)


class Hosts:
    """Refuses a request for a host that this is not. A page in a browser can give its own name our address (DNS
    rebinding), and would then read what is here as its own. `names`: accepted beside loopback's and addresses.
    """

    SENTENCE = Sentence(
        "The Host header has a name that this service does not know; the setting host_names lists its names."
    )

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = {"localhost", *(name.lower() for name in names)}
        self._ours = lru_cache(100)(self._is_ours)  # nearly all requests have the same few

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("Host") if scope["type"] in ("http", "websocket") else None
        if host is None or self._ours(host):  # browsers always send it
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": self.SENTENCE})
        else:
            await response(421, self.SENTENCE)(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        name = _PORT.sub("", host.lower()).removesuffix(".")
        if name in self._names:
            return True
        literal = _LITERAL.fullmatch(name)  # not `ip_address` alone: it takes anything behind a `%`
        try:
            ip_address(name if literal is None else literal[1])
        except ValueError:
            return False
        return literal is not None or ":" not in name  # nobody can give an address to another machine


class BodyLimit:
    """Refuses a body over LARGEST_BODY bytes: by its announced length, else once it has grown so large.

    larger  method and path of routes that take more bytes
    """

    def __init__(self, app: ASGIApp, larger: Mapping[tuple[str, str], int] | None = None) -> None:
        self._app = app
        self._larger = [(method, compile_path(path)[0], most) for (method, path), most in (larger or {}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope)
        if most > LARGEST_BODY:
            scope.setdefault("state", {})[LARGE] = True
        sentence = Sentence("The body is larger than {count} bytes, the most that is accepted.", count=most)
        announced = Headers(scope=scope).get("Content-Length", "")
        # Count digits first: int() of very many is slow, and Python refuses it.
        if announced.isascii() and announced.isdigit() and (len(announced) > 12 or int(announced) > most):
            # The body is not read: the connection cannot be used again.
            await response(413, sentence, {"Connection": "close"})(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413, sentence, {"Connection": "close"})
            return message

        await self._app(scope, counted, send)

    def _most(self, scope: Scope) -> int:
        for method, path, most in self._larger:
            if method == scope["method"] and path.match(scope["path"]):
                return most
        return LARGEST_BODY
