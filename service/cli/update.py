"""`./wutong up --update-asterisk`: a newer private Asterisk."""

from collections.abc import Callable

from base.failure import NotDone
from processes import obtaining, renewing, running, tools
from settings.settings import Settings


def update(settings: Settings, tell: Callable[[str], None]) -> None:
    """Make it, whole or not at all. One that runs goes on as it is. Raises `NotDone`."""
    if settings.asterisk is not None:
        raise NotDone(f"Asterisk is a remote one, at {settings.asterisk.host}: update it there")
    try:
        made = renewing.renew(obtaining.default_cache(), tell)
    except (obtaining.NoAsterisk, tools.MissingTools, OSError) as error:
        raise NotDone(f"Asterisk was not renewed, and the present one is as it was: {error}") from error
    tell(f"Asterisk {made.version} is there")
    process = running.asterisk(settings.folder)
    if process is not None:
        tell(
            f"the Asterisk that runs (process {process.pid}) goes on as it is, with its calls. To use the new one: "
            f"./wutong down --state {settings.folder.root}, then ./wutong up"
        )
