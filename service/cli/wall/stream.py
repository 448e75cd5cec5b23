"""The event stream as a client: connects, listens, says when the connection is lost, and connects again."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Protocol

import httpx2
from httpx2 import EventSource

from service.cli.wall.board import NotUnderstood
from service.setup.failure import NotDone
from service.setup.language import language_here

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

    def told(self, event: str, data: str) -> None:
        """A message. Raises NotUnderstood."""

    def lost(self, why: str) -> None:
        """There is no connection; the next one is tried."""


async def watch(http: str, token: str, watcher: Watcher, *, here: bool) -> None:
    """Listen for ever. `http`: the service's address. `here`: it is this machine's, so its certificate, which is for a
    name, proves nothing. Raises Refused.
    """
    tls = ssl.create_default_context()
    if here:
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    tries = 0

    def heard(event: str, data: str) -> None:
        nonlocal tries
        tries = 0
        watcher.told(event, data)

    async with httpx2.AsyncClient(
        headers={
            "Authorization": f"Bearer {token}",
            "Accept": "text/event-stream",
            "Accept-Language": language_here(),
        },
        timeout=httpx2.Timeout(SILENCE),
        verify=tls,
        trust_env=False,
    ) as client:
        while True:
            try:
                await _listen(client, f"{http}/api/v1/events", heard)
                why = "the service ended it"
            except (httpx2.TransportError, NotUnderstood) as error:
                why = str(error) or type(error).__name__
            watcher.lost(why)
            await asyncio.sleep(AGAIN[min(tries, len(AGAIN) - 1)])
            tries += 1


async def _listen(client: httpx2.AsyncClient, url: str, heard: Callable[[str, str], None]) -> None:
    """One connection, to its end."""
    async with client.stream("GET", url) as response:
        if response.status_code in (401, 403, 404, 421):
            await response.aread()
            raise Refused(f"{url} answers {response.status_code}: {_detail(response)}")
        if response.status_code != 200:  # as many streams as there may be, or a proxy whose service is away
            raise httpx2.ReadError(f"it answers {response.status_code}")
        async for message in EventSource(response, LARGEST):
            heard(message.event, message.data)


def _detail(response: httpx2.Response) -> str:
    try:
        return str(response.json()["detail"])[:500]
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase
