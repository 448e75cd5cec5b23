"""A poster on A4: the number, what each key reaches with the choices below it, direct numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from drawing.card.model import Content, Direct, Entry, Group
from drawing.card.page import (
    AMBER,
    GREEN,
    INK,
    MUTED,
    PALE,
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

WIDE, HIGH = 210.0, 297.0
_MARGIN = 16.0
_BAND = 82.0
_TOP = _BAND + 11.0
_CODE = 46.0
_BETWEEN = 14.0
"""Between two columns."""
_LARGEST, _SMALLEST = 1.25, 0.55
"""How far what stands below the band may be enlarged, and reduced before it goes on to another page."""


@dataclass(slots=True)
class _Part:
    """Something that is not divided between pages: its shapes from y = 0, and its height."""

    height: float
    shapes: list[Shape] = field(default_factory=list)


def poster(content: Content, code: tuple[tuple[bool, ...], ...], day: str) -> tuple[Page, ...]:
    """The pages, mostly one. `code`: the QR code of `content.tel`. `day`: when it was made, as it is printed."""
    room = HIGH - _MARGIN - _TOP
    scale = _LARGEST
    parts = list(_parts(content, scale))
    while sum(part.height for part in parts) > room and scale > _SMALLEST:
        scale -= 0.04
        parts = list(_parts(content, scale))
    pages: list[list[Shape]] = [[*_band(content, code)]]
    y = _TOP
    for part in parts:
        if y + part.height > HIGH - _MARGIN and y > _TOP:
            pages.append([*_band(content, code)])
            y = _TOP
        pages[-1] += [moved(shape, 0, y) for shape in part.shapes]
        y += part.height
    version = say("version", content.language, version=content.version or "—", day=day)
    title = f"{content.name} {content.numbers[0]}"
    made = []
    for number, shapes in enumerate(pages, 1):
        foot = version if len(pages) == 1 else f"{version} · {number}/{len(pages)}"
        shapes.append(Words(WIDE - _MARGIN, HIGH - 8, foot, 2.6, MUTED, anchor="end"))
        made.append(Page(WIDE, HIGH, tuple(shapes), title, content.language))
    return tuple(made)


def _band(content: Content, code: tuple[tuple[bool, ...], ...]) -> Iterator[Shape]:
    yield Area(0, 0, WIDE, HIGH, WHITE)
    yield Area(0, 0, WIDE, _BAND, GREEN)
    left = WIDE - _MARGIN - _CODE
    room = left - _MARGIN - 8
    yield in_room(_MARGIN, 24, content.heading, room, 11, least=4, colour=WHITE, bold=True)
    yield in_room(_MARGIN, 58, content.numbers[0], room, 34, least=9, colour=WHITE, bold=True)
    below = [say("keys", content.language)]
    if content.numbers[1:]:
        below.insert(0, say("also", content.language, numbers=" / ".join(content.numbers[1:])))
    if content.hours:
        below.insert(0, f"{say('hours', content.language)} {content.hours}")
    yield in_room(_MARGIN, 72, " · ".join(below), room, 5, least=3, colour="#cfe6d9")
    yield Area(left, 14, _CODE, _CODE + 8, WHITE, 4)
    yield Code(left + 2, 15, _CODE - 4, code)
    middle = left + _CODE / 2
    yield Words(middle, 14 + _CODE + 2.5, say("scan", content.language), 4.2, INK, anchor="middle")


def _parts(content: Content, scale: float) -> Iterator[_Part]:
    for entry in content.entries:
        yield _entry(entry, scale)
    if content.others:
        yield _chips(content.others, scale, say("always", content.language))
    if content.lines:
        yield _heading(say("lines", content.language), scale)
    for line in content.lines:
        yield _line(line, line.number, scale)
    for group in content.districts:
        parts = [_heading(say("by-district", content.language, name=group.name), scale, group.hours)]
        parts += _columns(group, content, scale)
        whole = _joined(parts)
        yield from parts if whole.height > HIGH - _MARGIN - _TOP else [whole]


def _columns(group: Group, content: Content, scale: float) -> Iterator[_Part]:
    """The lines of districts; two in a row where they need no room for hours."""
    narrow = not any(line.hours for line in group.lines)
    for at in range(0, len(group.lines), 2 if narrow else 1):
        row = group.lines[at : at + 2] if narrow else group.lines[at : at + 1]
        room = (WIDE - 2 * _MARGIN - _BETWEEN) / 2 if narrow else WIDE - 2 * _MARGIN
        lines = [_line(line, line.number or content.numbers[0], scale, room) for line in row]
        shapes = [
            moved(shape, index * (room + _BETWEEN), 0) for index, part in enumerate(lines) for shape in part.shapes
        ]
        yield _Part(lines[0].height, shapes)


def _joined(parts: Sequence[_Part]) -> _Part:
    """The parts one below the other, as one that is not divided."""
    whole = _Part(0)
    for part in parts:
        whole.shapes += [moved(shape, 0, whole.height) for shape in part.shapes]
        whole.height += part.height
    return whole


def _line(line: Direct, number: str, scale: float, room: float = WIDE - 2 * _MARGIN) -> _Part:
    """Name, hours and number of a line."""
    name = f"{line.name} · {line.hours}" if line.hours else line.name
    right, large = _MARGIN + room, 6 * scale
    return _Part(
        10 * scale,
        [
            in_room(_MARGIN, 6 * scale, name, room * 0.66, 5 * scale, least=2.5),
            in_room(right, 6 * scale, number, room * 0.32, large, least=2.5, bold=True, anchor="end", colour=GREEN),
        ],
    )


def _heading(words: str, scale: float, hours: str = "") -> _Part:
    part = _Part(11 * scale, [Words(_MARGIN, 7 * scale, words, 4.2 * scale, MUTED, True)])
    if hours:
        room = WIDE - 2 * _MARGIN
        part.shapes.append(in_room(_MARGIN, 13 * scale, hours, room, 3.9 * scale, least=2.4, colour=MUTED))
        part.height += 6 * scale
    return part


def _entry(entry: Entry, scale: float) -> _Part:
    """A large key with its words; below it what is heard on the way, and the keys of the next menu."""
    size = 13 * scale
    indent = _MARGIN + size + 6 * scale
    room = WIDE - _MARGIN - indent
    part = _Part(0)
    part.shapes += keycap(_MARGIN, size / 2, entry.key, size)
    part.shapes.append(in_room(indent, size / 2 + 2.6 * scale, entry.label, room, 7.4 * scale, least=3, bold=True))
    y = size + 1.5 * scale
    if entry.hours:
        part.shapes.append(in_room(indent, y + 3 * scale, entry.hours, room, 3.9 * scale, least=2.4, colour=MUTED))
        y += 6 * scale
    messages = [entry.message, *(f"{each.label} · {each.message}" for each in entry.below if each.message)]
    x = indent
    for each in entry.below:
        key, text = 6.2 * scale, 4.6 * scale
        label = f"{each.label} · {each.hours}" if each.hours else each.label
        wide = key + 1.8 * scale + width(label, text)
        if x > indent and x + wide > WIDE - _MARGIN:
            x, y = indent, y + 8.4 * scale
        part.shapes.append(Area(x, y, key, key, PALE, key * 0.2))
        part.shapes.append(key_words(x + key / 2, y + key * 0.74, each.key, text, GREEN))
        part.shapes.append(in_room(x + key + 1.8 * scale, y + key * 0.74, label, room - key, text, least=2.4))
        x += wide + 6 * scale
    y += 8.4 * scale if entry.below else 0
    for message in filter(None, messages):
        for line in wrapped(message, room, 3.9 * scale, lines=3):
            part.shapes.append(Words(indent, y + 3.6 * scale, line, 3.9 * scale, AMBER))
            y += 5.6 * scale
    part.height = y + 6.5 * scale
    return part


def _chips(entries: tuple[Entry, ...], scale: float, title: str) -> _Part:
    part = _heading(title, scale)
    x, y = _MARGIN, part.height
    for each in entries:
        key, text = 6.2 * scale, 4.6 * scale
        wide = key + 1.8 * scale + width(each.label, text)
        if x > _MARGIN and x + wide > WIDE - _MARGIN:
            x, y = _MARGIN, y + 8.4 * scale
        part.shapes.append(Area(x, y, key, key, PALE, key * 0.2))
        part.shapes.append(key_words(x + key / 2, y + key * 0.74, each.key, text, GREEN))
        part.shapes.append(Words(x + key + 1.8 * scale, y + key * 0.74, each.label, text))
        x += wide + 8 * scale
    part.height = y + 13 * scale
    return part
