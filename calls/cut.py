"""Calls that a failure of Asterisk or of its machine has cut off: for a while their callers have their places back.
Kept from Records alone, so a restart has it from the snapshot and the Records since. Pure.

Whoever waited has the old place in that queue. Whoever talked with an agent comes to the front of the queue from which
the talk came, and that agent is rung first. Nobody has a place who was in the menus, at a sub-hotline, left a message,
or had talked already; no test call, no agent's own call, and nobody who withholds the number. Times are seconds since
the epoch.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from pydantic import TypeAdapter

from acd.recovery.state import recalled
from base.numbers import is_shown, plain
from calls.events import CUT_OFF
from calls.model import FRONT, Cut
from journal.actor import CALLER
from journal.records import Kind, Record

WITHIN = 300.0
"""Seconds for which a place is kept, from the Record on that says that the call was cut off. The service writes it when
it can ask Asterisk again, so the time begins when citizens can call again."""

MOST = 10_000
"""Places that are kept. Beyond it the oldest is given up."""

MOST_LIVE = 20_000
"""Calls that are followed: more than an installation can have. A call whose end no Record has leaves room at last."""

CLAIMED = 30.0
"""Seconds from the arrival of a call to its first Record, at most: so long its place is nobody else's."""

SAME = 0.01
"""Seconds by which two times of arrival may differ that are the same: head starts are rounded to milliseconds."""


@dataclass(slots=True)
class _Place:
    """The place of a call that was cut off.

    call    its id
    number  the caller's
    dialled the number of the hotline; "": the hotline has called the caller back, who may know another one
    since   when the caller began to wait; None: at the front
    agent   with whom the caller talked; "": with nobody
    until   how long it is kept
    """

    call: str
    number: str
    dialled: str
    language: str
    known: dict[str, str]
    queue: str
    since: float | None
    agent: str
    until: float


@dataclass(slots=True)
class _Live:
    """A citizen's call. `queue`: in which the caller waits, to which the caller is on the way, or from which the talk
    came; None: none of these. `over`: the talk is over, and the caller has heard nothing since: an Asterisk that is
    being stopped hangs up agents first. `place`: the one that was kept for the caller, who has not come to it yet. The
    rest as in `_Place`.
    """

    number: str
    dialled: str
    language: str
    known: dict[str, str]
    queue: str | None = None
    since: float | None = None
    agent: str = ""
    over: bool = False
    place: _Place | None = None


@dataclass(slots=True)
class _Kept:
    live: dict[str, _Live] = field(default_factory=dict)
    places: list[_Place] = field(default_factory=list)


_KEPT = TypeAdapter(_Kept)


