"""One node as a card: its texts, keys and signs, each with its spot on the card. Units are CSS pixels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from drawing.model import End, Kind, Link, Mark, Node, Reach, Tree, end_in_words
from drawing.words import fitted, number, say, share, tongue, width, wrapped
from ivr.model import NodeId

WIDTH = 300.0
PAD = 14.0
ENTRY = 20.0
"""How far below the top of a card the line from its owner arrives."""

_INDENT = 42.0
_LABEL, _SMALL, _TITLE = 13.0, 11.0, 15.0
_PILL_ROOM = 122.0
_NAMED = {"nobody": "missing"}
"""Of a kind that is not an icon's name: it says the colour."""

_CAUSES = {
    "no_input": "silence",
    "invalid": "silence",
    "overflow": "clock",
    "closed": "clock",
    "failed": "unanswered",
}
"""The sign of what sends the call on, where it is not a key."""

_SIGNS = {Mark.ADDED: "+", Mark.REMOVED: "−", Mark.CHANGED: "≠"}


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text. `style`: classes of the style sheet."""

    x: float
    y: float
    words: str
    style: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from its upper left corner. `style`: classes of the style sheet."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    style: str


@dataclass(frozen=True, slots=True)
class Icon:
    """A sign of 16 by 16 pixels, by its name."""

    x: float
    y: float
    name: str
    style: str = "icon"


Shape = Text | Box | Icon


@dataclass(frozen=True, slots=True)
class Row:
    """What is drawn for some links, mostly one. `port`: where the line to the next card begins; None: there is none."""

    links: tuple[str, ...]
    shapes: tuple[Shape, ...]
    tip: str = ""
    port: float | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One node as it is drawn: its `head` above its `rows`. `tip`: what a pointer on it shows."""

    node: NodeId
    kind: str
    style: str
    height: float
    head_height: float
    head: tuple[Shape, ...]
    rows: tuple[Row, ...]
    tip: str


def card(tree: Tree, node_id: NodeId, pages: Mapping[NodeId, int] = MappingProxyType({})) -> Card:
    """The card of a node. `pages`: nodes that hang from here and are drawn apart, each with its page; 0: the same."""
    return _Card(tree, node_id, pages).made()


