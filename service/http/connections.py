"""HTTP connections with limits: a client that sends or reads too slowly, agrees on TLS too slowly or stays idle is cut.

uvicorn limits only the idle time between two requests, and refuses everybody while too many connections are open: 200
half-sent requests would shut HTTP down. This module adds two deadlines and a rule for too many connections. Other
servers are no better: hypercorn and granian have no limit for a slow reader either, and granian brings its own event
loop.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import h11
import structlog
import uvicorn
from fastapi import FastAPI
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from accounts.limits import network_of
from base import local_socket
from base.descriptors import HTTP_BACKLOG, MOST_CONNECTIONS, MOST_HANDSHAKES
from base.metrics import each
from sentences.sentence import Sentence
from web import problems

# Where connections over TLS come in: few at one time agree on TLS, and one that takes too long is cut.
#
# A loop that serves TLS by itself reports a connection only when both ends have agreed. So anybody could hold any
# number of connections that never do, and the service would have no descriptor left for a call.


FULL_S = 0.1
"""Seconds until the next try where no descriptor is left."""


class Door:
    """Listens at once. `protocol` makes what a connection is given to once TLS is agreed on; `patience`: seconds that
    this may take. `cut`: connections that did not get so far. Raises OSError when the address is taken.
    """

    def __init__(
        self,
        protocol: Callable[[], asyncio.Protocol],
        host: str,
        port: int,
        tls: ssl.SSLContext,
        patience: float,
    ) -> None:
        self.cut = 0
        self._protocol, self._tls, self._patience = protocol, tls, patience
        self._listening = socket.create_server((host, port), backlog=HTTP_BACKLOG)
        self._listening.setblocking(False)
        self._handshakes: dict[asyncio.Task[None], None] = {}  # the oldest first
        self._task = asyncio.get_running_loop().create_task(self._accept())

    async def close(self) -> None:
        """Let nobody in any more."""
        tasks = [self._task, *self._handshakes]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        self._listening.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self._listening)
                self._let_in(connection)
            except OSError:
                await asyncio.sleep(FULL_S)
            except Exception as error:  # else nobody is let in any more
                loop.call_exception_handler({"message": "a connection was not let in", "exception": error})
                await asyncio.sleep(FULL_S)

    def _let_in(self, connection: socket.socket) -> None:
        if len(self._handshakes) >= MOST_HANDSHAKES:
            oldest = next(iter(self._handshakes))
            del self._handshakes[oldest]
            oldest.cancel()
            self.cut += 1
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        handshake = asyncio.get_running_loop().create_task(self._agree(connection))
        self._handshakes[handshake] = None
        handshake.add_done_callback(lambda done: self._handshakes.pop(done, None))

    async def _agree(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(
                self._protocol, connection, ssl=self._tls, ssl_handshake_timeout=self._patience
            )
        except (OSError, TimeoutError):  # no TLS, an old version of it, too slow, gone
            self.cut += 1
            with contextlib.suppress(OSError):
                connection.close()


log = structlog.get_logger(__name__)

REQUEST_S = 10.0
"""Seconds for a request to arrive: from the connection, or from its first byte, to the end of its body (at most
64 KiB)."""

READ_S = 30.0
"""Seconds for a client to read what no longer fits into the kernel's buffers."""

IDLE_S = 5
"""Seconds that a connection may idle between two requests."""

DATE_S = 1.0
"""Seconds for which the answers have the same `Date`."""

MOST_UNSENT = 32 * 1024 * 1024
"""Bytes of all answers together that wait for slow readers. The largest answer is about 2 MB."""

KERNEL_BUFFER = 64 * 1024
"""Bytes of an answer that the kernel buffers for a client that does not read; Linux doubles it."""


BOTH_ENDS = {b"content-length", b"transfer-encoding"}
"""Headers that each say where a body ends."""


