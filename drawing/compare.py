"""What differs between two drawings: every node and link of both, each with its mark."""

from collections.abc import Iterator
from dataclasses import replace

from drawing.model import End, Graph, Kind, Link, Mark, Node, Reach
from drawing.words import say, tongue


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
            # Callers came to it: that they come no more is what the mark says.
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
        was.append(_told(old, of_old))
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


def _told(link: Link, graph: Graph) -> str:
    """Where a link led, in words."""
    where = graph.nodes[link.to].title if link.to is not None else say((link.end or End.GOODBYE).value, graph.language)
    parts = (tongue(link.language, graph.language) if link.language else "", f"“{link.says}”" if link.says else "")
    return " · ".join(filter(None, (*parts, where)))


def _all(node: Node, mark: Mark) -> Node:
    return replace(node, mark=mark, links=tuple(replace(link, mark=mark) for link in node.links))
