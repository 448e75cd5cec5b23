"""How the lines of a YAML file are indented: the outline that they make, and where it does not hold. Pure.

It is much quicker than a parser and knows less: enough to tell whether a line could stand at another indentation.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#{\[\]},&*!|>%@-][^:#]*):(?=\s|$)\s*(.*)""")
_OPENS = re.compile(r"(?:[&!]\S+\s*)*(?:#.*)?")
_BLOCK = re.compile(r"(?:[&!]\S+\s+)*[|>][-+0-9]*\s*(?:#.*)?")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*""")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that matters: no comment, no part of a text of several lines.

    `at` is its index in the file. `item`: it begins with a hyphen. `inner` is the column of its `key`, which is behind
    the hyphen of an item. `opens`: what is below it belongs to it; `text`: the text below does. `mapping`:
    it has one in braces.
    """

    at: int
    indent: int
    item: bool
    key: str | None
    inner: int
    opens: bool
    text: bool
    mapping: bool


def outline(lines: Sequence[str]) -> list[Line]:
    """The lines that matter, in their order."""
    return list(_lines(lines))


def usual_step(lines: Sequence[Line]) -> int:
    """By how many spaces lines are mostly indented further than what they belong to."""
    steps = Counter(below.indent - line.indent for line, below in pairwise(lines) if below.indent > line.indent)
    return steps.most_common(1)[0][0] if steps else 2


def first_slip(lines: Sequence[Line]) -> int | None:
    """The index in the file of the first line that cannot stand where it does; None: the outline holds."""
    levels: list[tuple[int, bool]] = []  # indentation, and whether it is a list's
    before: Line | None = None
    for line in lines:
        if (
            before is None
            or line.indent > before.inner
            or (line.item and line.indent >= before.indent and before.opens)
        ):
            fits = before is None or before.opens
            levels.append((line.indent, line.item))
        else:
            while levels and (levels[-1][0] > line.indent or (levels[-1] == (line.indent, True) and not line.item)):
                levels.pop()
            fits = bool(levels) and levels[-1] == (line.indent, line.item)
        if not fits or (line.key is None and not line.item):
            return line.at
        if line.item and line.key is not None:
            levels.append((line.inner, False))
        before = line
    return None


def _lines(lines: Sequence[str]) -> Iterator[Line]:
    text_below: int | None = None  # a text of several lines begins in what is indented further than this
    text_at: int | None = None  # it goes on in what is indented like its first line
    flow = 0  # brackets that are open
    last: Line | None = None
    for at, line in enumerate(lines):
        content = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if not content:
            continue
        if text_below is not None:
            if text_at is None and indent > text_below:
                text_at = indent
            if text_at is not None and indent >= text_at:
                continue
            text_below = text_at = None
        if content.startswith(("#", "---")):
            continue
        if flow > 0:
            flow += _brackets(content)
            continue
        item = content == "-" or content.startswith("- ")
        rest = content[1:].lstrip() if item else content
        found = _KEY.match(rest)
        if found is None and not item and last is not None and not last.opens and indent > last.indent:
            continue  # a plain text goes on
        value = found[2] if found else rest
        inner = indent + (len(content) - len(rest) if item and found else 0)
        flow = max(_brackets(value), 0)
        if text := bool(_BLOCK.fullmatch(value)):
            text_below = inner
        opens = bool(_OPENS.fullmatch(value)) and (found is not None or item)
        last = Line(
            at, indent, item, found[1].strip("\"'") if found else None, inner, opens, text, value.startswith("{")
        )
        yield last


def _brackets(content: str) -> int:
    """How many brackets the words open and do not close."""
    bare = _QUOTED.sub("", content)
    return sum(bare.count(sign) for sign in "{[") - sum(bare.count(sign) for sign in "}]")
