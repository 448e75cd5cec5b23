"""The list of messages, kept from Records alone: a restart has it from the snapshot and the Records since. Pure.

A call leaves one message at most; it has the call's id. It is on the list from the Record `message-left` on, until it
is done or removed. Whoever takes it has it until it is done or given back, for `TAKEN_FOR` at most, and as an agent
until the agent signs out. When an agent has called its citizen, and somebody answers, the message says so, and stays: a
mailbox may have answered. What is done is known for `DONE_FOR`, without its sound. Times are seconds since the epoch.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from pydantic import TypeAdapter

from acd.recovery.state import recalled
from agents.states import AgentState
from base.numbers import plain
from journal.actor import Actor
from journal.records import Kind, Record

MOST = 500
"""Messages on the list, and being recorded. Beyond it callers hear that none can be left."""

MOST_OF_NUMBER = 5
"""The same, of one number: one caller does not fill the list."""

TAKEN_FOR = 1800.0
"""Seconds after which a message that somebody has taken is everybody's again."""

DONE_FOR = 7 * 86_400.0
"""Seconds for which a message is known that is done."""

MOST_DONE = 500
"""Messages that are done and known; the last ones."""

MOST_BEGUN = 20_000
"""Recordings that are followed: more than there can be calls. One whose end no Record has leaves room at last."""

CHANGING = frozenset(
    {Kind.MESSAGE_LEFT, Kind.MESSAGE_TAKEN, Kind.MESSAGE_RETURNED, Kind.MESSAGE_DONE, Kind.MESSAGE_REMOVED}
)
"""The Records that change the list; so may CALL_OUT_ANSWERED."""

_FOLLOWED = CHANGING | {Kind.MESSAGE_BEGUN, Kind.MESSAGE_DROPPED, Kind.CALL_STARTED, Kind.CALL_FINISHED}


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Who did something is the text of an actor; "": nobody has.

    id      the call's
    number  "" if it was hidden
    at      when it was left
    taken_by, taken_at    who has it, and since when
    called_by, called_at  which agent has called the citizen back, and when somebody answered there, the last time
    done_by, done_at, note  who finished it, when, and what was written then
    survey  the caller has left it after a survey
    """

    id: str
    number: str
    language: str
    queue: str
    at: float
    seconds: float
    taken_by: str = ""
    taken_at: float = 0.0
    called_by: str = ""
    called_at: float = 0.0
    done_by: str = ""
    done_at: float = 0.0
    note: str = ""
    survey: bool = False

    def holder(self, now: float) -> str:
        """The account that has taken the message; "": nobody."""
        return self.taken_by if now < self.taken_at + TAKEN_FOR else ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A recording of which nobody knows yet whether it is a message. `over`: its call has ended. `survey`: as in
    `Message`.
    """

    number: str
    language: str
    queue: str
    test: bool = False
    over: bool = False
    survey: bool = False


@dataclass(slots=True)
class _Kept:
    begun: dict[str, Begun] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    done: list[Message] = field(default_factory=list)


_KEPT = TypeAdapter(_Kept)


