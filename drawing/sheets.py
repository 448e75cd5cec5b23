"""The drawing on one sheet of any size, or on as many sheets of paper as it needs to be readable."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from drawing.cards import WIDTH, Card, card
from drawing.layout import Block, block
from drawing.model import Graph, Tree
from ivr.model import NodeId

MARGIN = 36.0
FOOT = 34.0
"""What the line below with the page takes of a sheet."""

_BESIDE, _BELOW = 70.0, 40.0
_MM = 96 / 25.4
_SMALLEST, _LARGEST = 0.7, 1.15
"""How far a sheet of paper may be reduced (the smallest texts are then 5.8 points high), and how far enlarged."""


class Paper(StrEnum):
    """A sheet to print on, in landscape."""

    A3 = "a3"
    A4 = "a4"

    @property
    def millimetres(self) -> tuple[int, int]:
        return {Paper.A3: (420, 297), Paper.A4: (297, 210)}[self]


def head(graph: Graph) -> float:
    """What the title with its notes takes of a sheet."""
    return 72.0 + 17.0 * len(graph.notes)


@dataclass(frozen=True, slots=True)
class Spot:
    """A block, and where its upper left corner is. `before`: the page that it is continued from; 0: none."""

    block: Block
    x: float
    y: float
    before: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """`size`: width and height in millimetres; None: as large as it is on a screen."""

    spots: tuple[Spot, ...]
    width: float
    height: float
    size: tuple[int, int] | None = None


def one_sheet(tree: Tree) -> Sheet:
    """Everything on one sheet: the tree, and below it what hangs from nothing."""
    first, *others = (block(tree, root, lambda node: card(tree, node), {}) for root in tree.roots)
    width = max([first.width, *(each.width for each in others)])
    spots = [Spot(first, 0, 0)]
    x, y, lowest = 0.0, first.height + _BELOW, 0.0
    for each in others:
        if x and x + each.width > width:
            x, y, lowest = 0.0, y + lowest + _BELOW, 0.0
        spots.append(Spot(each, x, y))
        x, lowest = x + each.width + _BESIDE, max(lowest, each.height)
    height = max(spot.y + spot.block.height for spot in spots)
    return Sheet(tuple(spots), width + 2 * MARGIN, height + head(tree.graph) + FOOT)


def paper_sheets(tree: Tree, paper: Paper) -> tuple[Sheet, ...]:
    """As many sheets as are needed. Parts of the tree that go to another sheet are named there and here by the page."""
    above = head(tree.graph)
    room = _room(paper, above)
    cut: dict[NodeId, int] = {}
    roots = list(tree.roots)
    blocks: list[Block] = []
    while roots:
        root, made = roots[0], _fitting(tree, roots[0], room, cut)
        blocks.append(made)
        # What was cut out of this block comes next, in the order of the keys.
        roots[:1] = [node for node in _preorder(tree, root) if node in cut and _top_cut(tree, node, cut) == root]
    pages = _pages(blocks, room)
    page_of = {spot.block.root: number for number, spots in enumerate(pages, 1) for spot in spots}
    where = {node: page_of[node] for node in cut}
    sheets = []
    for spots in pages:
        drawn = [_again(tree, spot, where, page_of) for spot in spots]
        width = max(spot.x + spot.block.width for spot in drawn)
        height = max(spot.y + spot.block.height for spot in drawn)
        sheets.append(Sheet(tuple(drawn), *_shaped(width, height + above, paper), size=paper.millimetres))
    return tuple(sheets)


def _fitting(tree: Tree, root: NodeId, room: tuple[float, float], cut: dict[NodeId, int]) -> Block:
    """The block of a root, without what has to go to other sheets, which is added to `cut`."""
    while True:
        made = block(tree, root, lambda node: card(tree, node, cut), cut)
        victim = _victim(tree, made, room)
        if victim is None:
            break
        cut[victim] = 0
    # Where most of the parts below a node went to other sheets, the few others go with them.
    for placed in made.cards:
        parts = [child for child in tree.children(placed.card.node) if tree.children(child)]
        if 2 * sum(part in cut for part in parts) > len(parts):
            cut.update(dict.fromkeys(parts, 0))
    return block(tree, root, lambda node: card(tree, node, cut), cut)


def _preorder(tree: Tree, root: NodeId) -> Iterator[NodeId]:
    open_ = [root]
    while open_:
        node = open_.pop()
        yield node
        open_.extend(reversed(tree.children(node)))


def _top_cut(tree: Tree, node: NodeId, cut: Mapping[NodeId, int]) -> NodeId | None:
    """The root of the block that a cut node would be in."""
    return next((above for above in tree.above(node) if above in cut or above in tree.roots), None)


def _room(paper: Paper, above: float) -> tuple[float, float]:
    """What fits on a sheet that is reduced as far as it may be, below its title."""
    width, height = paper.millimetres
    return width * _MM / _SMALLEST - 2 * MARGIN, height * _MM / _SMALLEST - above - FOOT


def _shaped(width: float, height: float, paper: Paper) -> tuple[float, float]:
    """The size of a sheet around that, in the paper's proportions."""
    wide, high = paper.millimetres
    full = max(wide * _MM / _LARGEST, width + 2 * MARGIN, (height + FOOT) * wide / high)
    return full, full * high / wide


