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
    """Say to the waiting caller the position, the estimate and one of the queue's own messages, in this order.

    Report with Announced. None: not said.

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
class CallBack:
    """Dial the citizen of this callback, whose turn has come. Report with CallQueued (`callback`), CallbackPostponed or
    CallLeft. `agent`: whose phone rings first, which CompanyChanged reports; "": nobody's.
    """

    callback_id: str
    queue: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Refuse:
    """The request is not possible; nothing was changed. `why`: a sentence for the person who asked."""

    why: str


Effect = RingAgent | CancelRing | Announce | LeaveQueue | CallBack | Record | Refuse
"""A Record is an effect too: it goes into the journal."""


class LastSaid(NamedTuple):
    """What was said to a waiting caller last.

    position, wait  as announced (`wait` in seconds, rounded for speech); None: not said, or not true any more
    nobody          that nobody is there to answer
    turn            when the queue's own messages were last begun from the first one, in whole seconds since the epoch;
                    None: not yet
    """

    position: int | None = None
    wait: float | None = None
    nobody: bool = False
    turn: int | None = None

    def and_then(
        self, at: float, position: int | None, wait: float | None, message: int | None, *, nobody: bool
    ) -> "LastSaid":
        """The same after one more announcement, at `at`. None: that part was left out."""
        begins = message is not None and (message == 0 or self.turn is None)
        turn = int(at) if begins else self.turn
        if nobody:
            return LastSaid(nobody=True, turn=turn)
        if position is None and wait is None:
            return self._replace(turn=turn)
        return LastSaid(self.position if position is None else position, self.wait if wait is None else wait, turn=turn)


NOTHING_SAID = LastSaid()
"""Of a caller who has heard nothing yet."""
