"""What the event stream tells beside queues, agents and callers: emergency messages, the supervisors' news, a version's
trial, the hotline's zone, who listens to which talk, each queue's last hour, and an agent's colleagues.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass

from accounts.model import Reach
from accounts.roles import Permission
from acd.api import QueueSource, last_hour_out
from agents.api import AgentSource, colleague_out
from calls.listen_api import listening_out
from calls.listeners import Listening
from calls.targets_api import TargetSource, colleagues
from calls.trials import LastTrial
from journal.records import Kind
from web.fields import iso

Source = Callable[[], list[str]]
"""Gives the JSON of each thing of the kind."""


class Latest:
    """name        in a message, where it is a list
    source      what is so now
    kinds       Records after which it may be another
    permission  who is told
    """

    def __init__(self, name: str, source: Source, kinds: Collection[Kind], permission: Permission) -> None:
        self.name, self.kinds, self.permission = name, frozenset(kinds), permission
        self._source = source
        self._seen: list[str] = []
        self._number = -1

    def look(self, number: int) -> bool:
        """Whether it changed. `number`: of this look."""
        now = self._source()
        if now == self._seen:
            return False
        self._seen, self._number = now, number
        return True

    def since(self, told: int) -> list[str] | None:
        """Their JSON; None: nothing changed since the look `told`, or there is nothing to tell at first."""
        if told < 0:
            return self._seen or None
        return None if self._number <= told else self._seen


def emergency_of(source: Source) -> Latest:
    """The messages that are on."""
    kinds = (Kind.EMERGENCY_ON, Kind.EMERGENCY_ENDING, Kind.EMERGENCY_OVER)
    return Latest("emergency", source, kinds, Permission.SEE_EMERGENCY)


def notice_of(source: Source) -> Latest:
    """The supervisors' line of news."""
    return Latest("notice", source, (Kind.NOTICE,), Permission.SEE_NOTICE)


def trial_of(source: Callable[[], LastTrial | None]) -> Latest:
    """The trial that runs, or the last one. Its figures change with every call: `GET versions` has them."""

    def told() -> list[str]:
        found = source()
        if found is None:
            return []
        ended = None if found.ended is None else iso(found.ended)
        return [json.dumps({**asdict(found), "since": iso(found.since), "ended": ended})]

    return Latest("trial", told, (Kind.TRIAL_STARTED, Kind.TRIAL_ENDED), Permission.READ_FILES)


def zone_of(source: Callable[[], str]) -> Latest:
    """The hotline's time zone, in which people are told times."""
    return Latest("timezone", lambda: [json.dumps(source())], (Kind.HOTLINE_CHANGED,), Permission.SEE_QUEUES)


class Listened:
    """Who listens to which talk. `source`: all listenings that have not ended."""

    def __init__(self, source: Callable[[], Sequence[Listening]]) -> None:
        self._source = source
        self._seen: list[Listening] = []
        self._number = -1

    def look(self, number: int) -> bool:
        """Whether anything changed. `number`: of this look."""
        now = list(self._source())
        if now == self._seen:
            return False
        self._seen, self._number = now, number
        return True

    def since(self, told: int, reach: Reach) -> list[str] | None:
        """The JSON of all that a client of that reach may see; None: nothing changed since the look `told`."""
        if self._number <= told and told >= 0:
            return None
        return [listening_out(each).model_dump_json() for each in self._seen if reach.has_call(each.queue, None, None)]


MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class _Hour:
    """What was told of a queue, the JSON for clients, and the look that saw it change."""

    waiting: tuple[int | None, ...]
    json: str
    number: int


class Hours:
    """The last hour of each queue: once a minute, as a whole. `now`: seconds since the epoch."""

    def __init__(self, source: QueueSource, now: Callable[[], float]) -> None:
        self._source, self._now = source, now
        self._minute = -1.0
        self._hours: dict[str, _Hour] = {}

    def look(self, number: int) -> bool:
        """Look at every queue if another minute has begun; whether anything changed. `number`: of this look."""
        minute = self._now() // MINUTE
        if minute == self._minute:
            return False
        self._minute, changed = minute, False
        for name in self._source.queues():
            hour, seen = self._source.last_hour(name), self._hours.get(name)
            if seen is None or seen.waiting != hour.waiting:
                self._hours[name] = _Hour(hour.waiting, last_hour_out(name, hour).model_dump_json(), number)
                changed = True
        return changed

    def since(self, told: int, reach: Reach) -> list[str]:
        """The JSON of what is new to a client of that reach that was told up to the look `told`."""
        return [hour.json for name, hour in self._hours.items() if hour.number > told and reach.has_queue(name)]

    def next_look(self) -> float:
        """Seconds until another minute begins."""
        return MINUTE - self._now() % MINUTE

    def clear(self) -> None:
        """Forget all; the next look is at everything."""
        self._minute, self._hours = -1.0, {}


class Colleagues:
    """For an agent's desk: who the colleagues are, and whether they are free. `targets`: the lines of departments are
    no colleagues.
    """

    def __init__(self, source: AgentSource, targets: TargetSource) -> None:
        self._source, self._targets = source, targets
        self._seen: dict[str, tuple[str, int]] = {}  # JSON, and the look that saw the agent change

    def look_at_all(self, number: int) -> None:
        """Forget what was, and look at everybody. `number`: of this look."""
        known = [agent.id for agent in colleagues(self._targets, self._source)]
        self._seen = {agent_id: (self._json(agent_id), number) for agent_id in known}

    def look_at(self, touched: Collection[str], number: int) -> None:
        """Look at those whom Records named."""
        for agent_id in self._seen.keys() & touched:
            json = self._json(agent_id)
            if json != self._seen[agent_id][0]:
                self._seen[agent_id] = json, number

    def since(self, told: int, own: str) -> list[str]:
        """The JSON of those who have changed since the look `told`, for the desk of the agent `own`."""
        return [json for name, (json, number) in self._seen.items() if number > told and name != own]

    def clear(self) -> None:
        """There is no desk any more: forget all."""
        self._seen = {}

    def _json(self, agent_id: str) -> str:
        return colleague_out(self._source.agents()[agent_id], self._source.agent_view(agent_id)).model_dump_json()
