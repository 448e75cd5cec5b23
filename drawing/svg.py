"""The drawing as SVG: text as text, each node and link a group that names what it shows, light and dark."""

import re
from collections.abc import Iterable, Iterator
from xml.sax import saxutils

from drawing import style
from drawing.cards import WIDTH, Box, Card, Icon, Row, Shape, Text
from drawing.layout import Line, Placed
from drawing.model import LOOKS, Graph, Kind, Link, Mark, Node, Reach, Tree, grown
from drawing.sheets import MARGIN, Paper, Sheet, Spot, head, one_sheet, paper_sheets
from drawing.style import ICONS
from drawing.words import number, say, width, wrapped

_RADIUS = {Kind.START: 10, Kind.MISSING: 3, **{look.drawn: look.corner for look in LOOKS.values()}}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, not even escaped."""

_STRAIGHT = 40.0
"""Pixels that a line goes straight before it bends, so that its number stands free."""

_THINNEST, _WIDEST = 1.6, 11.0
"""Pixels of a line that nobody took, and of one that every call took."""


def svg(graph: Graph) -> str:
    """The whole drawing as one SVG, as large as it is."""
    tree = grown(graph)
    return "".join(_sheet(tree, one_sheet(tree), 1, 1))


def svg_pages(graph: Graph, paper: Paper) -> tuple[str, ...]:
    """The drawing on sheets of paper, one SVG each."""
    tree = grown(graph)
    sheets = paper_sheets(tree, paper)
    return tuple("".join(_sheet(tree, sheet, page, len(sheets))) for page, sheet in enumerate(sheets, 1))


def html(graph: Graph, paper: Paper) -> str:
    """All sheets in one page of HTML, which a browser prints one sheet a page."""
    width, height = paper.millimetres
    pages = svg_pages(graph, paper)
    body = "\n".join(f"<section>{page}</section>" for page in pages)
    return (
        f'<!doctype html>\n<html lang={quoteattr(graph.language)}>\n<meta charset="utf-8">\n'
        f"<title>{escape(graph.title)}</title>\n<style>\n"
        f"@page {{ size: {width}mm {height}mm; margin: 0; }}\n"
        "html { background: #8a949e; } body { margin: 0; }\n"
        "section { margin: 0 auto; break-after: page; break-inside: avoid; }\n"
        "section:last-child { break-after: auto; }\n"
        "@media screen { section { margin: 12px auto; max-width: 98vw; } }\n"
        "@media screen { section > svg { width: 100%; height: auto; } }\n"
        f"@media print {{ section, section > svg {{ width: {width}mm; height: {height}mm; }} }}\n"
        f"svg {{ display: block; }}\n</style>\n{body}\n</html>\n"
    )


def _sheet(tree: Tree, sheet: Sheet, page: int, pages: int) -> Iterator[str]:
    graph = tree.graph
    wide, high = _n(sheet.width), _n(sheet.height)
    size = f'width="{wide}" height="{high}"'
    if sheet.size is not None:
        size = f'width="{sheet.size[0]}mm" height="{sheet.size[1]}mm"'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tree" lang={quoteattr(graph.language)} role="img" '
        f'{size} viewBox="0 0 {wide} {high}">\n<title>{escape(graph.title)}</title>\n'
        f"<style>{style.element()}</style>\n"
        f'<rect class="sheet" width="{wide}" height="{high}"/>\n'
    )
    yield from _heading(graph, sheet.width)
    if pages > 1:
        words = say("page", graph.language, page=page, pages=pages)
        yield _text(Text(sheet.width - MARGIN, sheet.height - 16, words, "note", "end"))
    yield f'<g transform="translate({_n(MARGIN)} {_n(head(graph))})">\n'
    for spot in sheet.spots:
        yield from _spot(tree, spot)
    yield "</g>\n</svg>\n"


def _heading(graph: Graph, wide: float) -> Iterator[str]:
    start = graph.nodes[graph.start]
    # The number stands before the name, unless the name has it.
    title = graph.title if start.title in graph.title else f"{start.title} {graph.title}"
    yield _text(Text(MARGIN, 42, title, "heading"))
    y = 64.0
    for note in graph.notes:
        for line in wrapped(note, wide - 2 * MARGIN, 13, lines=1):
            yield _text(Text(MARGIN, y, line, "note"))
        y += 17
    yield from _legend(graph, wide - MARGIN)


def _legend(graph: Graph, right: float) -> Iterator[str]:
    """What the signs mean: only those that there are."""
    nodes = graph.nodes.values()
    there = {node.kind for node in nodes}
    signs = [(look.drawn, say(look.drawn, graph.language)) for look in LOOKS.values() if look.drawn in there]
    if any(node.reach is Reach.NOBODY for node in nodes):
        signs.append(("cross", say("nobody", graph.language)))
    if graph.compared:
        signs += [(mark.value, say(mark.value, graph.language)) for mark in Mark if mark is not Mark.SAME]
    x = right
    for name, words in reversed(signs):
        x -= width(words, 13)
        ink = {"cross": "bad-ink", **{mark: f"tag-{mark}-ink" for mark in ("added", "removed", "changed")}}
        yield _text(Text(x, 40, words, "note"))
        yield _icon(Icon(x - 21, 27.5, name, f"icon {ink.get(name, f'{name}-ink')}"))
        x -= 40


def _spot(tree: Tree, spot: Spot) -> Iterator[str]:
    block = spot.block
    yield f'<g transform="translate({_n(spot.x)} {_n(spot.y)})">\n'
    for line in block.lines:
        yield from _line(tree.graph, line)
    for placed in block.cards:
        yield from _card(tree, placed)
    for line in block.lines:
        yield from _count(tree.graph, line)
    if spot.before:
        root = next(placed for placed in block.cards if placed.card.node == block.root)
        words = say("part", tree.graph.language, page=spot.before)
        yield _text(Text(root.x + 2, root.y - 6, f"↖ {words}", "note small-text"))
    yield "</g>\n"


def _line(graph: Graph, line: Line) -> Iterator[str]:
    (x1, y1), (x2, y2) = line.begin, line.end
    link, target = _link(graph, line), graph.nodes[line.target]
    bend = x1 + _STRAIGHT
    half = (x2 - bend) / 2
    style = ["wire"]
    if link.by not in ("key", "entry"):
        style.append("wire-time")
    if link.mark is not Mark.SAME:
        style.append(link.mark.value)
    elif target.reach is Reach.NOBODY or target.kind == Kind.MISSING:
        style.append("nobody")
    yield (
        f'<path class="{" ".join(style)}" data-from={quoteattr("/".join(line.source))} '
        f"data-link={quoteattr(line.link)} data-to={quoteattr('/'.join(line.target))} "
        f'stroke-width="{_n(_thickness(graph, link))}" '
        f'd="M{_n(x1)} {_n(y1)}H{_n(bend)}C{_n(bend + half)} {_n(y1)} {_n(x2 - half)} {_n(y2)} {_n(x2)} {_n(y2)}"/>\n'
    )


def _count(graph: Graph, line: Line) -> Iterator[str]:
    """The number on a line, and the point where it begins."""
    x, y = line.begin
    yield f'<circle class="port" cx="{_n(x)}" cy="{_n(y)}" r="3.6"/>\n'
    link = _link(graph, line)
    if link.count is not None:
        yield _text(Text(x + 7, y - 3 - _thickness(graph, link) / 2, number(link.count), "count"))


def _link(graph: Graph, line: Line) -> Link:
    return next(link for link in graph.nodes[line.source].links if link.id == line.link)


def _thickness(graph: Graph, link: Link) -> float:
    """In proportion to the share of all calls that went that way."""
    whole = next((each.count for each in graph.nodes[graph.start].links if each.by == "entry"), None)
    if not whole or link.count is None:
        return _THINNEST
    return _THINNEST + (_WIDEST - _THINNEST) * min(1.0, link.count / whole)


def _card(tree: Tree, placed: Placed) -> Iterator[str]:
    card = placed.card
    node = tree.graph.nodes[card.node]
    yield (
        f'<g class="node {card.style}" data-place={quoteattr("/".join(card.node))} '
        f'transform="translate({_n(placed.x)} {_n(placed.y)})">\n'
    )
    yield from _frame(card)
    tip = f"<title>{escape(card.tip)}</title>" if card.tip else ""
    yield f'<g class="head">{tip}\n{_shapes(card.head)}</g>\n'
    for row in card.rows:
        yield from _row(row, node)
    yield "</g>\n"


def _frame(card: Card) -> Iterator[str]:
    """The outline: each kind has another shape, so that they differ without colour."""
    radius = _RADIUS[card.kind]
    at = f'width="{_n(WIDTH)}" height="{_n(card.height)}" rx="{radius}"'
    yield f'<rect class="frame" {at}/>\n'
    top, r = _n(card.head_height), radius - 0.75
    yield (
        f'<path class="band" d="M.75 {top}V{_n(radius)}a{r} {r} 0 0 1 {r} {-r}H{_n(WIDTH - radius)}'
        f'a{r} {r} 0 0 1 {r} {r}V{top}z"/>\n'
    )
    if card.kind == Kind.LINE:
        yield f'<rect class="band" x="1" y="1" width="8" height="{_n(card.height - 2)}"/>\n'


def _row(row: Row, node: Node) -> Iterator[str]:
    tip = f"<title>{escape(row.tip)}</title>" if row.tip else ""
    yield f'<g class="row" data-link={quoteattr(" ".join(row.links))}>{tip}\n{_shapes(row.shapes)}</g>\n'


def _shapes(shapes: Iterable[Shape]) -> str:
    return "".join(map(_shape, shapes))


def _shape(shape: Shape) -> str:
    match shape:
        case Text():
            return _text(shape)
        case Icon():
            return _icon(shape)
        case Box(x=x, y=y, width=wide, height=high, radius=radius, style=style):
            at = f'x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="{_n(radius)}"'
            return f'<rect class="{style}" {at}/>\n'


def _text(text: Text) -> str:
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    return f'<text class="{text.style}" x="{_n(text.x)}" y="{_n(text.y)}"{anchor}>{escape(text.words)}</text>\n'


def _icon(icon: Icon) -> str:
    scale = " scale(0.84)" if "small" in icon.style.split() else ""
    return (
        f'<path class="{icon.style}" transform="translate({_n(icon.x)} {_n(icon.y)}){scale}" d="{ICONS[icon.name]}"/>\n'
    )


def escape(words: str) -> str:
    return saxutils.escape(_NO_XML.sub("\ufffd", words))


def quoteattr(words: str) -> str:
    return saxutils.quoteattr(_NO_XML.sub("\ufffd", words))


def _n(value: float) -> str:
    """A number without needless digits."""
    return f"{value:.1f}".removesuffix(".0")
