"""How busy the demo's hotline is, and how long its people take for what they do. Pure."""

from dataclasses import dataclass
from datetime import datetime
from math import exp
from random import Random

NIGHT, WEEKEND = 0.05, 0.45
"""Of the peak's calls: the share at night, and of a weekend's day."""

OCCUPIED = 0.6
"""The share of the agents' time that the peak's calls take. With more of it the queues miss their service level, as
few agents know each subject.
"""

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
    """`agents` robots, and `calls_per_hour` (of the history: at the day's peak). `speed`: how many times as fast as
    people everybody is: all seconds are shorter, and calls come faster.
    """

    agents: int
    calls_per_hour: float
    speed: float = 1.0

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls_per_hour / 3_600 * self.speed

    def seconds(self, of_people: float) -> float:
        """What takes people so many seconds."""
        return of_people / self.speed

    def between(self, random: Random, least: float, most: float) -> float:
        """Seconds, by chance: what takes people between `least` and `most`."""
        return self.seconds(random.uniform(least, most))

    @property
    def handling(self) -> float:
        """Seconds that a call may keep an agent, so that the peak's calls are served."""
        return self.seconds(OCCUPIED * self.agents * 3_600 / self.calls_per_hour)

    @property
    def wrap_up(self) -> float:
        """Seconds from the end of a talk until the agent is ready."""
        shortest, longest = self.seconds(SHORTEST_WRAP_UP), self.seconds(LONGEST_WRAP_UP)
        return min(max(self.handling / 5, shortest), longest)

    def talk(self, random: Random) -> float:
        """Seconds of one talk: many short ones, a few long ones."""
        shortest, longest = self.seconds(SHORTEST_TALK), self.seconds(LONGEST_TALK)
        mean = min(max(self.handling - self.wrap_up - self.seconds(4), shortest), longest)
        return min(max(mean * random.lognormvariate(-0.125, 0.5), shortest / 2), 4 * mean)

    def patience(self, random: Random) -> float:
        """Seconds after which a caller who waits gives up."""
        return self.between(random, 40, 180)
