"""Edits of a hotline's file. Only the characters of what is edited change: comments, order, quotation marks and spaces
of all else stay, byte by byte. ruamel's parser says where each value is written. Pure.

After each step the new text is read again, and must say what the old one said with that one change. Where it does not,
because the file is written in an unusual way, nothing is done and the person edits the file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import YAMLError

from base.hints import printable
from hotline import document
from hotline.edits import writing
from hotline.edits.parts import (
    Alias,
    Collection,
    Entries,
    Items,
    Part,
    Path,
    Scalar,
    Unreadable,
    aliases,
    behind_colon,
    line_begin,
    line_end,
    read,
    value,
)
from sentences.sentence import Sentence

LONGEST_PATH = document.DEEPEST

_ANCHOR = re.compile(r"\s*[&!]\S+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Set:
    """The value at the path. It may be new, and so may what leads to it. `value`: as JSON has it."""

    path: Path
    value: Any


@dataclass(frozen=True)
class Remove:
    """Take out what is at the path, with its key. Nothing is done where nothing is."""

    path: Path


@dataclass(frozen=True)
class Rename:
    """Another key for what is at the path. If there is such a key beside it, the two are exchanged. In a list `to` is
    the index, from 0, of the member with which it is exchanged.
    """

    path: Path
    to: str


Edit = Set | Remove | Rename


class Uneditable(ValueError):
    """The edit cannot be done; a sentence. The file is to be edited itself."""


def applied(text: str, edits: Sequence[Edit], file: str) -> str:
    """The text after the edits, one after the other. `file`: its name, for sentences. Raises Uneditable."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    windows = "\r\n" in body and body.count("\r\n") == body.count("\n") == body.count("\r")
    sheet = _Sheet(body.replace("\r\n", "\n") if windows else body, file)
    try:
        for edit in edits:
            sheet.do(edit)
        whole = document.read(sheet.text.encode(), file)[0] is not None or not sheet.text.strip()
    except (RecursionError, UnicodeEncodeError):
        whole = False
    if not whole:
        raise Uneditable(
            Sentence("{file} would be too large or too deep with this, or could not be read: write less.", file=file)
        )
    return mark + (sheet.text.replace("\n", "\r\n") if windows else sheet.text)


def touched(text: str, paths: Sequence[Path], file: str) -> list[Path]:
    """Other paths that change with those at `paths`: they say the same by an alias. Raises Uneditable."""
    sheet = _Sheet(text.removeprefix("\ufeff"), file)
    on_the_way = {part for path in paths for part in sheet.way(path) if not isinstance(part, Alias)}
    return [path for path, alias in aliases(sheet.root) if alias.of in on_the_way]


