"""Queues and agents for HTTP: the engine's views, over the hotline in use."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from acd.callers import CallerView, Standing
from acd.distributor import Distributor
from acd.effects import Refuse
from acd.events import AbilitiesRequested, StateRequested, WrapUpExtended
from acd.last_hour import HourView, LastHour
from acd.model import Queue
from acd.views import Crew, QueueView
from agents.api import DayOut
from agents.model import NOTHING_BESIDE, Abilities, Agent, AgentView, Beside
from agents.states import AgentState
from base.failure import NotPossible
from base.log import without_numbers
from hotline.model import Hotline
from journal.actor import Actor


class Board:
    """The `QueueSource` and the `AgentSource` of the routers. `beside`: as `CallBook.beside`."""

    def __init__(
        self,
        distributor: Distributor,
        last_hour: LastHour,
        hotline: Callable[[], Hotline],
        beside: Callable[[str, str], Beside],
    ) -> None:
        self._distributor = distributor
        self._last_hour = last_hour
        self._hotline = hotline
        self._beside = beside

    def queues(self) -> Mapping[str, Queue]:
        return self._hotline().queues

    def queue_view(self, queue_id: str) -> QueueView:
        now = self._distributor.clock.now()
        view = self._distributor.engine.queue_view(queue_id, now)
        hotline = self._hotline()
        hours = hotline.queues[queue_id].hours
        if hours is None:
            return view
        opening = hotline.timetable.opening(hours, datetime.fromtimestamp(now, UTC))
        change = None if opening.until is None else opening.until.timestamp()
        if opening.open:
            return replace(view, closes=change)
        return replace(view, open=False, opens=change)

    def crews(self) -> Mapping[str, Crew]:
        return self._distributor.engine.crews()

    def last_hour(self, queue_id: str) -> HourView:
        return self._last_hour.view(queue_id, self._distributor.clock.now())

    def callers(self, queue_id: str, limit: int) -> Iterator[CallerView]:
        """The first `limit` callers of a queue that there is, in order, each worked out when it is asked for."""
        return self._distributor.engine.callers(queue_id, self._distributor.clock.now(), limit)

    def line_up(self, queue_ids: Iterable[str], limit: int) -> Mapping[str, Sequence[Standing]]:
        return self._distributor.engine.line_up(queue_ids, limit)

    def agents(self) -> Mapping[str, Agent]:
        return self._hotline().agents

    def agent_view(self, agent_id: str) -> AgentView:
        view = self._distributor.engine.agent_view(agent_id)
        if view.state is AgentState.ON_CALL and view.call_id is not None:
            beside = self._beside(view.call_id, agent_id)
            return view if beside == NOTHING_BESIDE else replace(view, **beside._asdict())
        return view

    def serves(self, agent_id: str) -> Collection[str]:
        hotline = self._hotline()
        agent = hotline.agents.get(agent_id)
        if agent is None:  # an account may outlive its agent
            return ()
        skills = agent.knowing(self._distributor.engine.edited(agent_id)).skills
        return [name for name, queue in hotline.queues.items() if queue.served_by(skills)]

    def subjects(self, queues: Callable[[str], bool]) -> Collection[str]:
        hotline = self._hotline()
        named = [queue for name, queue in hotline.queues.items() if queues(name)]
        needed = [skill for queue in named for needs in queue.alternatives for skill in needs]
        whole = len(named) == len(hotline.queues)
        known = [skill for agent in hotline.agents.values() for skill in agent.skills] if whole else []
        return dict.fromkeys((*needed, *known))

    def languages(self) -> Collection[str]:
        return self._hotline().languages

    async def set_abilities(self, agent_id: str, abilities: Abilities, actor: Actor) -> None:
        own = self._hotline().agents[agent_id]
        edited = abilities != own.abilities
        self._ask(AbilitiesRequested(own.knowing(abilities if edited else None), edited, actor))

    def agent_day(self, agent_id: str) -> DayOut:
        now = self._distributor.clock.now()
        day = self._distributor.engine.agent_day(agent_id, now)
        moment = datetime.fromtimestamp(now, self._hotline().zone)
        since = moment.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        return DayOut(since=since, calls=day.calls, missed=day.missed, talk_s=day.talk_s, wrap_up_s=day.wrap_up_s)

    async def request(self, agent_id: str, state: AgentState, reason: str, actor: Actor, *, insist: bool) -> None:
        self._ask(StateRequested(agent_id, state, actor, without_numbers(reason), insist))

    async def extend_wrap_up(self, agent_id: str, seconds: float, actor: Actor) -> None:
        self._ask(WrapUpExtended(agent_id, seconds, actor))

    def _ask(self, event: StateRequested | WrapUpExtended | AbilitiesRequested) -> None:
        for effect in self._distributor.ask(event):
            if isinstance(effect, Refuse):
                raise NotPossible(effect.why)
