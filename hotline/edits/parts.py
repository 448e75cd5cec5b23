"""The parts of a YAML text: each value with the characters from which to which it is written. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from hotline.edits.writing import Plain

Path = tuple[str | int, ...]

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
"""An anchor or a tag before a value."""

_COLON = re.compile(r"\s*:")


@dataclass(eq=False)
class Part:
    """A value. `begin`, `end`: of what is written, less anchor, and less line breaks behind it. `inside`: it stands
    within braces or brackets.
    """

    begin: int
    end: int
    inside: bool
    anchor: str | None


@dataclass(eq=False)
class Scalar(Part):
    """`style`: None: without quotation marks; else `"`, `'`, `|` or `>`."""

    text: str
    style: str | None

    @property
    def value(self) -> str | bool | None:
        """As `hotline.document` takes it."""
        if self.style is None:
            match self.text.lower():
                case "" | "~" | "null":
                    return None
                case "true" | "false":
                    return self.text.lower() == "true"
            return Plain(self.text)
        return self.text


@dataclass(eq=False)
class Collection(Part):
    """A mapping or a list. `flow`: with braces or brackets. `begin` of another one: of its first key or hyphen."""

    flow: bool


@dataclass(eq=False)
class Entries(Collection):
    """A mapping: of each key where it is, and its value. Of a key that is given twice the first."""

    pairs: dict[str, tuple["Scalar", Part]] = field(default_factory=dict)


@dataclass(eq=False)
class Items(Collection):
    """A list. `hyphens`: where each is, unless it is in brackets."""

    members: list[Part] = field(default_factory=list)
    hyphens: list[int] = field(default_factory=list)


@dataclass(eq=False)
class Alias(Part):
    """The same value as that of an anchor before."""

    of: Part


class Unreadable(ValueError):
    """The text has something that hotlines have no use for, such as a list as a key."""


def read(text: str) -> Part | None:
    """The whole of a text, which `hotline.document` can read: its depth and its size are bounded. None: it is empty.

    Raises Unreadable, and what the parser raises.
    """
    return _Reader(text).root()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._events = YAML(typ="safe", pure=True).parse(text)
        self._anchors: dict[str, Part] = {}

    def root(self) -> Part | None:
        for event in self._events:
            if isinstance(event, NodeEvent):
                return self._part(event, inside=False, after=0)
        return None

    def _part(self, event: Any, *, inside: bool, after: int) -> Part:
        """`after`: where the mark of the value, a colon or a hyphen, ends: an empty value stands there."""
        begin, end = event.start_mark.index, event.end_mark.index
        anchor = None if event.anchor is None else str(event.anchor)
        made: Part
        match event:
            case AliasEvent():
                return Alias(begin, end, inside, None, self._anchors[str(anchor)])
            case ScalarEvent() if not event.value and event.style is None and anchor is None and begin == end:
                made = Scalar(after, after, inside, anchor, "", None)
            case ScalarEvent():
                found = _PROPERTIES.match(self._text, begin, end) if anchor or event.tag else None
                begin = begin if found is None else found.end()
                end = begin + len(self._text[begin:end].rstrip())
                made = Scalar(begin, end, inside, anchor, event.value, event.style)
            case SequenceStartEvent() | MappingStartEvent():
                flow = bool(event.flow_style)
                start = end - 1 if flow else end if anchor or event.tag else begin
                if isinstance(event, SequenceStartEvent):
                    made = self._items(start, inside, anchor, flow)
                else:
                    made = self._entries(start, inside, anchor, flow)
            case _:
                raise Unreadable
        if anchor is not None:
            self._anchors[anchor] = made
        return made

    def _entries(self, start: int, inside: bool, anchor: str | None, flow: bool) -> Entries:
        made = Entries(start, start, inside, anchor, flow)
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._part(event, inside=True, after=start)
            if not isinstance(key, Scalar):
                raise Unreadable
            if not made.pairs and not flow:
                made.begin = key.begin
            value = self._part(next(self._events), inside=inside or flow, after=behind_colon(self._text, key))
            made.pairs.setdefault(key.text, (key, value))
            made.end = value.end
        if flow:
            made.end = event.end_mark.index
        return made

    def _items(self, start: int, inside: bool, anchor: str | None, flow: bool) -> Items:
        made = Items(start, start, inside, anchor, flow)
        while not isinstance(event := next(self._events), SequenceEndEvent):
            hyphen = start if flow else self._hyphen(made)
            made.hyphens.append(hyphen)
            made.members.append(self._part(event, inside=inside or flow, after=hyphen + 1))
            made.end = max(made.members[-1].end, hyphen + 1)
        if flow:
            made.end = event.end_mark.index
        return made

    def _hyphen(self, made: Items) -> int:
        """Where the hyphen of the next member is: in the column of the first one."""
        if not made.hyphens:
            return made.begin
        column = made.begin - line_begin(self._text, made.begin)
        found = re.compile(rf"^ {{{column}}}-(?=\s|$)", re.MULTILINE).search(self._text, made.end)
        if found is None:
            raise Unreadable
        return found.end() - 1


def behind_colon(text: str, key: Part) -> int:
    """Where the colon of a key ends; where the key itself ends, if it has none, as in `{key}`."""
    found = _COLON.match(text, key.end)
    return key.end if found is None else found.end()


def line_begin(text: str, at: int) -> int:
    """Where the line of that character begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line of that character ends, before its line break."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def value(part: Part | None, instead: Mapping[Part, Any] | None = None) -> Any:
    """What a part says, in Python: text, true, false, None, lists, mappings. `instead`: what other parts say."""
    if part is None:
        return None
    if instead and part in instead:
        return instead[part]
    match part:
        case Alias():
            return value(part.of, instead)
        case Entries():
            return {key: value(each, instead) for key, (_, each) in part.pairs.items()}
        case Items():
            return [value(each, instead) for each in part.members]
        case Scalar():
            return part.value
    raise AssertionError(part)


def aliases(part: Part | None, path: Path = ()) -> Iterator[tuple[Path, Alias]]:
    """Every alias with its path. Behind an alias none are looked for."""
    match part:
        case Alias():
            yield path, part
        case Entries():
            for key, (_, each) in part.pairs.items():
                yield from aliases(each, (*path, key))
        case Items():
            for index, each in enumerate(part.members):
                yield from aliases(each, (*path, index))
