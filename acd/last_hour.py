"""How many callers waited in each queue, minute by minute, in the last hour: kept from Records. Pure.

The figure of a minute is the most callers who waited at once in it. A crowd that came and went within the minute is
seen; a mean would hide it. Test calls count, as they do in `QueueView.waiting`. Times are seconds since the epoch, and
minutes are whole ones since the epoch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from acd.events import ABANDONED
from acd.recovery.state import recalled
from journal.records import Kind, Record

MINUTES = 60
"""Minutes that are kept of each queue."""

_MINUTE = 60.0

_LEFT = frozenset((Kind.CONNECTED, Kind.LEFT_QUEUE, Kind.OVERFLOWED, Kind.CALL_FINISHED))
"""After these the caller does not wait in the queue any more. So it is after MOVED to another queue."""

OF_LAST_HOUR = frozenset((Kind.QUEUED, *_LEFT, Kind.MOVED, Kind.HOTLINE_CHANGED))
"""The kinds of Records that `LastHour.note` has to see."""


class HourView(NamedTuple):
    """`waiting`: of each of the MINUTES before `until`, the oldest first; None: nobody counted yet."""

    until: float
    waiting: tuple[int | None, ...]


@dataclass(slots=True)
class Line:
    """One queue. `now`: how many wait; `most`: at once in `minute`, which still runs; `past`: of the minutes before."""

    minute: int
    now: int = 0
    most: int = 0
    past: list[int] = field(default_factory=list)

    def turn(self, minute: int) -> None:
        """Come to `minute`. A minute in which nothing happened has the callers who waited all through it."""
        passed = min(minute - self.minute, MINUTES + 1)
        if passed <= 0:  # a Record may be late
            return
        self.past += [self.most, *([self.now] * (passed - 1))]
        del self.past[:-MINUTES]
        self.minute, self.most = minute, self.now

    @property
    def empty(self) -> bool:
        """Nobody has waited for an hour."""
        return not (self.now or self.most or any(self.past))


@dataclass(slots=True)
class _Kept:
    """`began`: the minute in which counting began. `callers`: the queue in which a call waits, by its id."""

    began: int
    callers: dict[str, str] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)


_KEPT = TypeAdapter(_Kept)


class LastHour:
    """`note` takes every Record, or all OF_LAST_HOUR; a Record costs O(1). Nothing is counted before `now`."""

    def __init__(self, now: float) -> None:
        self._kept = _Kept(_minute(now))

    @classmethod
    def restored(
        cls, kept: Mapping[str, Any] | None, records: Iterable[Record], waiting: Mapping[str, str], now: float
    ) -> "LastHour":
        """As it was at the end of `records`, which came after `kept`; None: counting begins at `now`.

        `waiting`: the queue by the id of each call that waits now. While the service was away nobody could enter a
        queue, so its minutes have those who waited when it went. Raises UnreadableSnapshot.
        """
        made = cls(now)
        if kept is not None:
            made._kept = recalled(_KEPT, kept, "the last hour")
            for record in records:
                made.note(record)
        made._settle(waiting, now)
        return made

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        plain: dict[str, Any] = _KEPT.dump_python(self._kept, mode="json")
        return plain

    def note(self, record: Record) -> None:
        if record.kind is Kind.QUEUED and record.call is not None and record.queue is not None:
            self._enters(record.call, record.queue, record.at)
        elif record.kind in _LEFT or (record.kind is Kind.MOVED and "queue" in record.data.get("to", ())):
            self._leaves(record.call, record.at)
        elif record.kind is Kind.HOTLINE_CHANGED:
            self._forget(record.at)

    def view(self, queue_id: str, now: float) -> HourView:
        """The 60 whole minutes before `now` (epoch seconds). They are all 0 if nobody has waited in the queue."""
        kept, minute = self._kept, _minute(now)
        line = kept.lines.get(queue_id)
        if line is not None:
            line.turn(minute)
        past = [] if line is None else line.past
        known = [0] * (MINUTES - len(past)) + past
        before = max(0, min(MINUTES, kept.began - (minute - MINUTES)))
        return HourView(minute * _MINUTE, (*([None] * before), *known[before:]))

    def _enters(self, call: str, queue: str, at: float) -> None:
        self._leaves(call, at)
        kept, minute = self._kept, _minute(at)
        line = kept.lines.get(queue)
        if line is None:
            line = kept.lines[queue] = Line(minute)
        line.turn(minute)
        kept.callers[call] = queue
        line.now += 1
        line.most = max(line.most, line.now)

    def _leaves(self, call: str | None, at: float) -> None:
        queue = self._kept.callers.pop(call or "", None)
        if queue is not None:
            line = self._kept.lines[queue]
            line.turn(_minute(at))
            line.now -= 1

    def _settle(self, waiting: Mapping[str, str], now: float) -> None:
        callers = self._kept.callers
        for call in [call for call, queue in callers.items() if waiting.get(call) != queue]:
            self._leaves(call, now)
        for call, queue in waiting.items():
            if call not in callers:
                self._enters(call, queue, now)

    def _forget(self, at: float) -> None:
        """A reload may have removed queues."""
        for queue, line in list(self._kept.lines.items()):
            line.turn(_minute(at))
            if line.empty:
                del self._kept.lines[queue]


def _minute(at: float) -> int:
    return int(at // _MINUTE)


class EntryOutcome(StrEnum):
    """How an entry ended. An *entry* is one stay of a citizen's call in one queue."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"  # the caller hung up, or the caller's phone is gone
    OVERFLOWED = "overflowed"  # an overflow rule sent the call on
    LEFT = "left"  # the call went elsewhere for another reason


ENTRY_ENDS = frozenset((Kind.CONNECTED, Kind.LEFT_QUEUE, Kind.MOVED, Kind.OVERFLOWED))
"""The kinds of Records that may end an entry."""


def entry_end(record: Record) -> EntryOutcome | None:
    """How the entry ended, if the Record is its end; otherwise None, also for every Record of a test call."""
    if record.test:
        return None
    match record.kind:
        case Kind.CONNECTED:
            return EntryOutcome.ANSWERED
        case Kind.LEFT_QUEUE:
            return EntryOutcome.ABANDONED if record.data.get("why") in ABANDONED else EntryOutcome.LEFT
        case Kind.MOVED if "queue" in record.data.get("to", ()):
            return EntryOutcome.LEFT
        case Kind.OVERFLOWED:
            return EntryOutcome.OVERFLOWED
        case _:
            return None
