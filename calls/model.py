"""A call as people see it: its summary, a fold of its Records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Any, NamedTuple, Protocol

from accounts.model import Reach
from acd.events import ABANDONED, EndedBy
from base.numbers import plain
from calls import listeners
from calls.listeners import Listener
from calls.talks import wrap_ups
from emergency.model import Emergency
from hotline.model import Hotline
from ivr.model import Destination
from journal.actor import CALLER, Actor
from journal.records import Kind, Record

FRONT = 86_400.0
"""Seconds of head start of a caller who comes back to a queue: the most that there are, and the front of the queue."""

LONGEST_TEXT = 80
"""Characters of a caller's number or name that a summary keeps."""


class CallState(StrEnum):
    """Where a call is."""

    MENU = "menu"  # in the menus, hearing a message, or between two nodes
    WAITING = "waiting"  # in a queue
    RINGING = "ringing"  # an agent or a sub-hotline rings for it
    TALKING = "talking"  # with an agent or a sub-hotline
    SURVEY = "survey"  # after the conversation: survey, goodbye
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a call. An outcome that stands earlier in this list counts more: a call that overflowed and was
    answered in another queue is answered. Of two lesser outcomes the last one counts.
    """

    ANSWERED = "answered"  # an agent talked with the caller
    SUB_HOTLINE = "sub-hotline"  # put through to a department's own line, which answered
    ABANDONED = "abandoned"  # the caller hung up, or was gone, while waiting in a queue, ringing included
    OVERFLOWED = "overflowed"  # left a queue by an overflow rule and reached nobody after it
    FAILED = "failed"  # a sub-hotline did not answer and nobody else did, or a fault of ours ended the call
    MESSAGE = "message"  # heard what the hotline says by itself, to the goodbye
    HUNG_UP = "hung-up"  # the caller hung up in the menus
    LOST = "lost"  # a failure of Asterisk, the service or the machine has cut the call off


class Direction(StrEnum):
    """Who calls whom."""

    IN = "in"  # a citizen, or an agent, calls the hotline
    OUT = "out"  # an agent calls a citizen


CALL_OUT = frozenset({Kind.CALL_OUT_DIALLED, Kind.CALL_OUT_ANSWERED, Kind.CALL_OUT_FAILED, Kind.CALL_OUT_ENDED})
"""The kinds of Records of a call out."""
BEGINS = frozenset({Kind.CALL_STARTED, Kind.CALL_OUT_DIALLED})
ENDS = frozenset({Kind.CALL_FINISHED, Kind.CALL_OUT_FAILED, Kind.CALL_OUT_ENDED})
"""The kinds with which a call begins and ends."""

REACHED = frozenset({Outcome.ANSWERED, Outcome.SUB_HOTLINE})
"""The caller spoke with somebody. No later Record changes that."""


class Full(StrEnum):
    """Why a call is refused."""

    CALLS = "too-many-calls"
    NUMBER = "too-many-calls-from-number"
    ADDRESS = "too-many-calls-from-address"


class KeptPlace(NamedTuple):
    """The place in a queue of a caller who gave up and may ring again: since when the caller waits, and until when it
    is kept, in epoch seconds.
    """

    since: float
    until: float


class Cut(NamedTuple):
    """A call that a failure has cut off, as the next call of its caller needs it.

    call      its id
    queue     to which the caller comes back
    since     when the caller began to wait, in epoch seconds; None: the caller comes to the front
    agent     who is rung first, as the two have talked; "": nobody
    language, known  of the caller, as that call had them
    """

    call: str
    queue: str
    since: float | None
    agent: str
    language: str
    known: Mapping[str, str]


class LastTalk(NamedTuple):
    """A caller's last talk in a queue: with which agent, and when it ended, in epoch seconds."""

    agent: str
    at: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a call came in.

    resumed      it began in an earlier AGI session; the service has lost what that session did
    moved        it was transferred here; the call that it was before is over
    to           where the extension leads that an agent dialled: a destination, or a phone's number, to which only a
                 transfer leads. None: a number of the hotline was dialled
    agent        the agent who calls, "" for a citizen
    turned_away  new calls are not taken
    actor        who placed it
    test         it is a test call, and no citizen's
    robot        a robot agent answers it
    known        what is known of the caller, by name
    emergencies  the emergency messages that were on
    places       by queue, the places that are kept for a caller who gave up a moment ago, or is to be called back
    callbacks    by queue, the callbacks (ids) whose places the call takes over
    called_back  the hotline has made the call, to call the caller back
    last_talks   by queue, the caller's last talk in it
    about        an agent asks a queue in this call, about the caller of that call (its id); "" else
    cut          the caller's call that was cut off a moment ago, whose place this one has; None: there is none
    """

    call_id: str
    caller: str
    number: str
    language: str
    resumed: bool = False
    moved: bool = False
    to: Destination | str | None = None
    agent: str = ""
    turned_away: bool = False
    actor: Actor = CALLER
    test: bool = False
    robot: bool = False
    known: Mapping[str, str] = field(default_factory=dict)
    emergencies: tuple[Emergency, ...] = ()
    places: Mapping[str, KeptPlace] = field(default_factory=dict)
    callbacks: Mapping[str, str] = field(default_factory=dict)
    called_back: bool = False
    last_talks: Mapping[str, LastTalk] = field(default_factory=dict)
    about: str = ""
    cut: Cut | None = None


class Promise(NamedTuple):
    """A callback as a call that comes in needs it.

    id       of the callback
    since    when the citizen began to wait in `queue`, in epoch seconds
    dialled  the citizen is being dialled
    """

    id: str
    queue: str
    language: str
    since: float
    dialled: bool = False

    @property
    def place(self) -> KeptPlace:
        """The place that the callback has."""
        return KeptPlace(self.since, inf)


class Version(Protocol):
    """One version of the hotline, as a call needs it."""

    @property
    def hotline(self) -> Hotline: ...

    def destination(self, written: Mapping[str, Any]) -> Destination | None:
        """The destination that a Record names, perhaps of another version; None: this version does not have it."""


@dataclass(frozen=True)  # without slots: see `changed`
class CallSummary:
    """One call in one row. Times are seconds since the epoch; what has not happened is None.

    queue     the queue it is in or was in last
    agent     who rings, talks or talked last
    sub_hotline  to which it was put through last
    queued    when it entered that queue
    answered  when it was first connected, to an agent or a sub-hotline
    outcome   what has come of it so far; final once `state` is ended
    offers    rings that are open now (several with ring-all)
    onward    where it goes and has not arrived: a destination as the hotline has it. With `front`, an agent's
              id or "", it comes back to the front of that queue, and this agent is rung first. With `apology`, the
              caller hears this phrase first. Or the phone of a transfer: `agent` or `number`; `by`, who sent the caller
              there; `queue`, from which queue. While the caller talks with a line, `onward` is this line
    since     when the caller began to wait for an agent; an overflow into another queue keeps it. For a restart, which
              has it from the snapshot and the Records: not in the table, as the next three. A head start of the
              caller's list is in it
    help_since  since when the agent has called for help in this talk, and nobody has come to listen
    silent    from whom no audio comes in this talk: `agent`, `caller`
    listeners   who listen to the talk
    held      since when the caller is on hold in this talk; for a restart, as `since`
    consulted  whom the agent consults meanwhile: `agent`, `number`, `sub_hotline` or `queue`; for a restart, as
              `since`. Without `held`: who talks with the two, out of a consultation
    asked     whom the agent consults has answered; for a restart, as `since`
    third     whom the agent consults is to talk with both, or does; for a restart, as `since`
    returning  the agent is on the way back to the caller; for a restart, as `since`
    known     what is known of the caller, by name
    test      it is a test call, and no citizen's
    robot     a robot agent answers it; for a restart, as `since`
    about     as in `Arrival`; for a restart, as `since`
    recording  "on": this talk is recorded; "paused"; None: it is not. For a restart, as `since`
    told      the caller has heard that talks are recorded, or a citizen who is called will; for a restart, as `since`
    called_back  the hotline has called this citizen back; for a restart, as `since`
    code      the wrap-up code that was given last
    direction  out: `caller` is the citizen who is called, and `number` the one that the citizen sees
    path      the keys that led the caller through the menus, up to the first queue or sub-hotline: `1,2`. In a menu to
              which a key has led, a comma ends it. LONGEST_TEXT characters at most
    """

    id: str
    started: float
    state: CallState = CallState.MENU
    caller: str = ""
    number: str = ""
    language: str = ""
    queue: str | None = None
    agent: str | None = None
    queued: float | None = None
    answered: float | None = None
    ended: float | None = None
    outcome: Outcome | None = None
    offers: int = 0
    onward: Mapping[str, Any] | None = None
    since: float | None = None
    test: bool = False
    sub_hotline: str | None = None
    help_since: float | None = None
    silent: tuple[str, ...] = ()
    listeners: tuple[Listener, ...] = ()
    code: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    held: float | None = None
    consulted: Mapping[str, str] | None = None
    asked: bool = False
    third: bool = False
    returning: bool = False
    robot: bool = False
    about: str = ""
    direction: Direction = Direction.IN
    told: bool = False
    recording: str | None = None
    called_back: bool = False
    path: str = ""

    def changed(self, changes: Mapping[str, Any]) -> "CallSummary":
        """As `dataclasses.replace`, which takes eight times as long: each Record of a call comes here twice."""
        made = object.__new__(CallSummary)
        made.__dict__.update(self.__dict__)
        made.__dict__.update(changes)
        return made

    def within(self, reach: Reach) -> bool:
        """Whether a request of that reach may see the call."""
        return reach.has_call(self.queue, self.agent, self.sub_hotline) or self.has(reach.agent)

    @property
    def may_be_recorded(self) -> bool:
        """Whether agent and caller talk, and are not recorded. The queue has to allow it, too."""
        apart = self.held is not None or self.consulted is not None or self.onward is not None
        ours = self.agent is not None and not (self.test or self.about)
        return self.state is CallState.TALKING and ours and not apart and self.recording is None

    def has(self, agent: str | None) -> bool:
        """Whether this agent rings for the call, talks in it or did so last, or is consulted about it."""
        return agent is not None and agent in (self.agent, (self.consulted or {}).get("agent"))


NOBODY_CONSULTED: dict[str, Any] = {"consulted": None, "asked": False, "third": False, "returning": False}
"""Changes of a summary: whoever was consulted is out of the talk."""


def fold(summary: CallSummary | None, record: Record) -> CallSummary:
    """The summary after `record`, which names a call. None: nothing is known of that call yet.

    Total: a record that makes no sense here changes nothing. Records that come after the end (the distributor learns
    of a hang-up a little later, an agent gives a wrap-up code) may still settle the outcome and the code, never the
    state. Only another call-started makes the call live again: the AGI session broke, and the caller is back.
    """
    if record.call is None:
        raise ValueError(f"a {record.kind} record without a call is no part of any call's story")
    if summary is None:
        summary = CallSummary(id=record.call, started=record.at)
    changes = _changes(summary, record)
    if summary.state is CallState.ENDED and record.kind not in BEGINS:
        changes = {name: value for name, value in changes.items() if name in ("outcome", "code", "listeners")}
    if summary.help_since is not None and changes.get("state", CallState.TALKING) is not CallState.TALKING:
        changes["help_since"] = None
    if summary.recording and changes.get("state", CallState.TALKING) is not CallState.TALKING:
        changes["recording"] = None
    if summary.silent and changes.get("state", CallState.TALKING) is not CallState.TALKING:
        changes["silent"] = ()
    apart = summary.held is not None or summary.consulted is not None
    if apart and changes.get("state", CallState.TALKING) is not CallState.TALKING:
        changes |= {"held": None, **NOBODY_CONSULTED}
    return summary.changed(changes) if changes else summary


def _changes(summary: CallSummary, record: Record) -> dict[str, Any]:
    data = record.data
    match record.kind:  # the most frequent first: each case that is passed takes a tenth of a microsecond
        case Kind.SAID | Kind.ANNOUNCED:
            onward = summary.onward
            if onward is None or "apology" not in onward:
                return {}
            return {"onward": {name: value for name, value in onward.items() if name != "apology"}}
        case Kind.CALL_STARTED:
            to = data.get("to")
            return {
                "state": CallState.MENU,
                "agent": None,
                "ended": None,
                "offers": 0,
                "onward": to if isinstance(to, Mapping) else None,
                "called_back": isinstance(to, Mapping),
                "since": None,
                "outcome": summary.outcome if summary.outcome in REACHED else None,
                "caller": _text(data, "caller"),
                "number": _text(data, "number"),
                "language": _text(data, "language"),
                "test": record.test,
                "robot": bool(data.get("robot")),
                "about": _text(data, "about"),
                "known": _words(data.get("known")),
                "path": summary.path if summary.queue or summary.sub_hotline else "",  # else the menus begin again
            }
        case Kind.QUEUED:
            return {
                "state": CallState.WAITING,
                "queue": record.queue,
                "queued": record.at,
                "agent": None,
                "offers": 0,
                "onward": None,
                "since": record.at if (head := _seconds(data, "head_start")) >= FRONT else record.at - head,
            }
        case Kind.OFFERED:
            return {"state": CallState.RINGING, "agent": record.agent, "offers": summary.offers + 1}
        case Kind.OFFER_ANSWERED:
            return {"agent": record.agent} if summary.state is CallState.RINGING else {}
        case Kind.CONNECTED:
            return {
                "state": CallState.TALKING,
                "agent": record.agent,
                "offers": 0,
                "since": None,
                **_answered(summary, record, Outcome.ANSWERED),
            }
        case Kind.TALK_ENDED | Kind.TRANSFER_ENDED | Kind.SUB_HOTLINE_ENDED:
            return {"state": CallState.SURVEY, "onward": None}
        case Kind.CALL_FINISHED:
            ended = {"state": CallState.ENDED, "ended": record.at, "offers": 0, "onward": None, "since": None}
            return ended | {"outcome": _final(summary, data), "path": summary.path.rstrip(",")}
        case Kind.MENU_ENTERED:
            return {"state": CallState.MENU, "onward": None, "since": None, **_led(summary, ",")}
        case Kind.KEY_PRESSED if data.get("menu"):
            return _led(summary, _text(data, "key"))
        case Kind.ROUTED:
            to = data.get("to")
            front = {"front": _text(data, "agent_first")} if data.get("front") else {}
            began = {"since": float(data["since"])} if data.get("since") is not None else {}
            first = {"apology": _text(data, "apology")} if data.get("apology") else {}
            onward = {**to, **front, **first} if isinstance(to, Mapping) else {}
            return {"state": CallState.MENU, "onward": onward, **began} if onward else {}
        case Kind.TRANSFERRED:
            return _transferred(summary, record)
        case Kind.TRANSFER_ANSWERED:
            to = data.get("to")
            outcome = Outcome.ANSWERED if isinstance(to, Mapping) and "agent" in to else Outcome.SUB_HOTLINE
            return {"state": CallState.TALKING, **_answered(summary, record, outcome)}
        case Kind.TRANSFER_FAILED:
            return {"state": CallState.MENU, "agent": None, "onward": None, **_settled(summary, Outcome.FAILED)}
        case Kind.LANGUAGE_CHOSEN:
            return {"language": _text(data, "language")}
        case Kind.RECORDING_TOLD:
            return {"told": True}
        case Kind.RECORDING_BEGUN | Kind.RECORDING_RESUMED:
            return {"recording": "on"}
        case Kind.RECORDING_PAUSED:
            return {"recording": "paused"}
        case Kind.LEARNED:
            return {"known": {**summary.known, _text(data, "name"): _text(data, "value")}}
        case Kind.SUB_HOTLINE_DIALLED:
            dialled = _text(data, "sub_hotline") or None
            return {"state": CallState.RINGING, "agent": None, "onward": None, "sub_hotline": dialled}
        case Kind.SUB_HOTLINE_ANSWERED:
            line = {"sub_hotline": _text(data, "sub_hotline")}
            return {"state": CallState.TALKING, "onward": line, **_answered(summary, record, Outcome.SUB_HOTLINE)}
        case Kind.SUB_HOTLINE_FAILED:
            return {"state": CallState.MENU, **_settled(summary, Outcome.FAILED)}
        case Kind.CALLBACK_ANSWERED:
            since = float(data.get("since", record.at)) if summary.since is None else summary.since
            waits = {"state": CallState.WAITING, "queue": record.queue, "queued": record.at, "since": since}
            return {**waits, "agent": None, "offers": 0, "onward": None}
        case Kind.OFFER_FAILED | Kind.OFFER_CANCELLED:
            return _offer_over(summary, record)
        case Kind.MESSAGE_BEGUN if data.get("survey"):
            return {}
        case Kind.MESSAGE_BEGUN:
            message = {"queue": record.queue, "limit": data.get("limit_s")}
            return {"state": CallState.MENU, "queue": summary.queue or record.queue, "onward": {"message": message}}
        case Kind.LEFT_QUEUE:
            gone = _settled(summary, Outcome.ABANDONED) if data.get("why") in ABANDONED else {}
            return {"state": CallState.MENU, "agent": None, "offers": 0, "since": None, **gone}
        case Kind.CALLBACK_PROMISED:
            return {"since": None}
        case Kind.MOVED if isinstance(to := data.get("to"), Mapping) and "queue" in to:
            return {"state": CallState.MENU, "agent": None, "offers": 0, "onward": {"queue": _text(to, "queue")}}
        case Kind.OVERFLOWED:
            return {"state": CallState.MENU, "agent": None, "offers": 0, **_settled(summary, Outcome.OVERFLOWED)}
        case Kind.HELD:
            return {"held": record.at, "returning": False, "silent": ()}
        case Kind.UNHOLD_ASKED:
            return {"returning": summary.held is not None}
        case Kind.UNHELD:
            return {"held": None} if summary.third else {"held": None, **NOBODY_CONSULTED}
        case Kind.TALK_INTERRUPTED:
            return {"held": None, "silent": (), **NOBODY_CONSULTED}
        case Kind.CONSULT_ASKED | Kind.CONSULT_ANSWERED | Kind.CONSULT_JOINED:
            answered, joined = record.kind is not Kind.CONSULT_ASKED, record.kind is Kind.CONSULT_JOINED
            return {"consulted": _words(data.get("to")), "asked": answered, "third": joined, "returning": False}
        case Kind.CONSULT_FAILED | Kind.CONSULT_ENDED:
            return NOBODY_CONSULTED | {"returning": summary.held is not None}
        case Kind.WRAP_UP_CODE:
            return {"code": _text(data, "code") or None}
        case kind if kind in CALL_OUT:
            return _of_call_out(record)
        case Kind.SOUND_LOST | Kind.SOUND_BACK:
            others = {side for side in summary.silent if side != data.get("side")}
            lost = {_text(data, "side")} if record.kind is Kind.SOUND_LOST else set()
            return {"silent": tuple(sorted(others | lost))}
        case Kind.HELP_CALLED | Kind.HELP_OVER:
            return {"help_since": record.at if record.kind is Kind.HELP_CALLED else None}
        case kind if kind in listeners.KINDS:
            taken = {"help_since": None} if record.kind is Kind.LISTENING_BEGAN else {}
            return {"listeners": listeners.after(summary.listeners, record), **taken}
        case _:
            return {}


def _led(summary: CallSummary, step: str) -> dict[str, Any]:
    """The path after a key, or, with a comma, after entering a menu. A key that led nowhere, such as to hear the menu
    again, is replaced by the next one.
    """
    if summary.queue is not None or summary.sub_hotline is not None:
        return {}
    led = summary.path.rstrip(",") if step == "," else summary.path[: summary.path.rfind(",") + 1]
    return {"path": (led + step).lstrip(",")[:LONGEST_TEXT]}


def _of_call_out(record: Record) -> dict[str, Any]:
    data = record.data
    match record.kind:
        case Kind.CALL_OUT_DIALLED:
            return {
                "direction": Direction.OUT,
                "state": CallState.RINGING,
                "ended": None,
                "caller": _text(data, "number"),
                "number": _text(data, "shown"),
                "language": _text(data, "language"),
                "queue": record.queue,
                "agent": record.agent,
                "told": bool(data.get("recorded")),
            }
        case Kind.CALL_OUT_ANSWERED:
            return {"state": CallState.TALKING, "answered": record.at, "outcome": Outcome.ANSWERED}
    outcome = Outcome.FAILED if record.kind is Kind.CALL_OUT_FAILED else Outcome.ANSWERED
    return {"state": CallState.ENDED, "ended": record.at, "outcome": outcome}


def _transferred(summary: CallSummary, record: Record) -> dict[str, Any]:
    """To a phone, which rings, or to another destination of the hotline."""
    to = record.data.get("to")
    if not isinstance(to, Mapping):
        return {}
    if "agent" in to or "number" in to:
        onward = {**to, "by": record.agent or "", "queue": summary.queue or ""}
        return {"state": CallState.RINGING, "agent": _text(to, "agent") or None, "offers": 0, "onward": onward}
    return {"state": CallState.MENU, "agent": None, "offers": 0, "onward": to}


def _seconds(data: Mapping[str, Any], key: str) -> float:
    value = data.get(key)
    return float(value) if isinstance(value, int | float) else 0.0


def _offer_over(summary: CallSummary, record: Record) -> dict[str, Any]:
    """One ring is over; the call waits again when no other rings for it."""
    if summary.state is not CallState.RINGING or summary.offers == 0:
        return {}
    if summary.offers == 1:
        return {"state": CallState.WAITING, "agent": None, "offers": 0}
    return {"offers": summary.offers - 1, "agent": None if summary.agent == record.agent else summary.agent}


def _answered(summary: CallSummary, record: Record, outcome: Outcome) -> dict[str, Any]:
    first = record.at if summary.answered is None else summary.answered
    return {"answered": first, "outcome": Outcome.ANSWERED if summary.outcome is Outcome.ANSWERED else outcome}


def _settled(summary: CallSummary, outcome: Outcome) -> dict[str, Any]:
    return {} if summary.outcome in REACHED else {"outcome": outcome}


_OUTCOMES = tuple(Outcome)


def _final(summary: CallSummary, data: Mapping[str, Any]) -> Outcome:
    """What the record says, if it says an outcome; else what the story says."""
    said = data.get("outcome")
    if said in _OUTCOMES:
        return Outcome(said)
    by = data.get("by")
    if summary.outcome in REACHED:
        return summary.outcome
    if summary.queue is not None and summary.state in (CallState.WAITING, CallState.RINGING):
        return Outcome.ABANDONED if by == EndedBy.CALLER else Outcome.FAILED
    if summary.outcome is not None:
        return summary.outcome
    return Outcome.HUNG_UP if by == EndedBy.CALLER else Outcome.MESSAGE


def _words(value: Any) -> dict[str, str]:
    """What is known of a caller, from a Record."""
    return {str(name): str(words) for name, words in value.items()} if isinstance(value, Mapping) else {}


def _text(data: Mapping[str, Any], key: str) -> str:
    return str(data.get(key) or "")[:LONGEST_TEXT]


@dataclass(frozen=True, slots=True)
class Search:
    """What a call has to be. None: whatever it is. Times are seconds since the epoch.

    queue, agent  that it is in or with, or was last
    outcome       how it ended: of calls that have ended
    caller        the caller's number, however it is written
    words         stand in a note on it, in this order; upper and lower case are the same
    since, until  when it began, both included
    before        the call began before this one, given by its beginning and its id
    direction     who has called whom
    path          the keys that led the caller through the menus, all of them: `1,2`
    """

    state: CallState | None = None
    queue: str | None = None
    agent: str | None = None
    outcome: Outcome | None = None
    caller: str | None = None
    words: str | None = None
    since: float | None = None
    until: float | None = None
    before: tuple[float, str] | None = None
    direction: Direction | None = None
    path: str | None = None

    def fits(self, call: CallSummary) -> bool:
        """Whether the call is looked for, as far as `words` leaves it open."""
        return (
            self.state in (None, call.state)
            and self.queue in (None, call.queue)
            and self.agent in (None, call.agent)
            and self.direction in (None, call.direction)
            and self.path in (None, call.path.rstrip(","))
            and (self.outcome is None or (call.state is CallState.ENDED and call.outcome is self.outcome))
            and (self.caller is None or (call.caller != "" and plain(call.caller) == plain(self.caller)))
            and (self.since is None or call.started >= self.since)
            and (self.until is None or call.started <= self.until)
            and (self.before is None or (call.started, call.id) < self.before)
        )

    def noted(self, story: Iterable[Record]) -> bool:
        """Whether a note in the story has the words; without words, always."""
        if self.words is None:
            return True
        wanted = self.words.lower()
        return any(wanted in (one.note or "").lower() for one in wrap_ups(story))


EVERY_CALL = Search()
