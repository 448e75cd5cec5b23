"""What the surveys came to in the last days, and whom not to ask again soon. Kept from Records alone: a restart has it
from the snapshot and the Records since. Pure.

Every Record of a survey names its queue and its agent, so each counts by itself. Times are seconds since the epoch.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from acd.model import LONGEST_ONCE_IN
from acd.recovery.state import recalled
from base.numbers import is_shown, plain
from journal.records import Kind, Record

DAYS = 30
"""Days whose figures are kept, the running one included."""

MOST_ROWS = 20_000
"""Figures of one agent in one queue on one day that are kept. Beyond it the oldest day goes; if there is no other day,
a further agent is not counted."""

MOST_ASKED = 50_000
"""Numbers that were asked and are remembered. Beyond it those go who were asked first, and may be asked again."""


@dataclass(slots=True)
class Tally:
    """Surveys after the talks of one agent with callers of one queue.

    offered    callers who heard the first question
    begun      those who answered it
    complete   those who answered all questions
    keys       of each question, how often each key was pressed
    not_asked  talks after which nobody was asked, by the reason
    """

    offered: int = 0
    begun: int = 0
    complete: int = 0
    keys: list[dict[str, int]] = field(default_factory=list)
    not_asked: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Count the other one in."""
        self.offered += other.offered
        self.begun += other.begun
        self.complete += other.complete
        for number, keys in enumerate(other.keys):
            for key, count in keys.items():
                self.press(number, key, count)
        for why, count in other.not_asked.items():
            self.not_asked[why] = self.not_asked.get(why, 0) + count

    def press(self, number: int, key: str, count: int = 1) -> None:
        """The question (0 is the first one) was answered by this key."""
        while len(self.keys) <= number:
            self.keys.append({})
        self.keys[number][key] = self.keys[number].get(key, 0) + count


@dataclass(slots=True)
class _Row:
    day: str
    queue: str
    agent: str
    tally: Tally


@dataclass(slots=True)
class _Asked:
    number: str
    at: float


@dataclass(slots=True)
class _Kept:
    asked: list[_Asked] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)


_KEPT = TypeAdapter(_Kept)


class Who(NamedTuple):
    """The queue and the agent of a talk."""

    queue: str
    agent: str


class Surveys:
    """`note` takes every Record; a Record costs O(1), but for the first one of a day.

    day     the day of a moment in the hotline's zone, as `2026-12-01`
    longest seconds for which numbers may be kept
    totals  since the start, by queue and by the kind of the Record; `begun` has a kind of its own, "begun"
    """

    def __init__(self, day: Callable[[float], str], longest: float = LONGEST_ONCE_IN) -> None:
        self._day, self._longest = day, min(longest, LONGEST_ONCE_IN)
        self._asked: OrderedDict[str, float] = OrderedDict()  # number → when, oldest first
        self._days: dict[str, dict[Who, Tally]] = {}
        self._at = 0.0  # of the newest Record
        self.totals = Counter[tuple[str, str]]()

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """Become what it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            known = recalled(_KEPT, kept, "the surveys")
            self._asked.update({one.number: one.at for one in known.asked if one.number})  # else it was forgotten
            for row in known.rows:
                self._days.setdefault(row.day, {})[Who(row.queue, row.agent)] = row.tally
        for record in records:
            self.note(record)
        self.totals.clear()

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        self._drop_old(self._at)
        rows = [
            {"day": day, **who._asdict(), "tally": {name: getattr(tally, name) for name in tally.__slots__}}
            for day, tallies in self._days.items()
            for who, tally in tallies.items()
        ]
        return {"asked": [{"number": number, "at": at} for number, at in self._asked.items()], "rows": rows}

    # -- what is asked -----------------------------------------------------------------------------------------------

    def asked(self, number: str) -> float | None:
        """When this number was asked last; None: not known. A withheld number is nobody's."""
        return self._asked.get(plain(number)) if is_shown(number) else None

    def figures(self, now: float, since: str = "") -> dict[Who, Tally]:
        """Of all days from `since` (as `day` writes it) on; "": of all that are kept."""
        self._drop_days(self._day(now - (DAYS - 1) * 86_400.0))
        found: dict[Who, Tally] = {}
        for day, tallies in self._days.items():
            for who, tally in tallies.items() if day >= since else ():
                found.setdefault(who, Tally()).add(tally)
        return found

    def oldest(self, now: float) -> str:
        """The first day that is kept: today if there is none."""
        return min(self._days, default=self._day(now))

    def forget(self, number: str) -> None:
        """Nothing is known of this number any more."""
        self._asked.pop(plain(number), None)

    # -- Records -----------------------------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        self._at = max(self._at, record.at)
        if record.kind not in _KINDS or not record.queue or not record.agent:
            return
        if record.kind is Kind.SURVEY_OFFERED and is_shown(number := plain(str(record.data.get("caller") or ""))):
            self._asked.pop(number, None)
            self._asked[number] = record.at
            self._drop_old(record.at)
        tally = self._tally(record)
        if tally is not None:
            self._count(tally, record)

    def _tally(self, record: Record) -> Tally | None:
        """The one that the Record counts in. None: there is no room for it."""
        day, who = self._day(record.at), Who(record.queue or "", record.agent or "")
        if day not in self._days:
            self._drop_days(self._day(record.at - (DAYS - 1) * 86_400.0))
            self._days[day] = {}
        tallies = self._days[day]
        if who not in tallies:
            if sum(map(len, self._days.values())) >= MOST_ROWS:
                oldest = min(self._days)
                if oldest == day:
                    return None
                del self._days[oldest]
            tallies[who] = Tally()
        return tallies[who]

    def _count(self, tally: Tally, record: Record) -> None:
        stage = record.kind.value
        match record.kind:
            case Kind.SURVEY_OFFERED:
                tally.offered += 1
            case Kind.SURVEY_ANSWERED if (key := str(record.data.get("key"))).isdigit():
                number = int(record.data.get("question", 1)) - 1
                tally.press(number, key)
                if number == 0:
                    tally.begun += 1
                    stage = "begun"
            case Kind.SURVEY_COMPLETE:
                tally.complete += 1
            case Kind.SURVEY_NOT_ASKED:
                why = str(record.data.get("why", ""))
                tally.not_asked[why] = tally.not_asked.get(why, 0) + 1
        self.totals[record.queue or "", stage] += 1

    def _drop_days(self, first: str) -> None:
        """Only the days from `first` on stay."""
        for day in [day for day in self._days if day < first]:
            del self._days[day]

    def _drop_old(self, now: float) -> None:
        while self._asked and (len(self._asked) > MOST_ASKED or next(iter(self._asked.values())) < now - self._longest):
            self._asked.popitem(last=False)


_KINDS = frozenset({Kind.SURVEY_OFFERED, Kind.SURVEY_ANSWERED, Kind.SURVEY_COMPLETE, Kind.SURVEY_NOT_ASKED})
