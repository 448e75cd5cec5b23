"""What holds for every call in one class of hours, whatever the caller does: a person is near, and nothing goes round.

A class of hours is all moments at which the same parts of the hotline are closed. The effort grows with the size of
the tree: each way is looked at a few times.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from hotline.graph import By, Way, leads, reached, rings, ways
from hotline.model import SECTIONS, Hotline
from ivr.model import PASSED, NodeId
from ivr.timetable import hour_classes

_AUTOMATIC = frozenset({By.SILENCE, By.WRONG_KEYS, By.AFTER, By.OVERFLOW, By.FAILURE, By.CLOSED})
"""Ways that a call takes while the caller does nothing, or presses keys that the menu does not have. What a node has
for districts is no way of its own here: every way to the node leads there, too.
"""

_Step = tuple[Way, NodeId]
"""A way, and one of the nodes where it leads."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A class of hours. `closed`: the menus, queues and sub-hotlines that are closed in it; None: the hotline itself.
    `when`: one of its moments, for sentences; empty: there is no other class. `open`: the names of the hours that are
    open.
    """

    closed: frozenset[NodeId | None] = frozenset()
    when: str = ""
    open: frozenset[str] = frozenset()


ALWAYS = Hours()


@dataclass(frozen=True, slots=True)
class Ring:
    """Nodes that a call goes through again and again, and the ways from each to the next.

    `waits`: the call waits in a queue on each round, so that it may be answered there.
    """

    nodes: tuple[NodeId, ...]
    ways: tuple[Way, ...]
    waits: bool

    @property
    def plain(self) -> bool:
        """Whether it stays among the menus (and what they say), the queues or the sub-hotlines, all of them open."""
        sections = {"menus" if section in PASSED else section for section, _ in self.nodes}
        return len(sections) == 1 and not self.by_hours

    @property
    def by_hours(self) -> tuple[Way, ...]:
        """The ways of it that a call takes only while something is closed, or open."""
        return tuple(way for way in self.ways if way.by is By.CLOSED or way.when.open or way.when.closed)


@dataclass(frozen=True, slots=True)
class Proof:
    """Of one class of hours: all menus that calls can come to in it.

    keys   for each menu the fewest keys from its prompt to a person; None: no keys lead to one
    ends   for each menu whether some way leads from it to a person: keys, silence or wrong keys
    rings  where calls go round without a caller's doing
    """

    hours: Hours
    keys: Mapping[str, int | None]
    ends: Mapping[str, bool]
    rings: tuple[Ring, ...]


def classes(hotline: Hotline, also: Collection[str] = ()) -> tuple[Hours, ...]:
    """The classes of hours of a hotline, and of the hours `also`; at least one. Hours that it lacks count as open: that
    they lack is reported.
    """
    if not hotline.opening_hours:
        return (ALWAYS,)
    there: list[NodeId | None] = [(section, name) for section in SECTIONS for name in getattr(hotline, section)]
    there.append(None)
    gates = {node: gate.hours for node in there if (gate := hotline.gate(node)) is not None}
    named = {hours for hours in gates.values() if hours} | {hours for way in ways(hotline) for hours in way.when.named}
    named |= {*also}
    lacking = named - hotline.opening_hours.keys()
    found = []
    for each in hour_classes(hotline.clock_table, named - lacking):
        open_ = each.open | lacking
        closed = frozenset(node for node, hours in gates.items() if hours is not None and hours not in open_)
        found.append(Hours(closed, each.when, open_))
    return tuple(found)


def proof(hotline: Hotline, hours: Hours, waits: Callable[[Way], bool]) -> Proof:
    """`waits`: whether a call waits in its queue before it takes this overflow."""
    steps = [(way, target) for way in ways(hotline) if _open(way, hours) for target in leads(hotline, way)]
    there: list[NodeId] = [("queues", name) for name in hotline.queues]
    there += [("sub_hotlines", name) for name in hotline.sub_hotlines]
    people = [node for node in there if node not in hours.closed]
    pressed = _distances(steps, people, {By.KEY: 1, By.CLOSED: 0})
    any_way = _distances(steps, people, dict.fromkeys(By, 0))
    entered = _entered(hotline, steps)
    menus: dict[str, NodeId] = {name: ("menus", name) for name in hotline.menus if ("menus", name) in entered}
    return Proof(
        hours,
        {name: pressed.get(node) for name, node in menus.items()},
        {name: node in any_way for name, node in menus.items()},
        tuple(_rings(steps, waits)),
    )


def come_to(hotline: Hotline, hours: Hours) -> list[NodeId]:
    """The nodes that calls come to in this class of hours, and that are open then."""
    steps = [(way, target) for way in ways(hotline) if _open(way, hours) for target in leads(hotline, way)]
    return [node for node in _entered(hotline, steps) if node not in hours.closed]


def _entered(hotline: Hotline, steps: Iterable[_Step]) -> Collection[NodeId]:
    """The nodes that calls come to: from where they begin, or by an agent's transfer."""
    begins: list[NodeId] = [node for to in hotline.extensions.values() if (node := to.node) is not None]
    edges: dict[NodeId, list[NodeId]] = defaultdict(list)
    for way, target in steps:
        if way.source is None:
            begins.append(target)
        else:
            edges[way.source].append(target)
    return reached(edges, begins)


def _open(way: Way, hours: Hours) -> bool:
    """Whether a call can take this way: a closed node has only the way that says where to go meanwhile."""
    return (way.source in hours.closed) is (way.by is By.CLOSED) and way.when.holds(hours.open)


def _distances(steps: Iterable[_Step], people: Iterable[NodeId], costs: Mapping[By, int]) -> dict[NodeId, int]:
    """The fewest keys from each node to one of `people`, by the ways that have a cost of 0 or 1."""
    before: dict[NodeId, list[tuple[NodeId, int]]] = defaultdict(list)
    for way, target in steps:
        if way.source is not None and way.by in costs:
            before[target].append((way.source, costs[way.by]))
    found: dict[NodeId, int] = {}
    order = deque((node, 0) for node in people)
    while order:
        node, keys = order.popleft()
        if node in found:
            continue
        found[node] = keys
        for source, cost in before[node]:
            if source not in found:
                order.append((source, keys + 1)) if cost else order.appendleft((source, keys))
    return found


def _rings(steps: Iterable[_Step], waits: Callable[[Way], bool]) -> Iterator[Ring]:
    """Those that go round at once first, then those that wait. Of rings that share nodes the plainest is found."""
    automatic = [(way, target) for way, target in steps if way.by in _AUTOMATIC and way.source is not None]
    at_once = [(way, target) for way, target in automatic if not waits(way)]
    known: set[NodeId] = set()
    for taken in (_among_one_kind(at_once), at_once, _among_one_kind(automatic), automatic):
        first: dict[NodeId, dict[NodeId, Way]] = defaultdict(dict)
        for way, target in taken:
            if way.source is not None:
                first[way.source].setdefault(target, way)
        for ring in rings(first):
            if known.isdisjoint(ring):
                known.update(ring)
                path = tuple(first[node][then] for node, then in pairwise((*ring, ring[0])))
                yield Ring(ring, path, any(waits(way) for way in path))


def _among_one_kind(steps: Iterable[_Step]) -> list[_Step]:
    return [(way, target) for way, target in steps if way.source is not None and way.source[0] == target[0]]
