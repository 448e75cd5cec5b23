"""What the wall knows: queues and agents as the event stream had them last. Pure."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.states import Need, need, rank, shown


class NotUnderstood(Exception):
    """A message of the stream is not what this version expects. The message says what of it."""


class _Line(BaseModel):
    """What is shown of one queue or agent. What else a newer service sends is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Level(_Line):
    """A queue's service level and its aim, in percent; None: no call counts yet. `within_s`: seconds to answer in."""

    percent: float | None
    within_s: float
    target_percent: float


class QueueLine(_Line):
    """A queue as `GET queues` has it. `agents`: how many, by state, its name with `_`."""

    id: str
    name: Mapping[str, str]
    waiting: int
    talking: int
    longest_wait_s: float
    estimate_s: float | None
    agents: Mapping[str, int]
    service_level: Level


class AgentLine(_Line):
    """An agent as `GET agents` has it. `state` is a word, as a newer service may have others."""

    id: str
    name: str
    state: str
    reason: str = ""
    since: datetime
    phone: str
    queue: str | None = None
    test: bool = False
    help_since: datetime | None = None
    missed_offers: int = 0
    break_limit: float | None = None

    @property
    def shown(self) -> str:
        """The state, or that the phone cannot be reached: a key of `LOOKS`, or a state of a newer service."""
        return shown(self.state, self.phone)

    def lasted(self, now: float) -> float:
        """Seconds in the state, or of a call for help; `now` in seconds since the epoch."""
        return max(0.0, now - (self.help_since or self.since).timestamp())

    def need(self, now: float) -> Need:
        return need(
            *(self.state, self.phone, self.reason, self.lasted(now)),
            missed=self.missed_offers,
            help_called=self.help_since is not None,
            limit=self.break_limit,
        )

    def rank(self, now: float) -> tuple[int, float, float, str]:
        return rank(self.id, self.shown, self.need(now), (self.help_since or self.since).timestamp())


class HourLine(_Line):
    """A queue's last hour as `GET queues/{id}/last-hour` has it."""

    queue: str
    waiting: tuple[int | None, ...]


class EmergencyLine(_Line):
    """The emergency message as `GET emergency` has it."""

    where: str = ""
    mode: str
    until: datetime


class _Message(_Line):
    at: datetime
    queues: tuple[QueueLine, ...]
    agents: tuple[AgentLine, ...]
    last_hour: tuple[HourLine, ...] = ()
    emergency: tuple[EmergencyLine, ...] | None = None
    timezone: tuple[str, ...] = ()


@dataclass(slots=True)
class Board:
    """Filled by `take`. Times are seconds since the epoch, by the service's clock.

    queues, agents  in the order of the hotline's folder, by id
    hours           how many callers waited minute by minute, the oldest first, by the id of the queue
    at              the time of the last message
    zone            the hotline's, of the times that are shown; this machine's, until it is known
    emergencies     the emergency messages that callers hear, that of all callers first
    as_sent         that message's queues and agents as they came, for machines
    """

    queues: dict[str, QueueLine] = field(default_factory=dict)
    agents: dict[str, AgentLine] = field(default_factory=dict)
    hours: dict[str, tuple[int | None, ...]] = field(default_factory=dict)
    emergencies: tuple[EmergencyLine, ...] = ()
    zone: tzinfo | None = None
    at: float = 0.0
    as_sent: dict[str, Any] = field(default_factory=dict)

    def take(self, event: str, data: str) -> None:
        """A message of the stream: `state` replaces everything, `changes` what it names. Others are left out.

        Raises NotUnderstood.
        """
        if event not in ("state", "changes"):
            return
        try:
            message = _Message.model_validate_json(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise NotUnderstood(f"{where}: {first['msg']}") from None
        if event == "state":
            self.queues, self.agents, self.hours, self.emergencies = {}, {}, {}, ()
            self.as_sent = json.loads(data)
        self.queues.update((queue.id, queue) for queue in message.queues)
        self.agents.update((agent.id, agent) for agent in message.agents)
        self.hours.update((hour.queue, hour.waiting) for hour in message.last_hour)
        if message.emergency is not None:
            self.emergencies = message.emergency
        for name in message.timezone:
            with suppress(ValueError, KeyError):  # this machine does not know it
                self.zone = ZoneInfo(name)
        self.at = message.at.timestamp()

    def longest_wait(self, queue: QueueLine, now: float) -> float:
        """Seconds that the first caller of the queue has waited at `now`; the message has those of its own time."""
        return queue.longest_wait_s + max(0.0, now - self.at) if queue.waiting else 0.0
