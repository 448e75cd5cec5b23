"""What one agent did from one moment to another: spans, each from its beginning to that of the next. Pure.

Times are whole milliseconds since the epoch, so that sums are exact: the spans of a shift come to the shift. A span
lasts until the agent's next Record, also over a time in which the service was away.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from acd.events import Company
from agents import states
from agents.states import AgentState, Look, PhoneState
from journal.records import Kind, Record


class Activity(StrEnum):
    """What an agent does: the state, and of a call what goes on in it."""

    READY = "ready"
    UNREACHABLE = "unreachable"  # ready, but the phone cannot be reached: no call is offered
    RINGING = "ringing"
    DIALLING = "dialling"  # the phone of a citizen rings whom the agent calls
    TALK = "talk"
    HOLD = "hold"  # the caller is on hold; the agent may ask somebody meanwhile
    CONSULT = "consult"  # a colleague asks this agent
    WRAP_UP = "wrap-up"
    NOT_READY = "not-ready"


A = Activity

LOOKS: Mapping[Activity, Look] = {
    A.READY: states.LOOKS["ready"],
    A.UNREACHABLE: states.LOOKS["unreachable"],
    A.RINGING: states.LOOKS["ringing"],
    A.DIALLING: Look("呼出振铃", "Dialling", "△", "M8 2 14.5 14H1.5z", "#7a6200", "#d8b93f", "bright_yellow"),
    A.TALK: replace(states.LOOKS["on-call"], en="Talk"),
    A.HOLD: Look(
        *("保持", "Hold", "□", "M2.5 2.5h11v11h-11zM5 5v6h6V5z"), light="#0f6e84", dark="#56c2d6", terminal="cyan"
    ),
    A.CONSULT: Look("咨询", "Consult", "◇", "M8 1.5 14.5 8 8 14.5 1.5 8z", "#4450c4", "#a3adff", "bright_blue"),
    A.WRAP_UP: states.LOOKS["wrap-up"],
    A.NOT_READY: states.LOOKS["not-ready"],
}
"""How each looks, in the order in which they are shown."""


class Doing(NamedTuple):
    """`reason`: of being not ready. `queue`, `call`: of the call that rings, is talked to or is wrapped up."""

    activity: Activity
    reason: str = ""
    queue: str | None = None
    call: str | None = None


class Span(NamedTuple):
    """From `begin` to before `end` the agent did one thing. `missed`: why the ring ended without an answer."""

    begin: int
    end: int
    doing: Doing
    missed: str | None = None


class Shift(NamedTuple):
    """From a sign-in to the sign-out, as far as it is within the time that is looked at."""

    begin: int
    end: int


def spans(records: Iterable[Record], begin: int, end: int) -> Iterator[Span]:
    """What the agent did from `begin` to `end` while signed in. `records`: of the kinds AGENT_DAY, of this agent, in
    order; before those of that time, what `journal.store.of_agent` gives.
    """
    seat, since, missed = _Seat(), begin, None
    doing: Doing | None = None
    for record in records:
        at = milliseconds(record.at)
        if record.kind is Kind.OFFER_FAILED and at >= begin:
            missed = str(record.data.get("reason", ""))
        seat.note(record)
        before, doing = doing, seat.doing
        if doing == before:
            continue
        at = max(at, since)  # the clock may have gone back
        if before is not None and (at > since or missed):
            yield Span(since, at, before, missed)
        since, missed = at, None
    if doing is not None and end > since:
        yield Span(since, end, doing)


def shifts(found: Iterable[Span]) -> list[Shift]:
    """Spans of one shift follow each other without a gap."""
    made: list[Shift] = []
    for span in found:
        if made and made[-1].end == span.begin:
            made[-1] = made[-1]._replace(end=span.end)
        else:
            made.append(Shift(span.begin, span.end))
    return made


def sums(found: Iterable[Span]) -> dict[tuple[Activity, str], int]:
    """Milliseconds of each activity and reason, in the order of LOOKS. They come to all shifts together."""
    added: Counter[tuple[Activity, str]] = Counter()
    for span in found:
        added[span.doing.activity, span.doing.reason] += span.end - span.begin
    order = list(LOOKS)
    return dict(sorted(added.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])))


def milliseconds(at: float) -> int:
    """Since the epoch. `at`: in seconds."""
    return round(at * 1_000)


class _Call(NamedTuple):
    id: str | None
    queue: str | None


class _Seat:
    """The agent after the Records so far. `offered` and `sent`: the last call that a queue has offered, and that a
    colleague has sent or the agent has made; `by_sent` says which of them the state is of. `dialled`: the last call
    that the agent has made. `held`: the call whose caller is on hold.
    """

    def __init__(self) -> None:
        self.state = AgentState.LOGGED_OUT
        self.reason = ""
        self.phone_gone = self.by_sent = False
        self.offered = self.sent = _Call(None, None)
        self.company = ""
        self.dialled: str | None = None
        self.held: str | None = None

    def note(self, record: Record) -> None:
        data = record.data
        match record.kind:
            case Kind.AGENT_STATE:
                self._state(data)
            case Kind.AGENT_PHONE:
                self.phone_gone = data.get("phone") == PhoneState.UNREACHABLE
            case Kind.OFFERED | Kind.CONNECTED:
                self.offered = _Call(record.call, record.queue)
            case Kind.AGENT_CALL:
                self.company = str(data.get("company") or "")
                if self.company:
                    self.sent = _Call(data.get("call"), data.get("queue"))
            case Kind.CALL_OUT_DIALLED:
                self.dialled = record.call
            case Kind.HELD:
                self.held = record.call
            case Kind.UNHELD:
                self.held = None

    def _state(self, data: Mapping[str, Any]) -> None:
        self.state, self.reason = AgentState(data["state"]), str(data.get("reason", ""))
        if self.state in (AgentState.RINGING, AgentState.ON_CALL):
            self.by_sent = bool(data.get("sent"))
        if self.state is not AgentState.ON_CALL:
            self.held = None

    @property
    def _call(self) -> _Call:
        return self.sent if self.by_sent else self.offered

    @property
    def doing(self) -> Doing | None:
        """None: signed out."""
        match self.state:
            case AgentState.LOGGED_OUT:
                return None
            case AgentState.READY:
                return Doing(A.UNREACHABLE if self.phone_gone else A.READY)
            case AgentState.RINGING:
                activity = A.RINGING
            case AgentState.WRAP_UP:
                activity = A.WRAP_UP
            case AgentState.ON_CALL:
                activity = self._in_call()
            case state:  # not ready, or a state that this hotline has added
                return Doing(A.NOT_READY, self.reason or ("" if state is AgentState.NOT_READY else str(state)))
        return Doing(activity, "", self._call.queue, self._call.id)

    def _in_call(self) -> Activity:
        if self.by_sent and self.company in (Company.RINGS, Company.ASKED):
            return A.DIALLING if self.sent.id == self.dialled else A.CONSULT
        return A.HOLD if self.held is not None and self.held == self._call.id else A.TALK
