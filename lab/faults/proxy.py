"""A TCP proxy that misbehaves on command: it cuts, refuses, goes silent, lags, throttles.

Like a network, it keeps the order of the bytes. When a side resets its connection, its bytes still on the way are lost.
"""

import asyncio
import contextlib
import socket
import struct
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Self

LARGEST = 4 * 1024 * 1024
"""Bytes on the way in one direction of one connection; above that the proxy stops reading the sender."""

CHUNK = 65_536


class _End(Enum):
    """How one side ended its stream."""

    CLOSED = auto()
    RESET = auto()


class Direction:
    """Rules for everything that goes one way, on all connections. A change also applies to bytes on the way."""

    def __init__(self) -> None:
        self.passed = 0
        """Bytes handed on."""
        self.watch: Callable[[bytes], None] = lambda chunk: None
        """Called with all that is handed on."""
        self.foresee: Callable[[bytes], None] = lambda chunk: None
        """Called with all that will be handed on, when it comes in."""
        self._silent = False
        self._delay = 0.0
        self._rate: float | None = None
        self._changed = asyncio.Event()

    def set(self, *, silent: bool = False, delay: float = 0.0, rate: float | None = None) -> None:
        """`silent`: nothing arrives any more, not even an end. `delay`: seconds. `rate`: bytes a second of each
        connection; None: no limit.
        """
        self._silent, self._delay, self._rate = silent, delay, rate
        self._changed.set()
        self._changed = asyncio.Event()

    async def due(self, sent: float) -> None:
        """Wait until bytes sent at `sent` (loop's clock) may arrive."""
        loop = asyncio.get_running_loop()
        while self._silent or loop.time() < sent + self._delay:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if self._silent else sent + self._delay - loop.time())

    def portion(self) -> int:
        """Bytes that may be handed on at once."""
        return CHUNK if self._rate is None else max(1, int(self._rate / 10))

    async def pace(self, size: int) -> None:
        """Wait for the time that `size` bytes take."""
        if self._rate is not None:
            await asyncio.sleep(size / self._rate)


