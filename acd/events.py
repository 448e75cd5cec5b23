"""What happened: the events that the engine is told. Past tense, frozen.

Slow work reports back with the `offer_id` that it was started with, which shows a late report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from acd.model import AWAY_AFTER, NOWHERE, Onward, Queue, Texts
from agents.model import Agent
from agents.states import AgentState, PhoneState
from journal.actor import Actor


class Left(StrEnum):
    """Why a call left the queue before it was connected."""

    HUNG_UP = "hung-up"
    CANCELLED = "cancelled"  # a callback, by somebody who asked for that
    NOT_REACHED = "not-reached"  # a callback, after the last attempt
    TALKED = "talked"  # a callback: an agent has called the citizen, and they talk
    PHONE_GONE = "phone-gone"  # nothing is heard of the caller's phone any more
    CUT = "cut"  # Asterisk, or its whole machine, has ended the call
    WENT_ELSEWHERE = "went-elsewhere"  # a callback: its citizen has answered, and an emergency message leads elsewhere


ABANDONED = (Left.HUNG_UP, Left.PHONE_GONE)
"""The caller waited in vain."""


class OfferFailure(StrEnum):
    """Why a ring did not become a conversation. The first two are missed offers."""

    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    ABANDONED = "abandoned"  # the agent answered and hung up before the bridge
    FAILED = "failed"  # Asterisk could not be asked, or said no


class EndedBy(StrEnum):
    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"


class Sticky(NamedTuple):
    """The agent with whom the caller talked last time, and for how many seconds the caller waits for this agent alone
    if the agent is busy.
    """

    agent_id: str
    wait: float


@dataclass(frozen=True, slots=True)
class CallQueued:
    """A caller is in the holding bridge and waits.

    head_start  seconds on top of the queue's, a day at most; a day is the front: before all others of the class
    agent       rung first, alone, if free now: the phone free, and the agent ready or in wrap-up. It had this caller
                until a moment ago. "": nobody in particular
    test        a test call: it waits and takes an agent as any other, and counts in no figure
    robot       a robot agent answers it: no agent is rung for it
    callback    the callback whose citizen has answered by this call, which takes its place over; "": none. If it has no
                place in this queue, the call enters as any other
    sticky      the agent of last time, who is rung first if ready; None: nobody is
    """

    call_id: str
    queue: str
    language: str
    head_start: float = 0.0
    agent: str = ""
    test: bool = False
    robot: bool = False
    callback: str = ""
    sticky: Sticky | None = None


@dataclass(frozen=True, slots=True)
class CallbackPromised:
    """A waiting caller is to be called back, and hangs up: the place is that of the callback from now on. `number`: the
    one that is to be dialled.
    """

    call_id: str
    callback_id: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class CallbackPostponed:
    """The citizen was not reached, or may not be dialled now: not before `until`, in epoch seconds. `why`: the Record
    has it. `actor`: who said so; None: Asterisk, or the hotline.
    """

    callback_id: str
    until: float
    why: str = ""
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class CallbackTaken:
    """`actor` calls this citizen until `until`, and nobody else does before `due`; both in epoch seconds. `until` None:
    gives the callback back.
    """

    callback_id: str
    until: float | None
    due: float
    actor: Actor


@dataclass(frozen=True, slots=True)
class CallLeft:
    """A waiting or offered caller is gone; the engine cancels the rings. Or a callback, whose id `call_id` is, is over
    without a call. `actor`: who cancelled it; None: nobody did. `number`: at which a caller who gave up is called back,
    as the queue's `missed` says; "": is not.
    """

    call_id: str
    why: Left
    actor: Actor | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class StateRequested:
    """The agent or a supervisor asks for ready, not-ready or logged-out.

    During a call the request takes effect after it; ready in wrap-up ends the wrap-up. A wrap-up that lasts until a
    code is given is not ended by it, unless somebody else than the agent asks (`insist`).
    """

    agent_id: str
    state: AgentState
    actor: Actor
    reason: str = ""
    insist: bool = False


@dataclass(frozen=True, slots=True)
class ToFront:
    """To the front of the queue: before all others of its class but those who came there before."""


@dataclass(frozen=True, slots=True)
class ToAgent:
    """To this agent, who is rung at once, whatever the skills."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class ToQueue:
    """To another queue. `then`: the destination that says so; the acd carries it and never looks inside."""

    queue: str
    then: Any


