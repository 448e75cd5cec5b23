"""The callbacks that were promised, kept from Records: a restart has them from the snapshot and later Records. Pure.

The place of a callback is the engine's (`acd.engine.callbacks`), which says when to dial. What is here is what the
engine does not know: the number, what was promised, and how often the citizen was dialled. Times are seconds since the
epoch.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from acd.engine.callbacks import MOST
from acd.events import Left
from acd.recovery.state import recalled
from base.numbers import plain
from hotline.callbacks import interval
from journal.records import Kind, Record

OF_CALLBACKS = frozenset(
    {
        *(Kind.CALLBACK_PROMISED, Kind.CALLBACK_ANSWERED, Kind.CALLBACK_DIALLED, Kind.CALLBACK_POSTPONED),
        *(Kind.CALLBACK_TAKEN, Kind.CALLBACK_RETURNED, Kind.CALL_OUT_DIALLED, Kind.CALL_OUT_ANSWERED),
        *(Kind.LEFT_QUEUE, Kind.OVERFLOWED),
    }
)
"""The kinds of Records that `Callbacks.note` has to see."""

DAY = 86_400.0


class State(StrEnum):
    """How far a callback is."""

    WAITING = "waiting"  # its turn has not come
    DIALLING = "dialling"  # the citizen is being dialled, or an agent's phone rings first
    TALKING = "talking"  # the agent who was rung first talks with whoever has answered
    POSTPONED = "postponed"  # the citizen was not reached, or may not be dialled at this hour


class Why(StrEnum):
    """Why a callback was postponed."""

    BUSY = "busy"
    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    INVALID = "invalid"  # the number does not exist
    UNREACHABLE = "unreachable"  # the phone is off, or the network did not take the call
    NOT_CONFIRMED = "not-confirmed"  # somebody, or a mailbox, answered and pressed no key
    HOURS = "hours"  # citizens are not called at this hour
    LOST = "lost"  # Asterisk or the line to it was away
    AGENT = "agent"  # the agent whose phone rang first did not pick up


NO_TRY = (Why.HOURS, Why.LOST, Why.AGENT)
"""The citizen was not dialled, or nobody knows: it costs no try."""

_WHY: Mapping[Any, Why] = {why.value: why for why in Why}


@dataclass(slots=True)
class Callback:
    """One callback.

    id        of the place in the queue, and of the callback
    call      the call in which it was promised
    since     when the citizen began to wait
    promised  when it was promised; `expected`: how many seconds it was expected to take then, None: not known
    attempts  how often the citizen was dialled
    why       why the last attempt came to nothing; None: none did, or nobody said why
    next      not dialled before, whoever has taken it
    first     when the citizen was dialled first; None: not yet
    causes    how many attempts came to nothing, by why
    opens     from when on citizens may be called, at the moment for which the call was expected
    taker     who calls the citizen, as `Actor` is written, until `taken_until`; "": nobody has taken it
    call_out  the call of the agent who was rung first; "": there is none
    """

    id: str
    call: str
    number: str
    queue: str
    language: str
    since: float
    promised: float
    expected: float | None
    attempts: int = 0
    next: float = 0.0
    state: State = State.WAITING
    why: Why | None = None
    first: float | None = None
    causes: dict[str, int] = field(default_factory=dict)
    opens: float = 0.0
    taker: str = ""
    taken_until: float = 0.0
    call_out: str = ""

    @property
    def being_called(self) -> bool:
        """Whether the citizen is being dialled, or an agent is rung first, or talks with the citizen."""
        return self.state in (State.DIALLING, State.TALKING)

    def holder(self, now: float) -> str:
        """The account that has taken the callback, at `now`; "": none has."""
        return self.taker if now < self.taken_until else ""

    @property
    def kept(self) -> bool:
        """Whether the citizen was dialled within the time that was promised, or, if none was, at all."""
        return self.first is not None and (self.interval is None or self.first <= self.interval[1])

    @property
    def interval(self) -> tuple[float, float] | None:
        """From when until when the citizen can expect the call; None: not known."""
        return interval(self.promised, self.expected, self.opens)


@dataclass(slots=True)
class Promises:
    """Of the callbacks of a queue that ended today, without those that were cancelled: how many there are, and for how
    many the promise was kept.
    """

    ended: int = 0
    kept: int = 0


@dataclass(slots=True)
class _Kept:
    callbacks: list[Callback] = field(default_factory=list)
    today: dict[str, Promises] = field(default_factory=dict)
    day_ends: float = 0.0


_KEPT = TypeAdapter(_Kept)


class Callbacks:
    """`note` takes every Record, or all OF_CALLBACKS; a Record costs O(1). `changes` counts whatever changes the list.

    day_end  the end of the day of a moment, both in epoch seconds; left out: days of UTC
    opens    when the citizens of a queue may be called from a moment on; left out: at once
    alike    the bare numbers under which the citizen of a number may be known
    """

    def __init__(
        self,
        day_end: Callable[[float], float] = lambda at: (at // DAY + 1) * DAY,
        opens: Callable[[str, float], float] = lambda queue, at: at,
        alike: Callable[[str], Iterable[str]] = lambda number: (plain(number),),
    ) -> None:
        self._day_end, self._opens, self._alike = day_end, opens, alike
        self._today: dict[str, Promises] = {}  # by queue
        self._day_ends = 0.0
        self._by_id: dict[str, Callback] = {}
        self._by_number: dict[str, dict[str, Callback]] = {}  # bare number → by id
        self.changes = 0

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """Become what it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            known = recalled(_KEPT, kept, "the callbacks")
            for callback in known.callbacks:
                self._add(callback)
            self._today, self._day_ends = known.today, known.day_ends
        for record in records:
            self.note(record)

    def keep_only(self, known: Callable[[str], bool]) -> None:
        """The others, by their ids, are over: nothing remembers their places."""
        for callback_id in [each for each in self._by_id if not known(each)]:
            self._remove(callback_id)

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        kept: dict[str, Any] = _KEPT.dump_python(_Kept(self.list(), self._today, self._day_ends), mode="json")
        return kept

    # -- what is asked -----------------------------------------------------------------------------------------------

    def list(self) -> list[Callback]:
        """All of them; the citizen who has waited longest comes first."""
        return sorted(self._by_id.values(), key=lambda callback: callback.since)

    def find(self, callback_id: str) -> Callback | None:
        """O(1)."""
        return self._by_id.get(callback_id)

    def of_number(self, number: str) -> Mapping[str, Callback]:
        """The callbacks of this number, however it is written, by id."""
        return {each: found for bare in self._alike(number) for each, found in self._by_number.get(bare, {}).items()}

    @property
    def full(self) -> bool:
        """Whether no more can be promised."""
        return len(self._by_id) >= MOST

    def counts(self) -> Mapping[str, int]:
        """How many of each queue that has any."""
        return Counter(callback.queue for callback in self._by_id.values())

    def today(self, now: float) -> Mapping[str, Promises]:
        """The promises of today, by queue."""
        return self._today if now < self._day_ends else {}

    # -- Records -----------------------------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        if record.kind is Kind.CALLBACK_PROMISED:
            self._promised(record)
        elif record.kind is Kind.CALLBACK_ANSWERED:
            self._ended(str(record.data.get("callback", "")), record.at)
        elif record.kind in (Kind.CALL_OUT_DIALLED, Kind.CALL_OUT_ANSWERED):
            if (called := self._by_id.get(record.data.get("callback", ""))) is not None:
                called.call_out = record.call or ""
                called.state = State.DIALLING if record.kind is Kind.CALL_OUT_DIALLED else State.TALKING
                self.changes += 1
        elif record.call in self._by_id:
            self._goes_on(self._by_id[record.call or ""], record)

    def _promised(self, record: Record) -> None:
        data = record.data
        expected = data.get("expected_s")
        self._add(
            Callback(
                id=str(data.get("callback", "")),
                call=record.call or "",
                number=str(data.get("number") or ""),
                queue=record.queue or "",
                language=str(data.get("language", "")),
                since=float(data.get("since", record.at)),
                promised=record.at,
                expected=None if expected is None else float(expected),
                next=record.at,
                opens=self._opens(record.queue or "", record.at + float(expected or 0)),
            )
        )

    def _goes_on(self, callback: Callback, record: Record) -> None:
        match record.kind:
            case Kind.CALLBACK_DIALLED:
                callback.attempts += 1
                callback.state = State.DIALLING
                callback.first = record.at if callback.first is None else callback.first
            case Kind.CALLBACK_POSTPONED:
                callback.why = _WHY.get(record.data.get("why"))
                if callback.why in NO_TRY:
                    if callback.state is State.DIALLING:
                        callback.attempts -= 1  # the citizen was not dialled, or nobody knows
                        callback.first = callback.first if callback.attempts else None
                elif callback.why is not None:
                    callback.causes[callback.why] = callback.causes.get(callback.why, 0) + 1
                callback.state, callback.next = State.POSTPONED, float(record.data.get("until", record.at))
                callback.call_out = ""
            case Kind.CALLBACK_TAKEN:
                callback.taker, callback.taken_until = str(record.actor), float(record.data.get("until") or 0)
            case Kind.CALLBACK_RETURNED:
                callback.taker = ""
            case Kind.LEFT_QUEUE if record.data.get("why") == Left.CANCELLED:
                self._remove(callback.id)
                return
            case Kind.LEFT_QUEUE | Kind.OVERFLOWED:
                if record.data.get("why") == Left.TALKED and callback.first is None:
                    callback.first = record.at
                self._ended(callback.id, record.at)
                return
            case _:
                return
        self.changes += 1

    def _add(self, callback: Callback) -> None:
        self._by_id[callback.id] = callback
        self._by_number.setdefault(plain(callback.number), {})[callback.id] = callback
        self.changes += 1

    def _ended(self, callback_id: str, at: float) -> None:
        """The callback is over, and its promise counts in the day of `at`."""
        callback = self._by_id.get(callback_id)
        if callback is None:
            return
        if at >= self._day_ends:
            self._today, self._day_ends = {}, self._day_end(at)
        promises = self._today.setdefault(callback.queue, Promises())
        promises.ended += 1
        promises.kept += callback.kept
        self._remove(callback_id)

    def _remove(self, callback_id: str) -> None:
        callback = self._by_id.pop(callback_id, None)
        if callback is None:
            return
        bare = plain(callback.number)
        self._by_number[bare].pop(callback_id, None)
        if not self._by_number[bare]:
            del self._by_number[bare]
        self.changes += 1