class _Way:
    """One direction of one connection: bytes read and not yet handed on."""

    def __init__(self, rules: Direction, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        self.rules, self._source, self._sink = rules, source, sink
        self._under_way: deque[tuple[float, bytes | _End]] = deque()
        self._size = 0
        self._came = asyncio.Event()
        self._room = asyncio.Event()
        self._tail = b""

    async def insert(self, data: bytes, behind: bytes) -> None:
        """Add bytes that the sender never sent, once there is room and the last bytes end with `behind`."""
        while self._size >= LARGEST or not self._tail.endswith(behind):
            self._room.clear()
            await self._room.wait()
        self._size += len(data)
        self._add(data)

    async def fill(self) -> None:
        """Read until the sender ends."""
        while True:
            while self._size >= LARGEST:
                self._room.clear()
                await self._room.wait()
            try:
                chunk = await self._source.read(CHUNK)
            except OSError:
                self._under_way.clear()
                self._add(_End.RESET)
                return
            self._size += len(chunk)
            self._tail = (self._tail + chunk)[-16:]
            self._room.set()
            self.rules.foresee(chunk)
            self._add(chunk or _End.CLOSED)
            if not chunk:
                return

    async def pour(self) -> _End:
        """Hand on until the sender's end; answers how it ended."""
        while True:
            while not self._under_way:
                self._came.clear()
                await self._came.wait()
            sent, _ = self._under_way[0]
            rules = self.rules
            await rules.due(sent)
            if rules is not self.rules or not self._under_way or self._under_way[0][0] != sent:
                continue  # the connection was stranded, or its sender has reset it, meanwhile
            _, what = self._under_way.popleft()
            if isinstance(what, _End):
                return what
            try:
                await self._hand_on(what)
            except OSError:
                return _End.RESET
            self._size -= len(what)
            self._room.set()

    def _add(self, what: bytes | _End) -> None:
        self._under_way.append((asyncio.get_running_loop().time(), what))
        self._came.set()

    async def _hand_on(self, chunk: bytes) -> None:
        while chunk:
            size = self.rules.portion()
            portion, chunk = chunk[:size], chunk[size:]
            self._sink.write(portion)
            await self._sink.drain()
            self.rules.passed += len(portion)
            self.rules.watch(portion)
            await self.rules.pace(len(portion))


class Connection:
    """One connection through the proxy."""

    def __init__(
        self,
        proxy: "Proxy",
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._writers = (client[1], server[1])
        self._to_server = _Way(proxy.to_server, client[0], server[1])
        self._to_client = _Way(proxy.to_client, server[0], client[1])
        self._over = asyncio.Event()
        self._reset = False

    def cut(self, *, reset: bool = True) -> None:
        """End it now on both sides, with RST or FIN; bytes on the way are lost."""
        self._reset = self._reset or reset
        self._over.set()

    def strand(self) -> None:
        """Nothing arrives any more in either direction, not even an end, as when one machine is gone."""
        gone = Direction()
        gone.set(silent=True)
        self._to_server.rules = self._to_client.rules = gone

    async def tell_client(self, data: bytes, *, behind: bytes = b"") -> None:
        """Once the server's bytes end with `behind`, send the client bytes of our own, as fast as it reads."""
        await self._to_client.insert(data, behind)

    async def run(self) -> None:
        """Run until it has ended and both sides know."""
        tasks = [asyncio.create_task(way.fill()) for way in (self._to_server, self._to_client)]
        tasks += [
            asyncio.create_task(self._pass_on(way, writer))
            for way, writer in ((self._to_server, self._writers[1]), (self._to_client, self._writers[0]))
        ]
        ended: asyncio.Future[Any] = asyncio.gather(*tasks)
        over: asyncio.Future[Any] = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({ended, over}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._reset = True
            raise
        finally:
            self.abort()
            for task in (*tasks, over):
                task.cancel()
            await asyncio.gather(*tasks, over, ended, return_exceptions=True)
            for writer in self._writers:
                await _closed(writer)

    def abort(self) -> None:
        """Close both sides, at once: whoever waits for that may be cancelled, as when the proxy closes meanwhile."""
        for writer in self._writers:
            _abort(writer, reset=self._reset)

    async def _pass_on(self, way: _Way, sink: asyncio.StreamWriter) -> None:
        if await way.pour() is _End.RESET:
            self.cut()
            return
        with contextlib.suppress(OSError):
            sink.write_eof()


class Proxy:
    """Listens on `port` of 127.0.0.1 (0: any free one, then in `port`) and passes on to `target` there.

    `to_server` and `to_client` are the rules for the bytes; `connections`: the live ones, oldest first.
    """

    def __init__(self, target: int, port: int = 0) -> None:
        self.target, self.port = target, port
        self.to_server, self.to_client = Direction(), Direction()
        self.connections: list[Connection] = []
        self.accepted = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def listen(self) -> None:
        """Accept connections (again)."""
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, backlog=512)
            self.port = int(self._server.sockets[0].getsockname()[1])

    async def refuse(self) -> None:
        """Refuse new connections until `listen`; existing ones stay."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            await asyncio.sleep(0)  # the loop closes the socket in its next turn

    async def close(self) -> None:
        """Everything ends."""
        await self.refuse()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def cut(self, *, reset: bool = True) -> None:
        """End every connection, with RST or FIN. New ones are accepted."""
        for connection in tuple(self.connections):
            connection.cut(reset=reset)

    def strand(self) -> None:
        """Strand every live connection: see `Connection.strand`. New ones work."""
        for connection in self.connections:
            connection.strand()

    def half_open(self, *, to_server: bool = True, to_client: bool = True) -> None:
        """From now on nothing arrives in that direction, on old and new connections; nothing fails either."""
        self.to_server.set(silent=to_server)
        self.to_client.set(silent=to_client)

    def lag(self, seconds: float, *, to_server: bool = True, to_client: bool = True) -> None:
        """Everything arrives `seconds` later."""
        self.to_server.set(delay=seconds if to_server else 0.0)
        self.to_client.set(delay=seconds if to_client else 0.0)

    def heal(self) -> None:
        """Pass everything on at once, held-back bytes first."""
        self.to_server.set()
        self.to_client.set()

    async def wait_connections(self, count: int) -> None:
        """Wait until `count` connections live at once."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.connections) == count)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.accepted += 1
        try:
            await self._serve(reader, writer)
        except asyncio.CancelledError:
            await _close(writer, reset=True)  # the proxy is closed; nothing else waits for this task
        finally:
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            await _close(writer, reset=True)
            return
        connection = Connection(self, (reader, writer), server)
        self.connections.append(connection)
        try:
            await self._tell()
            await connection.run()
        finally:
            connection.abort()
            self.connections.remove(connection)
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def _close(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    _abort(writer, reset=reset)
    await _closed(writer)


def _abort(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    if reset:
        with contextlib.suppress(OSError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _closed(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        await writer.wait_closed()
