"""How a value is written in YAML, so that it is read as exactly that value. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any

WIDTH = 110
"""Characters of a line that somebody can read at once; a text in quotation marks may be longer."""

STEP = 2
"""Spaces by which what belongs to a key is indented."""

_PLAIN = re.compile(r"[^\W\d_](?:[\w \-./'%+，。、：；！？（）《》“”·…]*[\w./'%+，。、：；！？（）《》“”·…])?")
"""Words that need no quotation marks, wherever they stand."""

_DURATION = re.compile(r"\d{1,6}(?:\.\d{1,3})?[smhd]")
_NOT_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
"""What some reader of YAML takes for something else than a word."""

_KEYS = frozenset(("off",))
"""Keys of a hotline that are such words, and that everybody writes plainly."""

_NEEDS_QUOTES = re.compile(r"[,\[\]{}\n]|: |:$|\s#")


class Plain(str):
    """A text that stood without quotation marks: it is written so again, as 80 and not as "80"."""

    __slots__ = ()


def scalar(value: str | bool | float | None) -> str:
    """In one line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return quoted(repr(value))
        case Plain() if value and _NEEDS_QUOTES.search(value) is None:
            return str(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _NOT_WORDS
    return value if plain or _DURATION.fullmatch(value) else quoted(value)


def key(word: str) -> str:
    """A key of a mapping."""
    return word if word in _KEYS else scalar(word)


def quoted(text: str) -> str:
    """As JSON has it; what cannot be seen is written by its number."""
    return "".join(
        c if c.isprintable() or c == "\u3000" else _by_number(c) for c in json.dumps(text, ensure_ascii=False)
    )


def _by_number(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def inline(value: Any) -> str:
    """Any value in one line."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{key(name)}: {inline(each)}" for name, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(inline, value)) + "]"
        case _:
            return scalar(value)


def folded(text: str, indent: int) -> list[str] | None:
    """The lines of a text that is folded at spaces, which `>-` stands before. None: it cannot be written so."""
    words = text.split(" ")
    if not all(words) or not text.replace("\u3000", "").isprintable():
        return None
    lines = [words[0]]
    for word in words[1:]:
        if indent + len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return [" " * indent + line for line in lines]


def entry(name: str, value: Any, indent: int, depth: int) -> list[str]:
    """The lines of a key and its value in a mapping. `depth`: of how many keys the mapping is part: 0 for the file."""
    begin = " " * indent + key(name) + ":"
    if isinstance(value, Mapping | list):
        if value and not fits(value, indent + len(begin), depth):
            return [begin, *block(value, indent + STEP, depth + 1)]
    elif isinstance(value, str) and indent + len(begin) + len(value) > WIDTH:
        lines = folded(value, indent + STEP)
        if lines is not None and len(lines) > 1:
            return [f"{begin} >-", *lines]
    return [f"{begin} {inline(value)}"]


def block(value: Mapping[str, Any] | list[Any], indent: int, depth: int) -> list[str]:
    """The lines of a mapping or a list that is not empty, one below the other."""
    if isinstance(value, Mapping):
        return [line for name, each in value.items() for line in entry(name, each, indent, depth)]
    return [line for each in value for line in item(each, indent, depth)]


def item(value: Any, indent: int, depth: int) -> list[str]:
    """The lines of a member of a list."""
    begin = " " * indent + "- "
    if not value or not isinstance(value, Mapping | list) or fits(value, indent, max(depth, 3)):
        return [begin + inline(value)]
    first, *others = block(value, indent + STEP, max(depth, 3))
    return [begin + first.lstrip(" "), *others]


def fits(value: Any, used: int, depth: int) -> bool:
    """Whether a value is written in one line. What has parts of its own, such as a queue, has a line for each."""
    if isinstance(value, Mapping) and value:
        parted = [isinstance(each, Mapping) for each in value.values()]
        if (depth < 2 and any(parted)) or (depth < 3 and all(parted)):
            return False
    if isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
        return False
    return used + 1 + len(inline(value)) <= WIDTH
