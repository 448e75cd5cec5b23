"""What is drawn on a sheet, whatever it is drawn with, and the sheet as SVG. Units are millimetres, from the upper left
corner.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from xml.sax import saxutils

import segno

from drawing.words import chinese, fitted, width

Anchor = Literal["start", "middle", "end"]
INK, MUTED, GREEN, PALE, WHITE, AMBER = "#17222e", "#5a6772", "#14583a", "#e8f2ec", "#ffffff", "#8a4b00"


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its base line, `size` the height of the font."""

    x: float
    y: float
    text: str
    size: float
    colour: str = INK
    bold: bool = False
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle from its upper left corner, in millimetres; `radius`: of its corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: rows of modules, dark ones true, with its quiet zone around, as a square of `size`."""

    x: float
    y: float
    size: float
    rows: tuple[tuple[bool, ...], ...]


Shape = Words | Area | Code


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet with its shapes, the later ones on top."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    language: str


def keycap(x: float, middle: float, key: str, size: float) -> Sequence[Shape]:
    """A key of a phone as a small square, `middle` being its vertical centre."""
    return (
        Area(x, middle - size / 2, size, size, GREEN, size * 0.22),
        key_words(x + size / 2, middle + size * 0.26, key, size * 0.72, WHITE),
    )


def key_words(middle: float, y: float, key: str, size: float, colour: str) -> Words:
    """What stands on a key. Fonts set an asterisk as high as a footnote's; on a key it is in the middle."""
    return Words(middle, y + (size * 0.2 if key == "*" else 0), key, size, colour, True, "middle")


def in_room(x: float, y: float, text: str, room: float, size: float, *, least: float, **style: object) -> Words:
    """A text that is made smaller where it is too wide, down to `least`; after that it is cut short."""
    bold = bool(style.get("bold"))
    wide = width(text, size, bold=bold)
    if wide > room:
        size *= room / wide
        if size < least:
            size, text = least, fitted(text, room, least, bold=bold)
    return Words(x, y, text, size, **style)  # type: ignore[arg-type]


def moved(shape: Shape, right: float, down: float) -> Shape:
    """The same at another height."""
    return replace(shape, x=shape.x + right, y=shape.y + down)


_WORDS: Mapping[str, tuple[str, str]] = {
    "scan": ("扫码拨打", "Scan to call"),
    "also": ("也可拨打 {numbers}", "also {numbers}"),
    "keys": ("拨通后请按", "After the greeting, press"),
    "lines": ("直拨电话", "Direct numbers"),
    "districts": ("各区电话", "By district"),
    "by-district": ("{name} · 各区", "{name}, by district"),
    "hours": ("服务时间", "Hours"),
    "always": ("其他按键", "Other keys"),
    "version": ("版本 {version} · {day}", "version {version} · {day}"),
}


def say(key: str, language: str, **filled: object) -> str:
    """Chinese for `zh`, else English."""
    return _WORDS[key][0 if chinese(language) else 1].format(**filled)


def modules(tel: str) -> tuple[tuple[bool, ...], ...]:
    """The code of a `tel:` link, rows of modules with the quiet zone of four around; medium correction of errors."""
    code = segno.make(tel, micro=False, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=4))


# A page of a card as SVG, in millimetres. Text is text.


FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans', Arial, sans-serif"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def page_svg(page: Page, role: str = "img") -> str:
    """The page as SVG. `role`: what it is for a screen reader; an `img` is read by its title alone."""
    wide, high = _n(page.width), _n(page.height)
    body = "\n".join(map(_shape, page.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="{role}" lang="{page.language}" width="{wide}mm" '
        f'height="{high}mm" viewBox="0 0 {wide} {high}" font-family="{FONT}">\n'
        f"<title>{escape(page.title)}</title>\n{body}\n</svg>\n"
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
