"""A crowd of connections that send nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from lab.patience import patience


@contextlib.asynccontextmanager
async def crowd(port: int, size: int, pause: float = 0.1) -> AsyncIterator[None]:
    """So many connections, once each has tried to come in. One that is closed or refused comes again after `pause`
    seconds.
    """
    outside = set(range(size))
    all_tried = asyncio.Event()

    def came(number: int) -> None:
        outside.discard(number)
        if not outside:
            all_tried.set()

    async def one(number: int) -> None:
        while True:
            with contextlib.suppress(OSError):
                try:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                finally:
                    came(number)
                try:
                    while await reader.read(4096):
                        pass
                finally:
                    writer.transport.abort()
            await asyncio.sleep(pause)

    members = [asyncio.create_task(one(number)) for number in range(size)]
    try:
        async with patience("the crowd"):
            await all_tried.wait()
        yield
    finally:
        for member in members:
            member.cancel()
        await asyncio.wait(members)
