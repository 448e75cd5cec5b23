"""A call of an agent to a citizen, as a state machine without I/O: `begun` and `after` say what is decided.

The agent's phone rings first. Once the agent has picked up, Asterisk dials the citizen. The service hears what comes of
it, and leads nobody: so the call goes on while the service is away. The agent is in it as in a call from a colleague
(`acd.engine.talks`): on call from the answer on, and in wrap-up after a talk. No queue has a place or a figure of it.

If its queue records all talks, the citizen hears so before the two are connected: the dialplan sees to both.

A callback whose agent is rung first is such a call, too. Then the engine has chosen the agent, and a ring that the
agent misses counts as a missed offer.
"""

from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from typing import Any

from acd.events import Company, CompanyChanged, EndedBy, OfferFailure
from calls import effects as do
from calls.events import PauseAsked, RecordAsked
from calls.model import CallState, CallSummary
from journal.actor import CALLER, SYSTEM, Actor
from journal.records import Kind, Record

OFFER = "out"
"""What stands for an offer in the id of the talk's recording: `CALL.out`."""


class Why(StrEnum):
    """Why agent and citizen did not talk."""

    AGENT = "agent"  # the agent's phone was not answered
    GIVEN_UP = "given-up"  # the agent hung up before the citizen had answered
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    INVALID = "invalid"  # the number does not exist
    UNREACHABLE = "unreachable"  # the phone is off, or the line did not take the call
    WITHDRAWN = "withdrawn"  # of a callback: it was over before the citizen had answered
    LOST = "lost"  # the call was gone when Asterisk could be asked again


class Stage(Enum):
    """How far the call has come."""

    AGENT_RINGS = auto()
    CITIZEN_RINGS = auto()
    TALKS = auto()


class Happened(Enum):
    """What Asterisk reports."""

    PICKED_UP = auto()  # the agent has, and the citizen is dialled
    ANSWERED = auto()  # the citizen talks with the agent
    LOST = auto()  # Asterisk was asked, and does not have the call
    WITHDRAWN = auto()  # the callback is over


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The agent's phone has not taken the ring."""

    failure: OfferFailure


@dataclass(frozen=True, slots=True)
class NotReached:
    """The citizen was dialled, and has not answered."""

    why: Why


@dataclass(frozen=True, slots=True)
class HungUp:
    """The agent's channel has ended, after the agent had picked up. `by`: who hung up first."""

    by: EndedBy


Event = Happened | Unanswered | NotReached | HungUp | RecordAsked | PauseAsked
Effect = Record | CompanyChanged | do.Mute | do.RecordTalk
"""What is decided, in order: a Record, what the engine is told, and what Asterisk is to do with the recording."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call to a citizen.

    queue     for which the agent calls
    number    the citizen's
    answered  when the citizen has answered, in epoch seconds; 0: not yet
    told      a citizen who answers hears that the talk is recorded, and it is
    recording whether the talk is recorded: `on`, `paused`; None: it is not, or nobody talks
    callback  the id of the callback that it is; "": of none
    """

    id: str
    agent: str
    queue: str
    number: str
    stage: Stage = Stage.AGENT_RINGS
    answered: float = 0.0
    told: bool = False
    recording: str | None = None
    callback: str = ""


def restored(summary: CallSummary, callback: str) -> Outgoing:
    """A call from before a restart. Whether the agent's phone or the citizen's rings, Asterisk says."""
    talks = summary.state is CallState.TALKING
    stage = Stage.TALKS if talks else Stage.AGENT_RINGS
    who = (summary.id, summary.agent or "", summary.queue or "", summary.caller)
    return Outgoing(*who, stage, summary.answered or 0.0, summary.told, summary.recording, callback)


def begun(
    call: Outgoing, shown: str, language: str, now: float, actor: Actor, promised: tuple[float, float] | None = None
) -> tuple[Effect, ...]:
    """The agent's phone is about to ring. `shown`: the number that the citizen sees. `promised`: from when until when
    the citizen can expect the callback, in epoch seconds; None: nobody knows, or it is none.
    """
    data = {"number": call.number, "shown": shown, "language": language, **_callback(call)}
    if call.told:
        data["recorded"] = True
    if promised is not None:
        data["promised"] = list(promised)
    record = Record(now, Kind.CALL_OUT_DIALLED, call.id, call.queue, call.agent, data=data, actor=actor)
    return record, company(call)


