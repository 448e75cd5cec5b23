"""The list of missed callers, kept from Records alone: a restart has it from the snapshot and the Records since. Pure.

A caller is missed who gave up waiting for an agent, whose call a failure cut off meanwhile, who left a queue by an
overflow rule and reached nobody after it, came to a queue or to the hotline while it was closed, or was refused as
there were too many calls. Whoever speaks with somebody, or leaves a message, is missed no more, in whichever call and
queue, and whoever has called whom. Test calls, agents' own calls, and callers who withhold their number are never on
the list. Times are seconds since the epoch.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from acd.events import ABANDONED, Left
from acd.model import Missed as Rule
from acd.recovery.state import recalled
from base.numbers import is_shown, plain
from calls.model import FRONT, Full, KeptPlace
from journal.actor import CALLER
from journal.records import Kind, Record

MOST = 2_000
"""Numbers on the list. Beyond it somebody leaves it, and `dropped` counts that: who tried once while it was closed or
full, else the caller whose last try is oldest. So a flood of made-up numbers pushes out nobody who has waited."""

LONGEST = 7 * 86_400.0
"""Seconds for which a caller is on the list after the last try."""

MOST_LIVE = 20_000
"""Calls that are followed: more than an installation can have. A call whose end no Record has leaves room at last."""

CLAIMED = 30.0
"""Seconds from the arrival of a call to its first Record, at most: so long its place is nobody else's."""

SAME = 0.01
"""Seconds by which two times of arrival may differ that are the same: head starts are rounded to milliseconds."""

_SPOKEN = frozenset((Kind.CONNECTED, Kind.SUB_HOTLINE_ANSWERED, Kind.TRANSFER_ANSWERED))


class Why(StrEnum):
    """Why a caller spoke with nobody."""

    GAVE_UP = "gave-up"
    CUT = "cut"  # a failure has cut off the call of a caller who waited
    OVERFLOWED = "overflowed"
    CLOSED = "closed"
    REFUSED = "refused"
    NOT_REACHED = "not-reached"  # by any attempt of a callback


@dataclass(slots=True)
class MissedCaller:
    """One number in one queue.

    id      of the first call that was missed
    number  as it came with the last call
    queue   "": the hotline as a whole
    why     of the last try
    first, last  when the first try and the last one ended
    times   how many tries there were
    waited  the longest wait of all tries, in seconds
    since   when the caller began to wait, in the last try; None: that gives no right to a place any more
    """

    id: str
    number: str
    queue: str
    why: Why
    first: float
    last: float
    times: int = 1
    waited: float = 0.0
    since: float | None = None


@dataclass(slots=True)
class _Reason:
    """Why a call that goes on may come to be missed, unless something later counts more."""

    queue: str
    why: Why
    waited: float = 0.0


@dataclass(slots=True)
class _Live:
    """A call of somebody who has spoken with nobody.

    bare     the number, in its bare form
    began    when the call did
    queue    in which it waits
    entered  when it entered the first queue since the last menu
    since    as in `MissedCaller`
    brought  it has the place that was kept for the caller
    reason   what it came to before
    ended    the caller is gone; a Record of the queue or of the call's end is still to come
    """

    number: str
    bare: str
    began: float
    queue: str | None = None
    entered: float | None = None
    since: float = 0.0
    brought: bool = False
    reason: _Reason | None = None
    ended: bool = False


@dataclass(slots=True)
class _Kept:
    live: dict[str, _Live] = field(default_factory=dict)
    entries: list[MissedCaller] = field(default_factory=list)


_KEPT = TypeAdapter(_Kept)


class Seen(NamedTuple):
    """`again`: the caller is in a call at this moment."""

    entry: MissedCaller
    again: bool


