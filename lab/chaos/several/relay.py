"""Datagrams from one machine to another, and their answers: lost, late, doubled, recorded and sent again, forged."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Self

RECORDED = 200
"""Datagrams that an attacker keeps."""


@dataclass(slots=True)
class Way:
    """What happens to datagrams. `delay`: seconds. `attacked`: with each one comes a recorded one, one of them with a
    bit changed, and the same once more.
    """

    lost: bool = False
    delay: float = 0.0
    attacked: bool = False
    recorded: deque[bytes] = field(default_factory=lambda: deque(maxlen=RECORDED))

    def of(self, datagram: bytes, chance: Random) -> list[bytes]:
        """What arrives for this one."""
        self.recorded.append(datagram)
        if self.lost:
            return []
        if not self.attacked:
            return [datagram]
        old = chance.choice(self.recorded)
        forged = bytearray(chance.choice(self.recorded))
        forged[chance.randrange(len(forged))] ^= 1 << chance.randrange(8)
        return [old, datagram, bytes(forged), datagram]


class Relay:
    """From the machine that sends to `port` here, to `target` on 127.0.0.1."""

    def __init__(self, target: int, chance: Random) -> None:
        self.way = Way()
        self.port = 0
        self._target, self._chance = ("127.0.0.1", target), chance
        self._client: tuple[str | Any, int] | None = None
        self._here: asyncio.DatagramTransport | None = None
        self._there: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        local = ("127.0.0.1", 0)
        self._here, _ = await loop.create_datagram_endpoint(lambda: _End(self._asked), local_addr=local)
        self._there, _ = await loop.create_datagram_endpoint(lambda: _End(self._answered), local_addr=local)
        self.port = int(self._here.get_extra_info("sockname")[1])
        return self

    async def __aexit__(self, *exc: object) -> None:
        for transport in (self._here, self._there):
            if transport is not None:
                transport.close()

    def _asked(self, datagram: bytes, sender: tuple[str | Any, int]) -> None:
        self._client = sender
        self._carry(datagram, self._there, self._target)

    def _answered(self, datagram: bytes, sender: tuple[str | Any, int]) -> None:
        if self._client is not None:
            self._carry(datagram, self._here, self._client)

    def _carry(self, datagram: bytes, by: asyncio.DatagramTransport | None, to: tuple[str | Any, int]) -> None:
        for what in self.way.of(datagram, self._chance):
            asyncio.get_running_loop().call_later(self.way.delay, _send, by, what, to)


class _End(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, tuple[str | Any, int]], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._received(data, addr)


def _send(by: asyncio.DatagramTransport | None, what: bytes, to: tuple[str | Any, int]) -> None:
    if by is not None and not by.is_closing():
        by.sendto(what, to)
