"""Hints: the name that was probably meant, and words from a file made safe to show."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

from sentences.sentence import Sentence, listed

_Words = TypeVar("_Words", bound=str)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, if one is near enough."""
    near = get_close_matches(name.lower()[:80], sorted(known), n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(name: str, known: Iterable[str], otherwise: _Words) -> _Words | Sentence:
    """`did you mean 'water'?`, else `otherwise`."""
    near = nearest(name, known)
    return Sentence("did you mean {name!r}?", name=near) if near else otherwise


def one_of(names: Iterable[str], most: int = 8) -> str:
    """`a, b or c`; a long list is cut."""
    some = list(names)
    if len(some) > most:
        return Sentence("{names} …", names=listed(some[:most]))
    if len(some) < 2:
        return listed(some)
    return Sentence("{names} or {name}", names=listed(some[:-1]), name=some[-1])


def some_of(names: Iterable[str], most: int) -> str:
    """`a, b and 3 more`, or `none`."""
    all_ = list(names)
    if not all_:
        return Sentence("none")
    said = listed(all_[:most])
    return said if len(all_) <= most else Sentence("{names} and {count} more", names=said, count=len(all_) - most)


class WrongKey(ValueError):
    """What is wrong with one key of a model, for whoever says where that key is in a file."""

    def __init__(self, key: str, said: Sentence) -> None:
        super().__init__(f"{key}: {said}")
        self.key, self.said = key, said


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
