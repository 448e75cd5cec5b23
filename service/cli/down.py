"""`./wutong down`: stop what `up` started, also when the supervisor is no more."""

from collections.abc import Callable

from service.setup import running
from service.setup.places import StateFolder

SUPERVISOR_TIMEOUT = 60.0
"""Seconds that a supervisor has to stop the service and Asterisk."""

STOP_TIMEOUT = 15.0
"""Seconds for each of them when there is no supervisor."""


async def down(folder: StateFolder, tell: Callable[[str], None]) -> bool:
    """Stop all of it; whether anything ran. Returns when the processes are gone.

    A service that somebody runs without `up`, under systemd for example, is left alone, and so is an Asterisk that no
    `up` has left a note of: it has the calls.
    """
    if not folder.run.is_dir():
        return False
    found = False
    noted = running.last_supervisor(folder) is not None
    supervisor = running.supervisor(folder)
    if supervisor is not None:
        found = True
        tell("stopping the service and Asterisk")
        await supervisor.process.stop(SUPERVISOR_TIMEOUT)
    # what follows is there only if the supervisor did not come so far
    service = running.service(folder)
    if service is not None and service.supervised:
        found = True
        tell(f"stopping the service (process {service.process.pid})")
        await service.process.stop(STOP_TIMEOUT)
    alone = service is not None and not service.supervised
    asterisk = running.asterisk(folder)
    if asterisk is not None and (alone or not (noted or found)):
        tell(f"Asterisk (process {asterisk.pid}) is left alone: `up` did not start it")
    elif asterisk is not None:
        found = True
        tell(f"stopping Asterisk (process {asterisk.pid})")
        await asterisk.stop(STOP_TIMEOUT)
    running.forget(folder, "supervisor")
    if running.service(folder) is None:
        running.forget(folder, "service")
    return found
