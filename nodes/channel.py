"""The datagrams among machines: see `nodes.exchange` for what they say, and `nodes.others` for what for."""

import asyncio
import secrets
from types import TracebackType
from typing import Any, Self

import structlog

from base.failure import NotDone
from nodes.exchange import Answered, Asked, Exchange, Verdict
from nodes.leadership import Leadership, now
from nodes.others import Other
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

log = structlog.get_logger()


class Channel(asyncio.DatagramProtocol):
    """Answers leaders, and carries what this one asks, at the address of this machine. `key`: of all machines."""

    def __init__(self, leadership: Leadership, key: bytes) -> None:
        self._leadership = leadership
        self._exchange = Exchange(leadership.node.id, key, secrets.token_bytes)
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()
        self._noted = False  # the log has that somebody proves nothing

    async def __aenter__(self) -> Self:
        """Raises NotDone if the address cannot be used."""
        address = self._leadership.node.address
        try:
            self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: self, local_addr=where(address)
            )
        except OSError as error:
            why = recognised(error)
            raise NotDone(Sentence("node_address: {address} cannot be used: {why}", address=address, why=why)) from None
        self._leadership.ask = self._ask
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transport is not None:
            self._transport.close()
            await self._closed.wait()  # the address is free again

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        found = self._exchange.received(data)
        match found:
            case Asked(fresh=False):
                self._send(self._exchange.answer(found, Verdict.STALE), addr)
            case Asked():
                self._send(self._exchange.answer(found, self._leadership.backs(found.epoch)), addr)
            case Answered(again=True):
                self._leadership.asks_again(found.by)
            case Answered():
                self._leadership.answered(found.by, found.sent, found.verdict)
            case None if self._exchange.strangers and not self._noted:
                self._noted = True
                log.warning("machine-unproved", address=addr[0])
            case None:
                pass

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed."""
        self._closed.set()

    def error_received(self, exc: Exception) -> None:
        """A machine is not there: its answer does not come."""

    def _ask(self, other: Other, epoch: int) -> None:
        request = self._exchange.ask(other.id, epoch, now())
        if request is not None:
            self._send(request, where(other.address))

    def _send(self, message: bytes, to: tuple[str | Any, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(message, to)


def where(address: str) -> tuple[str, int]:
    """`192.0.2.11:5070` as a socket takes it."""
    host, _, port = address.rpartition(":")
    return host, int(port)
