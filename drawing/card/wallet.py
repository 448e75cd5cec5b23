"""A card for the wallet, as large as a bank card: one side for each language, further ones for districts."""

from collections.abc import Iterator

from drawing.card.model import Content, Direct, Entry, Group
from drawing.card.page import (
    GREEN,
    INK,
    MUTED,
    WHITE,
    Area,
    Code,
    Page,
    Shape,
    Words,
    in_room,
    key_words,
    keycap,
    moved,
    say,
)
from drawing.words import width, wrapped

WIDE, HIGH = 85.6, 54.0
MARGIN, _BAND, _CODE = 4.5, 17.5, 23.0
SMALLEST = 1.9
"""Millimetres of the smallest text: 5.4 points, as on a bank card."""


def wallet(content: Content, code: tuple[tuple[bool, ...], ...]) -> Page:
    """One side. `code`: the QR code of `content.tel`."""
    return Page(WIDE, HIGH, tuple(_shapes(content, code)), f"{content.name} {content.numbers[0]}", content.language)


def _shapes(content: Content, code: tuple[tuple[bool, ...], ...]) -> Iterator[Shape]:
    yield Area(0, 0, WIDE, HIGH, WHITE)
    yield Area(0, 0, WIDE, _BAND, GREEN)
    number = content.numbers[0]
    wide = min(width(number, 10.5, bold=True), WIDE * 0.52)
    room = WIDE - 2 * MARGIN - wide - 5
    yield in_room(WIDE - MARGIN, 12.6, number, wide, 10.5, least=5, colour=WHITE, bold=True, anchor="end")
    yield in_room(MARGIN, 9.2, content.heading, room, 4.4, least=SMALLEST, colour=WHITE, bold=True)
    below = say("keys", content.language)
    if content.numbers[1:]:
        below = say("also", content.language, numbers=" / ".join(content.numbers[1:]))
    yield in_room(MARGIN, 13.6, below, room, 2.5, least=SMALLEST, colour="#cfe6d9")
    left = WIDE - MARGIN - _CODE
    yield Code(left, _BAND + 3.2, _CODE, code)
    yield in_room(
        left + _CODE / 2, _BAND + 29.2, say("scan", content.language), _CODE, 2.4, least=SMALLEST, colour=MUTED,
        anchor="middle",
    )  # fmt: skip
    yield from _keys(content, left - 2 * MARGIN + 1)


def _keys(content: Content, room: float) -> Iterator[Shape]:
    """The keys in one column or two, and below them the smaller ones in a line."""
    top, bottom = _BAND + 3.0, HIGH - 3.5
    minor = list(content.others)
    if minor:
        bottom -= 4.6
    entries = content.entries
    columns = 1 if len(entries) <= 5 else 2
    rows = max(1, -(-len(entries) // columns))
    step = min(6.6, (bottom - top) / rows)
    each = (room - (columns - 1) * 3) / columns
    for index, entry in enumerate(entries):
        column, row = divmod(index, rows)
        x, middle = MARGIN + column * (each + 3), top + (row + 0.5) * step
        size = min(4.6, step * 0.8)
        yield from keycap(x, middle, entry.key, size)
        yield in_room(
            x + size + 1.6, middle + size * 0.27, entry.label, each - size - 1.6, size * 0.68, least=SMALLEST,
            bold=True, colour=INK,
        )  # fmt: skip
    yield from _minor(minor, room, HIGH - 4.4)


def _minor(entries: list[Entry], room: float, y: float) -> Iterator[Shape]:
    """In one line, each as wide as its words; together as much smaller as they have to be."""
    needed = sum(7.5 + width(entry.label, 2.4) for entry in entries)
    size = max(SMALLEST - 0.3, 2.4 * min(1.0, room / needed)) if entries else 2.4
    x = MARGIN
    for entry in entries:
        each = size * 1.35
        yield Area(x, y + size * 0.28 - each + 0.35, each, each, "#e3e8ec", each * 0.22)
        yield key_words(x + each / 2, y, entry.key, size, INK)
        words = in_room(x + each + 1, y, entry.label, MARGIN + room - x - each - 1, size, least=1.6, colour=MUTED)
        yield words
        x += each + 1 + width(words.text, size) + 2.6


# The further sides of a card for the wallet: what districts have, in two columns.


_HEAD, _BETWEEN = 10.5, 4.0
_COLUMN = (WIDE - 2 * MARGIN - _BETWEEN) / 2
_HEADING, _LINE, _HOURS = 4.8, 4.0, 2.8
_SMALL = 2.1
"""Size of hours."""

_Item = tuple[float, list[Shape]]
"""What stays together in a column: its height, and its shapes from the upper left corner."""


def sides(content: Content) -> tuple[Page, ...]:
    """None where no node has anything for a district."""
    columns: list[list[Shape]] = []
    y = HIGH
    for high, shapes in (item for group in content.districts for item in _items(group, content)):
        if y + high > HIGH - 2.5:
            columns.append([])
            y = _HEAD + 2.5
        left = MARGIN + (len(columns) - 1) % 2 * (_COLUMN + _BETWEEN)
        columns[-1] += [moved(shape, left, y) for shape in shapes]
        y += high
    title = f"{content.name} {content.numbers[0]}"
    return tuple(
        Page(
            WIDE,
            HIGH,
            (*_band(content), *(shape for column in columns[at : at + 2] for shape in column)),
            title,
            content.language,
        )
        for at in range(0, len(columns), 2)
    )


def _band(content: Content) -> Iterator[Shape]:
    yield Area(0, 0, WIDE, HIGH, WHITE)
    yield Area(0, 0, WIDE, _HEAD, GREEN)
    yield in_room(MARGIN, 7.0, say("districts", content.language), 45, 3.6, least=SMALLEST, colour=WHITE, bold=True)
    yield in_room(
        WIDE - MARGIN, 7.2, content.numbers[0], 28, 4.6, least=SMALLEST, colour=WHITE, bold=True, anchor="end"
    )


def _items(group: Group, content: Content) -> Iterator[_Item]:
    """The node with its first district, so that no heading stands alone; then each district."""
    below, hours = _hours(group.hours, 5.8)
    heading = [in_room(0, 3.2, group.name, _COLUMN, 2.7, least=SMALLEST, colour=GREEN, bold=True), *hours]
    below += _HEADING
    for index, line in enumerate(group.lines):
        high, shapes = _line(line, content)
        if index == 0:
            yield below + high, [*heading, *(moved(shape, 0, below) for shape in shapes)]
        else:
            yield high, shapes


def _line(line: Direct, content: Content) -> _Item:
    number = line.number or content.numbers[0]
    shapes: list[Shape] = [
        in_room(0, 2.8, line.name, _COLUMN * 0.52, 2.5, least=SMALLEST, colour=INK),
        in_room(_COLUMN, 2.8, number, _COLUMN * 0.46, 2.7, least=SMALLEST, colour=INK, bold=True, anchor="end"),
    ]
    high, hours = _hours(line.hours, 5.8)
    return _LINE + high, [*shapes, *hours]


def _hours(hours: str, y: float) -> _Item:
    """Hours in as many lines as they need, the first at `y`."""
    lines = wrapped(hours, _COLUMN, _SMALL, lines=4) if hours else []
    return len(lines) * _HOURS, [Words(0, y + at * _HOURS, words, _SMALL, MUTED) for at, words in enumerate(lines)]
