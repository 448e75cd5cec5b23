"""The history: the hotline's real distributor on a simulated clock, with simulated callers and agents. Pure.

So its Records are those that the service would have written, and what is made of Records (calls, figures, a restart)
takes them for what they are. The Record of each call's beginning says `demo`.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from acd.effects import Announce, LeaveQueue, RingAgent
from acd.engine.step import Engine
from acd.events import (
    Announced,
    CallEnded,
    CallLeft,
    CallQueued,
    EndedBy,
    Event,
    Left,
    OfferAnswered,
    OfferConnected,
    OfferFailed,
    OfferFailure,
    PhoneChanged,
    StateRequested,
    Tick,
)
from agents.states import AgentState, PhoneState
from hotline.model import Hotline
from ivr.model import ToQueue, ToSubHotline
from journal.actor import CALLER, SYSTEM, Actor
from journal.records import Kind, Record
from lab.demo.errands import NUMBER, caller_number, drawn, returning, way
from lab.demo.pace import Pace, share

MOST_CALLS, MOST_A_DAY = 10_000, 2_000
"""Calls of a history at most, which takes ten seconds to write; a busier or longer one has fewer by the hour."""

CLOSES = 900.0
"""Seconds before the history's end from which no more calls come: all that came have ended by then."""

MISSES, BREAKS = 0.005, 0.02
"""Of a hundred rings, or talks: how many are missed, and after how many the agent has a break."""

LONGEST = 300.0
"""Seconds that a caller waits or talks at most near the history's end."""


@dataclass(slots=True)
class _Caller:
    """A live call of the past. `queue`: where it is; `talks`: since when."""

    number: str
    queue: str | None = None
    talks: bool = False


