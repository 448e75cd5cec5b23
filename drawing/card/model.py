"""What a card says of a hotline, in one language. All of it comes from the menu tree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from drawing.making import graph_of
from drawing.model import End, Hours, Kind, Link, Node, Tree, grown
from drawing.words import tongue
from hotline.graph import divided
from hotline.model import Hotline
from ivr.model import NodeId
from ivr.prompt_keys import choices
from sounds.model import MARK, in_language

_SENTENCES = re.compile(r"(?<=[。！？])|(?<=[.!?] )")

_LEVELS = 2
"""Menus one below the other whose keys are on a card."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key and what it reaches.

    label    as the prompt calls it; where no prompt names the key, the name of the node that it leads to
    message  what callers hear before they get there, without sentences that name a moment; "": nothing
    below    the choices of the menu that it leads to
    hours    when that node is open; "": always, as far as is known
    minor    it repeats, goes back, or changes the language
    """

    key: str
    label: str
    message: str = ""
    below: tuple["Entry", ...] = ()
    hours: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Direct:
    """A sub-hotline with a number of its own that citizens can dial."""

    name: str
    number: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What a node has for districts: a line for each; one without a `number` is reached by the hotline's.

    hours  of all lines, where they have the same ones; these have none of their own then
    """

    name: str
    lines: tuple[Direct, ...]
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """`numbers`: the first is the one that the code dials. `version`: of the hotline; "": a draft's."""

    language: str
    name: str
    numbers: tuple[str, ...]
    entries: tuple[Entry, ...]
    others: tuple[Entry, ...]
    lines: tuple[Direct, ...]
    hours: str = ""
    version: str = ""
    districts: tuple[Group, ...] = ()

    @property
    def heading(self) -> str:
        """The name, without the number that stands beside it."""
        return self.name.removeprefix(self.numbers[0]).strip() or self.name

    @property
    def tel(self) -> str:
        """What the code holds: a phone that reads it offers to dial."""
        return f"tel:{self.numbers[0]}"


def content_of(hotline: Hotline, language: str, hours: Mapping[NodeId, Hours] | None = None) -> Content:
    """What the card says. `hours`: when which nodes are open; None: as the hotline says."""
    tree = grown(graph_of(hotline, language, hours))
    first = hotline.entry.node
    found = () if first is None else tuple(_entries(tree, (first,)))
    start = tree.graph.nodes[tree.graph.start]
    return Content(
        language,
        tree.graph.title,
        hotline.numbers,
        tuple(entry for entry in found if not entry.minor),
        tuple(entry for entry in found if entry.minor),
        tuple(_lines(hotline, tree)),
        "" if start.hours is None else start.hours.name,
        hotline.version[:12],
        tuple(_groups(hotline, tree)),
    )


def _entries(tree: Tree, way: tuple[NodeId, ...]) -> Iterator[Entry]:
    """The keys of the last menu of a way, in the order in which its prompt names them; those that it does not name
    come last.
    """
    node = tree.graph.nodes.get(way[-1])
    if node is None:
        return
    said = list(choices(node.text))
    for link in sorted(
        _keys(tree, node), key=lambda link: said.index(link.detail) if link.detail in said else len(said)
    ):
        yield _entry(tree, link, way)


def _keys(tree: Tree, node: Node) -> Iterator[Link]:
    """Each key once, as it works while everything is open. A reader of the card in one language needs no key for that
    language.
    """
    for link in node.links:
        if link.by == "key" and link.id == f"keys/{link.detail}" and link.language != tree.graph.language:
            yield link


def _entry(tree: Tree, link: Link, way: tuple[NodeId, ...]) -> Entry:
    target = None if link.to is None else tree.graph.nodes[link.to]
    back = link.to in way
    below: tuple[Entry, ...] = ()
    if target is not None and target.kind == Kind.MENU and not back and len(way) < _LEVELS:
        # The person under 0 is named once, in the first menu.
        below = tuple(e for e in _entries(tree, (*way, target.id)) if not e.minor and e.key != "0")
    hours = link.hours or (target.hours.name if target is not None and target.hours is not None else "")
    return Entry(link.detail, _label(tree, link), _lasting(link.says), below, hours, link.end is End.REPEAT or back)


def _lasting(message: str) -> str:
    """The message without its sentences that name a moment: a card is read at any time, and has the hours."""
    return "".join(each for each in _SENTENCES.split(message) if not MARK.search(each)).strip()


def _label(tree: Tree, link: Link) -> str:
    if link.label:
        return link.label
    if link.language:
        return tongue(link.language, tree.graph.language)
    return tree.title(link.to) if link.to is not None else ""


def _lines(hotline: Hotline, tree: Tree) -> Iterator[Direct]:
    """Sub-hotlines with a number of their own; those of districts stand with their districts."""
    of_districts = {name for line in hotline.sub_hotlines.values() for name in line.districts.values()}
    for name in hotline.sub_hotlines:
        line = _line(hotline, tree, ("sub_hotlines", name))
        if line.number and name not in of_districts:
            yield line


def _groups(hotline: Hotline, tree: Tree) -> Iterator[Group]:
    for (section, name), item in divided(hotline):
        lines = [
            replace(
                _line(hotline, tree, (section, to)),
                name=in_language(hotline.districts[district].name, tree.graph.language, hotline.languages[0]),
            )
            for district, to in item.districts.items()
        ]
        if lines:
            yield _grouped(tree.title((section, name)), lines)


def _grouped(name: str, lines: Sequence[Direct]) -> Group:
    hours = {line.hours for line in lines}
    if len(lines) == 1 or len(hours) > 1:
        return Group(name, tuple(lines))
    return Group(name, tuple(replace(line, hours="") for line in lines), hours.pop())


def _line(hotline: Hotline, tree: Tree, node_id: NodeId) -> Direct:
    """A node with its number, if that is one of the telephone network: nobody can dial phones of this installation."""
    node = tree.graph.nodes[node_id]
    line = hotline.sub_hotlines.get(node_id[1]) if node_id[0] == "sub_hotlines" else None
    dials = line is not None and line.dial not in hotline.agents and line.dial not in hotline.numbers
    return Direct(
        node.title, line.dial if line is not None and dials else "", "" if node.hours is None else node.hours.name
    )
