"""What holds for every call in one class of hours, whatever the caller does: a person is near, and nothing goes round.

A class of hours is all moments at which the same parts of the hotline are closed. The effort grows with the size of
the tree: each way is looked at a few times.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from hotline.graph import By, Way, rings, ways
from hotline.model import Hotline
from ivr.model import Place

_CLOSING: frozenset[By] = frozenset()
"""The ways that a call takes from a place that is closed. They cost the caller no key."""

_PRESSED = frozenset({By.KEY, By.WAITING_KEY})
_AUTOMATIC = frozenset(By) - _PRESSED - {By.FALLBACK}
"""Ways that a call takes while the caller does nothing, or presses keys that the menu does not have."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A class of hours. `closed`: the menus, queues and sub-hotlines that are closed in it. `when`: one of its moments,
    for sentences; empty: there is no other class.
    """

    closed: frozenset[Place] = frozenset()
    when: str = ""


ALWAYS = Hours()


@dataclass(frozen=True, slots=True)
class Ring:
    """Places that a call goes through again and again, and the ways from each to the next.

    `waits`: the call waits in a queue on each round, so that it may be answered there.
    """

    places: tuple[Place, ...]
    ways: tuple[Way, ...]
    waits: bool

    @property
    def plain(self) -> bool:
        """Whether it stays among the menus, the queues or the sub-hotlines, all of them open."""
        sections = {section for section, _ in self.places}
        return len(sections) == 1 and not any(way.by in _CLOSING for way in self.ways)


@dataclass(frozen=True, slots=True)
class Proof:
    """Of one class of hours.

    keys   for each menu the fewest keys from its prompt to a person; None: no keys lead to one
    ends   for each menu whether some way leads from it to a person: keys, silence or wrong keys
    rings  where calls go round without a caller's doing
    """

    hours: Hours
    keys: Mapping[str, int | None]
    ends: Mapping[str, bool]
    rings: tuple[Ring, ...]


def classes(hotline: Hotline) -> tuple[Hours, ...]:
    """The classes of hours of a hotline: today nothing is ever closed."""
    return (ALWAYS,)


def proof(hotline: Hotline, hours: Hours, waits: Callable[[Way], bool]) -> Proof:
    """`waits`: whether a call waits in its queue before it takes this overflow."""
    open_ways = [way for way in ways(hotline) if _open(way, hours)]
    there: list[Place] = [("queues", name) for name in hotline.queues]
    there += [("sub_hotlines", name) for name in hotline.sub_hotlines]
    people = [place for place in there if place not in hours.closed]
    pressed = _distances(open_ways, people, {By.KEY: 1, **dict.fromkeys(_CLOSING, 0)})
    any_way = _distances(open_ways, people, dict.fromkeys(By, 0))
    menus = {name: ("menus", name) for name in hotline.menus}
    return Proof(
        hours,
        {name: pressed.get(place) for name, place in menus.items()},
        {name: place in any_way for name, place in menus.items()},
        tuple(_rings(open_ways, waits)),
    )


def _open(way: Way, hours: Hours) -> bool:
    """Whether a call can take this way: a closed place has only the way that says where to go meanwhile."""
    return (way.source in hours.closed) is (way.by in _CLOSING)


def _distances(open_ways: Iterable[Way], people: Iterable[Place], costs: Mapping[By, int]) -> dict[Place, int]:
    """The fewest keys from each place to one of `people`, by the ways that have a cost of 0 or 1."""
    before: dict[Place, list[tuple[Place, int]]] = defaultdict(list)
    for way in open_ways:
        target = way.destination.place
        if way.source is not None and target is not None and way.by in costs:
            before[target].append((way.source, costs[way.by]))
    found: dict[Place, int] = {}
    order = deque((place, 0) for place in people)
    while order:
        place, keys = order.popleft()
        if place in found:
            continue
        found[place] = keys
        for source, cost in before[place]:
            if source not in found:
                order.append((source, keys + 1)) if cost else order.appendleft((source, keys))
    return found


def _rings(open_ways: Iterable[Way], waits: Callable[[Way], bool]) -> Iterator[Ring]:
    """Those that go round at once first, then those that wait. Of rings that share places the plainest is found."""
    automatic = [way for way in open_ways if way.by in _AUTOMATIC and way.source is not None]
    at_once = [way for way in automatic if not waits(way)]
    known: set[Place] = set()
    for taken in (_among_one_kind(at_once), at_once, _among_one_kind(automatic), automatic):
        steps: dict[Place, dict[Place, Way]] = defaultdict(dict)
        for way in taken:
            if way.source is not None and way.destination.place is not None:
                steps[way.source].setdefault(way.destination.place, way)
        for ring in rings(steps):
            if known.isdisjoint(ring):
                known.update(ring)
                path = tuple(steps[place][then] for place, then in pairwise((*ring, ring[0])))
                yield Ring(ring, path, any(waits(way) for way in path))


def _among_one_kind(open_ways: Iterable[Way]) -> list[Way]:
    places = ((way, way.source, way.destination.place) for way in open_ways)
    return [way for way, source, target in places if source and target and source[0] == target[0]]
