"""`python -m lab.attacks.asking PORT CONNECTIONS REQUEST`: HTTP requests, on each connection one after the other.

REQUEST is in hexadecimal. In each one `CHANCE` is replaced by 16 characters of chance.
"""

import asyncio
import re
import secrets
import sys
from collections import Counter

from lab.attacks.program import say, until_over

CHANCE = b"%CHANCE-CHANCE-%"
"""As long as what it is replaced by, so that the length of a body stays right."""

PAUSE = 0.1
"""Seconds until one that was cut off comes again."""

_HEAD = re.compile(rb"HTTP/1\.1 (\d+) (?:.*\r\n)*?content-length: (\d+)\r\n", re.IGNORECASE)


async def ask(port: int, request: bytes, answers: Counter[int]) -> None:
    """For ever. `answers` counts them by status; 0: none."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                while True:
                    writer.write(request.replace(CHANCE, secrets.token_hex(8).encode()))
                    head = _HEAD.match(await reader.readuntil(b"\r\n\r\n"))
                    assert head is not None
                    await reader.readexactly(int(head[2]))
                    answers[int(head[1])] += 1
            finally:
                writer.transport.abort()
        except (OSError, EOFError):
            answers[0] += 1
            await asyncio.sleep(PAUSE)


async def main(port: int, connections: int, request: bytes) -> None:
    answers = Counter[int]()

    async def all_ask() -> None:
        async with asyncio.TaskGroup() as asking:
            for _ in range(connections):
                asking.create_task(ask(port, request, answers))

    say("begun")
    await until_over(all_ask())
    say(
        f"{answers.total():,} requests: "
        + ", ".join(f"{count:,} got {status}" for status, count in answers.most_common())
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3])))
