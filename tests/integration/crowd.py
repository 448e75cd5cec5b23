"""A crowd of connections that send nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def crowd(port: int, size: int, pause: float = 0.1) -> AsyncIterator[None]:
    """So many connections. One that is closed or refused is opened again after `pause` seconds."""

    async def one() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    while await reader.read(4096):
                        pass
                finally:
                    writer.transport.abort()
            await asyncio.sleep(pause)

    members = [asyncio.create_task(one()) for _ in range(size)]
    try:
        yield
    finally:
        for member in members:
            member.cancel()
        await asyncio.wait(members)
