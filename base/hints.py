"""Hints: the name that was probably meant, and words from a file made safe to show."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, if one is near enough."""
    near = get_close_matches(name.lower()[:80], sorted(known), n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean 'water'?`, else `otherwise`."""
    near = nearest(name, known)
    return f"did you mean {near!r}?" if near else otherwise


def one_of(names: Iterable[str], most: int = 8) -> str:
    """`a, b or c`; a long list is cut."""
    listed = list(names)
    if len(listed) > most:
        return ", ".join(listed[:most]) + " …"
    if len(listed) < 2:
        return "".join(listed)
    return ", ".join(listed[:-1]) + " or " + listed[-1]


def printable(text: str) -> str:
    """The text on one line, without characters that could disturb a terminal."""
    return "".join(
        character if unicodedata.category(character)[0] not in "CZ" or character == " " else f"\\u{ord(character):04x}"
        for character in text
    )


def shown(text: str) -> str:
    """Text from a file, quoted, on one line, cut, without characters that could disturb a terminal."""
    return f"'{printable(shortened(text))}'"


def shortened(words: str, most: int = 40) -> str:
    """The beginning of long words, for messages."""
    return words if len(words) <= most else words[: most - 1] + "…"