class Messages:
    """`note` takes every Record. `changes` counts whatever changes the list. `longest`: seconds for which numbers may
    be kept. `alike`: the bare numbers under which a citizen may be known whom an agent has called.
    """

    def __init__(
        self,
        longest: float = inf,
        alike: Callable[[str], Iterable[str]] = lambda number: (plain(number),),
    ) -> None:
        self._done_for, self._alike = min(longest, DONE_FOR), alike
        self.begun: dict[str, Begun] = {}
        self._messages: dict[str, Message] = {}
        self._done: dict[str, Message] = {}  # what was finished last stands last
        self._at = 0.0  # of the newest Record
        self.changes = 0

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """Become what it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            known = recalled(_KEPT, kept, "the messages")
            self.begun = known.begun
            self._messages = {message.id: message for message in known.messages}
            self._done = {message.id: message for message in known.done}
        for record in records:
            self.note(record)

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        self.done(self._at)  # what is too old leaves
        begun = {call: _plain(one) for call, one in self.begun.items()}
        lists = {"messages": self._messages, "done": self._done}
        return {"begun": begun, **{name: [_plain(one) for one in kept.values()] for name, kept in lists.items()}}

    # -- what is asked -----------------------------------------------------------------------------------------------

    def all(self) -> list[Message]:
        """All of them; the oldest comes first."""
        return sorted(self._messages.values(), key=lambda message: message.at)

    def done(self, now: float) -> list[Message]:
        """Those that are done; the one that was finished last comes first."""
        for message in [one for one in self._done.values() if one.done_at < now - self._done_for]:
            del self._done[message.id]
        return list(reversed(self._done.values()))

    def find(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def held_by(self, who: str, now: float) -> Message | None:
        """The message that this actor has."""
        return next((one for one in self._messages.values() if one.holder(now) == who), None)

    def counts(self) -> Mapping[str, int]:
        """How many of each queue that has any."""
        return Counter(message.queue for message in self._messages.values())

    def admits(self, number: str) -> bool:
        """Whether another message of this number has room on the list. A caller without a number is one of many."""
        if len(self._messages) + len(self.begun) >= MOST:
            return False
        bare = plain(number)
        return not bare or sum(plain(one.number) == bare for one in self._messages.values()) < MOST_OF_NUMBER

    def of_number(self, number: str) -> list[Message]:
        bare = plain(number)
        known = (*self._messages.values(), *self._done.values())
        return [message for message in known if plain(message.number) == bare]

    def left_before(self, cutoff: float) -> list[Message]:
        return [message for message in self._messages.values() if message.at < cutoff]

    # -- Records -----------------------------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        self._at = max(self._at, record.at)
        if record.kind is Kind.AGENT_STATE:
            self._signed_out(record)
        elif record.kind is Kind.CALL_OUT_ANSWERED:
            self._called_back(record)
        elif record.call is not None and record.kind in _FOLLOWED:
            self._of_call(record.call, record)

    def _of_call(self, call_id: str, record: Record) -> None:
        data = record.data
        match record.kind:
            case Kind.MESSAGE_BEGUN:
                number, language = str(data.get("caller") or ""), str(data.get("language") or "")
                survey = bool(data.get("survey"))
                self.begun[call_id] = Begun(number, language, record.queue or "", record.test, survey=survey)
                if len(self.begun) > MOST_BEGUN:
                    del self.begun[next(iter(self.begun))]
            case Kind.CALL_STARTED if call_id in self.begun:  # the session broke, and the caller is back
                self.begun[call_id] = replace(self.begun[call_id], over=False)
            case Kind.CALL_FINISHED if call_id in self.begun:
                self.begun[call_id] = replace(self.begun[call_id], over=True)
            case Kind.MESSAGE_DROPPED:
                self.begun.pop(call_id, None)
            case Kind.MESSAGE_LEFT if (begun := self.begun.pop(call_id, None)) is not None:
                seconds = float(data.get("length_s") or 0)
                said = (call_id, begun.number, begun.language, begun.queue, record.at, seconds)
                self._messages[call_id] = Message(*said, survey=begun.survey)
            case Kind.MESSAGE_TAKEN if call_id in self._messages:
                self._messages[call_id] = replace(self._messages[call_id], taken_by=_who(record), taken_at=record.at)
            case Kind.MESSAGE_RETURNED if call_id in self._messages:
                self._messages[call_id] = replace(self._messages[call_id], taken_by="", taken_at=0.0)
            case Kind.MESSAGE_DONE if (done := self._messages.pop(call_id, None)) is not None:
                note = str(data.get("note") or "")
                self._done[call_id] = replace(done, done_by=_who(record), done_at=record.at, note=note)
                if len(self._done) > MOST_DONE:
                    del self._done[next(iter(self._done))]
            case Kind.MESSAGE_REMOVED:
                self._messages.pop(call_id, None)
                self._done.pop(call_id, None)
        self.changes += record.kind in CHANGING

    def _called_back(self, record: Record) -> None:
        """An agent talks with a citizen, who may have left messages."""
        known = frozenset(self._alike(str(record.data.get("number") or "")))
        for message in list(self._messages.values()):
            if message.number and plain(message.number) in known:
                self._messages[message.id] = replace(message, called_by=_who(record), called_at=record.at)
                self.changes += 1

    def _signed_out(self, record: Record) -> None:
        """Give back what the agent has."""
        if record.data.get("state") != AgentState.LOGGED_OUT or record.agent is None:
            return
        who = str(Actor.agent(record.agent))
        for message in [message for message in self._messages.values() if message.taken_by == who]:
            self._messages[message.id] = replace(message, taken_by="", taken_at=0.0)
            self.changes += 1


def _who(record: Record) -> str:
    return str(record.actor if record.agent is None else Actor.agent(record.agent))


def _plain(one: Message | Begun) -> dict[str, Any]:
    """Its fields, as calls wait for a snapshot: `asdict` takes several times as long."""
    return {name: getattr(one, name) for name in one.__slots__}
