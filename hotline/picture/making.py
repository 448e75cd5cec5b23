"""From a hotline to what its picture shows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from hotline.document import Path
from hotline.graph import By, Way, reached, ways
from hotline.model import Hotline
from hotline.picture.model import End, Graph, Hours, Kind, Link, Node, Reach
from hotline.picture.words import duration, known, say, tongue
from ivr.choices import choices
from ivr.model import Destination, Place, Repeat, ToMenu
from sounds.model import Texts, Unsayable, in_language

_KINDS = {"menus": Kind.MENU, "queues": Kind.QUEUE, "sub_hotlines": Kind.LINE}
_FIRST = {By.KEY: 0, By.OVERFLOW: 0, By.FAILURE: 0, By.WAITING_KEY: 1}
"""The order of a place's links; the others come after these."""


def graph_of(hotline: Hotline, language: str, hours: Mapping[Place, Hours] = MappingProxyType({})) -> Graph:
    """What a picture of the hotline shows, with its texts in `language`. `hours`: when which places are open.

    The hotline may be a draft: a name that leads nowhere becomes a place of the kind MISSING.
    """
    return _Making(hotline, language, hours).graph()


class _Making:
    def __init__(self, hotline: Hotline, language: str, hours: Mapping[Place, Hours]) -> None:
        self._hotline = hotline
        self._language = language
        self._hours = hours
        self._start: Place = ("hotline", hotline.id)
        self._labels: dict[Place, Mapping[str, str]] = {}

    def graph(self) -> Graph:
        entry: Place = ("menus", self._hotline.entry)
        links: dict[Place, list[Link]] = {self._start: [Link("entry", "entry", "", entry)] if entry[1] else []}
        for way, said, branch in _ends(self._hotline, self._text):
            source = way.source or self._start
            links.setdefault(source, []).append(self._link(source, way, said, branch))
        nodes = {node.place: node for node in self._nodes(links)}
        for link in [link for node in nodes.values() for link in node.links]:
            if link.to is not None and link.to not in nodes:
                nodes[link.to] = Node(link.to, Kind.MISSING, link.to[1])
        by_reach = self._reach(nodes)
        placed = {place: replace(node, reach=by_reach[place]) for place, node in nodes.items()}
        version = self._hotline.version
        notes = (say("version", self._language, version=version[:12]),) if version else ()
        title = self._text(self._hotline.name) or self._hotline.id
        return Graph(title, self._language, self._start, placed, notes)

    def _nodes(self, links: Mapping[Place, list[Link]]) -> Iterator[Node]:
        hotline = self._hotline
        numbers = " · ".join(hotline.numbers)
        yield Node(
            self._start,
            Kind.START,
            numbers or hotline.id,
            (self._text(hotline.name), " · ".join(tongue(code, self._language) for code in hotline.languages)),
            self._text(hotline.greeting),
            tuple(links[self._start]),
            hours=self._hours.get(self._start),
        )
        for section in _KINDS:
            for name in getattr(hotline, section):
                yield self._node((section, name), links.get((section, name), []))

    def _node(self, place: Place, links: list[Link]) -> Node:
        section, name = place
        ordered = tuple(sorted(links, key=lambda link: _FIRST.get(By(link.by), 2)))
        if section == "menus":
            title = say("main", self._language) if name == self._hotline.entry else name
            details: tuple[str, ...] = ()
            text = self._text(self._hotline.menus[name].say)
        elif section == "queues":
            queue = self._hotline.queues[name]
            title, text = self._text(queue.name) or name, ""
            needs = ", ".join(f"{skill} ≥ {level}" for skill, level in queue.needs.items())
            details = (say("skills", self._language, needs=needs),)
            if queue.extension is not None:
                details = (*details, say("extension", self._language, number=queue.extension))
        else:
            line = self._hotline.sub_hotlines[name]
            title, text = self._text(line.name) or name, ""
            ring = duration(line.ring, self._language)
            details = (say("dials", self._language, number=line.dial, ring=ring),)
            if line.extension is not None:
                details = (*details, say("extension", self._language, number=line.extension))
        return Node(place, _KINDS[section], title, details, text, ordered, hours=self._hours.get(place))

    def _link(self, source: Place, way: Way, said: str, branch: str) -> Link:
        below = way.path[len(source) :] if way.source else way.path
        detail = str(below[1]) if way.by in (By.KEY, By.WAITING_KEY, By.OVERFLOW) else ""
        named = self._rule(way.path) if way.by is By.OVERFLOW else map(str, below)
        link_id = "/".join(step for step in named if step != "then")
        label = self._label(source, way, detail)
        to = way.destination.place
        return Link(
            link_id,
            way.by.value,
            f"{label} · {branch}".strip(" ·") if branch else label,
            to,
            detail,
            said,
            _end(way.destination) if to is None else None,
            (way.destination.language or "") if isinstance(way.destination, ToMenu) else "",
        )

    def _label(self, source: Place, way: Way, detail: str) -> str:
        match way.by:
            case By.KEY | By.WAITING_KEY:
                return self._told(source).get(detail, "")
            case By.SILENCE | By.WRONG_KEYS:
                attempts = getattr(self._hotline.menus[source[1]], way.by.value)
                what = say("silent" if way.by is By.SILENCE else "wrong", self._language)
                return say("times" if attempts.repeat else "once", self._language, what=what, n=attempts.repeat + 1)
            case By.OVERFLOW:
                condition, limit = self._hotline.queues[source[1]].overflow[int(detail)].condition
                shown = f"{limit:g}" if condition == "waiting" else duration(limit, self._language)
                return say(condition, self._language, limit=shown) if known(condition) else f"{condition} {limit:g}"
        return say(way.by.value, self._language) if known(way.by.value) else way.by.value.replace("_", " ")

    def _told(self, place: Place) -> Mapping[str, str]:
        """What callers are told of the keys of a menu, or of a queue in which they wait."""
        if place not in self._labels:
            section, name = place
            texts: tuple[Texts, ...] = ()
            if section == "menus":
                texts = (self._hotline.menus[name].say,)
            elif (announce := self._hotline.queues[name].announce) is not None:
                texts = announce.messages
            told: dict[str, str] = {}
            for text in texts:
                told = {**choices(self._text(text)), **told}
            self._labels[place] = told
        return self._labels[place]

    def _rule(self, path: Path) -> Iterator[str]:
        """The path of an overflow rule, by its condition and how many of that condition come before it."""
        rules = self._hotline.queues[str(path[1])].overflow[: int(path[3]) + 1]
        condition = rules[-1].condition[0]
        yield from ("overflow", condition, str(sum(rule.condition[0] == condition for rule in rules) - 1))
        yield from map(str, path[4:])

    def _reach(self, nodes: Mapping[Place, Node]) -> Mapping[Place, Reach]:
        edges = {place: [link.to for link in node.links if link.to is not None] for place, node in nodes.items()}
        by_phone: list[Place] = [to.place for to in self._hotline.extensions.values()]
        callers, phones = reached(edges, [self._start]), reached(edges, by_phone)
        return {
            place: Reach.CALLERS if place in callers else Reach.TRANSFERS if place in phones else Reach.NOBODY
            for place in nodes
        }

    def _text(self, texts: Texts) -> str:
        try:
            return " ".join(in_language(texts, self._language, self._hotline.languages[0]).split())
        except (Unsayable, IndexError):  # of a draft that is not whole
            return ""


def _ends(hotline: Hotline, text: Callable[[Texts], str]) -> Iterator[tuple[Way, str, str]]:
    """The ways that end somewhere, each with the message before it, and the branch where a destination has several."""
    before: dict[Path, tuple[str, str]] = {}
    for way in ways(hotline):
        said, branch = before.get(way.path[:-1], ("", ""))
        if way.path[:-1] in before and way.path[-1] != "then":
            branch = f"{branch} {way.path[-1]}".strip()
        said = " ".join(filter(None, (said, *(text(words) for words in way.destination.texts.values()))))
        if way.destination.after:
            before[way.path] = said, branch
        else:
            yield way, said, branch


def _end(destination: Destination) -> End:
    return End.REPEAT if isinstance(destination, Repeat) else End.GOODBYE