class MissedCallers:
    """`note` takes every Record; a Record costs O(1).

    rule    of a queue: from which wait on its callers count as missed, and how long their places are kept. None: the
            hotline does not have that queue
    kept_for  of a queue: seconds for which a citizen has the place who was not reached by any attempt of a callback
    ours    whether a number is an agent's own, and no citizen's
    longest seconds for which numbers may be kept
    alike   the bare numbers under which a citizen may be known whom an agent has called
    dropped how many entries have left the list as it was full
    changes counts whatever changes the list
    """

    def __init__(
        self,
        rule: Callable[[str], Rule | None],
        ours: Callable[[str], bool],
        longest: float = inf,
        alike: Callable[[str], Iterable[str]] = lambda number: (plain(number),),
        kept_for: Callable[[str], float] = lambda queue: 0.0,
    ) -> None:
        self._kept_for = kept_for
        self._rule, self._ours, self._longest, self._alike = rule, ours, min(longest, LONGEST), alike
        self._live: dict[str, _Live] = {}
        self._entries: dict[str, dict[str, MissedCaller]] = {}  # number → queue → entry; who tried last stands last
        self._claims: dict[str, tuple[str, float]] = {}  # number → the call that has its places, and since when
        self._at = 0.0  # of the newest Record
        self.dropped = self.changes = 0

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """Become what it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            known = recalled(_KEPT, kept, "the missed callers")
            self._live = {call: live for call, live in known.live.items() if is_shown(live.number)}
            for entry in known.entries:
                if is_shown(entry.number):  # else it was forgotten in the snapshot, or an older version has kept it
                    self._entries.setdefault(plain(entry.number), {})[entry.queue] = entry
        for record in records:
            self.note(record)

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        self._drop_old(self._at)
        live = {call: _plain(one) for call, one in self._live.items()}
        return {"live": live, "entries": [_plain(entry) for entry in self._every()]}

    # -- what is asked -----------------------------------------------------------------------------------------------

    def list(self, now: float) -> list[Seen]:
        """All of them; the caller whose first try is oldest comes first."""
        self._drop_old(now)
        calling = {live.bare for live in self._live.values() if not live.ended}
        seen = [Seen(entry, number in calling) for number, queues in self._entries.items() for entry in queues.values()]
        return sorted(seen, key=lambda one: one.entry.first)

    def counts(self) -> Mapping[str, int]:
        """How many of each queue that has any."""
        self._drop_old(self._at)
        return Counter(entry.queue for entry in self._every())

    def find(self, entry_id: str) -> MissedCaller | None:
        """O(entries): a person asks."""
        return next((entry for entry in self._every() if entry.id == entry_id), None)

    def claim(self, number: str, call_id: str, now: float) -> Mapping[str, KeptPlace]:
        """By queue, the places that are kept for this number, for a call that comes in. Only one call gets them, until
        it has ended or waits.
        """
        bare, found = plain(number), {}
        claimed, at = self._claims.get(bare, ("", -inf))
        if claimed in self._live or now < at + CLAIMED:
            return {}
        for queue, entry in self._entries.get(bare, {}).items():
            rule = self._rule(queue)
            if entry.since is None or rule is None:
                continue
            until = entry.last + (self._kept_for(queue) if entry.why is Why.NOT_REACHED else rule.grace)
            if now <= until:
                found[queue] = KeptPlace(entry.since, until)
        if found:
            self._claims[bare] = call_id, now
            if len(self._claims) > MOST:
                del self._claims[next(iter(self._claims))]
        return found

    def forget(self, number: str) -> None:
        """Nothing is known of this number any more."""
        bare = plain(number)
        self._claims.pop(bare, None)
        self.changes += self._entries.pop(bare, None) is not None
        for call_id in [call_id for call_id, live in self._live.items() if live.bare == bare]:
            del self._live[call_id]

    def _every(self) -> Iterator[MissedCaller]:
        return (entry for queues in self._entries.values() for entry in queues.values())

    # -- Records -----------------------------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        self._at = max(self._at, record.at)
        if record.call is None:
            return
        if record.kind is Kind.CALL_STARTED:
            self._started(record.call, record)
        elif record.kind is Kind.CALL_OUT_ANSWERED:
            for bare in self._alike(str(record.data.get("number") or "")):
                self.changes += self._entries.pop(bare, None) is not None
        elif record.kind is Kind.MESSAGE_LEFT:
            self._left_message(str(record.data.get("caller") or ""))
        elif record.kind is Kind.MISSED_DONE:
            self._done(record.call, record.queue or "")
        elif (live := self._live.get(record.call)) is not None:
            self._goes_on(record.call, live, record)

    def _left_message(self, number: str) -> None:
        """The caller is on the list of messages instead."""
        self.changes += self._entries.pop(plain(number), None) is not None

    def _started(self, call_id: str, record: Record) -> None:
        number, known = str(record.data.get("caller") or ""), self._live.get(call_id)
        if known is not None:
            known.ended = False  # the session broke, and the caller is back
            return
        if not is_shown(number) or record.actor != CALLER or record.test or self._ours(number):
            return
        if record.data.get("about") or record.data.get("resumed"):
            return  # an agent asks a queue; or the caller has spoken with somebody before the session broke
        bare = plain(number)
        self._live[call_id] = _Live(number, bare, record.at)
        self.changes += bare in self._entries
        if len(self._live) > MOST_LIVE:
            del self._live[next(iter(self._live))]

    def _goes_on(self, call_id: str, live: _Live, record: Record) -> None:
        match record.kind:
            case Kind.QUEUED:
                self._enters(live, record)
            case Kind.CALLBACK_PROMISED:
                self._promised(call_id, live, record)
            case Kind.CALLBACK_ANSWERED:
                self._called_back(live, record)
            case Kind.MENU_ENTERED:
                live.entered = None
            case Kind.CLOSED:
                queue = _closed(record.data.get("place"))
                live.reason = live.reason if queue is None else _Reason(queue, Why.CLOSED)
            case kind if kind in _SPOKEN:
                self._entries.pop(live.bare, None)
                self._over(call_id, live)
                self.changes += 1
            case Kind.LEFT_QUEUE:
                self._left(call_id, live, record)
            case Kind.OVERFLOWED:
                self._sent_on(live, record)
                if live.ended and live.reason is not None:  # a callback, whose queue was taken out
                    self._add_for(call_id, live, live.reason, record.at)
                    self._over(call_id, live)
            case Kind.MOVED if "queue" in record.data.get("to", ()):
                self._sent_on(live, record)
            case Kind.CALL_FINISHED:
                self._ends(call_id, live, record)

    def _enters(self, live: _Live, record: Record) -> None:
        head_start = float(record.data.get("head_start", 0))
        live.queue = record.queue or ""
        live.entered = record.at if live.entered is None else live.entered
        live.since = record.at if head_start >= FRONT else record.at - head_start
        waited = self._entries.get(live.bare, {}).get(live.queue)
        if waited is not None and waited.since is not None and abs(waited.since - live.since) <= SAME:
            live.brought, waited.since = True, None  # this call has the place now, and nobody else may have it too

    def _promised(self, call_id: str, live: _Live, record: Record) -> None:
        """The call is over; what is followed from now on, under its own id, is the callback."""
        self._over(call_id, live)
        since = float(record.data.get("since", record.at))
        number = str(record.data.get("number") or live.number)
        callback = _Live(number, plain(number), record.at, record.queue, since, since, ended=True)
        self._live[str(record.data.get("callback"))] = callback

    def _called_back(self, live: _Live, record: Record) -> None:
        """The citizen waits by this call, at the place of the callback."""
        callback = self._live.pop(str(record.data.get("callback")), None)
        if callback is not None:
            live.queue, live.entered, live.since = callback.queue, callback.entered, callback.since

    def _sent_on(self, live: _Live, record: Record) -> None:
        """The call leaves its queue, and goes on."""
        waited = 0.0 if live.entered is None else record.at - live.entered
        live.reason = _Reason(record.queue or "", Why.OVERFLOWED, waited)
        live.queue = None

    def _left(self, call_id: str, live: _Live, record: Record) -> None:
        live.queue = None
        gone = record.data.get("why") in (*ABANDONED, Left.CUT)
        if gone:
            self._gave_up(call_id, live, record)
        elif record.data.get("why") == Left.NOT_REACHED:
            self._add_for(
                call_id, live, _Reason(record.queue or "", Why.NOT_REACHED, live.began - live.since), record.at
            )
        if live.ended:
            self._over(call_id, live)
        live.ended = gone

    def _gave_up(self, call_id: str, live: _Live, record: Record) -> None:
        queue, at, reason = record.queue or "", record.at, live.reason
        rule, waited = self._rule(queue), 0.0 if live.entered is None else at - live.entered
        live.reason = live.entered = None
        if rule is not None and (waited >= rule.after or live.brought):
            why = Why.CUT if record.data.get("why") == Left.CUT else Why.GAVE_UP
            new = MissedCaller(call_id, live.number, queue, why, at, at, waited=waited, since=live.since)
            self._add(live.bare, new)
        elif reason is not None:
            self._add_for(call_id, live, reason, at)

    def _ends(self, call_id: str, live: _Live, record: Record) -> None:
        live.ended = True
        if live.queue is not None:
            self.changes += live.bare in self._entries
            return  # the distributor is about to say that the caller has left the queue
        if live.reason is not None:
            self._add_for(call_id, live, live.reason, record.at)
        elif record.data.get("cause") == Full.CALLS:
            self._add_for(call_id, live, _Reason("", Why.REFUSED), record.at)
        self._over(call_id, live)

    def _over(self, call_id: str, live: _Live) -> None:
        """The call needs to be followed no longer."""
        del self._live[call_id]
        if self._claims.get(live.bare, ("", 0.0))[0] == call_id:
            del self._claims[live.bare]
        self.changes += live.bare in self._entries  # the caller does not call at this moment any more

    def _add_for(self, call_id: str, live: _Live, reason: _Reason, at: float) -> None:
        since = live.since if reason.why is Why.NOT_REACHED else None
        new = MissedCaller(call_id, live.number, reason.queue, reason.why, at, at, waited=reason.waited, since=since)
        self._add(live.bare, new)

    def _add(self, bare: str, new: MissedCaller) -> None:
        self.changes += 1
        queues = self._entries[bare] = self._entries.pop(bare, {})
        entry = queues.setdefault(new.queue, new)
        if entry is not new:
            entry.number, entry.why, entry.last, entry.since = new.number, new.why, new.last, new.since
            entry.times += 1
            entry.waited = max(entry.waited, new.waited)
        if len(self._entries) > MOST:
            slight = (number for number, known in self._entries.items() if all(map(_is_slight, known.values())))
            self.dropped += len(self._entries.pop(next(slight, next(iter(self._entries)))))

    def _done(self, entry_id: str, queue: str) -> None:
        for number, queues in self._entries.items():
            entry = queues.get(queue)
            if entry is not None and entry.id == entry_id:
                self.changes += 1
                del queues[queue]
                if not queues:
                    del self._entries[number]
                return

    def _drop_old(self, now: float) -> None:
        """Who tried last so long ago leaves the list, and calls of which no Record tells the end. O(all of them)."""
        oldest = now - self._longest
        for number, queues in list(self._entries.items()):
            for queue in [queue for queue, entry in queues.items() if entry.last < oldest]:
                self.changes += 1
                del queues[queue]
            if not queues:
                del self._entries[number]
        while self._live and next(iter(self._live.values())).began < oldest:
            del self._live[next(iter(self._live))]


def _is_slight(entry: MissedCaller) -> bool:
    """Whether the caller has tried once, and waited for nothing."""
    return entry.times == 1 and entry.why in (Why.CLOSED, Why.REFUSED)


def _plain(one: MissedCaller | _Live) -> dict[str, Any]:
    """Its fields. Pydantic takes seven times as long, and calls wait for it."""
    values = {name: getattr(one, name) for name in one.__slots__}
    if isinstance(one, _Live) and one.reason is not None:
        values["reason"] = {name: getattr(one.reason, name) for name in one.reason.__slots__}
    return values


def _closed(node: object) -> str | None:
    """The queue that was closed; "": the hotline as a whole. None: a sub-hotline or a menu, which is nobody's list."""
    if not isinstance(node, Mapping):
        return None
    if not node:
        return ""
    return str(node["queue"]) if "queue" in node else None
