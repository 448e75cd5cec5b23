"""What breaks when in a storm over several machines, by its seed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

EVERY = 5.0
"""Seconds from one blow to the next: who leads then has settled."""


class Fault(StrEnum):
    """What breaks."""

    LEADER_KILLED = "the leader killed"
    LEADER_FROZEN = "the leader frozen"
    LEADER_CUT_OFF = "the leader cut off from PostgreSQL"
    LEADER_ALONE = "the leader cut off from the other machines"
    LEADER_ISOLATED = "the leader cut off from all"
    STANDBY_KILLED = "a machine that stands by killed"
    STANDBY_CUT_OFF = "a machine that stands by cut off from PostgreSQL"
    STOPPED = "PostgreSQL stopped"
    DROPPED = "the leader's session dropped"
    SLOW = "PostgreSQL's answers slow"
    DATAGRAMS_LATE = "datagrams late"
    ATTACKED = "datagrams recorded, sent again and forged"
    CLOCK_BACK = "PostgreSQL's clock set back, the leader killed"


QUICK = (Fault.STOPPED, Fault.CLOCK_BACK)
"""Of a quick storm."""


@dataclass(frozen=True, slots=True)
class Blow:
    """At `at` seconds these faults begin, and last `lasts` seconds. More than one: at the same time."""

    at: float
    lasts: float
    faults: tuple[Fault, ...]

    @property
    def name(self) -> str:
        return " + ".join(self.faults)


def drawn(seed: int, seconds: float) -> list[Blow]:
    """Each fault once before any comes again; a third of the blows have a second fault."""
    chance, pack, blows = Random(seed), list[Fault](), list[Blow]()
    at = EVERY / 2
    while at < seconds:
        pack = pack or chance.sample(list(Fault), len(Fault))
        faults = [pack.pop()]
        if chance.random() < 1 / 3:
            faults.append(chance.choice([fault for fault in Fault if fault not in faults]))
        blows.append(Blow(at + chance.uniform(0, 0.3), chance.uniform(0.3, 3.0), tuple(faults)))
        at += EVERY
    return blows


def each(faults: Sequence[Fault]) -> list[Blow]:
    """These, one after the other."""
    return [Blow(EVERY * number + 1.0, 1.2, (fault,)) for number, fault in enumerate(faults)]
