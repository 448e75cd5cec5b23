"""Queues and agents in memory, that do what the real ones promise. `world` puts them together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from acd.callers import CallerView, Standing
from acd.last_hour import MINUTES, HourView
from acd.model import Queue
from acd.views import Crew, QueueView
from agents.api import BrowserPhone, DayOut, NotPossible
from agents.model import Abilities, Agent, AgentView
from agents.states import REQUESTABLE, AgentState, PhoneState
from calls.dial_api import AgentDials
from calls.help_api import HelpCalls
from journal.actor import Actor


class FakeQueues:
    def __init__(self) -> None:
        self.known = {
            "greening": Queue(id="greening", name={"zh": "绿化", "en": "Greening"}, needs={"greening": 3}),
            "general": Queue(id="general", name={"*": "综合"}, needs={"general": 1}),
        }
        self.views = {
            name: QueueView(name, 0, 0, 0.0, None, _counts(), None, agents_now=_counts()) for name in self.known
        }
        self.crew: dict[str, Crew] = {}
        self.waiting: dict[str, list[CallerView]] = {}
        self.hours: dict[str, HourView] = {}
        self.standing: dict[str, list[Standing]] = {}
        self.reads = self.looks = 0

    def queues(self) -> Mapping[str, Queue]:
        return self.known

    def crews(self) -> Mapping[str, Crew]:
        return self.crew

    def last_hour(self, queue_id: str) -> HourView:
        return self.hours.get(queue_id, HourView(1_700_000_100.0, (None,) * MINUTES))

    def callers(self, queue_id: str, limit: int) -> Iterator[CallerView]:
        return iter(self.waiting.get(queue_id, [])[:limit])

    def line_up(self, queue_ids: Iterable[str], limit: int) -> Mapping[str, Sequence[Standing]]:
        self.looks += 1
        return {name: self.standing.get(name, [])[:limit] for name in queue_ids}

    def queue_view(self, queue_id: str) -> QueueView:
        self.reads += 1
        return self.views[queue_id]


def _counts(**counts: int) -> Mapping[str, int]:
    return dict.fromkeys(("ready", "ringing", "on_call", "wrap_up", "not_ready", "unreachable"), 0) | counts


class FakeAgents:
    def __init__(self) -> None:
        self.known = {
            "1001": Agent(
                id="1001", name="绿化一席", skills={"greening": 4}, languages=("zh", "en"), password="hidden"
            ),
            "1002": Agent(id="1002", name="综合一席", skills={"general": 2}, languages=("zh",)),
        }
        self.views = {
            name: AgentView(name, AgentState.LOGGED_OUT, "", 1_700_000_000.125, PhoneState.FREE, None, None, 0, None)
            for name in self.known
        }
        self.needed = ["greening", "general"]
        self.refusal: str | None = None
        self.asked: list[Actor] = []
        self.insisted = False
        midnight = datetime(2023, 11, 14, 16, tzinfo=UTC)
        self.day = DayOut(since=midnight, calls=34, missed=1, talk_s=10_920.0, wrap_up_s=1_860.5)

    def agents(self) -> Mapping[str, Agent]:
        return self.known

    def agent_view(self, agent_id: str) -> AgentView:
        return self.views[agent_id]

    def serves(self, agent_id: str) -> Collection[str]:
        # queues are called as the skills that they need
        return self.known[agent_id].knowing(self.views[agent_id].edited).skills

    def agent_day(self, agent_id: str) -> DayOut:
        return self.day

    async def request(self, agent_id: str, state: AgentState, reason: str, actor: Actor, *, insist: bool) -> None:
        self.asked.append(actor)
        self.insisted = insist
        assert state in REQUESTABLE
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        self.views[agent_id] = replace(self.views[agent_id], state=state, reason=reason)

    def subjects(self, queues: Callable[[str], bool]) -> Collection[str]:
        return [name for name in self.needed if queues(name)]

    def languages(self) -> Collection[str]:
        return ["zh", "en"]

    async def set_abilities(self, agent_id: str, abilities: Abilities, actor: Actor) -> None:
        self.asked.append(actor)
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        edited = None if abilities == self.known[agent_id].abilities else abilities
        self.views[agent_id] = replace(self.views[agent_id], edited=edited)

    async def extend_wrap_up(self, agent_id: str, seconds: float, actor: Actor) -> None:
        self.asked.append(actor)
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        until = (self.views[agent_id].until or 0.0) + seconds
        self.views[agent_id] = replace(self.views[agent_id], until=until)


class FakeBrowserPhones:
    """`let_in`: agents with a password now; `holder`: of the last one; `failure`: what the next request raises."""

    def __init__(self) -> None:
        self.port = 8088
        self.let_in: set[str] = set()
        self.holder = ""
        self.failure: Exception | None = None

    async def admit(self, agent_id: str, holder: str) -> BrowserPhone:
        self._ask()
        self.holder = holder
        self.let_in.add(agent_id)
        return BrowserPhone(user=f"{agent_id}_browser", password="made for this test", port=self.port)

    async def shut_out(self, agent_id: str) -> None:
        self._ask()
        self.let_in.discard(agent_id)

    def _ask(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakeHelp(HelpCalls):
    """Agents who call for help. `refusal`: what is answered instead."""

    def __init__(self, agents: FakeAgents) -> None:
        self.agents = agents
        self.refusal: str | None = None

    def call(self, agent_id: str, actor: Actor) -> None:
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        self._set(agent_id, 1_700_000_060.0, actor)

    def over(self, agent_id: str, actor: Actor) -> None:
        self._set(agent_id, None, actor)

    def _set(self, agent_id: str, since: float | None, actor: Actor) -> None:
        self.agents.asked.append(actor)
        self.agents.views[agent_id] = replace(self.agents.views[agent_id], help_since=since)


class FakeDials(AgentDials):
    """Agents' phones that dial. `refusal`: what is answered instead."""

    def __init__(self) -> None:
        self.refusal: Exception | None = None
        self.dialled: list[tuple[str, str]] = []

    async def dial(self, agent_id: str, number: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.dialled.append((agent_id, number))
