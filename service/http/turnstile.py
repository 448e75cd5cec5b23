"""The turnstile: how many requests are answered at one time, of everybody and of one account or address.

A request counts once its body is whole: half-sent ones take no place (`service.http.connections` cuts them). What takes
long (`accounts.roles.Rule.costly`) is done two at a time for one account, and ends when its client goes.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import HTTPException
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accounts.sign_in import network_of
from service.http.guards import LARGEST_BODY
from service.http.problems import response
from service.http.shares import Shares

MOST_REQUESTS = 200
"""Requests answered at one time. More are refused, except questions about our health: the monitoring must see what is
wrong."""

MOST_LOCAL = 40
"""The same at the command line's own door, beside the others."""

HEALTH = ("/healthz", "/readyz", "/metrics")

AT_ONCE = 2
"""Costly requests of one account that are worked on at one time."""

MOST_COSTLY = 8
"""Those and the ones that wait for their turn. A page of the console asks for five at most."""

AGAIN = 2
"""Seconds after which somebody who asked for too much at once may ask again."""


ENDS = (b"content-length", b"transfer-encoding")
"""Headers that say where a body ends; a request without any has no body."""


class _Line:
    """One account's costly requests: those at work, and those that wait."""

    def __init__(self) -> None:
        self.length = 0
        self.turn = asyncio.Semaphore(AT_ONCE)


class Turnstile(Collector):
    """`before` makes the layer of an app. It stands within `Guard`, which says who asks, and within `BodyLimit`.
    `refused`: requests for which there was no place.
    """

    def __init__(self) -> None:
        self.refused = 0
        self._from_network, self._from_here = Shares(), Shares()
        self._lines: dict[str, _Line] = {}

    def before(self, app: ASGIApp) -> ASGIApp:
        """The app behind this turnstile."""
        return partial(self._let_in, app)

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "wutong_http_refused", "Requests refused because too many were being answered.", self.refused
        )

    async def _let_in(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH:
            await app(scope, receive, send)
            return
        state = scope.get("state", {})
        asker, client = state.get("asker"), scope.get("client")
        who = asker.actor if asker is not None else network_of(client[0] if client else "")
        if state.get("costly"):
            await self._in_turn(who, app, scope, receive, send)
        else:
            await self._counted(who, app, scope, receive, send)

    async def _counted(self, who: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, once its body is whole, if there is a place."""
        whole = await _read_ahead(scope, receive, send, LARGEST_BODY) if _has_body(scope) else receive
        if whole is None:
            return
        # a connection without an address is the local door's
        shares, most = (self._from_network, MOST_REQUESTS) if scope.get("client") else (self._from_here, MOST_LOCAL)
        if not shares.admits(who, most):
            self.refused += 1
            sentence = (
                f"{shares.taken} requests are being answered, {shares.of(who)} of them for this account or address, "
                "and that is the most; ask again in a second."
            )
            await response(503, sentence, {"Retry-After": "1", "Connection": "close"})(scope, receive, send)
            return
        shares.take(who)
        try:
            await app(scope, whole, send)
        finally:
            shares.give_back(who)

    async def _in_turn(self, who: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a costly request when it is its turn, unless its client goes before that or meanwhile."""
        line = self._lines.setdefault(who, _Line())
        if line.length >= MOST_COSTLY:
            self.refused += 1
            sentence = f"{MOST_COSTLY} requests of this account that take long are under way: ask again in a moment."
            headers = {"Retry-After": str(AGAIN), "Connection": "close"}
            await response(429, sentence, headers)(scope, receive, send)
            return
        line.length += 1
        try:
            # All of it, however large: the client is not to send it for as long as others are at work.
            whole = await _read_ahead(scope, receive, send, None)
            if whole is not None:
                async with _until_gone(receive), line.turn:
                    await self._counted(who, app, scope, whole, send)
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[who]


def _has_body(scope: Scope) -> bool:
    return any(name in ENDS for name, _ in scope["headers"])


async def _read_ahead(scope: Scope, receive: Receive, send: Send, most: int | None) -> Receive | None:
    """What tells the body, once it is whole or its first `most` bytes are here; None: the client is gone, or was
    refused. A body that is announced as larger than `most` bytes is left where it is: the route reads it.
    """
    announced = next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
    if most is not None and announced > most:
        return receive
    ahead: deque[Message] = deque()
    size = 0
    try:
        while most is None or size <= most:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            ahead.append(message)
            size += len(message.get("body", b""))
            if not message.get("more_body", False):
                break
    except HTTPException as refused:  # too large; or rights were taken away meanwhile
        await response(refused.status_code, str(refused.detail), dict(refused.headers or {}))(scope, receive, send)
        return None

    async def told() -> Message:
        return ahead.popleft() if ahead else await receive()

    return told


@asynccontextmanager
async def _until_gone(receive: Receive) -> AsyncIterator[None]:
    """Give up what is done in the block as soon as the client has gone. All of the body was read before."""

    async def leave() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.reschedule(asyncio.get_running_loop().time())

    gone = asyncio.timeout(None)
    try:
        async with gone:
            leaving = asyncio.create_task(leave())
            try:
                yield
            finally:
                leaving.cancel()
                await asyncio.wait([leaving])
    except TimeoutError:
        if not gone.expired():
            raise
