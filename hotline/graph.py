"""Every way that a call can take through a hotline: which destination is written where, and what leads to what."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from hotline.document import Path
from hotline.model import SECTIONS, Hotline
from ivr.model import Destination, Gated, Place


class By(StrEnum):
    """What sends the call on."""

    KEY = "key"
    SILENCE = "no_input"
    WRONG_KEYS = "invalid"
    OVERFLOW = "overflow"
    WAITING_KEY = "waiting_key"  # pressed in a queue
    FAILURE = "failed"
    FALLBACK = "fallback"
    CLOSED = "closed"  # the place that a call has come to, or the whole hotline


@dataclass(frozen=True, slots=True)
class When:
    """The hours, by their names, that must be open, and those that must be closed."""

    open: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()

    def holds(self, open_: Set[str]) -> bool:
        """`open_`: what is open now."""
        return self.open <= open_ and self.closed.isdisjoint(open_)


ALWAYS = When()


@dataclass(frozen=True, slots=True)
class Way:
    """A destination, the path where it is written, and the place that it leads away from (None: the hotline itself,
    while it is closed or the service is away). `when`: a call takes it only then, by the hours of destinations.
    """

    source: Place | None
    by: By
    path: Path
    destination: Destination
    when: When = ALWAYS


def ways(hotline: Hotline) -> Iterator[Way]:
    """All of them. A message is one way, and what may follow it another of the same source; so is where a call goes
    while that destination is closed.
    """
    for section in SECTIONS:
        for name, gated in getattr(hotline, section).items():
            yield from _closed((section, name), (section, name), gated)
    yield from _closed(None, (), hotline)
    for menu_id, menu in hotline.menus.items():
        place = ("menus", menu_id)
        for key, destination in menu.keys.items():
            yield from _along(place, By.KEY, (*place, "keys", key), destination)
        yield from _along(place, By.SILENCE, (*place, "no_input", "then"), menu.no_input.then)
        yield from _along(place, By.WRONG_KEYS, (*place, "invalid", "then"), menu.invalid.then)
    for queue_id, queue in hotline.queues.items():
        place = ("queues", queue_id)
        for key, destination in queue.keys.items():
            yield from _along(place, By.WAITING_KEY, (*place, "keys", key), destination)
        for index, rule in enumerate(queue.overflow):
            yield from _along(place, By.OVERFLOW, (*place, "overflow", index, "then"), rule.then)
    for line_id, line in hotline.sub_hotlines.items():
        if line.failed is not None:
            place = ("sub_hotlines", line_id)
            yield from _along(place, By.FAILURE, (*place, "failed"), line.failed)
    if hotline.fallback is not None:
        yield Way(None, By.FALLBACK, ("fallback",), hotline.fallback)


def _closed(source: Place | None, path: Path, gated: Gated) -> Iterator[Way]:
    if gated.hours is not None and gated.closed is not None:
        yield from _along(source, By.CLOSED, (*path, "closed"), gated.closed, When(closed=frozenset({gated.hours})))


def _along(source: Place | None, by: By, path: Path, destination: Destination, when: When = ALWAYS) -> Iterator[Way]:
    if destination.hours is not None and destination.closed is not None:
        shut = replace(when, closed=when.closed | {destination.hours})
        yield from _along(source, by, (*path, "closed"), destination.closed, shut)
        when = replace(when, open=when.open | {destination.hours})
    yield Way(source, by, path, destination, when)
    for key, then in destination.after.items():
        yield from _along(source, by, (*path, key), then, when)


def reached(edges: Mapping[Place, Iterable[Place]], roots: Iterable[Place]) -> dict[Place, tuple[Place, ...]]:
    """Every place that can be reached, nearest first, with the shortest way to it from one of the roots."""
    found: dict[Place, tuple[Place, ...]] = {root: (root,) for root in roots}
    order = list(found)
    for source in order:  # it grows meanwhile
        for target in edges.get(source, ()):
            if target not in found:
                found[target] = (*found[source], target)
                order.append(target)
    return found


def rings(edges: Mapping[Place, Iterable[Place]]) -> list[tuple[Place, ...]]:
    """Rings of places: one for each set of places that lead to each other, the shortest through the first of them."""
    found: list[tuple[Place, ...]] = []
    for start in edges:
        if not any(start in ring for ring in found):
            ways_back = (way for place, way in reached(edges, [start]).items() if start in edges.get(place, ()))
            found.extend(islice(ways_back, 1))
    return found
