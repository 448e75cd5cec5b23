"""Whether new calls are taken, and how many there may be at one time: in all, from one caller's number, and from one
address. Calls that have begun are not touched by it.

While the hotline is *drained* for maintenance, new calls are turned away with a message. While the service is about to
be restarted, they ring until the next service answers them.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from math import inf
from pathlib import Path

import structlog

from base.descriptors import ROOM
from calls.model import Full
from sentences.sentence import Sentence

log = structlog.get_logger()


WORDS_A_SECOND = 10
"""So many refused callers hear words, or go to the fallback; all others get the busy tone. A refusal with words takes a
channel of Asterisk for some seconds, and a flood would have all of them.
"""

PREFERRED = ROOM // 2
"""Calls beyond the limit that agents and test calls may make. The rest of the room is for agents' codes, and for
callers who hear that there is no room.
"""

LOGGED_EVERY = 60.0
"""Seconds. Refusals of one kind are logged once in this time, with how many there were since the start."""


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
        if due < self._due:  # uvloop's handle for 0 s does not know its time
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


class Room:
    """`calls`, `per_number`, `per_address`: the limits. `now`: a clock in seconds, of any origin."""

    def __init__(self, calls: int, per_number: int, per_address: int, now: Callable[[], float]) -> None:
        self.refused: Counter[Full] = Counter()
        self._calls, self._per_number, self._per_address = calls, per_number, per_address
        self._now = now
        self._live: dict[str, tuple[str, str]] = {}  # call → its caller's number and address
        self._numbers: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()
        self._second, self._spoken = 0.0, 0
        self._logged: dict[Full, float] = {}  # when this was logged last

    def why_full(self, number: str, address: str, *, preferred: bool) -> Full | None:
        """Why one more call is refused, which is counted; None: there is room for it.

        `number`: the caller's, "" where it is hidden. `address`: where the call comes from, "" where everybody's calls
        come from there, as with a trunk. `preferred`: an agent's, or a test call.
        """
        why = None
        if len(self._live) >= self._calls + (PREFERRED if preferred else 0):
            why = Full.CALLS
        elif number and self._numbers[number] >= self._per_number:
            why = Full.NUMBER
        elif address and self._addresses[address] >= self._per_address:
            why = Full.ADDRESS
        if why is None:
            return None
        self.refused[why] += 1
        now = self._now()
        if why not in self._logged or now - self._logged[why] >= LOGGED_EVERY:
            self._logged[why] = now
            refused = self.refused[why]
            log.warning("calls-refused", why=why, live=len(self._live), address=address, refused=refused)
        return why

    @property
    def live(self) -> int:
        """How many calls there are."""
        return len(self._live)

    def may_speak(self) -> bool:
        """Whether a refused caller may hear words, which then counts."""
        now = self._now()
        if not 0 <= now - self._second < 1:
            self._second, self._spoken = now, 0
        self._spoken += 1
        return self._spoken <= WORDS_A_SECOND

    def enter(self, call_id: str, number: str, address: str) -> None:
        """A call begins, or goes on after a restart of the service (its address is not known any more then: "")."""
        self.leave(call_id)
        self._live[call_id] = number, address
        self._numbers[number] += 1
        self._addresses[address] += 1

    def leave(self, call_id: str) -> None:
        """A call is over. Nothing happens if it is not known."""
        left = self._live.pop(call_id, None)
        if left is None:
            return
        for counts, key in zip((self._numbers, self._addresses), left, strict=True):
            counts[key] -= 1
            if not counts[key]:
                del counts[key]
