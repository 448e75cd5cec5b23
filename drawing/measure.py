"""How wide a text is, without a font: the widths of a common sans serif, a little generous."""

import unicodedata
from collections.abc import Iterator

_NARROW = frozenset("iljI.,:;'|!()[]{}-/ t\"f1r")
_WIDE = frozenset("mwMWQO@%&")
_FULL = frozenset("“”‘’…—")
"""As wide as a Chinese character in Chinese fonts, narrow in others."""
_BROKEN_BEFORE = frozenset("，。、；：！？）」』》”’·…,.;:!?)]}%")
"""No line begins with one of these."""


def width(text: str, size: float, *, bold: bool = False) -> float:
    """In the unit of `size`, the font's."""
    ems = sum(_ems(character) for character in text)
    return ems * size * (1.06 if bold else 1.0)


def _ems(character: str) -> float:
    if character in _FULL or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character == "·":
        return 0.7
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.92
    return 0.68 if character.isupper() else 0.58


def wrapped(text: str, room: float, size: float, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """The text in at most so many lines that fit `room`; what is left out is shown by an ellipsis."""
    made: list[str] = []
    line = ""
    for piece in _pieces(text):
        if not line or width(line + piece.rstrip(), size, bold=bold) <= room:
            line += piece
            continue
        made.append(line.rstrip())
        line = piece.lstrip()
    made.append(line.rstrip())
    if len(made) > lines:
        made[lines - 1 :] = [" ".join(made[lines - 1 :]) if _latin(text) else "".join(made[lines - 1 :])]
    return tuple(fitted(each, room, size, bold=bold) for each in made if each) or ("",)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut short where it is wider than `room`."""
    if width(text, size, bold=bold) <= room:
        return text
    left, kept = room - width("…", size, bold=bold), 0
    for character in text:
        left -= width(character, size, bold=bold)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def _pieces(text: str) -> Iterator[str]:
    """Parts between which a line may be broken: words with their blank, single Chinese characters."""
    piece = ""
    for index, character in enumerate(text):
        piece += character
        following = text[index + 1 : index + 2]
        wide = unicodedata.east_asian_width(character) in "WF"
        next_wide = bool(following) and unicodedata.east_asian_width(following) in "WF"
        if (character == " " or wide or next_wide) and following not in _BROKEN_BEFORE:
            yield piece
            piece = ""
    if piece:
        yield piece


def _latin(text: str) -> bool:
    return not any(unicodedata.east_asian_width(character) in "WF" for character in text)
