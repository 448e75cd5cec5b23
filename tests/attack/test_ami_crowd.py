"""A user of this machine holds all connections that Asterisk's manager allows before a login."""

import sys

from lab.attacks.crowd import crowd
from lab.patience import until
from lab.stalls import Stalls
from tests.integration.conversations import connected
from tests.integration.world import World


async def regained(hotline: World, size: int, stalled: Stalls) -> float:
    """Seconds until the link is back after a break, while so many connections crowd."""
    async with crowd(hotline.settings.ports.ami, size, pause=0.001):
        passed = stalled.clock()
        await hotline.stop_service()
        await hotline.start_service()
        return passed()


async def test_a_dozen_connections_keep_nobody_out(hotline: World, stalled: Stalls) -> None:
    for last in (False, False, True):  # the shortest of several tries counts: a busy machine starts the service late
        seconds = await regained(hotline, 12, stalled)
        sys.stdout.write(f"regained after {seconds:.2f} s\n")
        if seconds < 3:
            break
        assert not last
    await connected(hotline, await hotline.agent("1001"))


async def test_more_connections_than_there_is_room_for_keep_nobody_out_long(hotline: World, stalled: Stalls) -> None:
    seconds = await regained(hotline, 600, stalled)
    sys.stdout.write(f"regained after {seconds:.2f} s\n")
    await until("the link", lambda: hotline.http.get("/readyz"), lambda answer: answer.status_code == 200)
    await connected(hotline, await hotline.agent("1001"))
