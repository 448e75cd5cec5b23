"""`python -m tests.attack.served HOST PORT CALLS NUMBER ADDRESS [AGENT PASSWORD]`: calls from one phone.

It prints the seconds until each was answered, one call after the other. An agent's phone registers first. A call that
nobody answers ends it.
"""

import asyncio
import sys
import time

from lab.phone import Phone


async def call(server: tuple[str, int], calls: int, number: str, address: str, *credentials: str) -> None:
    async with Phone(server, *credentials[:2], number=None if credentials else "13800138000", host=address) as phone:
        if credentials:
            await phone.register()
        for _ in range(calls):
            began = time.monotonic()
            made = await phone.dial(number)
            print(f"{time.monotonic() - began:.4f}", flush=True)  # noqa: T201
            await made.hears_speech()
            await made.hang_up()


if __name__ == "__main__":
    host, port, calls, *more = sys.argv[1:]
    asyncio.run(call((host, int(port)), int(calls), *more))
