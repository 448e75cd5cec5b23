"""Where cards stand: whatever the tree, none covers another, and lines lead to the right and never cross."""

from itertools import pairwise

from hypothesis import given, settings

from drawing.cards import WIDTH, card
from drawing.layout import Block, block
from drawing.model import Graph, grown
from drawing.sheets import Paper, one_sheet, paper_sheets
from drawing.words import say
from tests.unit.drawing.graphs import graphs


def tidy(made: Block) -> None:
    boxes = sorted(made.cards, key=lambda placed: (placed.x, placed.y))
    for one, next_ in pairwise(boxes):
        assert one.x != next_.x or one.y + one.card.height <= next_.y
    assert all(placed.y >= 0 and placed.y + placed.card.height <= made.height + 0.001 for placed in made.cards)
    assert all(placed.x + WIDTH <= made.width for placed in made.cards)
    for line in made.lines:
        assert line.begin[0] < line.end[0]
        for other in made.lines:  # lines of one column to the next do not change their order
            if line.begin[0] == other.begin[0] and line.begin[1] < other.begin[1]:
                assert line.end[1] < other.end[1]


@settings(deadline=None, max_examples=25)
@given(graphs())
def test_no_card_covers_another(graph: Graph) -> None:
    tree = grown(graph)
    seen = []
    for root in tree.roots:
        made = block(tree, root, lambda node: card(tree, node), {})
        tidy(made)
        seen += [placed.card.node for placed in made.cards]
        assert len(made.lines) == len(made.cards) - 1
    assert sorted(seen) == sorted(graph.nodes)


@settings(deadline=None, max_examples=25)
@given(graphs())
def test_on_paper_every_node_is_there_once_and_fits(graph: Graph) -> None:
    tree = grown(graph)
    for sheets in (paper_sheets(tree, Paper.A4), (one_sheet(tree),)):
        seen = []
        for number, sheet in enumerate(sheets, 1):
            for spot in sheet.spots:
                tidy(spot.block)
                assert spot.before != number
                assert repr(say("elsewhere", graph.language, page=number)) not in repr(spot.block), "on this very page"
                seen += [placed.card.node for placed in spot.block.cards]
                assert spot.x + spot.block.width <= sheet.width
                assert spot.y + spot.block.height <= sheet.height
            blocks = [(s.x, s.y, s.x + s.block.width, s.y + s.block.height) for s in sheet.spots]
            for index, (left, top, right, bottom) in enumerate(blocks):
                for x1, y1, x2, y2 in blocks[:index]:
                    assert left >= x2 or right <= x1 or top >= y2 or bottom <= y1
        assert sorted(seen) == sorted(graph.nodes)
