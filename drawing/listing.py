"""The menu tree as a list: what its drawing shows, for programs and for readers who do not look at drawings."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, Field, JsonValue

from accounts.model import Reach as ReadersReach
from drawing.making import graph_of
from drawing.model import LOOKS, End, Graph, Kind, Link, Mark, Node, Reach, Tree, grown
from drawing.svg import svg
from drawing.traffic import Traffic, with_traffic
from hotline.model import Hotline
from ivr.model import NodeId

_KINDS: list[JsonValue] = [Kind.START, *(look.drawn for look in LOOKS.values()), Kind.MISSING]


def named(node_id: NodeId) -> str:
    """`menus/main`, as the drawing has it in `data-place`."""
    return "/".join(node_id)


class LinkOut(BaseModel):
    """One way out of a node."""

    by: str = Field(description="What sends the call on.", examples=["key", "no_input", "overflow"])
    detail: str = Field(description="The key, or the index of the overflow rule; else empty.", examples=["1"])
    label: str = Field(description="What callers hear of it, or the condition in words.", examples=["greening"])
    says: str = Field(description="The message on the way; empty: none.")
    to: str | None = Field(description="The node that it leads to; null: see `end`.", examples=["queues/greening"])
    end: End | None = Field(description="Where it leads that leads to no other node.")
    language: str = Field(description="The language from here on; empty: the caller's.")
    hours: str = Field(description="When it leads there, in words; empty: always.")
    queue: str = Field(description="What the queue is called that gets the message; empty: it is none.")
    mark: Mark
    count: int | None = Field(description="How many calls took it; null: not counted, or not for this account.")

    @classmethod
    def of(cls, link: Link) -> Self:
        return cls(
            by=link.by,
            detail=link.detail,
            label=link.label,
            says=link.says,
            to=None if link.to is None else named(link.to),
            end=link.end,
            language=link.language,
            hours=link.hours,
            queue=link.queue,
            mark=link.mark,
            count=link.count,
        )


class NodeOut(BaseModel):
    """One node of the tree."""

    place: str = Field(description="As `data-place` of the drawing.", examples=["menus/main"])
    level: int = Field(description="1: it hangs from nothing, 2: from one of level 1, and so on.")
    kind: Annotated[str, Field(description="What the node is.", json_schema_extra={"enum": _KINDS})]
    title: str = Field(examples=["Main menu"])
    details: list[str] = Field(description="Short facts; internal ones only for accounts that see the queue.")
    text: str = Field(description="What callers hear there.")
    reach: Reach = Field(description="Who comes there.")
    hours: str = Field(description="When it is open, in words; empty: always.")
    open: bool | None = Field(description="Whether it is open now; null: always, or not known.")
    mark: Mark
    changed: list[str] = Field(description="What differs from the version compared with, in words.")
    calls: int | None = Field(description="How many calls came; null: not counted, or not for this account.")
    gave_up: int | None = Field(description="How many callers hung up there.")
    ways: list[LinkOut]

    @classmethod
    def of(cls, tree: Tree, node: Node, level: int) -> Self:
        return cls(
            place=named(node.id),
            level=level,
            kind=node.kind,
            title=tree.title(node.id),
            details=[fact for fact in node.details if fact],
            text=node.text,
            reach=node.reach,
            hours="" if node.hours is None else node.hours.name,
            open=None if node.hours is None else node.hours.open,
            mark=node.mark,
            changed=list(node.changed),
            calls=node.calls,
            gave_up=node.gave_up,
            ways=[LinkOut.of(link) for link in node.links],
        )


class OutlineOut(BaseModel):
    """The tree, a node after the other as a reader goes through the drawing: each before those that hang from it."""

    title: str
    notes: list[str] = Field(description="Such as the days of which calls are counted.")
    places: list[NodeOut]
    svg: str | None = Field(description="The drawing that shows the same, if it was asked for.")

    @classmethod
    def of(cls, graph: Graph, svg: str | None = None) -> Self:
        tree = grown(graph)
        places = [NodeOut.of(tree, graph.nodes[node_id], level) for node_id, level in _preorder(tree)]
        return cls(title=graph.title, notes=list(graph.notes), places=places, svg=svg)


def _preorder(tree: Tree) -> Iterator[tuple[NodeId, int]]:
    open_ = [(root, 1) for root in reversed(tree.roots)]
    while open_:
        node_id, level = open_.pop()
        yield node_id, level
        open_.extend((child, level + 1) for child in reversed(tree.children(node_id)))


class Wanted(NamedTuple):
    """What is to be drawn. `moment`: for what is open; `counted`: the traffic, None: without; `reach`: its readers'."""

    hotline: Hotline
    language: str
    moment: datetime
    counted: Traffic | None
    reach: ReadersReach


def drawn(wanted: Wanted) -> OutlineOut:
    """The drawing, and what it shows as a list."""

    def seen(node_id: NodeId) -> bool:
        section, name = node_id
        reach = wanted.reach
        return reach.whole or name in (reach.queues if section == "queues" else reach.departments)

    graph = _without_details(graph_of(wanted.hotline, wanted.language, moment=wanted.moment), seen)
    graph = graph if wanted.counted is None else with_traffic(graph, wanted.counted, seen)
    return OutlineOut.of(graph, svg(graph))


def _without_details(graph: Graph, seen: Callable[[NodeId], bool]) -> Graph:
    """Names and ways are what every caller hears. Internal numbers and skills are for those who may see the queue."""
    nodes = {
        node_id: node if node_id[0] not in ("queues", "sub_hotlines") or seen(node_id) else replace(node, details=())
        for node_id, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)
