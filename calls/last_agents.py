"""With which agent a caller talked last, in each queue that is sticky: kept from Records alone. So a restart has it
from the snapshot and the Records since. Pure.

Only citizens' calls with a number count: no test call, and no agent's own. Times are seconds since the epoch.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from acd.recovery.state import recalled
from base.numbers import is_shown, plain
from calls.model import LastTalk
from journal.actor import CALLER
from journal.records import Kind, Record

OF_LAST_AGENTS = frozenset((Kind.CALL_STARTED, Kind.CONNECTED, Kind.TALK_ENDED, Kind.CALL_FINISHED))
"""The kinds of Records that `LastAgents.note` has to see."""

MOST = 10_000
"""Numbers that are kept. Beyond it the one whose last talk is oldest is forgotten."""

MOST_LIVE = 20_000
"""Calls that are followed: more than an installation can have. A call whose end no Record has leaves room at last."""


@dataclass(slots=True)
class _Talk:
    number: str
    queue: str
    agent: str
    at: float


@dataclass(slots=True)
class _Live:
    number: str


@dataclass(slots=True)
class _Kept:
    live: dict[str, _Live] = field(default_factory=dict)
    talks: list[_Talk] = field(default_factory=list)


_KEPT = TypeAdapter(_Kept)


class LastAgents:
    """`note` takes every Record, or all OF_LAST_AGENTS; a Record costs O(1).

    within  of a queue: for how many seconds after a talk its agent is kept; None: the queue is not sticky
    ours    whether a number is an agent's own, and no citizen's
    longest seconds for which numbers may be kept
    """

    def __init__(self, within: Callable[[str], float | None], ours: Callable[[str], bool], longest: float) -> None:
        self._within, self._ours, self._longest = within, ours, longest
        self._live: dict[str, str] = {}  # call → number
        self._talks: dict[str, dict[str, _Talk]] = {}  # number → queue → talk; who talked last stands last
        self._at = 0.0  # of the newest Record

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """Become what it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            known = recalled(_KEPT, kept, "the last agents")
            self._live = {call: live.number for call, live in known.live.items() if is_shown(live.number)}
            for talk in known.talks:
                if is_shown(talk.number):  # else it was forgotten in the snapshot, or an older version has kept it
                    self._talks.setdefault(plain(talk.number), {})[talk.queue] = talk
        for record in records:
            self.note(record)

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        self._drop_old()
        talks = [talk for queues in self._talks.values() for talk in queues.values()]
        return {
            "live": {call: {"number": number} for call, number in self._live.items()},
            "talks": [{"number": t.number, "queue": t.queue, "agent": t.agent, "at": t.at} for t in talks],
        }

    def of(self, number: str) -> Mapping[str, LastTalk]:
        """By queue, the last talk of this number."""
        return {queue: LastTalk(talk.agent, talk.at) for queue, talk in self._talks.get(plain(number), {}).items()}

    def forget(self, number: str) -> None:
        """Nothing is known of this number any more."""
        bare = plain(number)
        self._talks.pop(bare, None)
        for call_id in [call_id for call_id, known in self._live.items() if plain(known) == bare]:
            del self._live[call_id]

    def note(self, record: Record) -> None:
        self._at = max(self._at, record.at)
        call_id = record.call
        if call_id is None:
            return
        match record.kind:
            case Kind.CALL_STARTED:
                self._started(call_id, record)
            case Kind.CONNECTED | Kind.TALK_ENDED if call_id in self._live:
                self._talked(self._live[call_id], record)
            case Kind.CALL_FINISHED:
                self._live.pop(call_id, None)

    def _started(self, call_id: str, record: Record) -> None:
        number = str(record.data.get("caller") or "")
        citizen = is_shown(number) and record.actor == CALLER and not record.test and not self._ours(number)
        if not citizen or record.data.get("about"):
            return
        self._live[call_id] = number
        if len(self._live) > MOST_LIVE:
            del self._live[next(iter(self._live))]

    def _talked(self, number: str, record: Record) -> None:
        queue, agent = record.queue or "", record.agent or ""
        if self._within(queue) is None:
            return
        bare = plain(number)
        queues = self._talks[bare] = self._talks.pop(bare, {})
        queues[queue] = _Talk(number, queue, agent, record.at)
        if len(self._talks) > MOST:
            del self._talks[next(iter(self._talks))]

    def _drop_old(self) -> None:
        """Talks that no queue asks for any more are forgotten. O(all of them)."""
        for number, queues in list(self._talks.items()):
            for queue, talk in list(queues.items()):
                if talk.at + min(self._within(queue) or 0.0, self._longest) < self._at:
                    del queues[queue]
            if not queues:
                del self._talks[number]
