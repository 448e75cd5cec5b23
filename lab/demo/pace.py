"""How busy the demo's hotline is: calls by the hour, and how long its agents talk so that they keep up. Pure."""

from dataclasses import dataclass
from datetime import datetime
from math import exp
from random import Random

NIGHT, WEEKEND = 0.05, 0.45
"""Of the peak's calls: the share at night, and of a weekend's day."""

LEAST = 0.5
"""The live part never falls below this share: somebody who tries the demo at night wants to see calls, too."""

OCCUPIED = 0.8
"""The share of the agents' time that the peak's calls take."""

LONGEST_TALK, LONGEST_WRAP_UP = 240.0, 20.0
SHORTEST_TALK, SHORTEST_WRAP_UP = 5.0, 2.0
"""Seconds."""


def share(moment: datetime) -> float:
    """The share of the peak's calls at this local time: peaks at ten and at three, on working days."""
    hours = moment.hour + moment.minute / 60
    busy = max(exp(-(((hours - 10) / 1.8) ** 2)), 0.9 * exp(-(((hours - 15) / 2.2) ** 2)))
    return (NIGHT + (1 - NIGHT) * busy) * (WEEKEND if moment.weekday() >= 5 else 1.0)


@dataclass(frozen=True, slots=True)
class Pace:
    """`agents` robots, and `calls_per_hour` at the peak."""

    agents: int
    calls_per_hour: float

    @property
    def handling(self) -> float:
        """Seconds that a call may keep an agent, so that the peak's calls are served."""
        return OCCUPIED * self.agents * 3_600 / self.calls_per_hour

    @property
    def wrap_up(self) -> float:
        """Seconds from the end of a talk until the agent is ready."""
        return min(max(self.handling / 5, SHORTEST_WRAP_UP), LONGEST_WRAP_UP)

    def talk(self, random: Random) -> float:
        """Seconds of one talk: many short ones, a few long ones."""
        mean = min(max(self.handling - self.wrap_up - 4, SHORTEST_TALK), LONGEST_TALK)
        return min(max(mean * random.lognormvariate(-0.125, 0.5), SHORTEST_TALK / 2), 4 * mean)

    def patience(self, random: Random) -> float:
        """Seconds after which a caller who waits gives up."""
        return random.uniform(40, 180)

    def live_rate(self, moment: datetime) -> float:
        """Calls a second at this local time."""
        return self.calls_per_hour / 3_600 * max(share(moment), LEAST)
