"""How long a caller without a session is waited for while Asterisk cannot be asked where he is."""

import asyncio
from collections.abc import Callable

ABSENCE = 600.0
"""Seconds for which he is waited for. To be held, or to talk, he needs no service."""

FAREWELL = 30.0
"""The same for one of whom a session said that he is gone: whether he talked before is still to be asked."""


class Absence:
    """A call has one, for all times that its caller is away. `over` is called when one has lasted too long."""

    def __init__(self, link_is_up: Callable[[], bool], over: Callable[[], None]) -> None:
        self._link_is_up = link_is_up
        self._over = over
        self._ending: asyncio.TimerHandle | None = None

    def begin(self, *, gone: bool) -> None:
        """No session is there. Asked again, the earlier end counts; while Asterisk tells what happens, none is needed.

        `gone`: a session said that he is.
        """
        if self._link_is_up():
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + (FAREWELL if gone else ABSENCE)
        if self._ending is None or due < self._ending.when():
            self.end()
            self._ending = loop.call_at(due, self._over)

    def end(self) -> None:
        """He is there, or Asterisk can be asked, or the call is over."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
