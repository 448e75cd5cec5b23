"""What is open of calls, agents and callbacks between two Records, and the rows in which facts count. Times are
seconds since the epoch.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from agents.states import AgentState
from base.numbers import is_shown, plain
from journal.records import Record
from reports.sums import Dimension, Fact, Place

DAY = 86_400.0
"""Seconds. A state of an agent counts for so long without any Record: then the service was not there."""

LONGEST_NAME = 80
"""Characters of a name that are kept."""

WEEK = 7 * DAY
"""Seconds within which a caller who talks in the same queue again was not helped the first time."""


@dataclass(slots=True)
class Entry:
    """One stay in a queue. `callback`: of a citizen who was called back, and of `since` when the citizen entered by
    that call. `estimate`: seconds that the caller was told first, at `estimated`.
    """

    queue: str
    since: float
    callback: bool = False
    promised: bool = False
    estimate: float | None = None
    estimated: float = 0.0


@dataclass(slots=True)
class Talk:
    """An agent talks with the caller."""

    agent: str
    queue: str
    since: float
    held: float = 0.0
    held_since: float | None = None


@dataclass(slots=True)
class Call:
    """A citizen's call that is not over. `ended`: it is, but its entry or talk is not yet."""

    began: float
    number: str = ""
    language: str = ""
    version: str = ""
    district: str = ""
    caller: str = ""
    ours: bool = False  # the hotline calls the citizen back
    ended: float | None = None
    menu: tuple[str, float] | None = None  # since when; None: a key was pressed there, or the call has gone on
    entry: Entry | None = None
    talk: Talk | None = None
    rings: dict[str, float] = field(default_factory=dict)  # by offer, since when
    transfer: tuple[float, str, str, str] | None = None  # when, by which agent, of which queue, where to; not settled
    line: tuple[str, float, bool] | None = None  # the sub-hotline, since when, and whether it has answered
    queued: bool = False
    reached: bool = False
    answered: bool = False
    direct: bool = True
    elsewhere: bool = False


@dataclass(slots=True)
class Seat:
    """An agent. `since`: from when on the state is not counted yet. `wrap_up`: since when the agent is in it. `talk`:
    the beginning and the queue of the talk that is to be wrapped up. `pause`: since when the agent has a break, and
    the seconds that it may take. `left`: when a call that no queue has offered interrupted it, and its reason.
    """

    state: AgentState
    reason: str
    since: float
    wrap_up: float | None = None
    talk: tuple[float, str] | None = None
    pause: tuple[float, float] | None = None
    left: tuple[float, str] | None = None


@dataclass(slots=True)
class Promise:
    """A callback."""

    queue: str
    at: float
    until: float | None
    tried: bool = False


class Contact(NamedTuple):
    """A caller and a queue."""

    queue: str
    number: str


@dataclass(slots=True)
class Open:
    """What the fold knows.

    quarter   the running one, as a number
    contacts  when a caller's number last began to talk in a queue; whoever keeps the state keeps these elsewhere, and
              puts those here that the next Records need
    within    seconds for which these count
    """

    quarter: int = 0
    calls: dict[str, Call] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    contacts: dict[Contact, float] = field(default_factory=dict)
    within: float = WEEK


_OPEN = TypeAdapter(Open)


def kept(state: Open) -> str:
    """As JSON, without the contacts."""
    return _OPEN.dump_json(state, exclude={"contacts"}).decode()


def restored(json: str) -> Open:
    """What `kept` has made."""
    return _OPEN.validate_json(json)


Facts = Iterable[Fact]


def of_call(call: Call, *more: Place) -> tuple[Place, ...]:
    """The rows in which something of this call counts."""
    district = ((Dimension.DISTRICT, call.district),) if call.district else ()
    return (
        (Dimension.HOTLINE, ""),
        (Dimension.NUMBER, call.number),
        (Dimension.LANGUAGE, call.language),
        (Dimension.VERSION, call.version),
        *district,
        *more,
    )


def of_agent(agent: str, queue: str) -> tuple[Place, ...]:
    """The rows in which something that an agent does counts."""
    served = ((Dimension.QUEUE, queue),) if queue else ()
    return ((Dimension.HOTLINE, ""), (Dimension.AGENT, agent), *served)


def of_queue(queue: str | None) -> tuple[Place, ...]:
    return ((Dimension.HOTLINE, ""), (Dimension.QUEUE, queue or ""))


def counted(measure: str) -> Callable[[Open, Record], Facts]:
    """Each such Record is one, of its queue and, if it names one, of its agent."""

    def told(state: Open, record: Record) -> Facts:
        agent = ((Dimension.AGENT, record.agent),) if record.agent else ()
        yield Fact(record.at, (*of_queue(record.queue), *agent), {measure: 1})

    return told


def caller_of(data: Mapping[str, Any]) -> str:
    """The bare number of the caller whose call begins; "": the caller withholds it."""
    number = text(data.get("caller"))
    return plain(number) if is_shown(number) else ""


def text(value: Any) -> str:
    return str(value or "")[:LONGEST_NAME]


def ms(seconds: float) -> int:
    return round(seconds * 1000)
