"""Every way that a call can take through a hotline: which destination is written where, and what leads to what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from hotline.document import Path
from hotline.model import Hotline
from ivr.model import Destination, Place


class By(StrEnum):
    """What sends the call on."""

    KEY = "key"
    SILENCE = "no_input"
    WRONG_KEYS = "invalid"
    OVERFLOW = "overflow"
    WAITING_KEY = "waiting_key"  # pressed in a queue
    FAILURE = "failed"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Way:
    """A destination, the path where it is written, and the place that it leads away from (None: fallback)."""

    source: Place | None
    by: By
    path: Path
    destination: Destination


def ways(hotline: Hotline) -> Iterator[Way]:
    """All of them. A message is one way, and what may follow it another of the same source."""
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


def _along(source: Place, by: By, path: Path, destination: Destination) -> Iterator[Way]:
    yield Way(source, by, path, destination)
    for key, then in destination.after.items():
        yield from _along(source, by, (*path, key), then)


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
    for group in _together(edges):
        inside = {place: [target for target in edges.get(place, ()) if target in group] for place in group}
        for start in (place for place in edges if place in group):
            if not any(start in ring for ring in found):
                ways_back = (way for place, way in reached(inside, [start]).items() if start in inside[place])
                found.extend(islice(ways_back, 1))
    return found


def _together(edges: Mapping[Place, Iterable[Place]]) -> list[frozenset[Place]]:
    """The sets of places that lead to each other (strongly connected components), by Tarjan's algorithm: each edge is
    looked at once. Without a recursion, which a long chain of menus would exhaust.
    """
    numbers: dict[Place, int] = {}
    lowest: dict[Place, int] = {}
    stack: dict[Place, None] = {}
    found: list[frozenset[Place]] = []

    def enter(place: Place) -> tuple[Place, Iterator[Place]]:
        numbers[place] = lowest[place] = len(numbers)
        stack[place] = None
        return place, iter(edges.get(place, ()))

    for root in edges:
        path = [enter(root)] if root not in numbers else []
        while path:
            place, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[place])
                if lowest[place] == numbers[place]:
                    group = list(iter(lambda: stack.popitem()[0], place))
                    found.append(frozenset((place, *group)))
            elif target not in numbers:
                path.append(enter(target))
            elif target in stack:
                lowest[place] = min(lowest[place], numbers[target])
    return [group for group in found if len(group) > 1 or any(place in edges.get(place, ()) for place in group)]
