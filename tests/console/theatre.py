"""The hotline of `tests.unit.service.world` for pictures of the console: queues and agents are what a test says, and no
engine decides about them. A picture shows forty agents in states that stand still, and a real engine would ring and
time them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from acd.callers import CallerView, Standing
from acd.last_hour import MINUTES, HourView
from acd.views import Crew, QueueView
from agents.api import DayOut
from agents.model import Abilities, Agent, AgentView
from agents.states import AgentState, PhoneState
from base.failure import NotPossible
from calls.move_api import MoveIn, Moves
from calls.own_api import HelpCalls
from calls.wrap_up_api import Sheets
from dialplan.browser_phones import BrowserPhone, BrowserPhones
from dialplan.phones import browser_of
from hotline.edition import Edition
from hotline.model import HotlineQueue
from journal.actor import Actor
from tests.unit import desk
from tests.unit.desk import SINCE, Desk
from tests.unit.service import world


class Queues:
    """Those that there are, and what is seen of each."""

    def __init__(self) -> None:
        counts = dict.fromkeys(("ready", "ringing", "on_call", "wrap_up", "not_ready", "unreachable"), 0)
        self.known: dict[str, HotlineQueue] = dict(desk.hotline().queues)
        self.views = {name: QueueView(name, 0, 0, 0.0, None, counts, None, agents_now=counts) for name in self.known}
        self.crew: dict[str, Crew] = {}
        self.waiting: dict[str, list[CallerView]] = {}
        self.hours: dict[str, HourView] = {}
        self.standing: dict[str, list[Standing]] = {}

    def queue_view(self, queue_id: str) -> QueueView:
        return self.views[queue_id]


class Agents:
    """Those that there are, and what is seen of each. `refusal`: the answer to who asks for anything; `asked`: who."""

    def __init__(self) -> None:
        self.known: dict[str, Agent] = dict(desk.hotline().agents)
        self.views = {
            name: AgentView(name, AgentState.LOGGED_OUT, "", SINCE, PhoneState.FREE, None, None, 0, None)
            for name in self.known
        }
        self.refusal: str | None = None
        self.asked: list[Actor] = []

    def change(self, agent_id: str, actor: Actor, **parts: Any) -> None:
        self.asked.append(actor)
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        self.views[agent_id] = replace(self.views[agent_id], **parts)


class Staged(Desk):
    """The board of these. `moves`: of callers, that were asked for."""

    def __init__(self, here: "World") -> None:
        self._seen, self._crew = here.queues, here.agents
        super().__init__(here.book, lambda: here.now, here.in_use(), here.settings)

    @property
    def edition(self) -> Edition:
        seen = {"queues": self._seen.known, "agents": self._crew.known, "menus": desk.utilities()}
        return replace(super().edition, hotline=super().edition.hotline.model_copy(update=seen))

    def _restore(self, *_: Any) -> None:
        """No engine is asked."""

    def queue_view(self, queue_id: str) -> QueueView:
        return self._seen.queue_view(queue_id)

    def crews(self) -> Mapping[str, Crew]:
        return self._seen.crew

    def last_hour(self, queue_id: str) -> HourView:
        return self._seen.hours.get(queue_id, HourView(1_700_000_100.0, (None,) * MINUTES))

    def callers(self, queue_id: str, limit: int) -> Iterator[CallerView]:
        return iter(self._seen.waiting.get(queue_id, [])[:limit])

    def line_up(self, queue_ids: Iterable[str], limit: int) -> Mapping[str, Sequence[Standing]]:
        return {name: self._seen.standing.get(name, [])[:limit] for name in queue_ids}

    def agent_view(self, agent_id: str) -> AgentView:
        return self._crew.views[agent_id]

    def serves(self, agent_id: str) -> Collection[str]:
        # queues are called as the skills that they need
        return self._crew.known[agent_id].knowing(self._crew.views[agent_id].edited).skills

    def agent_day(self, agent_id: str) -> DayOut:
        midnight = datetime(2023, 11, 14, 16, tzinfo=UTC)
        return DayOut(since=midnight, calls=34, missed=1, talk_s=10_920.0, wrap_up_s=1_860.5)

    async def request(self, agent_id: str, state: AgentState, reason: str, actor: Actor, *, insist: bool) -> None:
        self._crew.change(agent_id, actor, state=state, reason=reason)

    async def set_abilities(self, agent_id: str, abilities: Abilities, actor: Actor) -> None:
        own = self._crew.known[agent_id].abilities
        self._crew.change(agent_id, actor, edited=None if abilities == own else abilities)

    async def extend_wrap_up(self, agent_id: str, seconds: float, actor: Actor) -> None:
        self._crew.change(agent_id, actor, until=(self._crew.views[agent_id].until or 0.0) + seconds)


class StagedMoves(Moves):
    """Of waiting callers. `refusal`: what is answered instead."""

    def __init__(self) -> None:
        self.refusal: str | None = None
        self.asked: list[tuple[str, str, Actor]] = []

    def queues(self) -> Collection[str]:
        return ["greening", "general"]

    def move(self, call_id: str, wanted: MoveIn, actor: Actor) -> int | None:
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        self.asked.append((call_id, str(wanted.to), actor))
        return 1


class Help(HelpCalls):
    """Agents' calls for it."""

    def __init__(self, agents: Agents, here: "World") -> None:
        self._agents, self._here = agents, here

    def call(self, agent_id: str, actor: Actor) -> None:
        self._agents.change(agent_id, actor, help_since=self._here.now)

    def over(self, agent_id: str, actor: Actor) -> None:
        self._agents.change(agent_id, actor, help_since=None)


class Codes(Sheets):
    """`known`: the codes by queue. `needed`: queues whose calls need one."""

    def __init__(self, staged: Desk) -> None:
        super().__init__(staged.distributor, lambda: staged.hotline)
        self.known: dict[str, Mapping[str, Mapping[str, str]]] = {}
        self.needed: set[str] = set()

    def codes(self, queue: str | None) -> Mapping[str, Mapping[str, str]]:
        return self.known.get(queue or "", {}) or super().codes(queue)

    def required(self, queue: str | None) -> bool:
        return queue in self.needed


class Phones(BrowserPhones):
    """Asterisk takes every password: the small one has a clock of its own, and a browser has the real one."""

    def __init__(self) -> None:
        self.port = 8088

    async def admit(self, agent_id: str, holder: str) -> BrowserPhone:
        return BrowserPhone(user=browser_of(agent_id), password="made for this test", port=self.port)

    async def shut_out(self, agent_id: str) -> None:
        """Nobody registers with that password any more."""


@dataclass
class World(world.World):
    queues: Queues = field(default_factory=Queues)
    agents: Agents = field(default_factory=Agents)
    moves: StagedMoves = field(default_factory=StagedMoves)
    sheets: Codes = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.browser_phones = Phones()

    def on_duty(self) -> Desk:
        made = Staged(self)
        self.sheets, self.help = Codes(made), Help(self.agents, self)
        return made
