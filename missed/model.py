"""The list of missed callers, kept from Records alone: a restart has it from the snapshot and the Records since. Pure.

A caller is missed who gave up waiting for an agent, left a queue by an overflow rule and reached nobody after it, came
to a queue or to the hotline while it was closed, or was refused as there were too many calls. Whoever speaks with
somebody is missed no more, in whichever call and queue. Test calls, agents' own calls, and callers without a number are
never on the list. Times are seconds since the epoch.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from acd.events import ABANDONED
from acd.model import Missed as Rule
from acd.recovery.state import UnreadableSnapshot
from base.numbers import plain
from calls.model import FRONT, Full, KeptPlace
from journal.actor import CALLER
from journal.records import Kind, Record

MOST = 2_000
"""Numbers on the list. Beyond it those who have not tried for longest leave it, and `dropped` counts them."""

LONGEST = 7 * 86_400.0
"""Seconds for which a caller is on the list after the last try."""

MOST_LIVE = 20_000
"""Calls that are followed: more than an installation can have. A call whose end no Record tells leaves room at last."""

_SPOKEN = frozenset((Kind.CONNECTED, Kind.SUB_HOTLINE_ANSWERED, Kind.TRANSFER_ANSWERED))


class Why(StrEnum):
    """Why a caller spoke with nobody."""

    GAVE_UP = "gave-up"
    OVERFLOWED = "overflowed"
    CLOSED = "closed"
    REFUSED = "refused"


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
class _Live:
    """A call of somebody who has spoken with nobody.

    queue    in which it waits
    entered  when it entered the first queue since the last menu
    since    as in `MissedCaller`
    closed   what it came to while that was closed; "": the hotline as a whole
    overflowed  the queue that it left by a rule, after it had `waited` for so many seconds
    ended    and the distributor is about to say that it has left its queue
    """

    number: str
    queue: str | None = None
    entered: float | None = None
    since: float = 0.0
    closed: str | None = None
    overflowed: str | None = None
    waited: float = 0.0
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
    ours    whether a number is an agent's own, and no citizen's
    longest seconds for which numbers may be kept
    dropped how many entries have left the list as it was full
    changes counts whatever changes the list
    """

    def __init__(self, rule: Callable[[str], Rule | None], ours: Callable[[str], bool], longest: float = inf) -> None:
        self._rule, self._ours, self._longest = rule, ours, min(longest, LONGEST)
        self._live: dict[str, _Live] = {}
        self._entries: dict[str, dict[str, MissedCaller]] = {}  # number → queue → entry; who tried last stands last
        self.dropped = self.changes = 0

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """Become what it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            try:
                known = _KEPT.validate_python(kept)
            except ValidationError as error:
                raise UnreadableSnapshot(f"the missed callers cannot be read: {error.error_count()} faults") from error
            self._live = {call: live for call, live in known.live.items() if live.number}
            for entry in known.entries:
                if entry.number:  # else it was forgotten in the snapshot
                    self._entries.setdefault(plain(entry.number), {})[entry.queue] = entry
        for record in records:
            self.note(record)

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        entries = [_plain(entry) for queues in self._entries.values() for entry in queues.values()]
        return {"live": {call: _plain(live) for call, live in self._live.items()}, "entries": entries}

    # -- what is asked -----------------------------------------------------------------------------------------------

    def list(self, now: float) -> list[Seen]:
        """All of them; who has waited for longest to be called is first."""
        self._drop_old(now)
        calling = {plain(live.number) for live in self._live.values() if not live.ended}
        seen = [Seen(entry, number in calling) for number, queues in self._entries.items() for entry in queues.values()]
        return sorted(seen, key=lambda one: one.entry.first)

    def counts(self) -> Mapping[str, int]:
        """How many of each queue that has any."""
        return Counter(queue for queues in self._entries.values() for queue in queues)

    def find(self, entry_id: str) -> MissedCaller | None:
        """O(entries): a person asks."""
        every = (entry for queues in self._entries.values() for entry in queues.values())
        return next((entry for entry in every if entry.id == entry_id), None)

    def places(self, number: str, now: float) -> Mapping[str, KeptPlace]:
        """By queue, the places that are kept for this number."""
        found = {}
        for queue, entry in self._entries.get(plain(number), {}).items():
            rule = self._rule(queue)
            if entry.since is not None and rule is not None and now <= entry.last + rule.grace:
                found[queue] = KeptPlace(entry.since, entry.last + rule.grace)
        return found

    def forget(self, number: str) -> None:
        """Nothing is known of this number any more."""
        bare = plain(number)
        self.changes += self._entries.pop(bare, None) is not None
        for call_id in [call_id for call_id, live in self._live.items() if plain(live.number) == bare]:
            del self._live[call_id]

    # -- Records -----------------------------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        if record.call is None:
            return
        if record.kind is Kind.CALL_STARTED:
            self._started(record.call, record)
        elif record.kind is Kind.MISSED_DONE:
            self._done(record.call, record.queue or "")
        elif (live := self._live.get(record.call)) is not None:
            self._goes_on(record.call, live, record)

    def _started(self, call_id: str, record: Record) -> None:
        number = str(record.data.get("caller") or "")
        if call_id in self._live:
            self._live[call_id].ended = False  # the session broke, and the caller is back
        elif number and record.actor == CALLER and not (record.test or record.data.get("about") or self._ours(number)):
            self._live[call_id] = _Live(number)
            self.changes += plain(number) in self._entries
            if len(self._live) > MOST_LIVE:
                del self._live[next(iter(self._live))]

    def _goes_on(self, call_id: str, live: _Live, record: Record) -> None:
        match record.kind:
            case Kind.QUEUED:
                self._enters(live, record)
            case Kind.MENU_ENTERED:
                live.entered = None
            case Kind.CLOSED:
                live.closed = _closed(record.data.get("place"), live.closed)
            case kind if kind in _SPOKEN:
                del self._live[call_id]
                self.changes += self._entries.pop(plain(live.number), None) is not None
            case Kind.LEFT_QUEUE if record.data.get("why") in ABANDONED:
                self._gave_up(call_id, live, record)
            case Kind.LEFT_QUEUE:
                live.queue = None
            case Kind.OVERFLOWED:
                live.queue, live.overflowed = None, record.queue or ""
                live.waited = record.at - (record.at if live.entered is None else live.entered)
            case Kind.CALL_FINISHED:
                self._ends(call_id, live, record)

    def _enters(self, live: _Live, record: Record) -> None:
        head_start = float(record.data.get("head_start", 0))
        live.queue, live.overflowed = record.queue or "", None
        live.entered = record.at if live.entered is None else live.entered
        live.since = record.at if head_start >= FRONT else record.at - head_start
        waiting = self._entries.get(plain(live.number), {}).get(live.queue)
        if waiting is not None:
            waiting.since = None  # this call has the place now, and nobody else may have it too

    def _gave_up(self, call_id: str, live: _Live, record: Record) -> None:
        queue, at, entered = record.queue or "", record.at, live.entered
        rule, live.queue, live.entered, live.closed = self._rule(queue), None, None, None
        waited = 0.0 if entered is None else at - entered
        if rule is not None and waited >= rule.after:
            self._add(MissedCaller(call_id, live.number, queue, Why.GAVE_UP, at, at, waited=waited, since=live.since))
        if live.ended:
            del self._live[call_id]

    def _ends(self, call_id: str, live: _Live, record: Record) -> None:
        if live.closed is not None:
            self._add(MissedCaller(call_id, live.number, live.closed, Why.CLOSED, record.at, record.at))
            live.closed = None
        elif live.overflowed is not None:
            self._add(
                MissedCaller(
                    call_id, live.number, live.overflowed, Why.OVERFLOWED, record.at, record.at, waited=live.waited
                )
            )
        elif record.data.get("cause") == Full.CALLS:
            self._add(MissedCaller(call_id, live.number, "", Why.REFUSED, record.at, record.at))
        live.ended = True
        if live.queue is None:  # else the distributor is about to say that the caller has left the queue
            del self._live[call_id]

    def _add(self, new: MissedCaller) -> None:
        self.changes += 1
        bare = plain(new.number)
        queues = self._entries[bare] = self._entries.pop(bare, {})
        entry = queues.setdefault(new.queue, new)
        if entry is not new:
            entry.number, entry.why, entry.last, entry.since = new.number, new.why, new.last, new.since
            entry.times += 1
            entry.waited = max(entry.waited, new.waited)
        if len(self._entries) > MOST:
            self.dropped += len(self._entries.pop(next(iter(self._entries))))
        self._drop_old(new.last)

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
        while self._entries:
            number, queues = next(iter(self._entries.items()))
            if max(entry.last for entry in queues.values()) >= now - self._longest:
                return
            self.changes += 1
            del self._entries[number]


def _plain(one: MissedCaller | _Live) -> dict[str, Any]:
    """Its fields. Pydantic takes seven times as long, and calls wait for it."""
    return {name: getattr(one, name) for name in one.__slots__}


def _closed(node: object, before: str | None) -> str | None:
    """The queue that was closed; "": the hotline as a whole. A sub-hotline or a menu is nobody's list: as `before`."""
    if not isinstance(node, Mapping):
        return before
    if not node:
        return ""
    return str(node["queue"]) if "queue" in node else before