class Past:
    """The hotline from `begins` to `ends`, in seconds since the epoch. `robots`: the agents who work."""

    def __init__(
        self, hotline: Hotline, robots: list[str], pace: Pace, begins: float, ends: float, day_end: Callable[..., float]
    ) -> None:
        self.calls = 0
        self._hotline, self._robots, self._pace = hotline, robots, replace(pace, speed=1.0)
        self._random = Random(f"{begins:.0f}")
        self._zone = ZoneInfo(hotline.timezone)
        self.begins, self._now, self._ends = begins, begins, ends
        self._rate = self._thinned(begins, ends)
        self._engine = Engine(
            hotline.queues, hotline.agents, seed=int(begins), now=begins, away_after=hotline.away_after, day_end=day_end
        )
        self._plan: list[tuple[float, int, Callable[[], None]]] = []
        self._planned = 0
        self._callers: dict[str, _Caller] = {}
        self._records: list[Record] = []

    def snapshot(self) -> dict[str, object]:
        """The distributor at the end, as a start takes it up: it has today's figures, and all agents are signed out."""
        return self._engine.snapshot()

    def batches(self, size: int) -> Iterator[list[Record]]:
        """All Records in order, at least `size` at a time but for the last."""
        for agent_id in self._robots:
            self._tell(PhoneChanged(agent_id, PhoneState.FREE))
            self._ask(agent_id, AgentState.READY)
        self._next_arrival()
        while self._plan or self._engine.deadline() is not None:
            self._step()
            if len(self._records) >= size:
                yield self._taken()
            if self._now >= self._ends - 1:
                break
        for agent_id in self._robots:
            self._tell(PhoneChanged(agent_id, PhoneState.UNREACHABLE))
            self._ask(agent_id, AgentState.LOGGED_OUT)
        yield self._taken()

    # -- the clock ----------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        deadline = self._engine.deadline()
        planned = self._plan[0][0] if self._plan else None
        if planned is not None and (deadline is None or planned <= deadline):
            when, _, act = heapq.heappop(self._plan)
            self._now = max(self._now, when)
            act()
        elif deadline is not None:
            self._now = max(self._now, deadline)
            self._tell(Tick())

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        self._planned += 1
        heapq.heappush(self._plan, (self._now + seconds, self._planned, act))

    def _taken(self) -> list[Record]:
        taken, self._records = self._records, []
        return taken

    def _tell(self, event: Event) -> None:
        for effect in self._engine.step(event, self._now):
            match effect:
                case Record():
                    self._records.append(effect)
                case RingAgent():
                    self._rung(effect)
                case Announce(call_id):
                    self._after(7.0, partial(self._tell, Announced(call_id)))
                case LeaveQueue(call_id):
                    self._after(3.0, partial(self._finish, call_id, EndedBy.CALLER))
                case _:
                    pass

    # -- callers ------------------------------------------------------------------------------------------------------

    def _thinned(self, begins: float, ends: float) -> float:
        """Calls a second at the peak: the pace's, or fewer, so that there are not too many."""
        hours = range(int((ends - begins) / 3_600) + 1)
        expected = sum(self._share(begins + 3_600 * hour) for hour in hours) * self._pace.calls_per_hour
        most = min(MOST_CALLS, MOST_A_DAY * (ends - begins) / 86_400)
        return self._pace.calls_per_hour / 3_600 * min(1.0, most / max(expected, 1.0))

    def _share(self, when: float) -> float:
        return share(datetime.fromtimestamp(when, self._zone))

    def _next_arrival(self) -> None:
        """A Poisson process whose rate follows the day, by thinning."""
        self._after(self._random.expovariate(self._rate), self._arrives)

    def _arrives(self) -> None:
        if self._now > self._ends - CLOSES:
            return
        self._next_arrival()
        if self._random.random() > self._share(self._now):
            return
        call_id = f"{int(self._now * 1000):x}-{self._random.getrandbits(32):08x}"
        caller = self._callers[call_id] = _Caller(caller_number(returning(self._random, self.calls)))
        self.calls += 1
        self._write(
            call_id,
            Kind.CALL_STARTED,
            CALLER,
            caller=caller.number,
            number=NUMBER,
            language=self._hotline.languages[0],
            channel="",
            resumed=False,
            version=self._hotline.version,
            demo=True,
        )
        taken = way(self._hotline, drawn(self._random))
        seconds = self._random.uniform(4, 8)
        for menu, language, key in taken.steps:
            self._after(seconds, partial(self._menu, call_id, menu, language, key))
            seconds += self._random.uniform(3, 8)
        match taken.end:
            case ToQueue(queue=queue):
                self._after(seconds, partial(self._queued, call_id, queue, taken.language))
            case ToSubHotline(sub_hotline=line):
                self._after(seconds, partial(self._dialled, call_id, line))
            case None:
                self._after(seconds, partial(self._finish, call_id, EndedBy.CALLER))

    def _menu(self, call_id: str, menu: str, language: str, key: str) -> None:
        self._write(call_id, Kind.MENU_ENTERED, menu=menu, language=language)
        if key:
            self._write(call_id, Kind.KEY_PRESSED, CALLER, key=key, menu=menu)

    def _queued(self, call_id: str, queue: str, language: str) -> None:
        self._callers[call_id].queue = queue
        self._tell(CallQueued(call_id, queue, language))
        patience = min(self._pace.patience(self._random), LONGEST)
        self._after(patience, partial(self._gives_up, call_id))

    def _gives_up(self, call_id: str) -> None:
        caller = self._callers.get(call_id)
        if caller is not None and not caller.talks and self._engine.may_leave(call_id):
            self._tell(CallLeft(call_id, Left.HUNG_UP))
            self._finish(call_id, EndedBy.CALLER)

    def _dialled(self, call_id: str, line: str) -> None:
        self._write(call_id, Kind.SUB_HOTLINE_DIALLED, sub_hotline=line, dial=self._hotline.sub_hotlines[line].dial)
        self._after(self._random.uniform(3, 9), partial(self._put_through, call_id, line))

    def _put_through(self, call_id: str, line: str) -> None:
        self._write(call_id, Kind.SUB_HOTLINE_ANSWERED, sub_hotline=line)
        self._after(self._talk(), partial(self._line_over, call_id, line))

    def _line_over(self, call_id: str, line: str) -> None:
        self._write(call_id, Kind.SUB_HOTLINE_ENDED, sub_hotline=line, by=EndedBy.CALLER.value)
        self._finish(call_id, EndedBy.CALLER)

    def _finish(self, call_id: str, by: EndedBy) -> None:
        if self._callers.pop(call_id, None) is not None:
            actor = CALLER if by is EndedBy.CALLER else SYSTEM
            self._write(call_id, Kind.CALL_FINISHED, actor, by=by.value)

    def _write(self, call_id: str, kind: Kind, actor: Actor = SYSTEM, **data: object) -> None:
        self._records.append(Record(self._now, kind, call_id, data=data, actor=actor))

    # -- agents -------------------------------------------------------------------------------------------------------

    def _rung(self, ring: RingAgent) -> None:
        if self._random.random() < MISSES:
            self._after(ring.ring, partial(self._missed, ring))
        else:
            self._after(self._random.uniform(1.5, 5), partial(self._answers, ring))

    def _missed(self, ring: RingAgent) -> None:
        self._tell(OfferFailed(ring.offer_id, OfferFailure.NO_ANSWER))
        self._after(60.0, partial(self._ask, ring.agent_id, AgentState.READY))

    def _answers(self, ring: RingAgent) -> None:
        self._tell(OfferAnswered(ring.offer_id))
        self._after(0.6, partial(self._connected, ring))

    def _connected(self, ring: RingAgent) -> None:
        caller = self._callers.get(ring.call_id)
        if caller is None or ring.offer_id not in {offer.id for offer in self._engine.offers()}:
            return
        caller.talks = True
        self._tell(OfferConnected(ring.offer_id))
        self._after(self._talk(), partial(self._talked, ring.call_id, ring.agent_id))

    def _talked(self, call_id: str, agent_id: str) -> None:
        by = self._random.choice((EndedBy.CALLER, EndedBy.AGENT))
        self._tell(CallEnded(call_id, by))
        if by is EndedBy.CALLER:
            self._finish(call_id, by)
        else:  # the caller hears the goodbye
            self._after(3.0, partial(self._finish, call_id, EndedBy.SYSTEM))
        if self._random.random() < BREAKS:
            self._ask(agent_id, AgentState.NOT_READY, "break")
            self._after(self._random.uniform(180, 900), partial(self._ask, agent_id, AgentState.READY))
        else:
            self._after(self._pace.wrap_up, partial(self._wrapped_up, agent_id))

    def _wrapped_up(self, agent_id: str) -> None:
        if self._engine.agent_view(agent_id).state is AgentState.WRAP_UP:
            self._ask(agent_id, AgentState.READY)

    def _talk(self) -> float:
        return min(self._pace.talk(self._random), LONGEST)

    def _ask(self, agent_id: str, state: AgentState, reason: str = "") -> None:
        self._tell(StateRequested(agent_id, state, Actor.agent(agent_id), reason))
