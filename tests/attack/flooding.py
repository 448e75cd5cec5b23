"""`python -m tests.attack.flooding HOST PORT METHOD SENDER NUMBER ADDRESS…`: a flood from these addresses.

It goes on until the standard input ends, a minute at most. It prints a line when it has begun, and at the end how many
requests were sent.
"""

import asyncio
import itertools
import select
import sys
import time
from contextlib import AsyncExitStack

from tests.attack.attacker import Attacker

LONGEST = 60.0
TURN = 0.2
"""Seconds of one address, before the next one's turn."""


async def flood(server: tuple[str, int], method: str, sender: str, number: str, addresses: list[str]) -> None:
    uri = f"sip:{f'{number}@' if method == 'INVITE' else ''}{server[0]}:{server[1]}"
    sent, end = 0, time.monotonic() + LONGEST
    async with AsyncExitStack() as opened:
        attackers = [await opened.enter_async_context(Attacker(server, host=address)) for address in addresses]
        print("begun", flush=True)  # noqa: T201
        for attacker in itertools.cycle(attackers):
            sent += await attacker.flood(uri, TURN / len(addresses), sender=sender, method=method)
            if time.monotonic() > end or select.select([sys.stdin], [], [], 0)[0]:
                break
    print(sent, flush=True)  # noqa: T201


if __name__ == "__main__":
    host, port, method, sender, number, *addresses = sys.argv[1:]
    asyncio.run(flood((host, int(port)), method, sender, number, addresses))
