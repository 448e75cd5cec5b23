"""A user of this machine holds all connections that Asterisk's manager allows before a login."""

import sys
import time

from lab.patience import until
from tests.integration.conversations import connected
from tests.integration.crowd import crowd
from tests.integration.world import World


async def regained(hotline: World, size: int) -> float:
    """Seconds until the link is back after a break, while so many connections crowd."""
    async with crowd(hotline.settings.ports.ami, size, pause=0.001):
        began = time.monotonic()
        await hotline.stop_service()
        await hotline.start_service()
        return time.monotonic() - began


async def test_a_dozen_connections_keep_nobody_out(hotline: World) -> None:
    for last in (False, False, True):  # the shortest of several tries counts: a busy machine starts the service late
        seconds = await regained(hotline, 12)
        sys.stdout.write(f"regained after {seconds:.2f} s\n")
        if seconds < 3:
            break
        assert not last
    await connected(hotline, await hotline.agent("1001"))


async def test_more_connections_than_there_are_places_keep_nobody_out_for_long(hotline: World) -> None:
    seconds = await regained(hotline, 600)
    sys.stdout.write(f"regained after {seconds:.2f} s\n")
    await until("the link", lambda: hotline.http.get("/readyz"), lambda answer: answer.status_code == 200)
    await connected(hotline, await hotline.agent("1001"))