class _Sheet:
    """The text under way, and its parts."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self._file = text, file
        node, problems = document.read(text.encode("utf-8", "surrogatepass"), file)
        if node is None and problems:  # only what it has read is bounded
            raise Uneditable(
                Sentence("{file} cannot be read: correct line {line} first.", file=file, line=problems[-1].line)
            )
        self.root = self._read(text)

    def do(self, edit: Edit) -> None:
        """Do one edit on the text under way. Raises Uneditable."""
        if not edit.path or len(edit.path) > LONGEST_PATH:
            raise self._absent(edit.path)
        self._own(edit.path)
        match edit:
            case Set(path, new):
                self._set(path, new)
            case Remove(path):
                if self._found(path) is not None:
                    self._remove(path)
            case Rename(path, to):
                self._rename(path, to)

    def way(self, path: Path) -> list[Part]:
        """The parts from the whole to the one at the path, as far as there are any."""
        way: list[Part] = [] if self.root is None else [self.root]
        for step in path:
            here = way[-1] if way else None
            here = here.of if isinstance(here, Alias) else here
            if isinstance(here, Entries) and step in here.pairs:
                way.append(here.pairs[str(step)][1])
            elif isinstance(here, Items) and isinstance(step, int) and 0 <= step < len(here.members):
                way.append(here.members[step])
            else:
                break
        return way

    # --- what an edit comes to ---------------------------------------------------------------------------------------

    def _own(self, path: Path) -> None:
        """Nothing on the way to the path is an alias: where one was is a copy of what it stood for."""
        while True:
            way = self.way(path[:-1])
            at = next((index for index, part in enumerate(way) if isinstance(part, Alias)), None)
            if at is None:
                return
            self._replace(path[:at], value(way[at]))

    def _set(self, path: Path, new: Any) -> None:
        old = self._found(path)
        if old is None:
            self._add(path, new)
        elif _same(value(old), new):
            return
        elif isinstance(old, Entries) and isinstance(new, Mapping) and old.pairs and new:
            gone = [key for key in old.pairs if key not in new]
            for key, each in new.items():
                self._set((*path, key), each)
            for key in gone:
                self._remove((*path, key))
        elif isinstance(old, Items) and isinstance(new, list) and old.members and new and not old.flow:
            for index, each in enumerate(new):
                self._own((*path, index))
                self._set((*path, index), each)
            for index in reversed(range(len(new), len(old.members))):
                self._remove((*path, index))
        else:
            self._replace(path, new)

    def _add(self, path: Path, new: Any) -> None:
        """What is not there yet, with all that leads to it."""
        there = len(self.way(path)) - 1  # so many steps lead to something
        if self.root is None:
            there = 0
        for step in reversed(path[there + 1 :]):
            if step == 0 and isinstance(step, int):
                new = [new]
            elif isinstance(step, str):
                new = {step: new}
            else:
                raise self._absent(path)
        step, above = path[there], self._found(path[:there])
        if isinstance(above, Entries) and isinstance(step, str):
            self._insert(path[:there], step, new)
        elif isinstance(above, Items) and step == len(above.members):
            self._append(path[:there], new)
        elif (above is None or (isinstance(above, Scalar) and above.value is None)) and step != 0:
            if above is None:
                self._begin(str(step), new)
            else:
                self._replace(path[:there], {str(step): new})
        elif isinstance(above, Scalar) and above.value is None:
            self._replace(path[:there], [new])
        else:
            raise self._absent(path)

    # --- one step each: a change of the text, and what it is to say then ---------------------------------------------

    def _begin(self, key: str, new: Any) -> None:
        """The first key of a file that has none."""
        lines = writing.entry(key, new, 0, 0)
        before = self.text if not self.text or self.text.endswith("\n") else self.text + "\n"
        self._becomes(before + "\n".join(lines) + "\n", {key: new})

    def _replace(self, path: Path, new: Any) -> None:
        part = self._at(path)
        expected = value(self.root, {part: new})
        text, begin, end = self.text, part.begin, part.end
        if not path:
            raise self._unusual(begin)
        behind, column = self._mark(path)
        depth = len(path) - 1
        in_block = isinstance(part, Collection) and not part.flow and text.find("\n", behind, begin) >= 0
        if part.inside or _short(new, begin - line_begin(text, behind), depth):
            written = writing.inline(new)
            if isinstance(new, str) and not part.inside and not in_block:
                written = self._said(new, part, column)
            if in_block:
                first, *between = text[behind:begin].split("\n")[:-1]
                anchor = _ANCHOR.match(first)
                before, rest = ("", first) if anchor is None else (anchor[0], first[anchor.end() :])
                lines = [f"{before} {written}{rest}", *between]
                made = text[:behind] + "\n".join(lines) + text[end:]
            else:
                made = text[:begin] + ("" if text[begin - 1 : begin].isspace() or begin > behind else " ")
                made += written + text[end:]
        elif isinstance(part, Collection) and not part.flow:
            lines = writing.block(new, begin - line_begin(text, begin), depth + 1)
            made = text[:begin] + "\n".join(lines).lstrip(" ") + text[end:]
        else:
            lines = writing.block(new, column + writing.STEP, depth + 1)
            stop = line_end(text, end)
            made = "\n".join((text[:begin].rstrip(" ") + _comment(text[end:stop]), *lines)) + text[stop:]
        self._becomes(made, expected)

    def _said(self, new: str, old: Part, column: int) -> str:
        """A text in place of another value: folded, if that value was, or if the line would be long."""
        indent = column + writing.STEP
        was = isinstance(old, Scalar) and old.style in ("|", ">")
        lines = writing.folded(new, indent) if was or len(new) + indent > writing.WIDTH else None
        if lines is None or not (was or len(lines) > 1):
            return writing.scalar(new)
        return "\n".join((">-", *lines))

    def _insert(self, path: Path, key: str, new: Any) -> None:
        """A new key, behind the others of a mapping."""
        above = self._at(path)
        assert isinstance(above, Entries), "it was looked at"
        expected = value(self.root, {above: {**value(above), key: new}})
        text = self.text
        if not above.pairs:
            if above.inside or not path:
                written = writing.inline({key: new})
                self._becomes(text[: above.begin] + written + text[above.end :], expected)
            else:
                self._replace(path, {key: new})
            return
        last = list(above.pairs.values())[-1][1].end
        if above.flow:
            written = f", {writing.key(key)}: {writing.inline(new)}"
            plain = path and not above.inside and not any(mark in text[above.begin : above.end] for mark in "\n&*")
            if plain and above.end - line_begin(text, above.begin) + len(written) > writing.WIDTH:
                self._replace(path, {**value(above), key: new})
                return
            self._becomes(text[:last] + written + text[last:], expected)
            return
        lines = writing.entry(key, new, above.begin - line_begin(text, above.begin), len(path))
        if len(lines) > 1 and self._airy(above):
            lines.insert(0, "")
        at = line_end(text, last)
        self._becomes("\n".join((text[:at], *lines)) + text[at:], expected)

    def _append(self, path: Path, new: Any) -> None:
        """A new member at the end of a list."""
        above = self._at(path)
        assert isinstance(above, Items), "it was looked at"
        expected = value(self.root, {above: [*value(above), new]})
        if not above.members:
            self._replace(path, [new])
            return
        last = above.end if not above.flow else above.members[-1].end
        if above.flow:
            self._becomes(self.text[:last] + ", " + writing.inline(new) + self.text[last:], expected)
            return
        lines = writing.item(new, above.begin - line_begin(self.text, above.begin), len(path))
        at = line_end(self.text, last)
        self._becomes("\n".join((self.text[:at], *lines)) + self.text[at:], expected)

    def _remove(self, path: Path) -> None:
        above, step = self._at(path[:-1]), path[-1]
        spans: list[tuple[int, int]]  # of each part, with its key or hyphen
        if isinstance(above, Entries):
            index = list(above.pairs).index(str(step))
            spans = [(key.begin, max(key.end, each.end)) for key, each in above.pairs.values()]
            left: Any = {key: each for key, each in value(above).items() if key != step}
        else:
            assert isinstance(above, Items), "something was found there"
            assert isinstance(step, int)
            index = step
            begins = [each.begin for each in above.members] if above.flow else above.hyphens
            ends = [each.end for each in above.members]
            spans = [(begin, max(begin + (not above.flow), end)) for begin, end in zip(begins, ends, strict=True)]
            left = [each for at, each in enumerate(value(above)) if at != index]
        if len(spans) == 1:
            self._replace(path[:-1], left)
            return
        flow = isinstance(above, Collection) and above.flow
        cuts = self._cut_of_flow(spans, index) if flow else [self._cut(spans, index)]
        made = self.text
        for begin, end in reversed(cuts):
            made = made[:begin] + made[end:]
        self._becomes(made, value(self.root, {above: left}))

    def _cut_of_flow(self, spans: list[tuple[int, int]], index: int) -> list[tuple[int, int]]:
        """What is taken out with a part within braces or brackets: a comma too, and no comment behind that."""
        begin, end = spans[index]
        before, after = (spans[index - 1][1], begin) if index else (end, spans[1][0])
        if "\n" not in self.text[before:after]:
            return [(before, end)] if index else [(begin, after)]
        comma = self.text.find(",", before, after)
        if comma < 0:
            raise self._unusual(begin)
        return [(comma, comma + 1), (begin, end)] if index else [(begin, end), (comma, comma + 1)]

    def _cut(self, spans: list[tuple[int, int]], index: int) -> tuple[int, int]:
        """The lines of a part; or, on a line that begins with something else, all up to the next part."""
        text, (begin, end) = self.text, spans[index]
        first = line_begin(text, begin)
        if text[first:begin].strip(" "):  # behind a hyphen
            return begin, spans[1][0]
        stop = min(line_end(text, end) + 1, len(text))
        before, after = text[:first], text[stop:]
        if before.endswith("\n\n") and after.startswith("\n"):  # one empty line is enough
            stop += 1
        return first, stop

    def _rename(self, path: Path, to: str) -> None:
        above, old = self._at(path[:-1]), path[-1]
        if isinstance(above, Items) and isinstance(old, int):
            self._exchange(path, above, old, to)
            return
        if not isinstance(above, Entries) or old not in above.pairs:
            raise self._absent(path)
        new = {str(old): to, to: str(old)}
        expected = value(self.root, {above: {new.get(key, key): each for key, each in value(above).items()}})
        made = self.text
        for key, written in sorted(
            ((above.pairs[name][0], written) for name, written in new.items() if name in above.pairs),
            key=lambda each: each[0].begin,
            reverse=True,
        ):
            quote = made[key.begin] if made[key.begin] in "\"'" else ""
            again = f"'{written}'" if quote == "'" and written.isalnum() else writing.scalar(written)
            if quote == '"':
                again = writing.quoted(written)
            made = made[: key.begin] + again + made[key.end :]
        self._becomes(made, expected)

    def _exchange(self, path: Path, above: Items, one: int, to: str) -> None:
        """Two members of a list, each with the comment behind it."""
        count = len(above.members)
        other = int(to) if to.isascii() and to.isdigit() and len(to) <= len(str(count)) else count
        if not max(one, other) < count:
            raise self._absent((*path[:-1], to))
        said = list(value(above))
        said[one], said[other] = said[other], said[one]
        expected = value(self.root, {above: said})
        (first, stop), (begin, end) = (self._whole(above, index) for index in sorted((one, other)))
        text = self.text
        if one != other:
            text = text[:first] + text[begin:end] + text[stop:begin] + text[first:stop] + text[end:]
        self._becomes(text, expected)

    def _whole(self, above: Items, index: int) -> tuple[int, int]:
        """From where to where a member is written: all behind its hyphen, but within brackets itself alone."""
        member = above.members[index]
        return (member.begin, member.end) if above.flow else (above.hyphens[index] + 1, line_end(self.text, member.end))

    # --- looking -----------------------------------------------------------------------------------------------------

    def _becomes(self, text: str, expected: Any) -> None:
        """From now on the text is this one, if it says what is expected."""
        try:
            root = self._read(text)
        except Uneditable:
            root = None
        if not _same(value(root), expected) or (root is None and expected is not None):
            raise self._unusual(_first_difference(self.text, text))
        self.text, self.root = text, root

    def _read(self, text: str) -> Part | None:
        try:
            return read(text)
        except (YAMLError, Unreadable, ValueError, KeyError, RecursionError):
            raise self._unusual(0) from None

    def _found(self, path: Path) -> Part | None:
        way = self.way(path)
        return way[-1] if len(way) == len(path) + 1 else None

    def _at(self, path: Path) -> Part:
        found = self._found(path)
        if found is None:
            raise self._absent(path)
        return found

    def _mark(self, path: Path) -> tuple[int, int]:
        """Where the colon or the hyphen before a part ends, and the column of its key or of the hyphen."""
        above = self._at(path[:-1])
        if isinstance(above, Entries):
            key, _ = above.pairs[str(path[-1])]
            return behind_colon(self.text, key), key.begin - line_begin(self.text, key.begin)
        assert isinstance(above, Items), "something was found there"
        assert isinstance(path[-1], int)
        hyphen = above.hyphens[path[-1]]
        return hyphen + 1, hyphen - line_begin(self.text, hyphen)

    def _airy(self, above: Entries) -> bool:
        """Whether empty lines are between its last two keys."""
        pairs = list(above.pairs.values())[-2:]
        return len(pairs) == 2 and _BLANK_LINE.search(self.text, pairs[0][1].end, pairs[1][0].begin) is not None

    def _absent(self, path: Path) -> Uneditable:
        return Uneditable(
            Sentence(
                "{file} has nothing at {path}: look at the file again.",
                file=self._file,
                path=printable("/".join(map(str, path))[:200]),
            )
        )

    def _unusual(self, at: int) -> Uneditable:
        line = self.text.count("\n", 0, at) + 1
        return Uneditable(
            Sentence(
                "{file} is written in an unusual way in line {line}: edit this in the file itself.",
                file=self._file,
                line=line,
            )
        )


def _short(new: Any, used: int, depth: int) -> bool:
    return not isinstance(new, Mapping | list) or not new or writing.fits(new, used, depth)


def _comment(rest: str) -> str:
    """What stands behind a value in its line, if it is more than spaces."""
    return rest if rest.strip() else ""


def _same(one: Any, other: Any) -> bool:
    """Whether two values say the same, in the same order. A number is as its digits."""
    match one, other:
        case (Mapping(), Mapping()):
            return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
        case (list(), list()):
            return len(one) == len(other) and all(map(_same, one, other))
    return _plain(one) == _plain(other) and type(_plain(one)) is type(_plain(other))


def _plain(each: Any) -> Any:
    return each if each is None or isinstance(each, bool) else str(each)


def _first_difference(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
