"""The event stream as a client: connects, listens, says when the connection is lost, and connects again."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import httpx2
from httpx2 import EventSource

from base import local_socket
from base.failure import NotDone
from sentences.languages import language_here
from sentences.sentence import Sentence
from wall.board import NotUnderstood

SILENCE = 1.8
"""Seconds without a byte after which the connection counts as lost: the service says something every half second."""

AGAIN = (0.2, 0.5, 1.0, 2.0)
"""Seconds from a lost connection to the next try; the last one is kept."""

LARGEST = 16 * 1024 * 1024
"""Bytes of one message at most: two thousand agents need one."""


class Refused(NotDone):
    """The service does not let us watch: trying again would not help."""


class Watcher(Protocol):
    """The listener to the stream."""

    def heard(self, event: str, data: str) -> None:
        """A message. Raises NotUnderstood."""

    def lost(self, why: str) -> None:
        """There is no connection; the next one is tried."""


async def watch(http: str, token: str, watcher: Watcher, *, here: bool, door: Path | None = None) -> None:
    """Listen for ever. `http`: the service's address. `here`: it is this machine's, so its certificate, which is for a
    name, proves nothing. `door`: the socket of its state folder, which is used if somebody is there now.

    Raises Refused.
    """
    tls = ssl.create_default_context()
    if here:
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    tries = 0

    def heard(event: str, data: str) -> None:
        nonlocal tries
        tries = 0
        watcher.heard(event, data)

    with _at_door(door) as socket:
        transport = None if socket is None else httpx2.AsyncHTTPTransport(uds=socket)
        url = f"{http if socket is None else 'http://localhost'}/api/v1/events"
        async with httpx2.AsyncClient(
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "text/event-stream",
                "Accept-Language": language_here(),
            },
            timeout=httpx2.Timeout(SILENCE),
            transport=transport,
            verify=tls,
            trust_env=False,
        ) as client:
            while True:
                try:
                    await _listen(client, url, heard)
                    why: str = Sentence("the service ended it")
                except (httpx2.TransportError, NotUnderstood) as error:
                    why = str(error) or type(error).__name__
                watcher.lost(why)
                await asyncio.sleep(AGAIN[min(tries, len(AGAIN) - 1)])
                tries += 1


@contextmanager
def _at_door(door: Path | None) -> Iterator[str | None]:
    """The address of the socket, within the block; None: nobody is there."""
    if door is None:
        yield None
        return
    try:
        local_socket.connected(door, SILENCE).close()
    except local_socket.NOBODY:
        yield None
    else:
        with local_socket.address(door) as socket:
            yield socket


async def _listen(client: httpx2.AsyncClient, url: str, heard: Callable[[str, str], None]) -> None:
    """One connection, to its end."""
    async with client.stream("GET", url) as response:
        if response.status_code in (401, 403, 404, 421):
            await response.aread()
            raise Refused(
                Sentence(
                    "{address} answers {status}: {why}",
                    address=url,
                    status=response.status_code,
                    why=_detail(response),
                )
            )
        if response.status_code != 200:  # as many streams as there may be, or a proxy whose service is away
            raise httpx2.ReadError(Sentence("it answers {status}", status=response.status_code))
        async for message in EventSource(response, LARGEST):
            heard(message.event, message.data)


def _detail(response: httpx2.Response) -> str:
    try:
        return str(response.json()["detail"])[:500]
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase
