"""The FastAGI server: Asterisk connects for each call, and one coroutine of the service talks to it until it ends."""

import asyncio
import math
import socket
from collections.abc import Awaitable, Callable
from typing import cast

import structlog

from base.descriptors import AGI_BACKLOG
from dialplan.agi_session import AgiSession, CallerGone
from dialplan.wire import ProtocolViolation
from dialplan.wire.agi import AgiDecoder, AgiRequest

log = structlog.get_logger()

KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""Seconds, seconds and times: an Asterisk whose machine died is noticed after a minute. `EXEC` may be silent for hours,
so there is no other way to know it from a long call."""

SESSION = "agi-session"
"""What the loop's exception handler gets, as `work`, for a handler that raised."""

LOGGED_EVERY = 60.0
"""Seconds between two lines of the log about dropped connections: garbage must not push older lines out of it."""


class _Connection(asyncio.Protocol):
    """One connection from Asterisk: feeds the decoder, and makes the session when the header block is complete."""

    def __init__(self, server: "AgiServer") -> None:
        self._server = server
        self._decoder = AgiDecoder()
        self._session: AgiSession | None = None
        self._silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._server.admit(self):
            delay = self._server.header_timeout
            self._silence = asyncio.get_running_loop().call_later(delay, self._drop, f"no request within {delay:g} s")
        else:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        try:
            for event in self._decoder.receive(data):
                if isinstance(event, AgiRequest):
                    self._begin(event)
                elif self._session is not None:
                    self._session.received(event)
        except ProtocolViolation as error:
            self._drop(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.release(self)
        if self._silence is not None:
            self._silence.cancel()
        if self._session is not None:
            self._session.lost("the connection to Asterisk ended")

    def _begin(self, request: AgiRequest) -> None:
        if self._silence is not None:
            self._silence.cancel()
        self._server.spoken(self)
        self._session = AgiSession(self._transport, request)
        self._server.serve(self._session)

    def abort(self) -> None:
        """For the server: end it, whatever it is doing."""
        self._transport.abort()

    def _drop(self, reason: str) -> None:
        self._transport.abort()
        self._server.drop(self._transport.get_extra_info("peername"), reason)
        if self._session is not None:
            self._session.lost(reason)


def _keep_alive(sock: socket.socket) -> None:
    """For a socket that does not listen yet: each connection that it accepts has these options from it."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        if hasattr(socket, name):  # each system has its own set
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class AgiServer:
    """Listens for Asterisk and runs `handler` for each call, in a task of its own.

    `limit`: connections at a time. A further one closes the oldest that has sent no request. If all have sent one, it
    is closed itself; `refused` counts both. `header_timeout`: seconds that a client may take for its header block.
    `dropped` counts connections that were closed as they sent something else than AGI, or nothing in that time. An
    exception of a handler goes to the loop's exception handler, and ends its own session only.
    """

    def __init__(
        self,
        handler: Callable[[AgiSession], Awaitable[None]],
        host: str,
        port: int,
        *,
        limit: int,
        header_timeout: float = 5.0,
    ) -> None:
        self.header_timeout = header_timeout
        self.refused = 0
        self.dropped = 0
        self._drop_logged = -math.inf  # when the loop's clock said so the last drop was logged
        self._handler = handler
        self._address = (host, port)
        self._limit = limit
        self._full = False
        self._connections: set[_Connection] = set()
        self._silent: dict[_Connection, None] = {}  # those that have sent no request yet, the oldest first
        self._handlers: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port that it listens on; where 0 was asked for, the real one after `start()`."""
        if self._listening is None or not self._listening.sockets:
            return self._address[1]
        return int(self._listening.sockets[0].getsockname()[1])

    @property
    def listening(self) -> bool:
        """Between `start` and `stop`: new calls are let in."""
        return self._listening is not None and self._listening.is_serving()

    @property
    def sessions(self) -> int:
        """Handlers that run now."""
        return len(self._handlers)

    async def start(self) -> None:
        """Begin to listen. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(
            lambda: _Connection(self), *self._address, backlog=AGI_BACKLOG, start_serving=False
        )
        for sock in self._listening.sockets:
            _keep_alive(sock)
        await self._listening.start_serving()

    async def stop(self, grace: float) -> None:
        """Stop listening, give the handlers `grace` seconds to end by themselves, then cancel those that remain.

        A call whose session is closed goes on in the dialplan behind AGI().
        """
        if self._listening is None:
            return
        self._listening.close()
        if self._handlers:
            _, late = await asyncio.wait(self._handlers, timeout=grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        for connection in self._connections:
            connection.abort()
        await self._listening.wait_closed()
        self._listening = None

    def admit(self, connection: _Connection) -> bool:
        """For a connection: whether there is room for it.

        If there is none, the oldest one without a request is closed: Asterisk sends its request at once, so a crowd of
        silent connections cannot keep its calls out.
        """
        if len(self._connections) >= self._limit:
            self.refused += 1
            if not self._full:  # logged once each time that it fills up: refused calls come again every second
                self._full = True
                log.warning("agi-full", limit=self._limit, refused=self.refused)
            if not self._silent:
                return False
            oldest = next(iter(self._silent))
            self.release(oldest)
            oldest.abort()
        else:
            self._full = False
        self._connections.add(connection)
        self._silent[connection] = None
        return True

    def drop(self, peer: object, reason: str) -> None:
        """For a connection: it is closed, as `peer` did not speak AGI."""
        self.dropped += 1
        now = asyncio.get_running_loop().time()
        if now - self._drop_logged >= LOGGED_EVERY:
            self._drop_logged = now
            log.warning("agi-dropped", peer=peer, reason=reason, dropped=self.dropped)

    def spoken(self, connection: _Connection) -> None:
        """For a connection: it has sent its request."""
        self._silent.pop(connection, None)

    def release(self, connection: _Connection) -> None:
        """For a connection: it has ended."""
        self._connections.discard(connection)
        self._silent.pop(connection, None)

    def serve(self, session: AgiSession) -> None:
        """For a connection: its request is complete, the handler may begin."""
        if self._listening is None or not self._listening.is_serving():
            session.close()
            return
        name = f"agi {session.request.uniqueid}"
        task = asyncio.get_running_loop().create_task(self._serve(session), name=name)
        self._handlers.add(task)
        task.add_done_callback(self._handlers.discard)

    async def _serve(self, session: AgiSession) -> None:
        try:
            await self._handler(session)
        except CallerGone as gone:
            log.debug("agi-caller-gone", channel=session.request.channel, reason=str(gone))
        except Exception as error:
            message = f"the session of {session.request.channel} failed"
            context = {"message": message, "exception": error, "work": SESSION}
            asyncio.get_running_loop().call_exception_handler(context)
        finally:
            session.close()
