"""Where each card stands: every node to the right of the one that it hangs from, in the order of the keys.

Cards of one depth are in one column, and lines never cross. A subtree moves up as far as the cards above it allow.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from drawing.cards import ENTRY, WIDTH, Card
from drawing.model import Tree
from ivr.model import NodeId

ACROSS = 112.0
"""Between two columns."""

_SIBLINGS, _COUSINS = 16.0, 30.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A card and its upper left corner."""

    card: Card
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """From the card of a link's node to the card of the node where the link leads."""

    source: NodeId
    link: str
    target: NodeId
    begin: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """A node with all that hangs from it, the upper left corner at 0, 0."""

    root: NodeId
    cards: tuple[Placed, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


@dataclass(slots=True)
class _Part:
    """A subtree under construction. `extent`: depth → highest and lowest point there; `tops`: node → depth, top."""

    extent: dict[int, tuple[float, float]]
    tops: dict[NodeId, tuple[int, float]]

    def moved(self, by: float) -> "_Part":
        return _Part(
            {depth: (top + by, bottom + by) for depth, (top, bottom) in self.extent.items()},
            {node: (depth, top + by) for node, (depth, top) in self.tops.items()},
        )


def block(tree: Tree, root: NodeId, cards: Callable[[NodeId], Card], cut: Mapping[NodeId, int]) -> Block:
    """The block of a root. `cut`: nodes that are left out with all that hangs from them."""
    drawn = {node: cards(node) for node in _all(tree, root, cut)}
    part = _part(tree, root, drawn, cut)
    highest = min(top for top, _ in part.extent.values())
    placed = {
        node: Placed(drawn[node], depth * (WIDTH + ACROSS), top - highest)
        for node, (depth, top) in part.moved(0).tops.items()
    }
    height = max(bottom for _, bottom in part.extent.values()) - highest
    wide = (max(part.extent) + 1) * (WIDTH + ACROSS) - ACROSS
    return Block(root, tuple(placed.values()), tuple(_lines(tree, placed)), wide, height)


def _all(tree: Tree, root: NodeId, cut: Mapping[NodeId, int]) -> list[NodeId]:
    order = [root]
    for node in order:  # it grows meanwhile
        order.extend(child for child in tree.children(node) if child not in cut)
    return order


def _part(tree: Tree, root: NodeId, cards: Mapping[NodeId, Card], cut: Mapping[NodeId, int]) -> _Part:
    """From the leaves up, without recursion: a chain of menus may be as long as the hotline has menus."""
    order = _all(tree, root, cut)
    depth = {root: 0}
    for node in order:
        for child in tree.children(node):
            depth[child] = depth[node] + 1
    parts: dict[NodeId, _Part] = {}
    for node in reversed(order):
        below = [parts.pop(child) for child in tree.children(node) if child not in cut]
        parts[node] = _joined(node, depth[node], cards[node].height, below)
    return parts[root]


def _joined(node: NodeId, depth: int, height: float, below: list[_Part]) -> _Part:
    whole = _Part({}, {})
    for part in below:
        gaps = [
            whole.extent[at][1] - top + (_SIBLINGS if at == depth + 1 else _COUSINS)
            for at, (top, _) in part.extent.items()
            if at in whole.extent
        ]
        part = part.moved(max(gaps, default=0.0))
        for at, (top, bottom) in part.extent.items():
            before = whole.extent.get(at, (top, bottom))
            whole.extent[at] = min(before[0], top), max(before[1], bottom)
        whole.tops |= part.tops
    top = 0.0
    if below:
        highest, lowest = whole.extent[depth + 1]
        top = (highest + lowest - height) / 2
    whole.tops = {node: (depth, top), **whole.tops}
    whole.extent[depth] = top, top + height
    return whole


def _lines(tree: Tree, placed: Mapping[NodeId, Placed]) -> Iterator[Line]:
    for node, there in placed.items():
        if node not in tree.owner or tree.owner[node][0] not in placed:
            continue
        source, link = tree.owner[node]
        card = placed[source]
        port = next(row.port for row in card.card.rows if link in row.links and row.port is not None)
        yield Line(source, link, node, (card.x + WIDTH, card.y + port), (there.x, there.y + ENTRY))
