"""The turnstile: how many requests are answered at the same time, of everybody and of one account or address.

A request counts once its body is whole: half-sent ones take no slot (`service.http.connections` cuts them), but a
large body has one of few others while it comes in. What takes long (`accounts.roles.Rule.costly`) is done two at a time
for one account, and ends when its client goes.
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

from accounts.limits import Shares, network_of
from base.local_socket import DOOR
from sentences.sentence import Sentence
from service.http.admission import CHALLENGE, ENDED
from service.http.guards import LARGE
from web.problems import AGAIN, response

MOST_REQUESTS = 200
"""Requests answered at the same time. More are refused, except questions about our health: the monitoring must see what
is wrong."""

MOST_LOCAL = 40
"""The same at the command line's own door, beside the others."""

HEALTH = ("/healthz", "/readyz", "/metrics")

MOST_LARGE = 16
"""Bodies that come in at the same time for routes that take more than `LARGEST_BODY` bytes. They wait in memory for
their end: 144 MiB at most."""

AT_ONCE = 2
"""Costly requests of one account that are worked on at the same time."""

MOST_COSTLY = 8
"""Those and the ones that wait for their turn. A page of the console asks for five at most."""

ENDS = (b"content-length", b"transfer-encoding")
"""Headers that say where a body ends; a request without any has no body."""


class _Line:
    """One account's costly requests: those at work, and those that wait."""

    def __init__(self) -> None:
        self.length = 0
        self.turn = asyncio.Semaphore(AT_ONCE)


class Turnstile(Collector):
    """`before` makes the layer of an app. It stands within `Guard`, which says who asks, and within `BodyLimit`.
    `refused`: requests for which there was no slot.
    """

    def __init__(self) -> None:
        self.refused = 0
        self._from_network, self._from_here, self._large = Shares(), Shares(), Shares()
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
            return
        whole = await self._whole(who, scope, receive, send)
        if whole is not None:
            await self._answered(who, app, scope, whole, send)

    async def _whole(self, who: str, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """What gives the body, once it is whole; None: the client is gone, or was refused."""
        state = scope.get("state", {})
        if not state.get("costly") and not any(name in ENDS for name, _ in scope["headers"]):
            return receive
        if not state.get(LARGE) or state.get(DOOR):  # no crowd at the port fills the local door
            return await _read_ahead(scope, receive, send)
        async with self._slot(self._large, MOST_LARGE, who, scope, receive, send) as has_slot:
            return await _read_ahead(scope, receive, send) if has_slot else None

    async def _answered(self, who: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is whole, if there is a slot."""
        local = scope.get("state", {}).get(DOOR)
        shares, most = (self._from_here, MOST_LOCAL) if local else (self._from_network, MOST_REQUESTS)
        async with self._slot(shares, most, who, scope, receive, send) as has_slot:
            if has_slot:
                await app(scope, receive, send)

    @asynccontextmanager
    async def _slot(
        self, shares: Shares, most: int, who: str, scope: Scope, receive: Receive, send: Send
    ) -> AsyncIterator[bool]:
        """One of so many slots, for the block; False: there was none, and the client has that answer."""
        if not shares.admits(who, most):
            self.refused += 1
            sentence = Sentence(
                "{count} requests are being answered, {other} of them for this account or address, and "
                "that is the most; ask again in a second.",
                count=shares.taken,
                other=shares.of(who),
            )
            await response(503, sentence, {"Retry-After": "1", "Connection": "close"})(scope, receive, send)
            yield False
            return
        shares.take(who)
        try:
            yield True
        finally:
            shares.give_back(who)

    async def _in_turn(self, who: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a costly request when it is its turn, unless its client goes before that or meanwhile."""
        line = self._lines.setdefault(who, _Line())
        if line.length >= MOST_COSTLY:
            self.refused += 1
            sentence = Sentence(
                "{count} requests of this account that take long are under way: ask again in a moment.",
                count=MOST_COSTLY,
            )
            headers = {"Retry-After": str(AGAIN), "Connection": "close"}
            await response(429, sentence, headers)(scope, receive, send)
            return
        line.length += 1
        try:
            # All of it, however large: the client is not to send it for as long as others are at work.
            whole = await self._whole(who, scope, receive, send)
            if whole is not None:
                async with _until_gone(receive, send) as send_on, line.turn:
                    await self._if_alive(who, app, scope, whole, send_on)
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[who]

    async def _if_alive(self, who: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that has waited: its rights may have been taken away since its body was whole."""
        asker = scope["state"].get("asker")
        if asker is None or asker.alive():
            await self._answered(who, app, scope, receive, send)
        else:
            await response(401, ENDED, CHALLENGE)(scope, receive, send)


async def _read_ahead(scope: Scope, receive: Receive, send: Send) -> Receive | None:
    """As `Turnstile._whole`. `BodyLimit` bounds the body."""
    ahead: deque[Message] = deque()
    more = True
    try:
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            ahead.append(message)
            more = message.get("more_body", False)
    except HTTPException as refused:  # too large; or rights were taken away meanwhile
        await response(refused.status_code, str(refused.detail), dict(refused.headers or {}))(scope, receive, send)
        return None

    async def body() -> Message:
        return ahead.popleft() if ahead else await receive()

    return body


@asynccontextmanager
async def _until_gone(receive: Receive, send: Send) -> AsyncIterator[Send]:
    """Give up what is done in the block as soon as the client has gone. All of the body was read before. Yields what
    sends the answer: after its last byte nobody can go any more, and the server says `http.disconnect` of any client.
    """

    async def leave() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.reschedule(asyncio.get_running_loop().time())

    async def watched(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            leaving.cancel()
        await send(message)

    gone = asyncio.timeout(None)
    try:
        async with gone:
            leaving = asyncio.create_task(leave())
            try:
                yield watched
            finally:
                leaving.cancel()
                await asyncio.wait([leaving])
    except TimeoutError:
        if not gone.expired():
            raise
