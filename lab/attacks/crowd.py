"""`python -m lab.attacks.crowd PORT SIZE PAUSE SENDS`: a crowd of connections that send little or nothing.

SENDS, in hexadecimal, is what each sends first. One that is closed or refused comes again after PAUSE seconds.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

from lab.attacks.program import attacking, say, until_over


@contextlib.asynccontextmanager
async def crowd(port: int, size: int, pause: float = 0.1, sends: bytes = b"") -> AsyncIterator[None]:
    """So many connections, once each has tried to come in and has sent `sends`."""
    async with attacking("crowd", port, size, pause, sends.hex()):
        yield


CONNECTING = 2.0
"""Seconds until one that gets no answer, as from a firewall, comes again."""


class Crowd:
    """`opened`: connections, each time that one came in; `most`: at a time."""

    def __init__(self, port: int, size: int, pause: float, sends: bytes) -> None:
        self._port, self._pause, self._sends = port, pause, sends
        self._outside = set(range(size))
        self.opened = self.most = self._open = 0

    async def come(self) -> None:
        async with asyncio.TaskGroup() as members:
            for number in tuple(self._outside):
                members.create_task(self._one(number))

    async def _one(self, number: int) -> None:
        while True:
            with contextlib.suppress(OSError):
                try:
                    async with asyncio.timeout(CONNECTING):
                        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    self.opened, self._open = self.opened + 1, self._open + 1
                    self.most = max(self.most, self._open)
                    writer.write(self._sends)
                finally:
                    if self._outside:
                        self._outside.discard(number)
                        if not self._outside:
                            say("begun")
                try:
                    while await reader.read(4096):
                        pass
                finally:
                    self._open -= 1
                    writer.transport.abort()
            await asyncio.sleep(self._pause)


async def main(port: int, size: int, pause: float, sends: bytes) -> None:
    coming = Crowd(port, size, pause, sends)
    await until_over(coming.come())
    say(f"{coming.opened:,} connections, {coming.most:,} at a time")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), bytes.fromhex(sys.argv[4])))
