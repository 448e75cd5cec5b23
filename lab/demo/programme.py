"""What happens in a demo by itself, and when: the same again every half an hour. Pure."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Scene(StrEnum):
    """What happens, in words."""

    CONSULTATION = "a consultation: an agent puts the caller on hold and asks a colleague, then talks on"
    BURST = "a burst for Gas: many people smell gas at once"
    TAKE_OVER = "a consultation in which the colleague takes the caller over"
    DEPARTMENT = "a transfer: a caller goes on to the greening bureau's own line"
    PHONE_DIES = "an agent's phone dies in a talk: the caller hears an apology and is served next; it is back soon"
    BREAK = "a break: an agent is not ready after a call"
    EMERGENCY = "an emergency message: all new callers hear it before the menu"


CYCLE = 1_800.0
"""Seconds of people until it begins again."""

PLAN: tuple[tuple[float, Scene], ...] = (
    (90, Scene.CONSULTATION),
    (180, Scene.BURST),
    (330, Scene.TAKE_OVER),
    (420, Scene.DEPARTMENT),
    (510, Scene.PHONE_DIES),
    (630, Scene.BREAK),
    (720, Scene.EMERGENCY),
)
"""Seconds of people from the beginning of a cycle. In the second half of it nothing but the usual calls happens."""


class Due(NamedTuple):
    """`at`: seconds of people since the demo began."""

    at: float
    scene: Scene


def programme() -> Iterator[Due]:
    """All scenes in order, without an end."""
    begins = 0.0
    while True:
        for at, scene in PLAN:
            yield Due(begins + at, scene)
        begins += CYCLE
