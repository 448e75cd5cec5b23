"""A FastAGI server, and calls that come to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from dialplan.agi_session import AgiSession
from dialplan.fastagi import AgiServer
from tests.unit.asterisk.agi import AgiLine

Handler = Callable[[AgiSession], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler, *, limit: int = 10, header_timeout: float = 5.0) -> AsyncIterator[AgiServer]:
    server = AgiServer(handler, "127.0.0.1", 0, limit=limit, header_timeout=header_timeout)
    await server.start()
    try:
        yield server
    finally:
        await server.stop(0)


@asynccontextmanager
async def call() -> AsyncIterator[tuple[AgiSession, AgiLine]]:
    """Both ends of one call, for a test to hold."""
    sessions: asyncio.Queue[AgiSession] = asyncio.Queue()
    over = asyncio.Event()

    async def handler(session: AgiSession) -> None:
        sessions.put_nowait(session)
        await over.wait()

    async with serving(handler) as server, AgiLine.call(server.port) as asterisk:
        yield await sessions.get(), asterisk
        over.set()