class Cut(StrEnum):
    """Why a connection was cut."""

    SLOW_REQUEST = "slow-request"
    SLOW_READER = "slow-reader"
    CROWD = "crowd"
    UNSENT = "unsent"
    NONSENSE = "nonsense"
    HANDSHAKE = "handshake"


_log = logging.getLogger("uvicorn.connection")
_log.setLevel(logging.ERROR)
# Invalid requests are counted, not logged: a warning for each would let anybody flood the log.


class Crowd(ServerState):
    """uvicorn's state that all connections share, with counts of cuts. Where there are too many, one is cut that keeps
    us waiting, for a request or for reading an answer: the slowest of the network that has most of these. A request
    sent whole is always answered.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cuts: Tally[Cut] = Tally()

    @property
    def members(self) -> Iterator["Connection"]:
        return (connection for connection in self.connections if isinstance(connection, Connection))

    def joined(self) -> None:
        """A connection was added."""
        if len(self.connections) > MOST_CONNECTIONS:
            self._cut_slowest(Cut.CROWD)

    def unsent(self) -> None:
        """An answer now waits for its reader."""
        if sum(member.transport.get_write_buffer_size() for member in self.members) > MOST_UNSENT:
            self._cut_slowest(Cut.UNSENT, readers_only=True)

    def _cut_slowest(self, why: Cut, *, readers_only: bool = False) -> None:
        slow = [
            member
            for member in self.members
            if member.slow_since is not None and (member.flow.write_paused or not readers_only)
        ]
        if slow:
            of_network = Tally(member.network for member in slow)
            min(slow, key=lambda member: (-of_network[member.network], member.slow_since or 0.0)).cut(why)


class Connection(H11Protocol):
    """One connection. `slow_since`: since when we wait for the client to send or to read; None: we do not wait.
    `network`: from where it comes; of one through a proxy, the proxy's.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        assert isinstance(server_state, Crowd)
        self.slow_since: float | None = None
        self.network = ""
        self._crowd = server_state
        self._answer = self.app
        self.app = self._admitted
        self.logger = _log
        self._late_request: asyncio.TimerHandle | None = None
        self._late_reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # With 0 every kept byte is reported: the reader's deadline begins, and a stream waits for its reader.
        # Over TLS that would be a pause without an end: there a buffer is full when it has as much as the limit.
        transport.set_write_buffer_limits(high=0 if transport.get_extra_info("sslcontext") is None else 1)
        own = transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
        if not self.app_state.get(local_socket.DOOR):
            if self.client is None:  # reset before we took it: what it had sent would be done, and come from nowhere
                transport.abort()
                return
            self.network = network_of(self.client[0])
            # The kernel gives up a peer that has lost its network after this time.
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(READ_S * 1000))
        self._await_request()
        self._crowd.joined()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look_at_request()

    def on_response_complete(self) -> None:
        self.slow_since = self.loop.time()
        super().on_response_complete()
        self._look_at_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._late_reader is None:
            self.slow_since = self.loop.time()
            self._late_reader = self.loop.call_later(READ_S, self.cut, Cut.SLOW_READER)
            self._crowd.unsent()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._forget_reader()
        if self._busy:
            self.slow_since = None

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self._forget_request()
        self._forget_reader()

    def send_400_response(self, msg: str) -> None:
        self._crowd.cuts[Cut.NONSENSE] += 1
        super().send_400_response(msg)

    def cut(self, why: Cut) -> None:
        """End the connection at once; unsent data is lost."""
        self._crowd.cuts[why] += 1
        self._forget_request()
        self._forget_reader()
        self.transport.abort()
        self.connections.discard(self)  # at once: until the loop has ended it, it would be counted and cut again

    @property
    def _busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _look_at_request(self) -> None:
        """See whether the client still owes a part of a request."""
        state = self.conn.their_state
        if state is h11.SEND_BODY or (state is h11.IDLE and self.conn.trailing_data[0]):
            self._await_request()
        else:
            self._forget_request()
            if self._busy and not self.flow.write_paused:
                self.slow_since = None

    def _await_request(self) -> None:
        if self._late_request is None and not self.transport.is_closing():
            self.slow_since = self.loop.time()
            self._late_request = self.loop.call_later(REQUEST_S, self.cut, Cut.SLOW_REQUEST)

    def _forget_request(self) -> None:
        if self._late_request is not None:
            self._late_request.cancel()
            self._late_request = None

    def _forget_reader(self) -> None:
        if self._late_reader is not None:
            self._late_reader.cancel()
            self._late_reader = None

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> None:
        if {name for name, _ in scope["headers"]} >= BOTH_ENDS:
            # RFC 9112, 6.1: to a proxy that goes by the other header, what follows is the rest of this body.
            self._crowd.cuts[Cut.NONSENSE] += 1
            sentence = Sentence("A request has Content-Length or Transfer-Encoding, not both.")
            await problems.response(400, sentence, {"Connection": "close"})(scope, receive, send)
            return
        await self._answer(scope, receive, send)


