"""A crowd of connections that send little or nothing. It is a process of its own: in the test's it would keep the
phones from reading their audio in time.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

from lab.patience import patience
from service.setup.places import CHECKOUT


@contextlib.asynccontextmanager
async def crowd(port: int, size: int, pause: float = 0.1, sends: bytes = b"") -> AsyncIterator[None]:
    """So many connections, once each has tried to come in and has sent `sends`. One that is closed or refused comes
    again after `pause` seconds.
    """
    arguments = ("-m", "tests.integration.crowd", str(port), str(size), str(pause), sends.hex())
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with patience("the crowd"):
            assert await process.stdout.readline() == b"all have tried\n"
        yield
        assert process.returncode is None, "the crowd has gone"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _come(port: int, size: int, pause: float, sends: bytes) -> None:
    outside = set(range(size))

    async def one(number: int) -> None:
        while True:
            with contextlib.suppress(OSError):
                try:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(sends)
                finally:
                    outside.discard(number)
                    if not outside and not told.done():
                        told.set_result(None)
                try:
                    while await reader.read(4096):
                        pass
                finally:
                    writer.transport.abort()
            await asyncio.sleep(pause)

    told = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as members:
        for number in range(size):
            members.create_task(one(number))
        await told
        sys.stdout.write("all have tried\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_come(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), bytes.fromhex(sys.argv[4])))
