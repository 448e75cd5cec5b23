"""What is to be done: the effects that the engine returns. Imperative, frozen. The shell performs them in order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from acd.model import Texts
from journal.records import Record


class CancelReason(StrEnum):
    CALLER_LEFT = "caller-left"
    ANSWERED_ELSEWHERE = "answered-elsewhere"
    AGENT_REMOVED = "agent-removed"
    AGENT_LEFT = "agent-left"  # the agent chose not-ready or signed out while it rang
    AGENT_BUSY = "agent-busy"  # the agent took a call of a colleague while it rang
    TIMED_OUT = "timed-out"  # the ring time is over and Asterisk has not said so


class RingAgent(NamedTuple):  # as Record is one: made for every offer
    """Bring the caller back to the holding bridge if an announcement plays, then ring the agent for `ring` seconds.

    `beside`: other agents may ring for this caller too. An agent who picks up waits until the engine takes the answer.
    """

    offer_id: str
    call_id: str
    agent_id: str
    queue: str
    ring: float
    beside: bool = False


@dataclass(frozen=True, slots=True)
class CancelRing:
    """Stop the ringing (cause 26) or, if the agent has answered already, hang up the agent's leg."""

    offer_id: str
    agent_id: str
    why: CancelReason


@dataclass(frozen=True, slots=True)
class Announce:
    """Tell the waiting caller the position, the estimate and one of the queue's own messages, in this order.

    Report with Announced. None: not told.

    nobody         instead of the first two: nobody is there who could take the call
    wait           seconds, already rounded for speech
    message, text  the index of the message in the queue's list, and its words
    """

    call_id: str
    position: int | None
    wait: float | None
    message: int | None = None
    text: Texts | None = None
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """The call has left the queue by overflow rule `rule` (its index in the queue's `overflow`); take it to `then`.

    `then` is the rule's destination in the version of the queue in which it fired. `rule` None: a supervisor has moved
    the caller to `then`, or the queue was taken out of the hotline, whose version in use says `then`.
    """

    call_id: str
    queue: str
    rule: int | None
    then: Any


@dataclass(frozen=True, slots=True)
class Refuse:
    """The request is not possible; nothing was changed. `why`: a sentence for the person who asked."""

    why: str


Effect = RingAgent | CancelRing | Announce | LeaveQueue | Record | Refuse
"""A Record is an effect too: it goes into the journal."""
