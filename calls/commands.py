"""What is to be done for a call: the commands of its machine. Imperative, frozen; the shell performs them in order.

A *task* takes time and needs the caller's AGI session: `Do` brings one to a session that is free, and its result comes
back as an event. Every other command is done at once, and needs no session.
"""

from dataclasses import dataclass

from acd import events as acd
from acd.effects import RingAgent
from journal.records import Record
from sounds.model import Speech

# --- tasks ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MarkCall:
    """Note on the channel which call it is, and that nobody is dialled for it. Result: Done."""

    turned_away: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the call; nothing happens if it is answered already. Result: Done."""


@dataclass(frozen=True, slots=True)
class MarkQueue:
    """Note on the channel which queue the caller enters. Result: Done."""

    queue: str
    language: str


@dataclass(frozen=True, slots=True)
class MarkDialling:
    """Note on the channel that a sub-hotline is dialled. Result: Done."""

    sub_hotline: str
    language: str


@dataclass(frozen=True, slots=True)
class ClearDialling:
    """Note on the channel that nobody is dialled any more. Result: Done."""


@dataclass(frozen=True, slots=True)
class MarkInterrupted:
    """Note on the channel that the menus have begun again. Result: Done."""


@dataclass(frozen=True, slots=True)
class MarkDone:
    """Note on the channel that the service has finished with it. Result: Done."""


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
class Hold:
    """Hold the caller with music until an agent's leg took the caller and ended, or until `Kick`. Result: HoldEnded."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Put the caller through to a number, or an agent's phone, which rings for `seconds`. Result: DialEnded."""

    number: str
    seconds: float
    agent: bool


@dataclass(frozen=True, slots=True)
class AskTaken:
    """Ask the channel which offer's leg took the caller last. Result: TakenKnown."""


@dataclass(frozen=True, slots=True)
class AskDialling:
    """Ask the channel which sub-hotline is dialled. Result: DiallingKnown."""


@dataclass(frozen=True, slots=True)
class AskDialResult:
    """Ask the channel what came of the last `Dial`. Result: DialEnded."""


@dataclass(frozen=True, slots=True)
class AskHistory:
    """Ask the channel what the call went through before. Result: HistoryKnown."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Hang the caller up. Result: Done."""


Task = (
    MarkCall
    | Answer
    | MarkQueue
    | MarkDialling
    | ClearDialling
    | MarkInterrupted
    | MarkDone
    | Say
    | AwaitKey
    | Hold
    | Dial
    | AskTaken
    | AskDialling
    | AskDialResult
    | AskHistory
    | HangUp
)

# --- at once -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Do:
    """Give this task to the session, which is free."""

    task: Task


@dataclass(frozen=True, slots=True)
class StopSaying:
    """Stop what is being said, if anything is."""


@dataclass(frozen=True, slots=True)
class ClearKeys:
    """Drop the keys so far: they were not meant for what comes next."""


@dataclass(frozen=True, slots=True)
class CloseSession:
    """End the session, if there is one. The dialplan goes on behind it."""


@dataclass(frozen=True, slots=True)
class Kick:
    """Take the caller out of the bridge: `Hold` ends, or the dialplan brings the caller to a session."""


@dataclass(frozen=True, slots=True)
class LeadBack:
    """Break off the caller's AGI(), whose other end disappeared without closing it. Result: LedBack."""


@dataclass(frozen=True, slots=True)
class LeaveBe:
    """Drop a `LeadBack` that is not done yet: the caller does not need it any more."""


@dataclass(frozen=True, slots=True)
class TellDistributor:
    """Tell the engine of the queues."""

    event: acd.Event


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring the agent. `held`: the caller is in the holding bridge; else the leg waits for `Admit`."""

    ring: RingAgent
    held: bool


@dataclass(frozen=True, slots=True)
class Admit:
    """The caller is held: agents' legs that wait for this may take the caller."""


@dataclass(frozen=True, slots=True)
class NoteTalk:
    """Note on the channel that the service knows of this talk with a sub-hotline."""

    sub_hotline: str


@dataclass(frozen=True, slots=True)
class Write:
    """Put the Record into the journal."""

    record: Record


@dataclass(frozen=True, slots=True)
class Finish:
    """The call is over. Always the last command of a machine."""


Command = (
    Do
    | StopSaying
    | ClearKeys
    | CloseSession
    | Kick
    | LeadBack
    | LeaveBe
    | TellDistributor
    | Ring
    | Admit
    | NoteTalk
    | Write
    | Finish
)
