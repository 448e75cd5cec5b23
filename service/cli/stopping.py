"""`./wutong down` stops what `up` started, also when the supervisor is gone; `./wutong restart` asks for the next
service.
"""

import time
from collections.abc import Callable

from base.failure import NotDone
from base.folders import StateFolder
from commands.client import Client, Refused
from processes import running
from sentences.sentence import Sentence

SUPERVISOR_TIMEOUT = 60.0
"""Seconds that a supervisor has to stop the service and Asterisk."""

STOP_TIMEOUT = 15.0
"""Seconds for each of the two when there is no supervisor."""


def at_stake(folder: StateFolder) -> str | None:
    """How many calls are live, and what happens to them if `down` stops what it would stop now. None: no call is
    touched.
    """
    service, asterisk = running.service(folder), running.asterisk(folder)
    if service is None:
        ends = asterisk is not None and running.last_supervisor(folder) is not None
        return (
            Sentence("{unknown} They end, because Asterisk stops too. {instead}", unknown=_UNKNOWN, instead=_INSTEAD)
            if ends
            else None
        )
    if not service.supervised or (asterisk is None and service.remote is None):
        return None  # it is left alone; or Asterisk is gone, and all calls with it
    try:
        calls = Client(service.http, "", folder.door).live_calls()  # /metrics needs none
    except Refused:
        live, they = _UNKNOWN, Sentence("They end")
    else:
        if not calls:
            return None
        live, they = (
            (Sentence("1 call is live."), Sentence("It ends"))
            if calls == 1
            else (Sentence("{count} calls are live.", count=calls), Sentence("They end"))
        )
    if service.remote is not None:
        return Sentence(
            "{live} Conversations go on at {remote}. Callers who wait or are in a menu hear music, and go to the "
            "hotline's fallback if no service is there again within half a minute.",
            live=live,
            remote=service.remote,
        )
    return Sentence("{live} {they} now, because Asterisk stops too. {instead}", live=live, they=they, instead=_INSTEAD)


_UNKNOWN = Sentence("How many calls are live is not known, as the service does not answer.")
_INSTEAD = Sentence("./wutong restart keeps calls; after ./wutong drain no new ones come.")


async def down(folder: StateFolder, show: Callable[[str], None]) -> bool:
    """Stop all of it; whether anything ran. Returns when the processes are gone.

    A service that runs without `up`, for example under systemd, is left alone. So is an Asterisk without a note of an
    `up`: it carries the calls. Raises `NotDone` where Asterisk is another user's.
    """
    if not folder.run.is_dir():
        return False
    found = False
    noted = running.last_supervisor(folder) is not None
    supervisor = running.supervisor(folder)
    if supervisor is not None:
        found = True
        show(Sentence("stopping the service and Asterisk"))
        await supervisor.process.stop(SUPERVISOR_TIMEOUT)
    # these run only if the supervisor did not stop them
    service = running.service(folder)
    if service is not None and service.supervised:
        found = True
        show(Sentence("stopping the service (process {process})", process=service.process.pid))
        await service.process.stop(STOP_TIMEOUT)
    alone = service is not None and not service.supervised
    asterisk = running.asterisk(folder)
    if asterisk is not None and (alone or not (noted or found)):
        show(Sentence("Asterisk (process {process}) is left alone: `up` did not start it", process=asterisk.pid))
    elif asterisk is not None:
        found = True
        show(Sentence("stopping Asterisk (process {process})", process=asterisk.pid))
        try:
            await asterisk.stop(STOP_TIMEOUT)
        except PermissionError:
            raise NotDone(
                "Asterisk (process {process}) runs as another user: give ./wutong down as root", process=asterisk.pid
            ) from None
    running.forget(folder, "supervisor")
    if running.service(folder) is None:
        running.forget(folder, "service")
    return found


# `./wutong restart`: ask the service to restart, and report until the next one takes calls.


START = 90.0
"""Seconds from the end of the old service until the next one takes calls."""

LOOK = 0.1


def restart(client: Client, folder: StateFolder, wait: float, show: Callable[[str], None]) -> None:
    """Returns when another service takes calls. Raises NotDone."""
    before = running.service(folder)
    menus = client.restart(wait)
    if menus:
        show(
            Sentence(
                "{count} in the menus: waiting for them, at most {seconds:.0f} s; new calls ring meanwhile",
                count=menus,
                seconds=wait,
            )
        )
    began = time.monotonic()
    while (now := running.service(folder)) is None or not now.ready or (before and now.process == before.process):
        if before and before.supervised and not before.process.alive and running.supervisor(folder) is None:
            raise NotDone(Sentence("nothing is left to start the next service: start it with ./wutong up"))
        if time.monotonic() - began > wait + START:
            raise NotDone("the next service does not take calls; its log says why: {logs}", logs=folder.logs)
        time.sleep(LOOK)  # another process writes the note read here
    show(
        Sentence(
            "restarted in {seconds:.1f} s: process {process}",
            seconds=time.monotonic() - began,
            process=now.process.pid,
        )
    )
