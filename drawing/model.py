"""What a drawing shows, what is to be marked, and what differs from another drawing. No positions, no colours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from drawing.words import say, tongue
from ivr.model import KINDS, Look, NodeId, ToMenu, ToQueue, ToScope, ToSubHotline


class Kind:
    """What a node is: a kind of destination has a name in drawings (`ivr.model.Look`)."""

    START = "start"  # the numbers that callers dial
    MISSING = "missing"  # a link names it, and it does not exist
    MENU = ToMenu.look.drawn
    QUEUE = ToQueue.look.drawn
    LINE = ToSubHotline.look.drawn
    SCOPE = ToScope.look.drawn


LOOKS: Mapping[str, Look] = {kind.section: kind.look for kind in KINDS.values() if kind.section}
"""Section of the file → how its nodes are drawn."""


class Reach(StrEnum):
    """The callers that come to a node."""

    CALLERS = "callers"
    TRANSFERS = "transfers"  # only calls that an agent's phone transfers
    NOBODY = "nobody"


class Mark(StrEnum):
    """How something differs from an earlier version."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class End(StrEnum):
    """Where a link leads that leads to no other node."""

    REPEAT = "repeat"  # the same menu again
    GOODBYE = "goodbye"
    MESSAGE = "message"  # the caller leaves one
    CALLBACK = "callback"  # a waiting caller hangs up, keeps the place, and is called back
    SURVEY = "survey"  # after a talk of this queue


@dataclass(frozen=True, slots=True)
class Hours:
    """When a node is open. `open`: whether it is at the moment that the drawing shows; None: no moment was given."""

    name: str
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One way out of a node.

    id        its name within the node, which stays the same between versions: `keys/1`, `overflow/waited/0`
    by        what sends the call on, as `hotline.graph.By` names it; `entry` out of the START
    detail    the key, or the index of the overflow rule: with `by` it is what Records name; "" where there is one only
    label     what the caller hears of it, or the condition in words
    says      the message on the way; "": none
    to        the node that it leads to; None: see `end`
    language  the language from here on; "": the caller's
    hours     when it leads there, in words; "": always
    queue     what the queue is called that gets the message; "": it is none
    was       where it led in the earlier version; "": there as well
    count     how many calls took it; None: not known
    """

    id: str
    by: str
    label: str
    to: NodeId | None = None
    detail: str = ""
    says: str = ""
    end: End | None = None
    language: str = ""
    hours: str = ""
    queue: str = ""
    mark: Mark = Mark.SAME
    was: str = ""
    count: int | None = None

    @property
    def target(self) -> object:
        """Where it leads, to be compared with another version's."""
        return self.to, self.end, self.language, self.says, self.hours, self.queue


