"""A user of this machine holds all connections that Asterisk's manager allows before a login."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator

from lab.patience import until
from tests.integration.conversations import connected
from tests.integration.world import World


@contextlib.asynccontextmanager
async def crowd(port: int, size: int) -> AsyncIterator[None]:
    """So many connections that send nothing, each opened again at once when it is closed."""

    async def one() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    while await reader.read(4096):
                        pass
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.001)

    members = [asyncio.create_task(one()) for _ in range(size)]
    try:
        yield
    finally:
        for member in members:
            member.cancel()
        await asyncio.wait(members)


async def regained(hotline: World, size: int) -> float:
    """Seconds until the link is back after a break, while so many connections crowd."""
    async with crowd(hotline.settings.ports.ami, size):
        await asyncio.sleep(1)
        began = time.monotonic()
        await hotline.stop_service()
        await hotline.start_service()
        return time.monotonic() - began


async def test_a_dozen_connections_keep_nobody_out(hotline: World) -> None:
    seconds = await regained(hotline, 12)
    sys.stdout.write(f"regained after {seconds:.2f} s\n")
    assert seconds < 3
    await connected(hotline, await hotline.agent("1001"))


async def test_more_connections_than_there_are_places_keep_nobody_out_for_long(hotline: World) -> None:
    seconds = await regained(hotline, 600)
    sys.stdout.write(f"regained after {seconds:.2f} s\n")
    await until("the link", lambda: hotline.http.get("/readyz"), lambda answer: answer.status_code == 200)
    await connected(hotline, await hotline.agent("1001"))
