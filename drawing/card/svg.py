"""A page of a card as SVG, in millimetres. Text is text."""

import re
from collections.abc import Iterable
from xml.sax import saxutils

from drawing.card.page import INK, WHITE, Area, Code, Page, Shape, Words

FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans', Arial, sans-serif"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(page: Page) -> str:
    wide, high = _n(page.width), _n(page.height)
    body = "\n".join(map(_shape, page.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{page.language}" width="{wide}mm" height="{high}mm" '
        f'viewBox="0 0 {wide} {high}" font-family="{FONT}">\n<title>{escape(page.title)}</title>\n{body}\n</svg>\n'
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Words():
            weight = ' font-weight="700"' if shape.bold else ""
            anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
            at = f'x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}"'
            return f'<text {at} fill="{shape.colour}"{weight}{anchor}>{escape(shape.text)}</text>'
        case Area():
            radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
            at = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
            return f'<rect {at}{radius} fill="{shape.fill}"/>'
        case Code():
            return code(shape.rows, shape.x, shape.y, shape.size)


def code(rows: tuple[tuple[bool, ...], ...], x: float, y: float, size: float) -> str:
    """A QR code on white, whatever is below it: as one path, each dark row of modules one stroke."""
    one = size / len(rows)
    path = "".join(
        f"M{begin} {row}h{length}v1h-{length}z" for row, each in enumerate(rows) for begin, length in _runs(each)
    )
    return (
        f'<g transform="translate({_n(x)} {_n(y)}) scale({one:.4f})" class="code">'
        f'<rect width="{len(rows)}" height="{len(rows)}" fill="{WHITE}"/>'
        f'<path d="{path}" fill="{INK}" shape-rendering="crispEdges"/></g>'
    )


def _runs(row: Iterable[bool]) -> Iterable[tuple[int, int]]:
    """Where dark modules begin, and how many follow each other."""
    begin = None
    index = -1
    for index, dark in enumerate(row):
        if dark and begin is None:
            begin = index
        elif not dark and begin is not None:
            yield begin, index - begin
            begin = None
    if begin is not None:
        yield begin, index + 1 - begin


def escape(words: str) -> str:
    return saxutils.escape(_NO_XML.sub("\ufffd", words))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
