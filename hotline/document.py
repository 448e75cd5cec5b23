"""A YAML file as a tree in which every key and every value knows its line and column.

It is built from ruamel's stream of events, so that depth, size and the copies that aliases make are bounded while the
file is read. Problems that leave the rest readable (a key given twice, a control character) are
noted and reading goes on; the others end it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from base.hints import shown
from hotline.indentation import commented_keys, located
from hotline.problem import Problem, Spot, error, warning
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.model import LONGEST

DEEPEST = 24
MOST_NODES = 100_000
REMEMBERED = 50_000
"""Bytes of a file whose tree is remembered, with those of the last few: a start, a check and an edit read the same file
several times, and to read it takes half of a check.
"""
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that change the order in which text is shown: a name could look like another one."""

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Scalar:
    """`plain`: written without quotes, so true, false and an empty value are not texts. `raw`: as it is written."""

    text: str
    plain: bool
    spot: Spot
    raw: str = field(default="", repr=False, compare=False)

    @property
    def value(self) -> str | bool | None:
        if self.plain:
            match self.text.lower():
                case "" | "~" | "null":
                    return None
                case "true" | "false":
                    return self.text.lower() == "true"
        return self.text


@dataclass(frozen=True)
class Items:
    """A list."""

    nodes: tuple["Node", ...]
    spot: Spot


@dataclass(frozen=True)
class Entries:
    """A mapping; `keys` has the spots of the keys, `spot` where the mapping itself begins."""

    nodes: Mapping[str, "Node"]
    keys: Mapping[str, Spot]
    spot: Spot


Node = Scalar | Items | Entries


def spot_of(root: Node, path: Path, *, key: bool = False) -> Spot:
    """Where the value at `path` begins, or with `key` its key. Steps that the file does not have are passed over."""
    node, spot = root, root.spot
    for step in path:
        if isinstance(node, Entries) and step in node.nodes:
            name = str(step)
            spot = node.keys[name] if key else node.nodes[name].spot
            node = node.nodes[name]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
            node = node.nodes[step]
            spot = node.spot
    return spot