@dataclass(frozen=True, slots=True)
class Node:
    """One node.

    title    what people call it
    details  short facts, one line each
    text     what callers hear there; "": nothing
    changed  what differs from the earlier version, beside links, in words
    calls    how many calls came there; None: not known
    gave_up  how many callers hung up there; None: not known
    """

    id: NodeId
    kind: str
    title: str
    details: tuple[str, ...] = ()
    text: str = ""
    links: tuple[Link, ...] = ()
    reach: Reach = Reach.CALLERS
    hours: Hours | None = None
    mark: Mark = Mark.SAME
    changed: tuple[str, ...] = ()
    calls: int | None = None
    gave_up: int | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """All of it. `notes`: sentences below the title, such as the days of the traffic."""

    title: str
    language: str
    start: NodeId
    nodes: Mapping[NodeId, Node]
    notes: tuple[str, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether anything is marked."""
        return any(
            node.mark is not Mark.SAME or any(link.mark is not Mark.SAME for link in node.links)
            for node in self.nodes.values()
        )

    @property
    def measured(self) -> bool:
        """Whether there are counts of calls."""
        return any(node.calls is not None for node in self.nodes.values())


@dataclass(frozen=True, slots=True)
class Tree:
    """A graph with one way to each node: the link by which it hangs in the drawing. All other links are stubs.

    roots    nodes that hang from no other: the start, then those that callers cannot come to
    labels   what keys say of the nodes that they lead to; of several, the first
    owner    node → the node and the id of the link that it hangs from
    """

    graph: Graph
    roots: tuple[NodeId, ...]
    owner: Mapping[NodeId, tuple[NodeId, str]]
    labels: Mapping[NodeId, str] = field(repr=False)
    _below: Mapping[NodeId, tuple[NodeId, ...]] = field(repr=False)

    def children(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """The nodes that hang from it, in the order of its links."""
        return self._below.get(node_id, ())

    def above(self, node_id: NodeId) -> Iterator[NodeId]:
        """The nodes that it hangs from, the nearest first."""
        while node_id in self.owner:
            node_id = self.owner[node_id][0]
            yield node_id

    def title(self, node_id: NodeId) -> str:
        """What people call a node: a menu by the words of the key that leads to it."""
        node = self.graph.nodes[node_id]
        if node.kind not in (Kind.MENU, Kind.SCOPE) or node.title != node_id[1]:
            return node.title
        return self._label(self.owner.get(node_id), node_id) or self.labels.get(node_id) or node.title

    def _label(self, owner: tuple[NodeId, str] | None, node_id: NodeId) -> str:
        """What the key says by which the node hangs."""
        if owner is None or self.graph.nodes[owner[0]].kind != Kind.MENU:
            return ""
        return next(link.label for link in self.graph.nodes[owner[0]].links if link.id == owner[1])


def grown(graph: Graph) -> Tree:
    """The tree: first along keys from the start, then along all other links; what is left are roots of their own."""
    owner: dict[NodeId, tuple[NodeId, str]] = {}
    order = [graph.start]
    roots = [graph.start]
    found = {graph.start}

    def spread(every: bool) -> None:
        for source in order:  # it grows meanwhile
            for link in graph.nodes[source].links:
                if link.to is None or link.to in found or not (every or link.by in ("entry", "key")):
                    continue
                found.add(link.to)
                owner[link.to] = source, link.id
                order.append(link.to)

    spread(False)
    spread(True)
    for reach in (Reach.CALLERS, Reach.TRANSFERS, Reach.NOBODY):
        for node_id, node in graph.nodes.items():
            if node.reach is reach and node_id not in found:
                found.add(node_id)
                order.append(node_id)
                roots.append(node_id)
                spread(True)
    below = {
        node_id: tuple(
            link.to for link in node.links if link.to is not None and owner.get(link.to) == (node_id, link.id)
        )
        for node_id, node in graph.nodes.items()
    }
    labels: dict[NodeId, str] = {}
    for node in graph.nodes.values():
        for link in node.links:
            if link.by == "key" and link.to is not None and link.label:
                labels.setdefault(link.to, link.label)
    return Tree(graph, tuple(roots), owner, labels, below)


# What differs between two drawings: every node and link of both, each with its mark.


def compared(old: Graph, new: Graph, name: str) -> Graph:
    """`new` with marks: what is in it only is added, what differs is changed. What is in `old` only is there too,
    removed. `name`: of the old version.
    """
    # The start is the same node even where the hotline got another name.
    moved = {node_id: new.start if node_id == old.start else node_id for node_id in old.nodes}
    before = {moved[node_id]: replace(node, id=moved[node_id]) for node_id, node in old.nodes.items()}
    nodes = {
        node_id: _node(before[node_id], node, old, new) if node_id in before else _all(node, Mark.ADDED)
        for node_id, node in new.nodes.items()
    }
    for node_id, node in before.items():
        if node_id not in nodes and node.kind != Kind.MISSING:
            # Callers came to it before; the mark says that they no longer come.
            reach = Reach.CALLERS if node.reach is Reach.NOBODY else node.reach
            nodes[node_id] = replace(_all(node, Mark.REMOVED), reach=reach)
    for link in [link for node in nodes.values() for link in node.links]:
        if link.to is not None and link.to not in nodes:
            nodes[link.to] = replace(before[link.to], mark=Mark.REMOVED)
    made = replace(new, nodes=nodes)
    return replace(made, notes=(*new.notes, say("diff" if made.compared else "no-diff", new.language, version=name)))


def _node(old: Node, new: Node, of_old: Graph, of_new: Graph) -> Node:
    earlier = {link.id: link for link in old.links}
    links: list[Link] = []
    for link in new.links:
        links.append(_link(earlier.pop(link.id, None), link, of_old, of_new))
    links.extend(replace(link, mark=Mark.REMOVED) for link in earlier.values())
    changed = tuple(_changes(old, new, of_new.language))
    return replace(new, links=tuple(links), changed=changed, mark=Mark.CHANGED if changed else Mark.SAME)


def _link(old: Link | None, new: Link, of_old: Graph, of_new: Graph) -> Link:
    if old is None:
        return replace(new, mark=Mark.ADDED)
    was = [old.label] if old.label != new.label else []
    if _target(old, of_old) != _target(new, of_new):
        was.append(_link_in_words(old, of_old))
    return replace(new, mark=Mark.CHANGED, was=" · ".join(filter(None, was)) or "—") if was else new


def _target(link: Link, graph: Graph) -> object:
    return ("start",) if link.to == graph.start else link.target


def _changes(old: Node, new: Node, language: str) -> Iterator[str]:
    if old.title != new.title:
        yield say("title-changed", language, what=old.title)
    if old.text != new.text:
        yield say("text-changed", language)
    if old.details != new.details:
        gone = [detail for detail in old.details if detail and detail not in new.details]
        yield say("was", language, what=" · ".join(gone) or "—")
    if old.hours != new.hours:
        yield say("was", language, what=old.hours.name if old.hours else "—")


def _link_in_words(link: Link, graph: Graph) -> str:
    """Where a link led, in words."""
    where = graph.nodes[link.to].title if link.to is not None else end_in_words(link, graph.language)
    parts = (tongue(link.language, graph.language) if link.language else "", f"“{link.says}”" if link.says else "")
    return " · ".join(filter(None, (*parts, where)))


def end_in_words(link: Link, language: str) -> str:
    """Where a link leads that leads to no other node."""
    if link.queue:
        return say("message-for", language, queue=link.queue)
    return say((link.end or End.GOODBYE).value, language)


def _all(node: Node, mark: Mark) -> Node:
    return replace(node, mark=mark, links=tuple(replace(link, mark=mark) for link in node.links))
