"""The further sides of a card for the wallet: what districts have, in two columns."""

from collections.abc import Iterator

from drawing.card.model import Content, Direct, Group
from drawing.card.page import GREEN, INK, MUTED, WHITE, Area, Page, Shape, Words, in_room, moved, say
from drawing.card.wallet import HIGH, MARGIN, SMALLEST, WIDE
from drawing.measure import wrapped

_BAND, _BETWEEN = 10.5, 4.0
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
            y = _BAND + 2.5
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
    yield Area(0, 0, WIDE, _BAND, GREEN)
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
