"""Graphs for tests: of the small hotline, and by chance."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from drawing.making import graph_of
from drawing.model import Graph, Kind, Link, Node
from hotline.loader import sketch
from hotline.model import Hotline
from ivr.model import NodeId
from tests.unit.hotline.folders import Change, small, written


def hotline_of(*changes: Change) -> Hotline:
    """The small hotline with changes, which may break it."""
    with TemporaryDirectory() as folder:
        hotline = sketch(written(Path(folder), small(*changes))).hotline
    assert hotline is not None
    return hotline


def of(*changes: Change, language: str = "en") -> Graph:
    """Its drawing."""
    return graph_of(hotline_of(*changes), language)


_KINDS = {"menus": Kind.MENU, "queues": Kind.QUEUE, "sub_hotlines": Kind.LINE}


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to 30 nodes whose links lead anywhere, also back, to themselves and to what does not exist."""
    names: list[NodeId] = [
        (draw(st.sampled_from(sorted(_KINDS))), f"p{number}") for number in range(draw(st.integers(1, 30)))
    ]
    nodes: dict[NodeId, Node] = {}
    for node in names:
        targets = draw(st.lists(st.sampled_from(names), max_size=6))
        links = tuple(
            Link(f"keys/{key}", draw(st.sampled_from(["key", "overflow"])), f"to {key}", to, str(key))
            for key, to in enumerate(targets, 1)
        )
        title, there = draw(st.text(max_size=60)), draw(st.integers(0, 9)) > 0
        kind = _KINDS[node[0]] if there else Kind.MISSING
        nodes[node] = Node(node, kind, title, links=links if there else ())
    start: NodeId = ("hotline", "by-chance")
    nodes[start] = Node(start, Kind.START, "12319", links=(Link("entry", "entry", "", names[0]),))
    return Graph("By chance", "en", start, nodes)
