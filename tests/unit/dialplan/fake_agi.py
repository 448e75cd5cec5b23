"""Asterisk's side of a FastAGI connection, played by hand over a real socket."""

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


class FakeAsterisk:
    """One call that has entered AGI()."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> Self:
        """A connection on which nothing was said yet."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    @classmethod
    @asynccontextmanager
    async def call(cls, port: int, **headers: str) -> AsyncIterator[Self]:
        """A connection whose header block is sent."""
        line = await cls.connect(port)
        lines = [f"{name}: {value}\n" for name, value in {**HEADERS, **headers}.items()]
        line.send("".join(lines) + "\n")
        try:
            yield line
        finally:
            line.close()

    def send(self, text: str) -> None:
        self._writer.write(text.encode())

    async def command(self) -> str:
        """The next command, without its line feed."""
        return (await self._reader.readline()).decode().removesuffix("\n")

    async def answers(self, reply: str) -> str:
        """Take the next command, reply, and tell what it was."""
        command = await self.command()
        self.send(reply + "\n")
        return command

    async def ended(self) -> bytes:
        """Wait until the server ends the connection; what it still said."""
        try:
            return await self._reader.read()
        except ConnectionResetError:
            return b""

    def close(self) -> None:
        self._writer.close()