def company(call: Outgoing) -> CompanyChanged:
    """What the agent does in the call, as the engine knows it."""
    now = {Stage.AGENT_RINGS: Company.RINGS, Stage.CITIZEN_RINGS: Company.ASKED, Stage.TALKS: Company.TALKS}
    return CompanyChanged(call.id, call.agent, now[call.stage], call.queue)


def after(call: Outgoing, event: Event, now: float) -> tuple[Outgoing | None, tuple[Effect, ...]]:
    """The call after the event, None: it is over; and what is decided. An event that comes twice changes nothing."""
    talks = call.stage is Stage.TALKS
    match event:
        case Happened.PICKED_UP if call.stage is Stage.AGENT_RINGS:
            rings = replace(call, stage=Stage.CITIZEN_RINGS)
            return rings, (company(rings),)
        case Happened.ANSWERED if not talks:
            talk = replace(call, stage=Stage.TALKS, answered=now, recording="on" if call.told else None)
            record = _record(call, Kind.CALL_OUT_ANSWERED, now, CALLER, number=call.number, **_callback(call))
            return talk, (record, *(_recorded(call, now, SYSTEM) if call.told else ()), company(talk))
        case RecordAsked(actor) if talks and call.recording is None:
            begins = _recorded(call, now, actor, on_demand=True)
            return replace(call, recording="on"), (*begins, do.RecordTalk(OFFER))
        case PauseAsked(actor, pause) if call.recording is not None and (call.recording == "paused") is not pause:
            kind = Kind.RECORDING_PAUSED if pause else Kind.RECORDING_RESUMED
            changed = replace(call, recording="paused" if pause else "on")
            return changed, (_record(call, kind, now, actor), do.Mute(OFFER, pause))
        case Happened.LOST:
            return None, _ended(call, EndedBy.SYSTEM, now) if talks else _failed(call, Why.LOST, now)
        case Happened.WITHDRAWN if not talks:
            return None, _failed(call, Why.WITHDRAWN, now)
        case Unanswered(failure) if call.stage is Stage.AGENT_RINGS:
            return None, _failed(call, Why.AGENT, now, failure if call.callback else None)
        case NotReached(why) if not talks:
            return None, _failed(call, why, now)
        case HungUp(by):
            # by the other end before an answer: Asterisk had no line to dial the citizen
            why = Why.UNREACHABLE if by is EndedBy.CALLER else Why.GIVEN_UP
            return None, _ended(call, by, now) if talks else _failed(call, why, now)
    return call, ()


def _recorded(call: Outgoing, now: float, actor: Actor, **data: object) -> tuple[Effect, ...]:
    """The citizen has heard that the talk is recorded, and from now on it is."""
    begun = _record(call, Kind.RECORDING_BEGUN, now, actor, **data)
    return _record(call, Kind.RECORDING_TOLD, now, SYSTEM), begun._replace(offer=OFFER)


def _ended(call: Outgoing, by: EndedBy, now: float) -> tuple[Effect, ...]:
    actor = {EndedBy.CALLER: CALLER, EndedBy.AGENT: Actor.agent(call.agent)}.get(by, SYSTEM)
    talked = round(now - call.answered, 3)
    record = _record(call, Kind.CALL_OUT_ENDED, now, actor, by=by, talked_s=talked, **_callback(call))
    return record, CompanyChanged(call.id, call.agent, None)


def _failed(call: Outgoing, why: Why, now: float, missed: OfferFailure | None = None) -> tuple[Effect, ...]:
    record = _record(call, Kind.CALL_OUT_FAILED, now, SYSTEM, why=why, **_callback(call))
    return record, CompanyChanged(call.id, call.agent, None, failure=missed)


def _callback(call: Outgoing) -> dict[str, Any]:
    """What Records say of it."""
    return {"callback": call.callback} if call.callback else {}


def _record(call: Outgoing, kind: Kind, now: float, actor: Actor, **data: object) -> Record:
    return Record(now, kind, call.id, call.queue, call.agent, data=data, actor=actor)