class CutCalls:
    """`note` takes every Record; a Record costs O(1).

    ours    whether a number is an agent's own, and no citizen's
    longest seconds for which numbers may be kept
    alike   the bare numbers under which a citizen may be known whom an agent has called
    """

    def __init__(
        self,
        ours: Callable[[str], bool],
        longest: float = inf,
        alike: Callable[[str], Iterable[str]] = lambda number: (plain(number),),
    ) -> None:
        self._ours, self._within, self._alike = ours, min(WITHIN, longest), alike
        self._live: dict[str, _Live] = {}
        self._places: dict[str, _Place] = {}  # the call that was cut off → its place; oldest first
        self._numbers: dict[str, dict[str, None]] = {}  # bare number → its calls that were cut off
        self._claimed: dict[str, float] = {}  # the same → since when a call that comes in has it
        self._at = 0.0  # of the newest Record

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """Become what it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            known = recalled(_KEPT, kept, "the calls that were cut off")
            self._live = {call: live for call, live in known.live.items() if live.number}
            for place in known.places:
                if place.number:  # else it was forgotten in the snapshot
                    self._keep(place)
        for record in records:
            self.note(record)

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        self._drop_old()
        return {
            "live": {call: _plain(live) for call, live in self._live.items()},
            "places": [_plain(place) for place in self._places.values()],
        }

    def claim(self, number: str, dialled: str, now: float) -> Cut | None:
        """The place that is kept for this number, which calls the number `dialled` of the hotline; None: there is none.

        It is the next call's: no other gets it, unless that one ends before it has come to the queue. Of several calls
        from the same number, one that talked comes first, then whoever waits longest.
        """
        ready = []
        for call_id in self._numbers.get(plain(number), ()):
            place, claimed = self._places[call_id], self._claimed.get(call_id, -inf)
            if place.dialled in ("", dialled) and now <= place.until and now >= claimed + CLAIMED:
                ready.append(place)
        if not ready:
            return None
        first = min(ready, key=lambda place: -inf if place.since is None else place.since)
        self._claimed[first.call] = now
        return Cut(first.call, first.queue, first.since, first.agent, first.language, dict(first.known))

    def forget(self, number: str) -> None:
        """Nothing is known of this number any more."""
        bare = plain(number)
        self._give_up_all(bare)
        for call_id in [call_id for call_id, live in self._live.items() if plain(live.number) == bare]:
            del self._live[call_id]

    # -- Records -----------------------------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        self._at = max(self._at, record.at)
        if record.call is None:
            return
        if record.kind is Kind.CALL_STARTED:
            self._started(record.call, record)
        elif record.kind is Kind.CALL_OUT_ANSWERED:  # an agent has called the citizen, and they talk
            for bare in self._alike(str(record.data.get("number") or "")):
                self._give_up_all(bare)
        elif (live := self._live.get(record.call)) is None:
            pass
        elif record.kind is Kind.CALL_FINISHED:
            self._finished(record.call, live, record)
        else:
            _goes_on(live, record)
            if record.kind is Kind.QUEUED:
                self._comes(live)

    def _started(self, call_id: str, record: Record) -> None:
        data = record.data
        number, taken = str(data.get("caller") or ""), self._give_up(str(data.get("cut") or ""))
        self._give_up(call_id)  # the caller is back: the call was not cut off
        if (before := self._live.get(call_id)) is not None:
            taken = taken or before.place  # the session broke on the way
        if not is_shown(number) or record.actor != CALLER or record.test or self._ours(number) or data.get("about"):
            return
        dialled = "" if data.get("to") else data.get("number")
        language, known = data.get("language"), data.get("known")
        words = {str(name): str(value) for name, value in known.items()} if isinstance(known, Mapping) else {}
        self._live[call_id] = _Live(number, str(dialled or ""), str(language or ""), words, place=taken)
        if len(self._live) > MOST_LIVE:
            del self._live[next(iter(self._live))]

    def _comes(self, live: _Live) -> None:
        """The caller waits. The place may be the old one by the queue's `grace`: nobody else may have it too."""
        for call_id in tuple(self._numbers.get(plain(live.number), ())):
            place = self._places[call_id]
            same = live.since is not None and place.since is not None and abs(place.since - live.since) <= SAME
            if same and place.queue == live.queue:
                self._give_up(call_id)

    def _finished(self, call_id: str, live: _Live, record: Record) -> None:
        del self._live[call_id]
        cut, until = record.data.get("cause") in CUT_OFF, record.at + self._within
        if live.place is not None:  # the caller has not come to it
            if cut:
                live.place.until = until
            self._keep(live.place)
        elif cut and live.queue is not None:
            who = (live.number, live.dialled, live.language, live.known)
            self._keep(_Place(call_id, *who, live.queue, live.since, live.agent, until))

    def _keep(self, place: _Place) -> None:
        self._places[place.call] = place
        self._numbers.setdefault(plain(place.number), {})[place.call] = None
        if len(self._places) > MOST:
            self._give_up(next(iter(self._places)))

    def _give_up(self, call_id: str) -> _Place | None:
        """Keep this place no longer. None: it is not kept."""
        self._claimed.pop(call_id, None)
        place = self._places.pop(call_id, None)
        if place is not None:
            calls = self._numbers[bare := plain(place.number)]
            del calls[call_id]
            if not calls:
                del self._numbers[bare]
        return place

    def _give_up_all(self, bare: str) -> None:
        for call_id in tuple(self._numbers.get(bare, ())):
            self._give_up(call_id)

    def _drop_old(self) -> None:
        """Places whose time is up are kept no longer. O(all), as one that was given back stands out of order."""
        for call_id in [call_id for call_id, place in self._places.items() if place.until < self._at]:
            self._give_up(call_id)


def _goes_on(live: _Live, record: Record) -> None:
    data = record.data
    to = data["to"] if isinstance(data.get("to"), Mapping) else {}
    match record.kind:
        case Kind.LANGUAGE_CHOSEN:
            live.language = str(data.get("language") or "")
        case Kind.LEARNED:
            live.known[str(data.get("name"))] = str(data.get("value"))
        case Kind.QUEUED:
            head_start = float(data.get("head_start", 0))
            live.queue, live.agent, live.over, live.place = record.queue, "", False, None
            live.since = None if head_start >= FRONT else record.at - head_start
        case Kind.CALLBACK_ANSWERED:
            live.queue, live.agent, live.over, live.place = record.queue, "", False, None
            live.since = float(data.get("since", record.at))
        case Kind.MOVED if "front" in to:
            live.since = None
        case Kind.CONNECTED:
            live.queue, live.since, live.agent, live.over = record.queue, None, record.agent or "", False
        case Kind.TRANSFER_ANSWERED:
            live.agent, live.over = str(to.get("agent") or ""), False
        case Kind.TRANSFERRED if "agent" in to or "number" in to:
            live.agent, live.over = record.agent or "", False
        case Kind.ROUTED | Kind.TRANSFERRED if "queue" in to:
            began = record.at if live.since is None or live.queue is None else live.since
            live.queue, live.since = str(to["queue"]), None if data.get("front") else data.get("since", began)
            live.agent = str(data.get("agent_first") or "")
        case Kind.ROUTED | Kind.TRANSFERRED | Kind.MENU_ENTERED | Kind.SUB_HOTLINE_DIALLED | Kind.MESSAGE_BEGUN:
            live.queue = None
        case Kind.TALK_ENDED | Kind.TRANSFER_ENDED:
            live.over = True
        case Kind.SAID | Kind.SURVEY_OFFERED if live.over:
            live.queue = None


def _plain(one: _Live | _Place) -> dict[str, Any]:
    """Its fields. Pydantic takes seven times as long, and calls wait for it."""
    values = {name: getattr(one, name) for name in one.__slots__}
    if isinstance(one, _Live) and one.place is not None:
        values["place"] = _plain(one.place)
    return values
