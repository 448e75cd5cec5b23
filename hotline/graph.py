"""Every way that a call can take through a hotline: which destination is written where, and what leads to what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from hotline.callers import Divided
from hotline.document import Path
from hotline.model import SECTIONS, Hotline
from ivr.model import PASSED, ChooseDistrict, Destination, Gated, Menu, NodeId, Passed, ToMenu, ToQueue, ToSubHotline


class By(StrEnum):
    """What sends the call on."""

    ENTRY = "entry"  # the call begins
    LIST = "list"  # it begins, and its caller is on a list
    DISTRICT = "district"  # a node has another one for the caller's district
    ASK = "ask"  # a node asks for the district
    KEY = "key"
    SILENCE = "no_input"
    WRONG_KEYS = "invalid"
    OVERFLOW = "overflow"
    WAITING_KEY = "waiting_key"  # pressed in a queue
    FAILURE = "failed"
    AFTER = "then"  # a scope has been said, an input came to nothing
    FALLBACK = "fallback"
    REMOVED = "removed"  # the queue in which the call waits is taken out
    CLOSED = "closed"  # the node that a call has come to, or the whole hotline


@dataclass(frozen=True, slots=True)
class When:
    """The hours, by their names, that must be open, and those that must be closed."""

    open: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()

    def holds(self, open_: Set[str]) -> bool:
        """`open_`: what is open now."""
        return self.open <= open_ and self.closed.isdisjoint(open_)

    @property
    def named(self) -> frozenset[str]:
        return self.open | self.closed


ALWAYS = When()


@dataclass(frozen=True, slots=True)
class Way:
    """A destination, the path where it is written, and the node that it leads away from. `when`: a call takes it only
    then, by the hours of destinations.

    Nothing leads to the destinations of entries, of lists of callers, of removed queues, of the closed hotline, and of
    the fallback: `source` is None.
    """

    source: NodeId | None
    by: By
    path: Path
    destination: Destination
    when: When = ALWAYS


def ways(hotline: Hotline) -> Iterator[Way]:
    """All of them. A message is one way, and what may follow it another of the same source; so is where a call goes
    while that destination is closed.
    """
    for section in SECTIONS:
        for name in getattr(hotline, section):
            if (gated := hotline.gate((section, name))) is not None:
                yield from _closed((section, name), (section, name), gated)
    yield from _closed(None, (), hotline)
    yield from _entries(hotline)
    of_menus = [way for menu_id, menu in hotline.menus.items() for way in _of_menu(menu_id, menu)]
    yield from of_menus
    for node, item in divided(hotline):
        for district, name in item.districts.items():
            yield Way(node, By.DISTRICT, (*node, "districts", district), hotline.exactly((node[0], name)))
        if item.ask is not None:
            yield Way(node, By.ASK, (*node, "ask"), ToMenu(menu=item.ask))
    yield from _onward(hotline, of_menus)
    for queue_id, queue in hotline.queues.items():
        node = ("queues", queue_id)
        for key, destination in queue.keys.items():
            yield from _along(node, By.WAITING_KEY, (*node, "keys", key), destination)
        for index, rule in enumerate(queue.overflow):
            yield from _along(node, By.OVERFLOW, (*node, "overflow", index, "then"), rule.then)
    for node, through in passed(hotline):
        for by, leading in ((By.KEY, through.by_key), (By.AFTER, through.after)):
            for written, to in leading.items():
                if to is not None:
                    yield from _along(node, by, (*node, written), to)
    for line_id, line in hotline.sub_hotlines.items():
        if line.failed is not None:
            node = ("sub_hotlines", line_id)
            yield from _along(node, By.FAILURE, (*node, "failed"), line.failed)
    if hotline.fallback is not None:
        yield Way(None, By.FALLBACK, ("fallback",), hotline.fallback)
    for name, destination in hotline.removed_queues.items():
        yield from _along(None, By.REMOVED, ("removed_queues", name), destination)


def _entries(hotline: Hotline) -> Iterator[Way]:
    if hotline.entry:  # a draft whose entry could not be understood has an empty one
        yield from _along(None, By.ENTRY, ("entry",), hotline.entry)
    for index, entrance in enumerate(hotline.entrances):
        if entrance.entry is not None:
            yield from _along(None, By.ENTRY, ("numbers", index, "entry"), entrance.entry)
    for name, callers in hotline.callers.items():
        if callers.then is not None:
            yield from _along(None, By.LIST, ("callers", name, "then"), callers.then)


def passed(hotline: Hotline) -> Iterator[tuple[NodeId, Passed]]:
    """The nodes that calls pass on their way."""
    for section in PASSED:
        for name, item in getattr(hotline, section).items():
            yield (section, name), item


def divided(hotline: Hotline) -> list[tuple[NodeId, Divided]]:
    """The queues and sub-hotlines that have something for a district, or ask for it."""
    items: list[tuple[NodeId, Divided]] = [
        *((("queues", name), queue) for name, queue in hotline.queues.items()),
        *((("sub_hotlines", name), line) for name, line in hotline.sub_hotlines.items()),
    ]
    return [(node, item) for node, item in items if item.districts or item.ask is not None]


def leads(hotline: Hotline, way: Way) -> Iterator[NodeId]:
    """The nodes where a call can come by this way, whatever its caller's district."""
    to = way.destination
    if to.node is None:
        return
    variants = hotline.variants(to.node) if isinstance(to, ToQueue | ToSubHotline) else None
    if variants is None or not isinstance(to, ToQueue | ToSubHotline):
        yield to.node
    elif to.district is not None:
        yield to.node[0], variants.of.get(to.district, to.node[1])
    else:
        yield from dict.fromkeys((to.node, *((to.node[0], name) for name in variants.of.values())))
        if variants.ask is not None:
            yield "menus", variants.ask


