"""The states of a call. What leads from which to which is in `calls.transitions`."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from acd.events import EndedBy
from emergency.model import Emergency
from ivr.interpreter import Step
from ivr.model import Destination
from sounds.model import Speech


class Transfer(NamedTuple):
    """An agent has sent a caller to a `phone`: a colleague's, by the agent's id, or one outside, by its number.

    `by`: who sent the caller; `queue`: from which queue the caller came. "": nobody knows.
    """

    phone: str
    by: str = ""
    queue: str = ""


Line = str | Transfer
"""The line to which a caller is put through: a sub-hotline, by its id, or the phone of a transfer."""


class InQueue(NamedTuple):
    """Where an agent asks somebody of a `queue`: by a call of the agent's own, which waits there as any other."""

    queue: str


def mark_of(line: Line) -> str:
    """The text by which a channel carries a line. No id and no number has a slash."""
    return line if isinstance(line, str) else "/".join(line)


def line_of(mark: str) -> Line:
    """The line that a channel carries; "" for none."""
    phone, *more = mark.split("/")
    return Transfer(phone, *more) if len(more) == len(Transfer._fields) - 1 else mark


class Doing(Enum):
    """What an agent does while the caller is on hold."""

    AWAY = auto()  # nothing: the agent's leg is set aside
    CALLING = auto()  # a phone rings for the agent
    ASKING = auto()  # talks with that phone
    BACK = auto()  # is on the way back to the caller
    BRINGING = auto()  # the same, and brings the one who was consulted along


@dataclass(frozen=True, slots=True)
class Hold:
    """The caller hears music in the middle of a talk, as somebody asked for over HTTP. The agent's leg lives on.

    since  when it was asked for, in epoch seconds
    line   whom the agent consults, or brings along; None: nobody. A queue until one of its agents has answered
    sent   Asterisk has the order for what the agent does. It is, as soon as the caller is in the holding bridge: a leg
           that took a caller who is in no bridge would end the caller's session
    doubtful  the link has broken since then
    """

    since: float
    doing: Doing = Doing.AWAY
    line: Line | InQueue | None = None
    sent: bool = True
    doubtful: bool = False


class Front(NamedTuple):
    """A caller comes back to a queue, to its front. `agent`: who is rung first, "" for nobody."""

    agent: str = ""


class Stage(Enum):
    """How far a call has come on its way in. Each is what the session does, or is about to do."""

    ASK_DIALLING = auto()  # the caller comes back: was a sub-hotline dialled when the last session broke?
    MARK = auto()
    ANSWER = auto()
    EMERGENCY = auto()  # say the emergency message to the caller
    MAINTENANCE = auto()  # say to the caller that new calls are not taken
    ASK_HISTORY = auto()  # the menus are to begin again: was the call interrupted before, or turned away?
    NOTE = auto()
    APOLOGY = auto()


@dataclass(frozen=True, slots=True)
class Arriving:
    """The call comes in, or comes back after its session broke in the menus, which keep nothing.

    `back`: the call has begun before. `interrupted`: its menus, too, have begun again before.
    """

    stage: Stage = Stage.MARK
    back: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class InMenu:
    """A menu asks the caller, or a message of the tree plays. `asked`: the menu was read, a key is awaited.

    `onward`: where the call is on its way to, until it enters a menu. `urgent`: the emergency message that the caller
    hears first; where `step` leads comes after it.
    """

    step: Step
    asked: bool = False
    onward: Destination | None = None
    urgent: Emergency | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """The call is on its way to `to`. The journal has that, so the call gets there whatever breaks.

    `dialled`: the channel still says that a line is dialled, or how the caller was moved. `apology`: the phrase that is
    said first. `front`: to a queue, how the caller comes back to it. `told`: what is said first, and no key cuts short.
    """

    to: Destination
    dialled: bool = False
    apology: str = ""
    front: Front | None = None
    told: Speech = ()


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The caller is to be called back from the queue, and rings in before that: to wait, to keep the callback, or to
    cancel it? `position`: of the callback, 0 while it is not asked for. `said`: the caller has heard the keys.
    """

    position: int = 0
    said: bool = False


@dataclass(frozen=True, slots=True)
class Entering:
    """The call is about to wait in `queue`, once the caller has heard whether talks are recorded. `front`: the caller
    comes back. `meanwhile`: what the caller decides before.
    """

    queue: str
    front: Front | None = None
    meanwhile: Meanwhile | None = None


class Numbering(Enum):
    """What a caller hears or does who asks to be called back."""

    CONFIRM = auto()  # is to hear a number
    KEY = auto()  # has heard it, and is to press 1 for it, or another key for another number
    ENTER = auto()  # is to hear how to key in a number
    DIGITS = auto()  # has heard it, and keys it in
    LOOK = auto()  # nothing: is that number to be called back already?


@dataclass(frozen=True, slots=True)
class Arranging:
    """A waiting caller says at which number the call back is to come.

    number   to be confirmed, or as far as it is keyed in
    turns    how often the caller was asked
    refused  the last number may not be called
    """

    part: Numbering
    number: str = ""
    turns: int = 1
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """The caller waits in `queue`, held with music. `speech` is to be said next.

    `reporting`: the distributor waits to hear that the announcement is over. `arranging`: a callback is arranged, and
    the caller hears no music.
    """

    queue: str
    speech: Speech | None = None
    reporting: bool = False
    arranging: Arranging | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """At least one agent rings for the caller, who keeps the place in `queue`. `offers`: all that ring.

    `wish`: where a key leads the call, once it is certain that no leg has taken the caller meanwhile.
    """

    queue: str
    offers: frozenset[str]
    wish: Destination | None = None


@dataclass(frozen=True, slots=True)
class Settling:
    """The caller is back in a session while agents are rung: AGI was quicker than AMI. Has a leg taken the caller?

    `taken`: the offer of that leg, "" while the channel is asked. `until`: when it counts as a talk that is over.
    `wish`: as in `Offered`.
    """

    queue: str
    offers: frozenset[str]
    taken: str = ""
    until: float | None = None
    wish: Destination | None = None


@dataclass(frozen=True, slots=True)
class Talking:
    """The caller talks with an agent. `queue` None: nobody knows from which queue; `agent` "": nobody knows with whom.

    `until`: the caller is back in a session; AMI has until then to report the talk's end. `returns`: the agent's phone
    is a browser. If that is gone, it is mostly back in a moment. `hold`: the caller hears music meanwhile. `third`: who
    was consulted, and talks with the two.
    """

    queue: str | None
    offer: str
    agent: str = ""
    until: float | None = None
    returns: bool = False
    hold: Hold | None = None
    third: Line | None = None


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The caller talks with an agent whose browser is gone, and is held until it is back. For the queues they talk on.

    talk    the offer whose leg is gone
    until   when the caller stops waiting for the agent; `since`: when the leg ended
    ring    the ring that is to bring the agent back, "" while there is none
    explaining  the caller is to hear why there is music
    explained   the caller has heard it
    held    the caller was on hold, as somebody asked for over HTTP, and is so again once the browser is back
    """

    queue: str
    talk: str
    agent: str
    since: float
    until: float
    ring: str = ""
    explaining: bool = False
    explained: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class PuttingThrough:
    """The caller hears that `line` is dialled. `announced`: this was said, or need not be."""

    line: Line
    announced: bool = False


