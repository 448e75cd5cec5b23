"""`python -m tests.attack.holding HOST PORT EACH SAYS ADDRESS…`: EACH connections from each address.

SAYS: what each says once it is open, in hexadecimal; "A,B" says B after the answer to A, "" nothing. It prints how many
are open, and have their last answer, five seconds after the last one came; and holds them until its input ends.
"""

import selectors
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from selectors import EVENT_READ, EVENT_WRITE

SETTLING = 5.0
PACE = 0.003
"""Seconds between two connections. PJSIP lets five wait until it takes them, and the kernel drops more."""


class Crowd:
    """Connections to one port. `open`: those that are open and have an answer to all that they said."""

    def __init__(self, server: tuple[str, int], says: list[bytes]) -> None:
        self.open = set[socket.socket]()
        self._server, self._says = server, says
        self._waiting = selectors.DefaultSelector()

    def add(self, one: socket.socket) -> None:
        one.setblocking(False)
        one.connect_ex(self._server)
        self._waiting.register(one, EVENT_WRITE, iter(self._says))

    def follow(self, seconds: float) -> None:
        """Take what comes in so many seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, what in self._waiting.select(left):
                one, says = key.fileobj, key.data
                assert isinstance(one, socket.socket)
                try:
                    self._go_on(one, what, says)
                except OSError:  # kept out, or cut
                    self._waiting.unregister(one)
                    self.open.discard(one)

    def _go_on(self, one: socket.socket, what: int, says: Iterator[bytes]) -> None:
        if what & EVENT_READ and not one.recv(65_536):
            raise ConnectionResetError
        if (words := next(says, None)) is not None:
            one.send(words)
        else:
            self.open.add(one)
        self._waiting.modify(one, EVENT_READ, says)


def hold(host: str, port: int, each: int, says: list[bytes], addresses: list[str]) -> None:
    crowd = Crowd((host, port), says)
    with ExitStack() as sockets:
        for address in addresses * each:
            one = sockets.enter_context(socket.socket())
            one.bind((address, 0))
            crowd.add(one)
            crowd.follow(PACE)
        crowd.follow(SETTLING)
        print(len(crowd.open), flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    host, port, each, says, *addresses = sys.argv[1:]
    hold(host, int(port), int(each), [bytes.fromhex(words) for words in says.split(",") if words], addresses)
