"""A machine of several, as it says of itself and as others see it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

AWAY_S = 10.0
"""Seconds without a sign of life in the database after which a machine counts as away. It gives one each 2 s."""


@dataclass(frozen=True, slots=True)
class Node:
    """This machine. `id`: of its state folder, chosen by chance. `name`: the setting `node`. `version`: of Wutong.
    `address`: where the others reach it, as `192.0.2.11:5070`; empty: nowhere. `begun`: the newest epoch that it has
    begun to lead in, in this start or before.
    """

    id: str
    name: str
    version: str
    address: str = ""
    begun: int = 0


class Part(StrEnum):
    """What a machine does now."""

    LEADS = "leads"
    STANDS_BY = "stands-by"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Seen:
    """A machine as the database has it. `since`: when its service started, `seen`: its last sign of life, in seconds
    since the epoch by PostgreSQL's clock. `epoch`: of its leadership; None: it does not lead. `address`: as of Node.
    """

    id: str
    name: str
    version: str
    since: float
    seen: float
    part: Part
    epoch: int | None
    address: str


def part_of(silent_s: float, *, leader: bool) -> Part:
    """`silent_s`: seconds since its last sign of life. `leader`: the database has it as the leader."""
    if silent_s > AWAY_S:
        return Part.AWAY
    return Part.LEADS if leader else Part.STANDS_BY