def node_at(root: Node, path: Path) -> Node | None:
    """The node at exactly `path`, or None."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Entries):
            node = node.nodes.get(str(step))
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
            node = node.nodes[step]
        else:
            return None
    return node


def without(root: Node, paths: Collection[Path]) -> Node:
    """The tree less what is at these paths. Paths that are not there leave it as it is."""
    below: dict[str | int, list[Path]] = defaultdict(list)
    for path in paths:
        below[path[0]].append(path[1:])

    def kept(step: str | int, node: Node) -> tuple[Node, ...]:
        rests = below.get(step)
        if rests is None:
            return (node,)
        return () if () in rests else (without(node, rests),)

    match root:
        case Entries(nodes=nodes):
            left = {name: new for name, node in nodes.items() for new in kept(name, node)}
            return Entries(left, root.keys, root.spot)
        case Items(nodes=items):
            return Items(tuple(new for index, node in enumerate(items) for new in kept(index, node)), root.spot)
    return root


def scalars(root: Node) -> Iterator[str]:
    """The text of every key and value in the tree."""
    match root:
        case Scalar(text=text):
            yield text
        case Items(nodes=items):
            for node in items:
                yield from scalars(node)
        case Entries(nodes=entries):
            for name, node in entries.items():
                yield name
                yield from scalars(node)


def read(data: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    """The tree of a file, or None and the reason why it cannot be read. An empty file has no tree and no problem."""
    root, problems = (_remembered if len(data) <= REMEMBERED else _read)(data, file)
    return root, list(problems)


def _read(data: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        spot = _count(data[: wrong.start].decode("utf-8", "replace"), file)
        return None, [
            error("bad-encoding", spot, Sentence("this is not UTF-8 text"), Sentence("save the file as UTF-8"))
        ]
    builder = _Builder(file)
    try:
        root = builder.build(text)
    except _Stop as stop:
        return None, [*builder.problems, stop.problem]
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        spot = Spot(file, mark.line + 1, mark.column + 1) if mark else Spot(file, 1, 1)
        said = recognised(wrong.problem or wrong.context or "it cannot be read")
        line, column, hint = located(said, text.splitlines(), spot.line, spot.column)
        spot = Spot(file, line, column)
        return None, [*builder.problems, error("bad-yaml", spot, Sentence("not valid YAML: {why}", why=said), hint)]
    except ReaderError as wrong:
        spot = _count(text[: wrong.position], file)
        said = (
            Sentence("a control character")
            if isinstance(wrong.character, int)
            else Sentence("the character {character!r}", character=wrong.character)
        )
        return None, [error("bad-yaml", spot, Sentence("not valid YAML: {why}", why=said), Sentence("take it out"))]
    if root is not None:
        for line, column in commented_keys(text.splitlines()):
            message = Sentence("a comment begins here, so this is not a key")
            builder.problems.append(
                warning(
                    "commented-key", Spot(file, line, column), message, Sentence('write "#": … if it is meant as one')
                )
            )
    return root, builder.problems


_remembered = lru_cache(maxsize=8)(_read)


class _Stop(Exception):
    """Reading ends here."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Builder:
    """Makes the tree of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._anchors: dict[str, Node] = {}
        self._size = 0
        self._written = ""

    def build(self, text: str) -> Node | None:
        self._written = text
        events = self._events(text)
        root: Node | None = None
        for event in events:
            if isinstance(event, NodeEvent):
                if root is not None:
                    self._stop(
                        "many-documents",
                        event,
                        Sentence("a second document begins here"),
                        Sentence("one file has one document: take out the ---"),
                    )
                root = self._node(event, events, 1)
            elif isinstance(event, DocumentStartEvent) and root is not None:
                self._stop(
                    "many-documents", event, Sentence("a second document begins here"), Sentence("take out this line")
                )
        return root

    def _events(self, text: str) -> Iterator[Any]:
        """What ruamel's parser says. It does not bound the numbers of a version and of a `\\U` before it uses them."""
        spot = Spot(self.file, 1, 1)
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                yield event
                spot = Spot(self.file, event.end_mark.line + 1, event.end_mark.column + 1)
        except (ValueError, OverflowError, AssertionError):
            hint = Sentence("behind %YAML write 1.2, or leave that line out; behind \\U write 0010FFFF at most")
            raise _Stop(
                error("bad-yaml", spot, Sentence("not valid YAML: an impossible number comes next"), hint)
            ) from None

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        spot = self._spot(event)
        size, height = 1, 0  # of what is new: the members of a container are counted on their own
        if isinstance(event, AliasEvent):
            node = self._alias(event)
            size, height = _extent(node)
        if depth + height > DEEPEST:
            self._stop(
                "too-deep",
                event,
                Sentence("this is nested more than {count} levels deep", count=DEEPEST),
                Sentence("write it flatter"),
            )
        self._size += size
        if self._size > MOST_NODES:
            self._stop(
                "too-large",
                event,
                Sentence("there are more than {count:,} values up to here", count=MOST_NODES),
                Sentence("divide the hotline"),
            )
        if isinstance(event, AliasEvent):
            return node
        if event.tag is not None:
            self.problems.append(
                error(
                    "tag",
                    spot,
                    Sentence("the tag {tag} has no use here", tag=shown(str(event.tag))),
                    Sentence("leave it out"),
                )
            )
        match event:
            case ScalarEvent():
                raw = self._written[event.start_mark.index : event.end_mark.index]
                node = Scalar(self._text(event.value, spot), event.style is None, spot, raw)
            case SequenceStartEvent():
                node = Items(tuple(self._items(events, depth)), spot)
            case _:
                node = self._entries(events, depth, spot)
        if event.anchor is not None:
            self._anchors[str(event.anchor)] = node
        return node

    def _items(self, events: Iterator[Any], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(events), SequenceEndEvent):
            yield self._node(event, events, depth + 1)

    def _entries(self, events: Iterator[Any], depth: int, spot: Spot) -> Entries:
        nodes: dict[str, Node] = {}
        keys: dict[str, Spot] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            at = self._spot(event)
            if not isinstance(key, Scalar):
                self.problems.append(
                    error("bad-key", at, Sentence("a key is a word or a number"), Sentence("write `key: value`"))
                )
            elif key.text == "<<" and key.plain:
                self.problems.append(
                    error("bad-key", at, Sentence("merging with << is not done here"), Sentence("write the keys out"))
                )
            elif key.text in nodes:
                twice = Sentence(
                    "the key {key} is given twice, first in line {line}", key=shown(key.text), line=keys[key.text].line
                )
                self.problems.append(error("duplicate-key", at, twice, Sentence("keep one of them")))
            else:
                # ruamel puts an empty value at the next token, perhaps in the next line: use the key's spot.
                empty = isinstance(value, Scalar) and value.plain and not value.text
                nodes[key.text] = replace(value, spot=at) if empty else value
                keys[key.text] = at
        return Entries(nodes, keys, spot)

    def _alias(self, event: Any) -> Node:
        name = str(event.anchor)
        if name not in self._anchors and name.strip("0123456789#*") in ("", ":"):  # a key or a number of a phone
            name = f"*{name}".rstrip(":")
            plain = shown(name)[1:-1]
            self._stop(
                "bad-alias",
                event,
                Sentence("{what} needs quotation marks here", what=plain),
                Sentence('write "{what}"', what=plain),
            )
        if name not in self._anchors:
            hint = Sentence("write &{name} at the first use", name=shown(name)[1:-1])
            self._stop("bad-alias", event, Sentence("no anchor {name} ends before here", name=shown(name)), hint)
        return self._anchors[name]

    def _text(self, text: str, spot: Spot) -> str:
        """The text with white space made single spaces: a line break in a name would break a configuration file."""
        even = " ".join(text.split())
        if even.isprintable():  # quicker than a look at each character, and holds for nearly every text
            bad = []
        else:
            bad = [c for c in even if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _TURNING]
        if bad:
            self.problems.append(
                error(
                    "unsafe-text",
                    spot,
                    Sentence("this text holds the control character U+{ord:04X}", ord=ord(bad[0])),
                    Sentence("take it out"),
                )
            )
            even = even.translate(dict.fromkeys(map(ord, bad)))
        if len(even) > LONGEST:
            self.problems.append(
                error(
                    "too-long",
                    spot,
                    Sentence("this text has {count:,} characters", count=len(even)),
                    Sentence("use {count:,} at most, or divide it", count=LONGEST),
                )
            )
            even = even[:LONGEST]
        return even

    def _spot(self, event: Any) -> Spot:
        return Spot(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _stop(self, code: str, event: Any, message: Sentence, hint: Sentence) -> NoReturn:
        raise _Stop(error(code, self._spot(event), message, hint))


def _extent(node: Node) -> tuple[int, int]:
    """How many nodes a tree has, and how many levels below its root."""
    match node:
        case Scalar():
            return 1, 0
        case Items(nodes=items):
            members = [_extent(member) for member in items]
        case Entries(nodes=entries):
            members = [_extent(member) for member in entries.values()]
    return 1 + sum(size for size, _ in members), 1 + max((height for _, height in members), default=0)


def _count(before: str, file: str) -> Spot:
    return Spot(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


# Where in a file a character of a text is: a text may be folded over lines, indented and in quotation marks. Pure.


def spot_within(node: Node | None, at: int) -> Spot | None:
    """The spot of the character `at`, from 0, of a scalar's text. Its beginning where the text is written with
    escapes, so that the spot is not sure. None: the node is not a scalar.
    """
    if not isinstance(node, Scalar):
        return None
    raw, begin = node.raw, 0
    if raw[:1] in ("|", ">") and not node.plain:
        begin = raw.find("\n") + 1
    elif raw[:1] in ("'", '"') and not node.plain:
        begin = 1
    index = begin - 1
    for character in node.text[: at + 1].replace(" ", ""):
        index += 1
        while index < len(raw) and raw[index].isspace():
            index += 1
        if raw[index : index + 1] != character:
            return node.spot
    before = raw[: max(0, index)]
    line = before.rfind("\n")
    column = index - line if line >= 0 else node.spot.column + index
    return Spot(node.spot.file, node.spot.line + before.count("\n"), column)
