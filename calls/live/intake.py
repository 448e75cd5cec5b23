"""Whether new calls are taken. Calls that have begun are not touched by it.

While the hotline is *drained* for maintenance, new calls are turned away with a message. While the service is about to
be restarted, they ring until the next service answers them.
"""

import asyncio
from collections.abc import Callable
from math import inf
from pathlib import Path

import structlog

from sentences.sentence import Sentence

log = structlog.get_logger()


class Intake:
    """`in_menus`: how many calls are in the menus now; `note` is called whenever that may have changed.

    `file` is there while the hotline is drained, so that a restart does not end the drain. `restarting` is set once no
    call is in the menus any more, or their time is up: then the service must stop.
    """

    def __init__(self, file: Path, in_menus: Callable[[], int]) -> None:
        self.drained = file.exists()
        self.leaving = False
        self.restarting = asyncio.Event()
        self._file = file
        self._in_menus = in_menus
        self._due = inf
        self._deadline: asyncio.TimerHandle | None = None

    def drain(self, on: bool) -> None:
        """Turn new calls away, or take them again. Raises OSError when that cannot be kept for the next start."""
        if on:
            self._file.touch(mode=0o600)
        else:
            self._file.unlink(missing_ok=True)
        if on is not self.drained:
            log.warning("drained" if on else "not-drained-any-more")
        self.drained = on

    def leave(self, seconds: float) -> int:
        """Restart the service once no call is in the menus, after `seconds` at the latest.

        Returns the number of calls in the menus. When asked again, the earlier end counts.
        """
        self.leaving = True
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        if due < self._due:  # uvloop's handle for 0 s does not tell its time
            self.close()
            self._due, self._deadline = due, loop.call_later(seconds, self.restarting.set)
        self.note()
        return self._in_menus()

    def note(self) -> None:
        """A call may have left the menus."""
        if self.leaving and not self._in_menus():
            self.restarting.set()

    def why_closed(self) -> str | None:
        """Why new calls are not taken, in a few words; None: they are."""
        if self.leaving:
            return Sentence("the service is being restarted, new calls ring until it is back")
        return (
            Sentence("drained for maintenance, new calls are told so: ./wutong drain --off ends it")
            if self.drained
            else None
        )

    def close(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