class Server(uvicorn.Server, Collector):
    """uvicorn in our own loop. The command line handles signals. Reports its connections to Prometheus.

    proxies  addresses or networks of proxies that say for whom they ask
    """

    def __init__(
        self, app: FastAPI, host: str, port: int, tls: ssl.SSLContext | None = None, proxies: Sequence[str] = ()
    ) -> None:
        self._ending = asyncio.Event()
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                backlog=HTTP_BACKLOG,
                http=Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(proxies),  # uvicorn would believe everybody on this machine
                forwarded_allow_ips=list(proxies),
                timeout_keep_alive=IDLE_S,
                timeout_graceful_shutdown=1,
            )
        )
        self.server_state = self.crowd = Crowd()
        self._tls = tls
        self._door: Door | None = None
        self._up = asyncio.Event()

    @property
    def should_exit(self) -> bool:
        return self._ending.is_set()

    @should_exit.setter
    def should_exit(self, wanted: bool) -> None:
        if wanted:
            self._ending.set()

    async def main_loop(self) -> None:
        """uvicorn's own loop looks ten times a second whether to end. This one is told, and only sets the `Date`."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DATE_S):
                    await self._ending.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._tls is None:
            await super().startup(sockets)
        else:
            self.servers = []  # uvicorn's own, which it closes
            self._door = Door(self._connection, self.config.host, self.config.port, self._tls, REQUEST_S)
            self.started = True
        self._up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._door is not None:
            await self._door.close()
        await super().shutdown(sockets)

    def _connection(self) -> Connection:
        return Connection(self.config, self.crowd, self.lifespan.state)

    async def wait_started(self) -> None:
        """Return once it listens."""
        await self._up.wait()

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("wutong_http_connections", "Open HTTP connections.", len(self.crowd.connections))
        if self._door is not None:
            self.crowd.cuts[Cut.HANDSHAKE] = self._door.cut
        cuts = CounterMetricFamily(
            "wutong_http_connections_cut",
            "HTTP connections that were cut: request or reader too slow, too many of them, too much unsent, not HTTP, "
            "no agreement on TLS.",
            labels=["why"],
        )
        yield each(cuts, {why: self.crowd.cuts[why] for why in Cut})


class LocalServer(Server):
    """The door of the command line on this machine: a socket in the state folder, for its owner and root only. No crowd
    at the port can close it.
    """

    def __init__(self, app: FastAPI, path: Path) -> None:
        super().__init__(app, "", 0)
        self._path = path

    def _connection(self) -> Connection:
        return Connection(self.config, self.crowd, {local_socket.DOOR: True})

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.servers = []
        try:
            listening = local_socket.listen(self._path)
        except OSError as error:  # such as a file system without sockets: the port is there, too
            log.error("no-local-door", why=str(error), effect="commands use the HTTP port, which a crowd can slow")
        else:
            loop = asyncio.get_running_loop()
            self.servers.append(await loop.create_unix_server(self._connection, sock=listening, backlog=HTTP_BACKLOG))
        self.started = True
        self._up.set()
