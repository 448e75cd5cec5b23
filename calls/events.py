"""What happened to a call: the events that its machine is told. Past tense, frozen. `dialplan.news` has the others."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from acd.effects import RingAgent
from calls.model import Version
from calls.states import InQueue, Line
from dialplan.news import Apart, News
from ivr.model import Destination
from journal.actor import Actor
from sounds.model import Speech


class Missing(StrEnum):
    """Why a caller's channel is gone without a hang-up event; the `cause` of the call's last Record."""

    HUNG_UP = "hung-up-unseen"  # the caller hung up while the service, or its link to Asterisk, was away
    ASTERISK_ENDED = "asterisk-ended"  # Asterisk stopped or crashed, and took the call with it
    MACHINE_LOST = "machine-lost"  # it was at another machine, which led until now
    ASTERISK_AWAY = "asterisk-away"  # Asterisk could not be asked for too long


CUT_OFF = frozenset({Missing.ASTERISK_ENDED, Missing.MACHINE_LOST, Missing.ASTERISK_AWAY})
"""The call was cut off by a failure: nobody has hung up."""


class Lost(StrEnum):
    """The side whose phone is gone without a hang-up: nothing is heard of it. The `cause` of a Record."""

    AGENT = "agent-phone-gone"
    CALLER = "caller-phone-gone"


class PlainEvent(Enum):
    """Events without fields."""

    __hash__ = object.__hash__  # members are singletons, and Enum's own hash is slow where every event is looked up

    SESSION_FREE = auto()  # the session has done its task, and can do something else
    SESSION_FAILED = auto()  # a mistake of ours ended the session
    DONE = auto()  # a task that has no other result
    HOLD_ENDED = auto()  # the caller has left the bridge and has not hung up
    ADOPTED = auto()  # the machine has all that is known of the call after the restart
    TICK = auto()  # the deadline has come


# --- the caller's AGI session --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionBegan:
    """A session serves the caller, who is in no bridge and hears nothing. `channel`: the name of the channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """`gone`: the session said that the caller hung up or was sent elsewhere. Else it broke, and nobody knows why."""

    gone: bool


@dataclass(frozen=True, slots=True)
class Said:
    """The speech is over. `interrupted`: a key, or an order to stop, cut it short."""

    text: str
    interrupted: bool


@dataclass(frozen=True, slots=True)
class KeyAwaited:
    """The wait for a key is over. None: no key came in time."""

    key: str | None


@dataclass(frozen=True, slots=True)
class DialEnded:
    """`status` as DIALSTATUS has it (ANSWER, BUSY, NOANSWER, CHANUNAVAIL, CONGESTION), `cause` per Q.850.

    `status` "": nobody has been dialled yet. `lost`: the line has answered, and its phone is gone.
    """

    status: str
    cause: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class TakenKnown:
    """The channel says which offer's leg has taken the caller last since the queue was entered; "" for none."""

    offer: str


@dataclass(frozen=True, slots=True)
class DiallingKnown:
    """The channel says to which line the caller is put through, "" for none: it was asked, or found after a restart.

    `mark`: see `states.line_of`.
    """

    mark: str


@dataclass(frozen=True, slots=True)
class HistoryKnown:
    """The channel says whether the call was turned away, and whether its menus have begun again before."""

    turned_away: bool
    interrupted: bool


@dataclass(frozen=True, slots=True)
class LastSurvey:
    """When this caller was asked last in a survey, in epoch seconds; None: not known, or the number is withheld."""

    at: float | None


@dataclass(frozen=True, slots=True)
class RoomKnown:
    """Whether there is room for a message: on the list, and on the disk."""

    room: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recording is over. `heard`: something is in it."""

    heard: bool


@dataclass(frozen=True, slots=True)
class PromiseKnown:
    """Whether the number is to be called back. `full`: it is not, and no more callbacks can be promised.

    callback  its id; "": it is not
    position  in its queue, 1 is next
    dialled   the citizen is being dialled
    expected  seconds that this caller may have to wait; None: not known
    """

    callback: str = ""
    position: int = 0
    dialled: bool = False
    expected: float | None = None
    full: bool = False


# --- what Asterisk reports of the caller ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A new key. `may_leave`: no agent who is rung for the caller has answered. `can_call_back`: the caller may be
    called back, at a number that may be dialled.
    """

    key: str
    may_leave: bool
    can_call_back: bool = False


