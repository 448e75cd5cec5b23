"""What is to be done for a call: the commands of its machine. Imperative, frozen; the shell performs them in order.

A *task* takes time and needs the caller's AGI session: `Do` brings one to a session that is free, and its result comes
back as an event. Every other command is done at once, and needs no session.
"""

from dataclasses import dataclass
from enum import Enum, auto

from acd import events as acd
from acd.effects import RingAgent
from journal.records import Record
from sounds.model import Speech

# --- tasks ---------------------------------------------------------------------------------------------------------


class PlainTask(Enum):
    """Tasks without arguments. Result: `events.PlainEvent.DONE` where no other is named."""

    ANSWER = auto()  # answer the call; nothing happens if it is answered already
    CLEAR_DIALLING = auto()  # note on the channel that nobody is dialled; clear its notes of talks and transfers
    MARK_INTERRUPTED = auto()  # note on the channel that the menus have begun again
    MARK_DONE = auto()  # note on the channel that the service has finished with it
    HOLD = auto()  # hold with music, until a leg that took the caller has ended or FETCH or KICK. Result: HOLD_ENDED
    ASK_TAKEN = auto()  # ask the channel which offer's leg took the caller last. Result: TakenKnown
    ASK_DIALLING = auto()  # ask the channel which line is dialled. Result: DiallingKnown
    ASK_DIAL_RESULT = auto()  # ask the channel what came of the last `Dial`. Result: DialEnded
    ASK_HISTORY = auto()  # ask the channel what the call went through before. Result: HistoryKnown
    ASK_ROOM = auto()  # ask whether there is room for a message of this caller. Result: RoomKnown
    PLAY_MESSAGE = auto()  # play what was recorded; a key cuts it short


@dataclass(frozen=True, slots=True)
class MarkCall:
    """Note on the channel which call it is, and that nobody is dialled for it. Result: `events.PlainEvent.DONE`."""

    turned_away: bool
    language: str


@dataclass(frozen=True, slots=True)
class MarkQueue:
    """Note on the channel that a queue is entered: no leg has taken the caller since.

    Result: `events.PlainEvent.DONE`.
    """

    language: str


@dataclass(frozen=True, slots=True)
class MarkDialling:
    """Note on the channel that a line is dialled. `mark`: see `states.mark_of`. Result: `events.PlainEvent.DONE`."""

    mark: str
    language: str


@dataclass(frozen=True, slots=True)
class Say:
    """Say something. `keys`: a key cuts it short. Result: Said."""

    speech: Speech
    language: str
    keys: bool


@dataclass(frozen=True, slots=True)
class AwaitKey:
    """Wait `seconds` for a key. Result: KeyAwaited."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AskPromise:
    """Ask whether this number is to be called back. Result: PromiseKnown."""

    number: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Put the caller through to a number, or an agent's phone, which rings for `seconds`. Result: DialEnded.

    `music`: the caller hears that meanwhile, not the ringing. `record`: their talk is recorded.
    """

    number: str
    seconds: float
    agent: bool
    music: bool = False
    record: bool = False


@dataclass(frozen=True, slots=True)
class RecordMessage:
    """Record what the caller says after a tone: until `#`, a silence, or for `seconds`. Result: Recorded."""

    seconds: float


Task = PlainTask | MarkCall | MarkQueue | MarkDialling | Say | AwaitKey | AskPromise | Dial | RecordMessage

# --- at once -------------------------------------------------------------------------------------------------------


class PlainCommand(Enum):
    """Commands without arguments."""

    STOP_SAYING = auto()  # stop what is being said, and the wait for a key, if there is one
    CLEAR_KEYS = auto()  # drop the keys so far: they were not meant for what comes next
    CLOSE_SESSION = auto()  # end the session, if there is one; the dialplan goes on behind it
    FETCH = auto()  # take the caller out of the holding bridge, unless a leg has taken the caller: HOLD ends
    KICK = auto()  # take the caller out of any bridge: HOLD ends, or the dialplan brings the caller to a session
    ASK_LAST_SURVEY = auto()  # ask when this caller was asked last in a survey. Result at once: events.LastSurvey
    LEAD_BACK = auto()  # break off the caller's AGI(), whose other end disappeared without closing it. Result: LedBack
    LEAD = auto()  # make the agent's phone a leg with which Asterisk alone has joined the caller. Result: Connected
    LEAVE_BE = auto()  # drop a LEAD_BACK that is not done yet: the caller does not need it any more
    ADMIT = auto()  # the caller is held: agents' legs that wait for this may take the caller
    FINISH = auto()  # the call is over; always the last command of a machine


@dataclass(frozen=True, slots=True)
class Do:
    """Give this task to the session, which is free."""

    task: Task


@dataclass(frozen=True, slots=True)
class TellDistributor:
    """Tell the engine of the queues."""

    event: acd.Event


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring the agent. `held`: the caller is in the holding bridge; else the leg waits for ADMIT."""

    ring: RingAgent
    held: bool


@dataclass(frozen=True, slots=True)
class DropRing:
    """Hang up a leg of which the engine knows nothing: it was to bring an agent back, or its agent waits for a caller
    on hold.
    """

    offer: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Take this agent's leg out of the talk, and let it wait: HOLD ends, and holds the caller again."""

    offer: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Keep both sides out of the recording of this agent's leg, or, without `on`, let them into it again."""

    offer: str
    on: bool


@dataclass(frozen=True, slots=True)
class RecordTalk:
    """Begin to record the talk of this agent's leg."""

    offer: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Let the agent's leg take the caller, who is held. `queue`: from which the caller came, "" for none."""

    offer: str
    queue: str


@dataclass(frozen=True, slots=True)
class Consult:
    """Ring a phone for the agent's leg, whose caller is held. When nobody answers, and when the other end hangs up, the
    leg takes the caller by itself. Result: ConsultDialled, for the answer.

    number  an agent's id, or a number outside; `agent`: which of the two. With `own` a queue's extension, to which the
            agent's own call goes
    queue   as in TakeBack
    """

    offer: str
    number: str
    agent: bool
    seconds: float
    queue: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class HandOver:
    """Let the channel that talks with the agent's leg take the caller, who is held, or talks with both. The leg ends.
    `record`: their talk is recorded.

    Result: Joined.
    """

    offer: str
    channel: str
    record: bool


@dataclass(frozen=True, slots=True)
class BringIn:
    """Let the channel that talks with the agent's leg talk with the caller, too: the leg takes the caller back by
    itself. ThirdLeft follows when that channel is gone. `record`: what it says is recorded, too.
    """

    offer: str
    channel: str
    record: bool


@dataclass(frozen=True, slots=True)
class SendAway:
    """Hang up the channel that was brought in. The talk of the two goes on."""

    offer: str


@dataclass(frozen=True, slots=True)
class NoteTalk:
    """Note on the channel that the service knows of this talk with a line. `mark`: see `states.mark_of`."""

    mark: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Note on the channel, without a session, that the caller was transferred to this line, and talks with it.

    `mark`: see `states.mark_of`.
    """

    mark: str


@dataclass(frozen=True, slots=True)
class Write:
    """Put the Record into the journal."""

    record: Record


ForLeg = SetAside | TakeBack | Consult | HandOver | BringIn | SendAway
"""What an agent's leg is to do while the caller is on hold, and whoever was consulted."""

Command = (
    PlainCommand | Do | TellDistributor | Ring | DropRing | Mute | RecordTalk | ForLeg | NoteTalk | NoteLine | Write
)