@dataclass(frozen=True, slots=True)
class AtLine:
    """`line` rings, or talks with the caller. Not `known`: ask the channel what came of the dialling.

    `offer`: the leg of the agent whose phone it is, once the service leads it; "": Asterisk joins the two alone.
    `hold`, `third`: as in `Talking`. `joined`: not the service, but an agent's phone has dialled this one and joined
    the two, so nothing has begun a recording.
    """

    line: Line
    answered: bool = False
    known: bool = True
    offer: str = ""
    hold: Hold | None = None
    third: Line | None = None
    joined: bool = False


Queued = Waiting | Offered | Settling
"""Where the engine has the caller in a queue, and no talk is known."""

Talk = Talking | AtLine
"""Where a caller may be on hold. Not every `AtLine` is a talk: see `answered`."""


class SurveyStage(Enum):
    """How far the survey after a talk is, while no question is asked."""

    DUE = auto()  # the talk is over, and it is not decided whether the caller is asked
    COMPLETE = auto()  # all questions are answered


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of the survey is asked. `number`: 0 is the first. `said`: it was read, and a key is awaited.

    `again`: it is asked for the second and last time. `why`: the phrase that is said before it then, "" for none.
    """

    number: int = 0
    said: bool = False
    again: bool = False
    why: str = ""


class Part(Enum):
    """What a caller who leaves a message hears or does."""

    ROOM = auto()  # nothing: is there room for a message?
    ASK = auto()  # hears how to leave one
    RECORD = auto()  # speaks
    CHOOSE = auto()  # hears the keys: keep it, hear it, record it again
    KEY = auto()  # is to press one of them
    HEAR = auto()  # hears the message
    THANKS = auto()  # hears that it is kept
    REFUSED = auto()  # hears that none can be left
    SILENT = auto()  # hears that nothing was heard, for the last time


@dataclass(frozen=True, slots=True)
class AtMessage:
    """The caller leaves a message for `queue`, of `limit` seconds at most.

    tries   how many recordings had nothing in them
    takes   how many have begun
    asked   how often the keys were said since the last recording
    survey  the caller has just answered a survey: nobody insists on a message
    """

    queue: str
    limit: float
    part: Part = Part.ROOM
    tries: int = 0
    takes: int = 0
    asked: int = 0
    survey: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """The survey after a talk, if there is one, then the goodbye, then the end."""

    said: bool = False
    dialled: bool = False
    """The channel still says that a line was dialled."""
    talked: bool = False
    """The caller has talked with somebody."""
    survey: SurveyStage | Asking | None = None
    """None: there is none, or it is over."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The caller's channel has ended, the reason is not known. `queue`: where the caller waited."""

    queue: str | None


@dataclass(frozen=True, slots=True)
class Over:
    """The call has ended."""

    by: EndedBy


State = (
    Arriving
    | InMenu
    | Going
    | Entering
    | Waiting
    | Offered
    | Settling
    | Talking
    | Interrupted
    | PuttingThrough
    | AtLine
    | AtMessage
    | Leaving
    | Gone
    | Over
)


class IllegalTransition(RuntimeError):
    """A mistake in the machine: the message names both states and the kind of the event."""
