"""`python -m tests.attack.holding HOST PORT EACH ADDRESS…`: EACH connections from each address, which say nothing.

It prints how many are open two seconds after the last, and holds them until its standard input ends.
"""

import select
import socket
import sys
import time
from contextlib import ExitStack

SETTLING = 2.0
PACE = 0.003
"""Seconds between two connections. PJSIP lets five wait until it takes them, and the kernel drops more."""


def hold(host: str, port: int, each: int, addresses: list[str]) -> None:
    with ExitStack() as crowd:
        waiting = set()
        for address in addresses * each:
            one = crowd.enter_context(socket.socket())
            one.bind((address, 0))
            one.setblocking(False)
            one.connect_ex((host, port))
            waiting.add(one)
            time.sleep(PACE)
        end, settled = time.monotonic() + SETTLING, select.poll()
        opened = 0
        for one in waiting:
            settled.register(one, select.POLLOUT)
        while (left := end - time.monotonic()) > 0:
            for number, what in settled.poll(left * 1000):
                settled.unregister(number)
                opened += not what & (select.POLLERR | select.POLLHUP)
        print(opened, flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    host, port, each, *addresses = sys.argv[1:]
    hold(host, int(port), int(each), addresses)
