"""Asterisk's side of a FastAGI connection, played by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

HEADERS = {
    "agi_network": "yes",
    "agi_network_script": "call",
    "agi_request": "agi://127.0.0.1/call",
    "agi_channel": "PJSIP/anonymous-00000001",
    "agi_uniqueid": "1.1",
    "agi_callerid": "02112345678",
}


class AgiLine(asyncio.Protocol):
    """One connection of a call that has entered AGI()."""

    def __init__(self) -> None:
        self._read = b""
        self._commands: asyncio.Queue[str] = asyncio.Queue()
        self._over = asyncio.Event()
        self._transport: asyncio.Transport

    @classmethod
    async def connect(cls, port: int) -> Self:
        """A connection on which nothing was said yet."""
        _, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return line

    @classmethod
    @asynccontextmanager
    async def call(cls, port: int, **headers: str) -> AsyncIterator[Self]:
        """A connection whose header block is sent."""
        line = await cls.connect(port)
        line.begin({**HEADERS, **headers})
        try:
            yield line
        finally:
            line.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *whole, self._read = (self._read + data).split(b"\n")
        for command in whole:
            self.commanded(command.decode())

    def connection_lost(self, exc: Exception | None) -> None:
        self._over.set()

    def begin(self, headers: dict[str, str]) -> None:
        """Send the header block."""
        self.send("".join(f"{name}: {value}\n" for name, value in headers.items()) + "\n")

    def commanded(self, command: str) -> None:
        """The service wants something."""
        self._commands.put_nowait(command)

    def send(self, text: str) -> None:
        self._transport.write(text.encode())

    async def command(self) -> str:
        """The next command, without its line feed."""
        return await self._commands.get()

    async def answers(self, reply: str) -> str:
        """Take the next command, reply, and tell what it was."""
        command = await self.command()
        self.send(reply + "\n")
        return command

    async def ended(self) -> list[str]:
        """Wait until the server ends the connection; the commands that it still gave."""
        await self._over.wait()
        said = [self._commands.get_nowait() for _ in range(self._commands.qsize())]
        return [*said, self._read.decode()] if self._read else said

    def close(self) -> None:
        self._transport.close()
