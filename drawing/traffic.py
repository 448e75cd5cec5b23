"""How many calls went which way, and where callers gave up: put into a drawing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from drawing.model import Graph, Link, Node
from drawing.words import number, say
from ivr.model import NodeId
from ivr.walk import PASSED

Way = tuple[NodeId, str, str]
"""A node, what sends the call on, and its detail, as a `Link` has them."""


_COUNTED = frozenset({"key", "waiting_key", "no_input", "invalid", "overflow", "failed"})
"""What sends calls on, as far as Records distinguish it."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counts of some days. What is not named was counted, and is zero.

    since, until  the span, in the hotline's time zone
    calls     calls that came in
    earlier   those of them that came under another version of the hotline
    came      how many calls came to a node; a call that comes twice counts twice
    took      how many took a way
    gave_up   how many callers hung up at a node without having spoken with somebody
    """

    since: datetime
    until: datetime
    calls: int = 0
    earlier: int = 0
    came: Mapping[NodeId, int] = field(default_factory=dict)
    took: Mapping[Way, int] = field(default_factory=dict)
    gave_up: Mapping[NodeId, int] = field(default_factory=dict)


DAY = 86_400.0


def since(days: int, until: float, zone: tzinfo) -> float:
    """When so many days before `until` began, both in seconds since the epoch; 0 days: since midnight in that zone."""
    if days:
        return until - days * DAY
    return datetime.fromtimestamp(until, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()


def with_traffic(graph: Graph, traffic: Traffic, seen: Callable[[NodeId], bool] = lambda _: True) -> Graph:
    """The graph with counts. `seen`: the queues and sub-hotlines whose counts may be shown; where one is left out, so
    are the counts of all ways that lead to it or away from it, and the totals of menus.
    """
    everything = all(seen(node_id) for node_id in graph.nodes if node_id[0] in ("queues", "sub_hotlines"))
    nodes = {node_id: _node(node, graph, traffic, seen, everything) for node_id, node in graph.nodes.items()}
    if not everything:
        return replace(graph, nodes=nodes)
    written = "%Y-%m-%d %H:%M"
    span = {"since": traffic.since.strftime(written), "until": traffic.until.strftime(written)}
    notes = [*graph.notes, say("traffic", graph.language, calls=number(traffic.calls), **span)]
    if traffic.earlier:
        notes.append(say("earlier", graph.language, n=number(traffic.earlier)))
    return replace(graph, nodes=nodes, notes=tuple(notes))


def _node(node: Node, graph: Graph, traffic: Traffic, seen: Callable[[NodeId], bool], everything: bool) -> Node:
    if node.id[0] in PASSED:
        return node  # it is not counted what callers do there

    def shown(node_id: NodeId) -> bool:
        return seen(node_id) if node_id[0] in ("queues", "sub_hotlines") else everything

    branched = {(link.by, link.detail) for link in node.links if _branch(link, node)}

    entries = [link for link in node.links if link.by in ("entry", "list", "closed")]

    def count(link: Link) -> int | None:
        drawn = shown(node.id) or (link.to is not None and link.to[0] != "menus" and shown(link.to))
        if not drawn or (link.by, link.detail) in branched:
            return None
        if node.id == graph.start:
            return traffic.calls if len(entries) == 1 and link.by == "entry" else None
        if link.by not in _COUNTED:
            return None
        return traffic.took.get((node.id, link.by, link.detail), 0)

    links = tuple(replace(link, count=count(link)) for link in node.links)
    if not shown(node.id) or node.id == graph.start:
        return replace(node, links=links)
    calls, gave_up = traffic.came.get(node.id, 0), traffic.gave_up.get(node.id, 0)
    return replace(node, links=links, calls=calls, gave_up=gave_up)


def _branch(link: Link, node: Node) -> bool:
    """Whether Records cannot distinguish this link from another one of the node."""
    return sum((other.by, other.detail) == (link.by, link.detail) for other in node.links) > 1