def _onward(hotline: Hotline, of_menus: Sequence[Way]) -> Iterator[Way]:
    """From the choice of a district to what asked for it; where nothing asks, to the entry."""
    chosen = [
        (way, way.destination)
        for way in of_menus
        if isinstance(way.destination, ChooseDistrict) and way.destination.then is None
    ]
    if not chosen:
        return
    asking: dict[str, list[tuple[NodeId, Divided]]] = defaultdict(list)
    edges: dict[NodeId, list[NodeId]] = defaultdict(list)
    for way in of_menus:
        if way.source is not None and way.destination.node is not None:
            edges[way.source].append(way.destination.node)
    askers = [(node, item) for node, item in divided(hotline) if item.ask is not None]
    for ask in {item.ask for _, item in askers}:
        for section, menu_id in reached(edges, [("menus", str(ask))]):
            if section == "menus":
                asking[menu_id] += [(node, item) for node, item in askers if item.ask == ask]
    for way, choice in chosen:
        assert way.source is not None
        for (section, name), item in asking[way.source[1]]:
            target = section, item.districts.get(choice.district, name)
            if target[1] in getattr(hotline, section):
                yield Way(way.source, way.by, way.path, hotline.exactly(target))
        if not asking[way.source[1]] and hotline.entry and _there(hotline, hotline.entry.node):
            yield Way(way.source, way.by, way.path, hotline.entry)


def _there(hotline: Hotline, node: NodeId | None) -> bool:
    return node is None or node[1] in getattr(hotline, node[0])


def _of_menu(menu_id: str, menu: Menu) -> Iterator[Way]:
    node = ("menus", menu_id)
    for key, destination in menu.keys.items():
        yield from _along(node, By.KEY, (*node, "keys", key), destination)
    yield from _along(node, By.SILENCE, (*node, "no_input", "then"), menu.no_input.then)
    yield from _along(node, By.WRONG_KEYS, (*node, "invalid", "then"), menu.invalid.then)


def _closed(source: NodeId | None, path: Path, gated: Gated) -> Iterator[Way]:
    if gated.hours is not None and gated.closed is not None:
        yield from _along(source, By.CLOSED, (*path, "closed"), gated.closed, When(closed=frozenset({gated.hours})))


def _along(source: NodeId | None, by: By, path: Path, destination: Destination, when: When = ALWAYS) -> Iterator[Way]:
    if destination.hours is not None and destination.closed is not None:
        shut = replace(when, closed=when.closed | {destination.hours})
        yield from _along(source, by, (*path, "closed"), destination.closed, shut)
        when = replace(when, open=when.open | {destination.hours})
    yield Way(source, by, path, destination, when)
    for key, then in destination.after.items():
        yield from _along(source, by, (*path, key), then, when)


def reached(edges: Mapping[NodeId, Iterable[NodeId]], roots: Iterable[NodeId]) -> dict[NodeId, tuple[NodeId, ...]]:
    """Every node that can be reached, nearest first, with the shortest way to it from one of the roots."""
    found: dict[NodeId, tuple[NodeId, ...]] = {root: (root,) for root in roots}
    order = list(found)
    for source in order:  # it grows meanwhile
        for target in edges.get(source, ()):
            if target not in found:
                found[target] = (*found[source], target)
                order.append(target)
    return found


def rings(edges: Mapping[NodeId, Iterable[NodeId]]) -> list[tuple[NodeId, ...]]:
    """Rings of nodes: one for each set of nodes that lead to each other, the shortest through the first of them."""
    found: list[tuple[NodeId, ...]] = []
    for group in _together(edges):
        inside = {node: [target for target in edges.get(node, ()) if target in group] for node in group}
        for start in (node for node in edges if node in group):
            if not any(start in ring for ring in found):
                ways_back = (way for node, way in reached(inside, [start]).items() if start in inside[node])
                found.extend(islice(ways_back, 1))
    return found


def _together(edges: Mapping[NodeId, Iterable[NodeId]]) -> list[frozenset[NodeId]]:
    """The sets of nodes that lead to each other (strongly connected components), by Tarjan's algorithm: each edge is
    looked at once. Without a recursion, which a long chain of menus would exhaust.
    """
    numbers: dict[NodeId, int] = {}
    lowest: dict[NodeId, int] = {}
    stack: dict[NodeId, None] = {}
    found: list[frozenset[NodeId]] = []

    def enter(node: NodeId) -> tuple[NodeId, Iterator[NodeId]]:
        numbers[node] = lowest[node] = len(numbers)
        stack[node] = None
        return node, iter(edges.get(node, ()))

    for root in edges:
        path = [enter(root)] if root not in numbers else []
        while path:
            node, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
                if lowest[node] == numbers[node]:
                    group = list(iter(lambda: stack.popitem()[0], node))
                    found.append(frozenset((node, *group)))
            elif target not in numbers:
                path.append(enter(target))
            elif target in stack:
                lowest[node] = min(lowest[node], numbers[target])
    return [group for group in found if len(group) > 1 or any(node in edges.get(node, ()) for node in group)]