class _Card:
    """Built from the top to the bottom; `_y` is how far."""

    def __init__(self, tree: Tree, node_id: NodeId, pages: Mapping[NodeId, int]) -> None:
        self._tree = tree
        self._node: Node = tree.graph.nodes[node_id]
        self._pages = pages
        self._language = tree.graph.language
        self._y = 0.0
        self._head: list[Shape] = []
        self._rows: list[Row] = []
        self._here = {tree.owner[child][1] for child in tree.children(node_id)}
        self._ancestors = {node_id, *tree.above(node_id)}

    def made(self) -> Card:
        node = self._node
        self._heading()
        self._tags()
        head = self._y + 8
        self._y = head - 2
        self._figures()
        rows, chips, attempts = self._sorted()
        if rows or chips or attempts:
            self._y += 4
        for link in rows:
            if link.by == "entry" and not link.label:
                self._entry(link)
            else:
                self._row((link,), link.label, link)
        if chips:
            self._chips(chips)
        for links in _alike(attempts):
            self._row(tuple(links), " / ".join(link.label for link in links), _summed(links), small=True)
        style = " ".join(filter(None, (node.kind, self._state())))
        height = self._y + 10 if self._rows or node.calls is not None else head
        return Card(node.id, node.kind, style, height, head, tuple(self._head), tuple(self._rows), node.text)

    def _state(self) -> str:
        """What the outline shows; of several things the one that matters most."""
        lost = self._node.reach is Reach.NOBODY or self._node.kind == Kind.MISSING
        if lost and self._node.mark is not Mark.REMOVED:
            return "nobody"
        return "" if self._node.mark is Mark.SAME else self._node.mark.value

    # --- the upper part ---------------------------------------------------------------------------------------------

    def _heading(self) -> None:
        node = self._node
        size = 22.0 if node.kind == Kind.START else _TITLE
        self._head.append(Icon(PAD, 12 if node.kind != Kind.START else 15, node.kind))
        self._y = 26.0 if node.kind != Kind.START else 30.0
        gone = " gone" if node.mark is Mark.REMOVED else ""
        for line in wrapped(self._tree.title(node.id), WIDTH - _INDENT - PAD, size, lines=2, bold=True):
            style = "number" if node.kind == Kind.START else f"title{gone}"
            self._head.append(Text(_INDENT - 4, self._y, line, style))
            self._y += size + 4
        name = "" if node.kind == Kind.START or node.title == node.id[1] else node.id[1]
        hours = "" if node.hours is None else node.hours.name
        for line in _filled([fact for fact in (name, *node.details, hours) if fact], WIDTH - _INDENT - PAD + 4):
            self._head.append(Text(_INDENT - 4, self._y, line, "fact"))
            self._y += 15
        self._y -= 11

    def _tags(self) -> None:
        """What sets the node apart, each with a sign of its own: colour is never the only one."""
        node, language = self._node, self._language
        tags: list[tuple[str, str, str]] = []
        if node.kind == Kind.MISSING:
            tags.append(("cross", say("missing", language), "tag-bad"))
        elif node.reach is Reach.NOBODY:
            tags.append(("cross", say("nobody", language), "tag-bad"))
        elif node.reach is Reach.TRANSFERS:
            tags.append(("transfer", say("transfers", language), "tag-plain"))
        if node.mark is not Mark.SAME:
            tags.append((node.mark.value, say(node.mark.value, language), f"tag-{node.mark.value}"))
        if node.hours is not None and node.hours.open is not None:
            word = say("open" if node.hours.open else "closed", language)
            tags.append(("clock", word, "tag-plain" if node.hours.open else "tag-closed"))
        x = _INDENT - 4
        if tags:
            self._y += 7
        for sign, words, style in tags:
            words = fitted(words, WIDTH - _INDENT - PAD - 26, _SMALL)
            wide = width(words, _SMALL) + 30
            if x > _INDENT and x + wide > WIDTH - PAD:
                x, self._y = _INDENT - 4, self._y + 23
            self._head += [
                Box(x, self._y, wide, 19, 9.5, style),
                Icon(x + 5, self._y + 2.5, sign, f"icon small {style}-ink"),
                Text(x + 22, self._y + 13.5, words, f"tag {style}-ink"),
            ]
            x += wide + 6
        self._y += 19 if tags else 0
        for change in node.changed:
            for line in wrapped(change, WIDTH - _INDENT - PAD, _SMALL, lines=2):
                self._y += 15
                self._head.append(Text(_INDENT - 4, self._y, line, "was"))
            self._y += 1

    def _figures(self) -> None:
        """How many calls came here, and how many callers gave up: as numbers and as a bar."""
        calls, gave_up = self._node.calls, self._node.gave_up
        if calls is None:
            return
        self._y += 19
        calls_shown = say("call" if calls == 1 else "calls", self._language, n=number(calls))
        self._head.append(Text(_INDENT - 4, self._y, calls_shown, "figure"))
        if gave_up:
            room = WIDTH - _INDENT - PAD + 4
            lost = min(1.0, gave_up / calls) if calls else 1.0
            self._head += [
                Box(_INDENT - 4, self._y + 6, room, 5, 2.5, "bar"),
                Box(_INDENT - 4, self._y + 6, max(3.0, room * lost), 5, 2.5, "bar-lost"),
            ]
            words = say("gave-up", self._language, n=number(gave_up), share=share(gave_up, calls))
            self._y += 25
            self._head += [
                Icon(_INDENT - 5, self._y - 11, "hung-up", "icon small bad-ink"),
                Text(_INDENT + 14, self._y, fitted(words, room - 18, _SMALL), "lost"),
            ]
        self._y += 5

    # --- the links --------------------------------------------------------------------------------------------------

    def _sorted(self) -> tuple[list[Link], list[Link], list[Link]]:
        """The links as rows, as chips (keys that repeat, go back or change the language), and of silence."""
        rows, chips, attempts = [], [], []
        for link in self._node.links:
            if link.by in ("no_input", "invalid") and link.id not in self._here:
                attempts.append(link)
            elif link.by in ("key", "waiting_key") and link.id not in self._here and self._is_minor(link):
                chips.append(link)
            else:
                rows.append(link)
        return rows, chips, attempts

    def _is_minor(self, link: Link) -> bool:
        plain = link.mark is Mark.SAME and not link.says and not link.hours and link.id.endswith(f"/{link.detail}")
        return plain and (link.end is End.REPEAT or link.to in self._ancestors or link.detail in "0*#")

    def _row(self, links: tuple[Link, ...], label: str, link: Link, *, small: bool = False) -> None:
        top = self._y
        leads = link.id in self._here and link.to not in self._pages
        shapes: list[Shape] = list(self._sign(link, top + 13))
        end = WIDTH - PAD
        if link.count is not None and not leads:
            figure = number(link.count)
            shapes.append(Text(end, top + 17.5, figure, "count", "end"))
            end -= width(figure, _SMALL, bold=True) + 7
        if not leads:
            pill, end = self._pill(link, top + 13, end)
            shapes += pill
        gone = " gone" if link.mark is Mark.REMOVED else ""
        size = 11.5 if small or link.by not in ("key", "waiting_key") else _LABEL
        style = "label" if size == _LABEL else "condition"
        if not label and link.by in ("key", "waiting_key"):
            label, style, size = say("unsaid", self._language), "condition said", 11.5
        for line in wrapped(label, end - _INDENT - 6, size, lines=2):
            shapes.append(Text(_INDENT, self._y + 17.5, line, f"{style}{gone}"))
            self._y += 16
        self._y += 10
        below = ("fact", link.hours), ("said", f"“{link.says}”" if link.says else ""), ("was", self._was(link))
        for style, words in below:
            for line in wrapped(words, WIDTH - _INDENT - PAD, _SMALL, lines=2):
                if line:
                    shapes.append(Text(_INDENT, self._y + 8, line, style))
                    self._y += 15
        self._y += 4 if any(words for _, words in below) else 0
        if link.mark is not Mark.SAME:
            band = Box(4, top + 1, WIDTH - 8, self._y - top - 2, 5, f"band-{link.mark.value}")
            dot = Box(-8, top + 5, 16, 16, 8, f"dot-{link.mark.value}")
            shapes = [band, *shapes, dot, Text(0, top + 17.5, _SIGNS[link.mark], "sign", "middle")]
        tip = " · ".join(filter(None, (label, link.says)))
        self._rows.append(Row(tuple(each.id for each in links), tuple(shapes), tip, top + 13 if leads else None))

    def _entry(self, link: Link) -> None:
        """Where calls begin needs no words: the line begins beside the number."""
        port = ENTRY + 2 if link.id in self._here and link.to not in self._pages else None
        shapes: tuple[Shape, ...] = ()
        if port is None:
            pill, _ = self._pill(link, self._y + 13, WIDTH - PAD)
            shapes, self._y = tuple(pill), self._y + 26
        self._rows.append(Row((link.id,), shapes, "", port))

    def _was(self, link: Link) -> str:
        return say("was", self._language, what=link.was) if link.was else ""

    def _sign(self, link: Link, middle: float) -> Iterator[Shape]:
        """The key, or a sign for what else sends the call on."""
        if link.by in ("key", "waiting_key") and link.detail:
            yield Box(PAD, middle - 10, 20, 20, 4, "key")
            yield Text(PAD + 10, middle + 4.5, link.detail, "key-ink", "middle")
        elif link.by != "entry":
            yield Icon(PAD + 2, middle - 8, _CAUSES.get(link.by, "arrow"), "icon muted-ink")

    def _pill(self, link: Link, middle: float, end: float) -> tuple[list[Shape], float]:
        """Where the link leads, as a small sign that ends at `end`; and where it begins."""
        kind, words = self._target(link)
        sign = "page" if self._page(link) else _NAMED.get(kind, kind)
        words = fitted(words, _PILL_ROOM, 11.5)
        wide = width(words, 11.5) + 29
        x = end - wide
        gone = " gone" if link.mark is Mark.REMOVED else ""
        return [
            Box(x, middle - 10, wide, 20, 10, f"pill pill-{kind}"),
            Icon(x + 5, middle - 8, sign, f"icon small {kind}-ink"),
            Text(x + 22, middle + 4, words, f"pill-ink{gone}"),
        ], x

    def _target(self, link: Link) -> tuple[str, str]:
        """The kind of what it leads to, and its name."""
        if link.to is None:
            return (link.end or End.GOODBYE).value, end_in_words(link, self._language)
        node = self._tree.graph.nodes[link.to]
        words = self._tree.title(link.to)
        if page := self._page(link):
            words = say("elsewhere", self._language, page=page)
        elif link.language:
            language = tongue(link.language, self._language)
            own = link.to in self._ancestors
            words = language if own else f"{language} · {words}"
        kind = "back" if link.to in self._ancestors and not link.language else node.kind
        return ("nobody" if node.kind == Kind.MISSING else kind), words

    def _page(self, link: Link) -> int:
        """The other page on which what hangs from this link is drawn; 0: it is on this one."""
        return self._pages.get(link.to, 0) if link.to is not None and link.id in self._here else 0

    def _chips(self, links: list[Link]) -> None:
        """Keys that need no line of their own, side by side."""
        x, self._y = PAD, self._y + 3
        for link in links:
            kind, words = self._target(link)
            kind = "language" if link.language else kind
            words = fitted(words, 150, 11.5)
            count = "" if link.count is None else number(link.count)
            more = width(count, _SMALL, bold=True) + 6 if count else 0
            wide = 24 + 18 + width(words, 11.5) + more
            if x > PAD and x + wide > WIDTH - PAD:
                x, self._y = PAD, self._y + 26
            shapes: list[Shape] = [
                Box(x, self._y, 20, 20, 4, "key minor"),
                Text(x + 10, self._y + 14.5, link.detail, "key-ink minor-ink", "middle"),
                Icon(x + 23, self._y + 2, _NAMED.get(kind, kind), f"icon small {kind}-ink"),
                Text(x + 40, self._y + 14, words, "chip"),
            ]
            if count:
                shapes.append(Text(x + wide, self._y + 14, count, "count", "end"))
            self._rows.append(Row((link.id,), tuple(shapes), link.label))
            x += wide + 12
        self._y += 25


def _filled(facts: list[str], room: float) -> Iterator[str]:
    """The facts in as few lines as they fit in; none of them is divided unless it has to be."""
    line = ""
    for fact in facts:
        longer = f"{line} · {fact}" if line else fact
        if line and width(longer, _SMALL) > room:
            yield from wrapped(line, room, _SMALL, lines=2)
            longer = fact
        line = longer
    if line:
        yield from wrapped(line, room, _SMALL, lines=2)


def _alike(links: list[Link]) -> Iterator[list[Link]]:
    """Silence and wrong keys together, where they lead to the same node and nothing is to be said of one alone."""
    if len(links) == 2 and links[0].target == links[1].target and links[0].mark is links[1].mark is Mark.SAME:
        yield links
    else:
        yield from ([link] for link in links)


def _summed(links: list[Link]) -> Link:
    counts = [link.count for link in links if link.count is not None]
    return replace(links[0], count=sum(counts) if counts else None)