@dataclass(frozen=True, slots=True)
class CallerHungUp:
    """`blind`: events may be missing, so the caller may have talked unseen.

    `lost`: Asterisk has ended the channel, as the caller's phone does not answer.
    """

    blind: bool
    lost: bool = False


@dataclass(frozen=True, slots=True)
class CallerMissing:
    """Asterisk was asked and does not have the caller. `offer`, `mark` (of a line): of a talk without any event."""

    why: Missing
    offer: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class CallerElsewhere:
    """The channel has left this call: its new session begins another call, or another caller has taken it over.

    `taken`: the offer whose leg took the caller last; "" for none.
    """

    taken: str


@dataclass(frozen=True, slots=True)
class Transferred:
    """An agent's phone has transferred the caller, blind, and the channel is in a new session.

    `to`: a destination of the hotline, or the number of a phone. `edition`: the version that has it. `taken`: as above.
    """

    to: Destination | str
    edition: Version
    taken: str


class FarEnd(Enum):
    """A phone with which an agent has joined the caller."""

    RINGS = auto()
    TALKS = auto()
    GONE = auto()  # it had declined or hung up before the agent joined the two


@dataclass(frozen=True, slots=True)
class Completed:
    """The agent has joined the caller with `phone` (an agent's id, or a number), which the agent had called. The caller
    stays in the same session.

    `blind`: the agent has not called that phone, but sent the caller there while no service was there to dial it.
    """

    phone: str
    far_end: FarEnd = FarEnd.TALKS
    blind: bool = False


@dataclass(frozen=True, slots=True)
class PutThrough:
    """As `Completed`, but Asterisk puts the caller where the agent's channel was: that breaks the caller's session."""

    phone: str
    far_end: FarEnd


@dataclass(frozen=True, slots=True)
class PutThroughFound:
    """The dialplan says so in the caller's next session; the call may know it from `PutThrough`. `blind`: as above."""

    phone: str
    blind: bool


@dataclass(frozen=True, slots=True)
class CompletedToCall:
    """The agent has joined the caller with another call of the agent's own, to the hotline. The caller goes on where
    that call was: at `to` in `edition`.
    """

    to: Destination
    edition: Version


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """`actor` has asked over HTTP that the caller be transferred, blind, out of the talk.

    `to`, `edition`: as in `Transferred`. `own`: the agent who talks with the caller has asked. `reason`: for whoever
    receives the call, "" for none.
    """

    to: Destination | str
    edition: Version
    actor: Actor
    own: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HoldAsked:
    """`actor` has asked over HTTP that the caller be put on hold in the talk with an agent."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class RecordAsked:
    """`actor` has asked that this talk be recorded, and both have heard so."""

    actor: Actor
    offer: str


@dataclass(frozen=True, slots=True)
class PauseAsked:
    """`actor` has asked that the recording of the talk pause, or go on."""

    actor: Actor
    pause: bool


@dataclass(frozen=True, slots=True)
class BackAsked:
    """`actor` has asked over HTTP that the agent go back to the caller, who is on hold."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class ConsultAsked:
    """`actor` has asked over HTTP that the agent talk with this line of `edition` while the caller is on hold.
    `reason`: as in `TransferAsked`.
    """

    line: Line | InQueue
    edition: Version
    actor: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QueueAnswered:
    """The agent consults somebody of a queue, and `agent` has answered there."""

    agent: str


@dataclass(frozen=True, slots=True)
class ConsultDialled:
    """What came of the phone that rang for the agent's leg, as DIALSTATUS has it. ANSWER: they talk."""

    offer: str
    status: str


