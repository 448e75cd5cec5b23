"""The engine's state as plain data: what a snapshot holds and what Records change. All times are epoch seconds.

Only what cannot be worked out: no orders, no timers, nothing that the hotline defines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from acd.effects import NOTHING_SAID, CancelReason, LastSaid
from acd.engine.averages import HandlingTime, Staying
from acd.engine.parts import Sent
from acd.model import Coded
from agents.model import Abilities
from agents.states import AgentState, PhoneState

FORMAT = 1
"""Of snapshots; changes when old ones cannot be read any more."""


@dataclass(slots=True)
class RoundState:
    """`open`: freed agents may join. `began`: when; this says which relaxing steps had come in."""

    step: int
    began: float
    agents: set[str]
    open: bool = True


@dataclass(slots=True)
class PlaceState:
    """A caller. `rings`: how many agents ring. `agent`: the one on the call, since `connected_at`. `told`: what the
    queue has said to the caller last; snapshots know it by this name. `sticky`: the agent of last time, to whom the
    caller has a right until `sticky_until`.
    """

    queue: str
    language: str
    entered: float
    head_start: float
    sequence: int
    message: int = 0
    rings: int = 0
    last_agent: str | None = None
    round: RoundState | None = None
    agent: str | None = None
    connected_at: float = 0.0
    test: bool = False
    told: LastSaid = NOTHING_SAID
    robot: bool = False
    sticky: str | None = None
    sticky_until: float = 0.0


@dataclass(slots=True)
class CallbackState:
    """A caller who has hung up and is to be called back, at `place`. `due`, `dialled`: as in `acd.engine.parts`."""

    place: PlaceState
    due: float
    dialled: bool = False


@dataclass(slots=True)
class SeatState:
    """An agent. `armed` and `out_armed` order timers that are due at the same moment.

    out_since  since when the agent is signed in and out of reach; None: not so, or `away`
    """

    since: float
    state: AgentState = AgentState.LOGGED_OUT
    reason: str = ""
    phone: PhoneState = PhoneState.UNREACHABLE
    queue: str | None = None
    call: str | None = None
    test: bool = False
    idle_since: float = 0.0
    reason_since: float = 0.0
    engaged_at: float = 0.0
    missed: int = 0
    failures: int = 0
    paused_until: float | None = None
    calls: int = 0
    talk: float = 0.0
    missed_today: int = 0
    wrapped: float = 0.0
    coded: Coded = Coded.NO
    until: float | None = None
    next_state: AgentState | None = None
    next_reason: str = ""
    removed: bool = False
    edited: Abilities | None = None
    away: bool = False
    sent: Sent | None = None
    by_sent: bool = False
    armed: int = 0
    out_since: float | None = None
    out_armed: int = 0


@dataclass(slots=True)
class OfferState:
    """An offer: it rings, or is answered and not connected yet."""

    call: str
    agent: str
    step: int
    at: float
    due: float
    answered: bool = False
    armed: int = 0


@dataclass(slots=True)
class QueueState:
    """What a queue has counted and learnt. `empty_since`: by language, since when nobody is there."""

    handling: HandlingTime = field(default_factory=HandlingTime)
    staying: Staying = field(default_factory=Staying)
    last_agent: str | None = None
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    empty_since: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """`day_ends`: when the day's counts start anew; None: not known. `armed`: how often a timer was set."""

    format: int = FORMAT
    at: float = 0.0
    day_ends: float | None = None
    arrivals: int = 0
    offers_made: int = 0
    armed: int = 0
    places: dict[str, PlaceState] = field(default_factory=dict)
    callbacks: dict[str, CallbackState] = field(default_factory=dict)
    seats: dict[str, SeatState] = field(default_factory=dict)
    offers: dict[str, OfferState] = field(default_factory=dict)
    queues: dict[str, QueueState] = field(default_factory=dict)
    dead: dict[str, tuple[str, CancelReason]] = field(default_factory=dict)


class UnreadableSnapshot(ValueError):
    """It is no snapshot, or one of another version of Wutong."""


_STATE = TypeAdapter(State)

Kept = TypeVar("Kept")


def dump(state: State) -> dict[str, Any]:
    """`state` as JSON values."""
    plain: dict[str, Any] = _STATE.dump_python(state, mode="json")
    return plain


def load(snapshot: Mapping[str, Any]) -> State:
    """The state of which `dump` made `snapshot`. Raises UnreadableSnapshot."""
    if snapshot.get("format") != FORMAT:
        raise UnreadableSnapshot(f"the snapshot has the format {snapshot.get('format')!r}, not {FORMAT}")
    return recalled(_STATE, snapshot, "the snapshot")


def recalled(form: TypeAdapter[Kept], kept: object, what: str) -> Kept:
    """A part of a snapshot, which is called `what`. Raises UnreadableSnapshot."""
    try:
        return form.validate_python(kept)
    except ValidationError as error:
        raise UnreadableSnapshot(f"{what} cannot be read: {error.error_count()} faults") from error
