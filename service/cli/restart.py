"""`./wutong restart`: ask the service to restart, and report until the next one takes calls."""

import time
from collections.abc import Callable

from base.failure import NotDone
from base.folders import StateFolder
from commands.client import Client
from processes import running

START = 90.0
"""Seconds from the end of the old service until the next one takes calls."""

LOOK = 0.1


def restart(client: Client, folder: StateFolder, wait: float, tell: Callable[[str], None]) -> None:
    """Returns when another service takes calls. Raises NotDone."""
    before = running.service(folder)
    menus = client.restart(wait)
    if menus:
        tell(f"{menus} in the menus: waiting for them, at most {wait:.0f} s; new calls ring meanwhile")
    began = time.monotonic()
    while (now := running.service(folder)) is None or not now.ready or (before and now.process == before.process):
        if before and before.supervised and not before.process.alive and running.supervisor(folder) is None:
            raise NotDone("nothing is left to start the next service: start it with ./wutong up")
        if time.monotonic() - began > wait + START:
            raise NotDone(f"the next service does not take calls; its log says why: {folder.logs}")
        time.sleep(LOOK)  # another process writes the note read here
    tell(f"restarted in {time.monotonic() - began:.1f} s: process {now.process.pid}")
