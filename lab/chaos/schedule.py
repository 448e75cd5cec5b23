"""When what is broken: drawn from a seed, so that the same seed breaks the same things at the same moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What is broken."""

    KILL = "service killed"  # SIGKILL; it is started again
    KILL_AGAIN = "service killed while it starts"
    MACHINE = "service's machine dead"  # killed, and none of its connections ever ends; started on another one
    STOP = "service stopped"  # SIGTERM, as at an upgrade
    FREEZE = "service frozen"  # SIGSTOP, then SIGCONT, as by a machine that swaps or moves
    AMI_CUT = "AMI cut"
    AMI_AWAY = "AMI away"  # cut, and refused for a while
    AMI_HALF_OPEN = "AMI half open"  # nothing arrives, nothing fails
    AMI_LAG = "AMI lags"
    AGI_CUT = "AGI cut"
    AGI_LAG = "AGI lags"
    DATABASE_LOCKED = "database locked"
    ASTERISK_KILLED = "Asterisk killed"
    ASTERISK_STOPPED = "Asterisk stopped"


class Moment(StrEnum):
    """What has just happened somewhere, at a phone, when it is broken."""

    GREETING = "greeting"  # a caller has dialled
    MENU = "menu"  # a caller has pressed a key
    WAITING = "waiting"  # a caller has been told to wait
    ANNOUNCED = "announcement"  # a caller hears his position
    RINGING = "ringing"  # an agent's phone rings
    ANSWERED = "answered"  # an agent has picked up: the whisper plays, the caller comes
    TALKING = "talking"  # a caller hears his agent
    OVER = "talk over"  # an agent or a caller has hung up: goodbye, wrap-up
    SUB_HOTLINE = "sub-hotline"  # a department's phone rings
    ANY = "any"  # whatever is


@dataclass(frozen=True, slots=True)
class Blow:
    """Once the load has run for `at` seconds, wait for the moment, then `delay` seconds, then break it.

    `lasts`: seconds until it is mended; of the service, from its end to its next start. `strength`: seconds of lag.
    """

    at: float
    fault: Fault
    moment: Moment
    delay: float
    lasts: float
    strength: float = 0.0

    def __str__(self) -> str:
        lag = f", {self.strength:.2f} s late" if self.strength else ""
        return f"{self.fault} at {self.moment} + {self.delay:.2f} s for {self.lasts:.1f} s{lag}"


SERVICE = frozenset({Fault.KILL, Fault.KILL_AGAIN, Fault.MACHINE, Fault.STOP, Fault.FREEZE})
ASTERISK = frozenset({Fault.ASTERISK_KILLED, Fault.ASTERISK_STOPPED})

_WEIGHTS = {
    Fault.KILL: 12,
    Fault.KILL_AGAIN: 2,
    Fault.MACHINE: 3,
    Fault.STOP: 4,
    Fault.FREEZE: 3,
    Fault.AMI_CUT: 4,
    Fault.AMI_AWAY: 2,
    Fault.AMI_HALF_OPEN: 2,
    Fault.AMI_LAG: 3,
    Fault.AGI_CUT: 4,
    Fault.AGI_LAG: 3,
    Fault.DATABASE_LOCKED: 3,
    Fault.ASTERISK_KILLED: 1,
    Fault.ASTERISK_STOPPED: 1,
}
"""How often each comes, in proportion."""

_LASTS = {
    Fault.KILL: (0.1, 4.0),
    Fault.KILL_AGAIN: (0.2, 1.5),
    Fault.MACHINE: (0.1, 4.0),
    Fault.STOP: (0.1, 2.0),
    Fault.FREEZE: (0.5, 12.0),
    Fault.AMI_CUT: (0.0, 0.0),
    Fault.AMI_AWAY: (1.0, 6.0),
    Fault.AMI_HALF_OPEN: (2.0, 15.0),
    Fault.AMI_LAG: (3.0, 8.0),
    Fault.AGI_CUT: (0.0, 0.0),
    Fault.AGI_LAG: (3.0, 8.0),
    Fault.DATABASE_LOCKED: (2.0, 12.0),
    Fault.ASTERISK_KILLED: (0.5, 3.0),
    Fault.ASTERISK_STOPPED: (0.5, 3.0),
}

_REST = (2.0, 8.0)
"""Seconds from the mending of one to the next."""

_RESTART = 3.0
"""Seconds that the service, or Asterisk, takes to be there again."""


def drawn(seed: int, seconds: float) -> list[Blow]:
    """Faults for so long. Each round of them has every fault as often as its weight says, in an order of its own."""
    random = Random(seed)
    blows: list[Blow] = []
    at = 5.0
    while True:
        faults = [fault for fault, weight in _WEIGHTS.items() for _ in range(weight)]
        random.shuffle(faults)
        for fault in faults:
            blow = _blow(random, fault, at)
            at += blow.delay + blow.lasts + (_RESTART if fault in SERVICE | ASTERISK else 0) + random.uniform(*_REST)
            if at > seconds:
                return blows
            blows.append(blow)


def hand(seed: int, faults: Sequence[Fault], every: float) -> list[Blow]:
    """These faults in an order that hangs on the seed, one each `every` seconds, each short."""
    random = Random(seed)
    order = list(faults)
    random.shuffle(order)
    return [_blow(random, fault, 4.0 + every * number, short=True) for number, fault in enumerate(order)]


def _blow(random: Random, fault: Fault, at: float, *, short: bool = False) -> Blow:
    least, most = _LASTS[fault]
    lasts = random.uniform(least, least + (most - least) / 4 if short else most)
    lag = random.uniform(0.05, 1.0) if fault in (Fault.AMI_LAG, Fault.AGI_LAG) else 0.0
    moment = random.choice(list(Moment))
    return Blow(
        at, fault, moment, random.choice((0.0, 0.0, random.uniform(0, 0.2), random.uniform(0, 2.0))), lasts, lag
    )