@dataclass(frozen=True, slots=True)
class CompleteAsked:
    """`actor` has asked over HTTP that the caller talk with the one whom the agent consults, on `channel` (its name).

    `own`: the agent of the talk has asked.
    """

    channel: str
    actor: Actor
    own: bool


@dataclass(frozen=True, slots=True)
class JoinAsked:
    """`actor` has asked over HTTP that agent and caller talk together with the one whom the agent consults, on
    `channel` (its name).
    """

    channel: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class ThirdLeft:
    """The third one in the talk of this leg has left, or could not be brought in."""

    offer: str


@dataclass(frozen=True, slots=True)
class LegFound:
    """Asterisk was asked, and has this leg apart from the caller, who is on hold. No order of ours is newer."""

    offer: str
    doing: Apart


@dataclass(frozen=True, slots=True)
class Joined:
    """`done`: whoever the agent has consulted is sent to the caller. Else that one has hung up."""

    done: bool


@dataclass(frozen=True, slots=True)
class LegAside:
    """After a restart: the agent's leg lives, and not with the caller. `dialling`: a phone rings for it, or talks with
    it if that has `answered`.
    """

    offer: str
    agent: str
    returns: bool
    dialling: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """`up`: Asterisk reports what happens, and can be asked."""

    up: bool


@dataclass(frozen=True, slots=True)
class LedBack:
    """`done`: Asterisk leads the caller to a new session."""

    done: bool


# --- the distributor -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Matched:
    """An agent is to be rung for the caller."""

    ring: RingAgent


@dataclass(frozen=True, slots=True)
class RingOver:
    """An agent's ring came to nothing, or was cancelled."""

    offer: str


@dataclass(frozen=True, slots=True)
class Connected:
    """The caller talks with an agent. `agent` "": nobody knows with whom. `returns`: see `states.Talking`."""

    offer: str
    agent: str = ""
    returns: bool = False


@dataclass(frozen=True, slots=True)
class LegEnded:
    """The agent's leg that talked with the caller is gone."""

    offer: str


@dataclass(frozen=True, slots=True)
class PhoneLost:
    """Nothing is heard any more of the agent's phone that talked with the caller."""

    offer: str


@dataclass(frozen=True, slots=True)
class AgentBack:
    """The browser is back of the agent for whom the caller waits in the middle of a talk. `ring`: the name for the ring
    of it.
    """

    ring: str


@dataclass(frozen=True, slots=True)
class AnnouncementDue:
    """The waiting caller is to hear an announcement."""

    speech: Speech


@dataclass(frozen=True, slots=True)
class QueueLeft:
    """The call has left its queue: by an overflow, as the queue was taken out, or as a supervisor has moved the caller.

    `to` None: the rule is not known any more. `edition`: the version that has `to`.
    """

    to: Destination | None
    edition: Version


# --- after a restart -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TalkOver:
    """A talk from before the restart is over. `offer`: the ring that became it unseen; "": the talk was known.
    `lost`: nothing was heard of the agent's phone any more."""

    offer: str
    lost: bool = False


Event = (
    PlainEvent
    | News
    | SessionBegan
    | SessionEnded
    | Said
    | KeyAwaited
    | DialEnded
    | TakenKnown
    | DiallingKnown
    | HistoryKnown
    | LastSurvey
    | RoomKnown
    | Recorded
    | PromiseKnown
    | KeyPressed
    | CallerHungUp
    | CallerMissing
    | CallerElsewhere
    | Transferred
    | Completed
    | CompletedToCall
    | PutThrough
    | PutThroughFound
    | TransferAsked
    | HoldAsked
    | PauseAsked
    | RecordAsked
    | BackAsked
    | ConsultAsked
    | ConsultDialled
    | QueueAnswered
    | CompleteAsked
    | JoinAsked
    | ThirdLeft
    | LegFound
    | Joined
    | LegAside
    | LinkChanged
    | LedBack
    | Matched
    | RingOver
    | Connected
    | LegEnded
    | PhoneLost
    | AgentBack
    | AnnouncementDue
    | QueueLeft
    | TalkOver
)
