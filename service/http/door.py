"""Where connections over TLS come in: few at one time agree on TLS, and one that takes too long is cut.

A loop that serves TLS by itself tells of a connection only when both ends have agreed. So anybody could hold any number
of connections that never do, and the service would have no descriptor left for a call.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable

from base.descriptors import HTTP_BACKLOG, MOST_HANDSHAKES

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
