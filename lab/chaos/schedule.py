"""What is broken and when, drawn from a seed: the same seed breaks the same things at the same moments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What is broken."""

    KILL = "service killed"  # SIGKILL; it is started again
    KILL_AGAIN = "service killed while it starts"
    MACHINE = "service's machine dead"  # killed, its connections stay open for ever; started on another machine
    STOP = "service stopped"  # SIGTERM, as at an upgrade
    FREEZE = "service frozen"  # SIGSTOP, then SIGCONT, as on a machine that swaps or migrates
    AMI_CUT = "AMI cut"
    AMI_AWAY = "AMI away"  # cut, and refused for a while
    AMI_HALF_OPEN = "AMI half open"  # nothing arrives, nothing fails
    AMI_LAG = "AMI lags"
    AGI_CUT = "AGI cut"
    AGI_LAG = "AGI lags"
    DATABASE_LOCKED = "database locked"
    ASTERISK_KILLED = "Asterisk killed"
    ASTERISK_STOPPED = "Asterisk stopped"
    BOTH_KILLED = "service and Asterisk killed"  # only where callbacks are all that goes on


EACH = (
    *(Fault.KILL,) * 2,
    Fault.MACHINE,
    Fault.STOP,
    Fault.FREEZE,
    Fault.AMI_CUT,
    Fault.AMI_AWAY,
    Fault.AMI_HALF_OPEN,
    Fault.AMI_LAG,
    Fault.AGI_CUT,
    Fault.DATABASE_LOCKED,
    Fault.ASTERISK_KILLED,
)
"""Those of a quick storm: without the variants of these."""


class Moment(StrEnum):
    """What has just happened at some phone when the fault is dealt."""

    GREETING = "greeting"  # a caller has dialled
    MENU = "menu"  # a caller has pressed a key
    WAITING = "waiting"  # a caller has been told to wait
    ANNOUNCED = "announcement"  # a caller hears the position
    RINGING = "ringing"  # an agent's phone rings
    ANSWERED = "answered"  # an agent has picked up: the whisper plays, the caller comes
    TALKING = "talking"  # a caller hears an agent
    SENT_ON = "transfer"  # an agent's phone sends its caller on
    OVER = "talk over"  # an agent or a caller has hung up: goodbye, wrap-up
    SUB_HOTLINE = "sub-hotline"  # a department's phone rings
    ANY = "any"  # no particular event
    HELD = "order over HTTP"  # an agent asks for a hold, a consultation, or their end. Only `_at` draws it
    PROMISED = "callback promised"  # a caller asks for it, and hears that it is. Only `_at` draws this and the next two
    CITIZEN = "citizen's phone"  # it rings, or the citizen has answered
    CONFIRMED = "citizen confirms"  # the citizen presses 1


@dataclass(frozen=True, slots=True)
class Blow:
    """Once the load has run for `at` seconds, wait for the moment, then `delay` seconds, then deal the fault.

    `lasts`: seconds until its repair; for the service, from its end to its next start. `strength`: seconds of lag.
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
LINK = frozenset({Fault.AMI_CUT, Fault.AMI_AWAY, Fault.AMI_HALF_OPEN})
"""What takes the service's link to Asterisk away. One that is late is there."""
ASTERISK = frozenset({Fault.ASTERISK_KILLED, Fault.ASTERISK_STOPPED, Fault.BOTH_KILLED})
ORDERS, CALLBACKS = (Moment.HELD,), (Moment.PROMISED, Moment.CITIZEN, Moment.CONFIRMED)
"""Moments with faults of their own."""

_OF_CALLBACKS = (
    *(Fault.KILL,) * 5,
    *(Fault.STOP, Fault.AMI_CUT, Fault.AMI_CUT, Fault.AMI_AWAY, Fault.AMI_HALF_OPEN),
    *(Fault.ASTERISK_KILLED, Fault.BOTH_KILLED),
)
"""Faults where callbacks are all that goes on, as often as each is to come."""

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
"""Relative frequency of each."""

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
    Fault.BOTH_KILLED: (0.5, 3.0),
}

_BETWEEN = (30.0, 60.0)
"""Seconds from one fault at such a moment to the next."""

_REST = (2.0, 8.0)
"""Seconds from one repair to the next fault."""

_RESTART = 3.0
"""Seconds that the service or Asterisk takes to be up again."""


def drawn(seed: int, seconds: float) -> list[Blow]:
    """Faults for `seconds`, and between them those at orders over HTTP, and at callbacks."""
    at = (*_at(seed, "orders", ORDERS, seconds), *_at(seed, "callbacks", CALLBACKS, seconds))
    return sorted([*_rounds(seed, seconds), *at], key=lambda blow: blow.at)


def at_callbacks(seed: int, seconds: float) -> list[Blow]:
    """As many faults as fit `seconds`, at every step of callbacks."""
    random = Random(seed)
    blows: list[Blow] = []
    at = 10.0
    while at < seconds:
        blow = replace(_blow(random, random.choice(_OF_CALLBACKS), at, short=True), moment=random.choice(CALLBACKS))
        blows.append(blow)
        at += blow.lasts + random.uniform(1.0, 3.0)
    return blows


def _rounds(seed: int, seconds: float) -> list[Blow]:
    """Each round has every fault as often as its weight says, in its own order."""
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


def _at(seed: int, name: str, moments: Sequence[Moment], seconds: float) -> list[Blow]:
    """Asterisk never ends here. A generator of its own draws them, so that a seed's other faults stay as they were."""
    random = Random(f"{seed}/{name}")
    faults = [fault for fault in _WEIGHTS if fault not in ASTERISK]
    blows: list[Blow] = []
    at = random.uniform(*_BETWEEN)
    while at < seconds:
        fault = random.choices(faults, [_WEIGHTS[fault] for fault in faults])[0]
        blow = _blow(random, fault, at)
        blows.append(replace(blow, moment=moments[0] if len(moments) == 1 else random.choice(moments)))
        at += random.uniform(*_BETWEEN)
    return blows


def hand(seed: int, faults: Sequence[Fault], every: float) -> list[Blow]:
    """These faults in an order drawn from the seed, one every `every` seconds, each short."""
    random = Random(seed)
    order = list(faults)
    random.shuffle(order)
    return [_blow(random, fault, 4.0 + every * number, short=True) for number, fault in enumerate(order)]


def _blow(random: Random, fault: Fault, at: float, *, short: bool = False) -> Blow:
    least, most = _LASTS[fault]
    lasts = random.uniform(least, least + (most - least) / 4 if short else most)
    lag = random.uniform(0.05, 1.0) if fault in (Fault.AMI_LAG, Fault.AGI_LAG) else 0.0
    moment = random.choice([moment for moment in Moment if moment not in ORDERS + CALLBACKS])
    return Blow(
        at, fault, moment, random.choice((0.0, 0.0, random.uniform(0, 0.2), random.uniform(0, 2.0))), lasts, lag
    )
