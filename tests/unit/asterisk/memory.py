"""TCP on 127.0.0.1 without sockets, for a loop with fake time: what is written arrives in the loop's next turn."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any


class _Socket:
    """What is asked of a socket beside its stream."""

    def __init__(self, port: int) -> None:
        self._port = port

    def setsockopt(self, *option: object) -> None:
        """There is no network that could fail."""

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", self._port


class _End(asyncio.Transport):
    """One end of a connection. Its `peer` is the other one."""

    def __init__(self, network: "Network", protocol: asyncio.BaseProtocol, port: int) -> None:
        super().__init__({"socket": _Socket(port), "peername": ("127.0.0.1", port)})
        self.peer: _End
        self._network = network
        self._protocol = protocol
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        whole = bytes(data)
        if not self._closing:
            self._network.flies(lambda: self.peer.arrives(whole))

    def arrives(self, data: bytes) -> None:
        if self._closing:
            return
        if isinstance(self._protocol, asyncio.BufferedProtocol):
            buffer = memoryview(self._protocol.get_buffer(-1))
            part = min(len(buffer), len(data))
            buffer[:part] = data[:part]
            self._protocol.buffer_updated(part)
            if data[part:]:
                self.arrives(data[part:])
        else:
            assert isinstance(self._protocol, asyncio.Protocol)
            self._protocol.data_received(data)

    def close(self) -> None:
        if not self._closing:
            self._network.flies(self.peer.ended)
            self.ended()

    def abort(self) -> None:
        self.close()

    def ended(self) -> None:
        if not self._closing:
            self._closing = True
            self._network.flies(lambda: self._protocol.connection_lost(None))

    def is_closing(self) -> bool:
        return self._closing


class _Server:
    """Listens on a port until it is closed."""

    def __init__(self, network: "Network", port: int) -> None:
        self._network = network
        self._port = port
        self.sockets = (_Socket(port),)

    async def start_serving(self) -> None:
        """It listens from the beginning."""

    def is_serving(self) -> bool:
        return self._port in self._network.listening

    def close(self) -> None:
        self._network.listening.pop(self._port, None)

    async def wait_closed(self) -> None:
        """A closed one has nothing left to do."""


class Network:
    """Servers by their ports, and what is on its way."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.listening: dict[int, Callable[[], asyncio.BaseProtocol]] = {}
        self._loop = loop
        self._flying: deque[Callable[[], None]] = deque()
        self._ports = 20_000

    def listen(self, factory: Callable[[], asyncio.BaseProtocol], port: int) -> _Server:
        if port == 0:
            port = self._ports = self._ports + 1
        if port in self.listening:
            raise OSError("address already in use")
        self.listening[port] = factory
        return _Server(self, port)

    def connect(self, factory: Callable[[], Any], port: int) -> tuple[asyncio.Transport, Any]:
        if port not in self.listening:
            raise ConnectionRefusedError(f"nobody listens on port {port}")
        ours, theirs = factory(), self.listening[port]()
        near, far = _End(self, ours, port), _End(self, theirs, port)
        near.peer, far.peer = far, near
        ours.connection_made(near)
        self.flies(lambda: theirs.connection_made(far))
        return near, ours

    def flies(self, landing: Callable[[], None]) -> None:
        self._flying.append(landing)
        self._loop.call_soon(self._lands, 1)

    def _lands(self, most: int) -> None:
        for _ in range(min(most, len(self._flying))):
            self._flying.popleft()()

    def deliver(self) -> None:
        """Everything that is on its way arrives now, and what is said to it, too."""
        while self._flying:
            self._lands(1)


class InMemory:
    """For a loop: connections and servers are of `network`."""

    network: Network

    async def create_connection(  # type: ignore[no-untyped-def]
        self, protocol_factory: Callable[[], Any], host: Any = None, port: Any = None, **_: Any
    ):
        return self.network.connect(protocol_factory, int(port))

    async def create_server(  # type: ignore[no-untyped-def]
        self, protocol_factory: Callable[[], Any], host: Any = None, port: Any = None, **_: Any
    ):
        return self.network.listen(protocol_factory, int(port))