def _victim(tree: Tree, made: Block, room: tuple[float, float]) -> NodeId | None:
    """The part of a block to put on another sheet; None: it fits, or cannot be divided."""
    too_wide, too_high = made.width > room[0], made.height > room[1]
    if not too_wide and not too_high:
        return None
    spots = {placed.card.node: placed for placed in made.cards}
    parts: dict[NodeId, list[NodeId]] = {node: [node] for node in spots if node != made.root}
    for node in spots:
        for above in tree.above(node):
            if above == made.root or above not in spots:
                break
            parts[above].append(node)

    def size(nodes: Iterable[NodeId]) -> tuple[float, float]:
        cards = [spots[node] for node in nodes]
        left, top = min(each.x for each in cards), min(each.y for each in cards)
        return (
            max(each.x for each in cards) + WIDTH - left,
            max(each.y + each.card.height for each in cards) - top,
        )

    sizes = {node: size(nodes) for node, nodes in parts.items()}
    if too_wide:
        deep = {node for node, each in spots.items() if each.x + WIDTH > room[0]}
        parts = {node: nodes for node, nodes in parts.items() if deep.intersection(nodes)}
    several = {node for node, nodes in parts.items() if len(nodes) > 1}
    candidates = several or set(parts)
    fitting = {node for node in candidates if sizes[node][0] <= room[0] and sizes[node][1] <= room[1]}
    chosen = fitting or candidates
    if not chosen:
        return None
    order = list(spots)
    return max(chosen, key=lambda node: (sizes[node][1] * len(parts[node]), -order.index(node)))


class _Columns:
    """A page that is filled from the top to the bottom, then with another column beside."""

    def __init__(self, width: float, height: float) -> None:
        self._room = width, height
        self._x = self._y = self._wide = 0.0

    def take(self, made: Block) -> tuple[float, float] | None:
        """Where the block goes; None: there is no room for it. An empty page takes everything."""
        width, height = self._room
        if self._y and self._y + made.height > height:
            self._x, self._y, self._wide = self._x + self._wide + _BESIDE, 0.0, 0.0
        if (self._x or self._y) and self._x + made.width > width:
            return None
        spot = self._x, self._y
        self._y += made.height + _BELOW
        self._wide = max(self._wide, made.width)
        return spot


def _pages(blocks: Iterable[Block], room: tuple[float, float]) -> list[list[Spot]]:
    pages: list[tuple[_Columns, list[Spot]]] = []
    for made in blocks:
        spot = None
        for columns, spots in pages[-1:]:
            spot = columns.take(made)
            if spot is not None:
                spots.append(Spot(made, *spot))
        if spot is None:
            columns = _Columns(*room)
            taken = columns.take(made)
            assert taken is not None, "an empty page takes everything"
            pages.append((columns, [Spot(made, *taken)]))
    return [spots for _, spots in pages]


def _again(tree: Tree, spot: Spot, where: Mapping[NodeId, int], page_of: Mapping[NodeId, int]) -> Spot:
    """The same block, now that the numbers of the pages are known. What is on this page is named as any other card."""
    root = spot.block.root
    here = page_of[root]
    elsewhere = {node: page if page != here else 0 for node, page in where.items()}
    draw: Callable[[NodeId], Card] = lambda node: card(tree, node, elsewhere)  # noqa: E731
    above = next((page_of[above] for above in tree.above(root) if above in page_of), here) if root in where else here
    before = above if above != here else 0
    return Spot(block(tree, root, draw, where), spot.x, spot.y, before)