@dataclass(frozen=True, slots=True)
class MoveRequested:
    """A supervisor moves a waiting caller."""

    call_id: str
    to: ToFront | ToAgent | ToQueue
    actor: Actor


@dataclass(frozen=True, slots=True)
class WrapUpExtended:
    """An agent in wrap-up, or a supervisor, asks for `seconds` more of it."""

    agent_id: str
    seconds: float
    actor: Actor


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """A wrap-up code for what the agent did in a call: in the talk, in the wrap-up, or after it.

    queue  of that talk
    name   the code's name by language, as the hotline has it now
    test   the call is a test call
    """

    call_id: str
    queue: str | None
    agent_id: str
    code: str
    name: Texts
    actor: Actor
    test: bool = False


@dataclass(frozen=True, slots=True)
class AbilitiesRequested:
    """A supervisor sets an agent's skills and languages, until the hotline changes.

    agent   the agent with these abilities
    edited  whether they differ from those of the hotline
    """

    agent: Agent
    edited: bool
    actor: Actor


@dataclass(frozen=True, slots=True)
class PhoneChanged:
    agent_id: str
    phone: PhoneState


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    """The agent picked up; the whisper plays, the bridge follows."""

    offer_id: str


@dataclass(frozen=True, slots=True)
class OfferFailed:
    offer_id: str
    reason: OfferFailure


@dataclass(frozen=True, slots=True)
class OfferConnected:
    """Caller and agent are in one bridge."""

    offer_id: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The conversation is over. `by`: who hung up first. `cause`: why, if nobody did."""

    call_id: str
    by: EndedBy
    cause: str = ""


class Company(StrEnum):
    """What an agent does in a call that another agent has sent, or asks about, or in one to a citizen."""

    RINGS = "rings"  # the phone rings
    ASKED = "asked"  # talks with the agent who asks, while the caller hears music; or the citizen's phone rings
    TALKS = "talks"  # talks with the caller


@dataclass(frozen=True, slots=True)
class CompanyChanged:
    """An agent rings, is asked or talks in a call that the engine has not offered.

    company   None: the agent is out of it
    queue     the queue that the caller came from; None: from none, or nobody knows
    test      it is a test call
    failure   why the agent's phone has not taken the ring of a callback: it counts as an offer that failed
    """

    call_id: str
    agent_id: str
    company: Company | None
    queue: str | None = None
    test: bool = False
    failure: OfferFailure | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """The announcement is over, or was stopped: the caller is in the holding bridge. `said`: it was begun at all."""

    call_id: str
    said: bool = True


@dataclass(frozen=True, slots=True)
class HotlineChanged:
    """Another version of the hotline is in use. Offers and conversations go on.

    away_after    seconds
    onward        where callers go whose queue is not in `queues`
    break_limits  seconds that a break may take, by the reason that agents give
    """

    queues: Mapping[str, Queue]
    agents: Mapping[str, Agent]
    version: str
    actor: Actor
    away_after: float = AWAY_AFTER
    onward: Onward = NOWHERE
    break_limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkLost:
    """Asterisk cannot be asked. Agents may answer unheard, so no ring is given up until Resynced."""


@dataclass(frozen=True, slots=True)
class Resynced:
    """Asterisk can be asked again, and the engine knows its answers: a ring that is overdue now is over."""


@dataclass(frozen=True, slots=True)
class Tick:
    """The deadline came."""


Event = (
    CallQueued
    | CallbackPromised
    | CallbackPostponed
    | CallbackTaken
    | CallLeft
    | StateRequested
    | MoveRequested
    | WrapUpExtended
    | CodeGiven
    | AbilitiesRequested
    | PhoneChanged
    | OfferAnswered
    | OfferFailed
    | OfferConnected
    | CallEnded
    | CompanyChanged
    | Announced
    | HotlineChanged
    | LinkLost
    | Resynced
    | Tick
)
