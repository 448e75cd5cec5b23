"""From a hotline to what its drawing shows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from acd.model import Queue
from drawing.model import LOOKS, End, Graph, Hours, Kind, Link, Node, Reach
from drawing.words import chinese, duration, hours_in_words, known, say, tongue
from hotline.document import Path
from hotline.graph import By, Way, reached, ways
from hotline.model import Hotline, HotlineQueue, SubHotline
from ivr.model import PASSED, ChooseDistrict, Destination, Input, NodeId, Repeat, Scope, ToMenu, ToMessage
from ivr.prompt_keys import choices
from sounds.model import Texts, Unsayable, in_language

_FIRST = {By.KEY: 0, By.OVERFLOW: 0, By.FAILURE: 0, By.WAITING_KEY: 1}
"""The order of a node's links; the others come after these."""

_BASE = {By.OVERFLOW: 3, By.FAILURE: 1, By.CLOSED: 1, By.ASK: 1, By.FALLBACK: 1, By.LIST: 3, By.AFTER: 1}
"""Steps of a path, after its node, that say what sends the call on; 2 for the others."""


def graph_of(
    hotline: Hotline, language: str, hours: Mapping[NodeId, Hours] | None = None, moment: datetime | None = None
) -> Graph:
    """What a drawing of the hotline shows, with its texts in `language`.

    `hours`: when which nodes are open; None: as the hotline says, and with a `moment` (with a zone) whether they are
    open then. The hotline may be a draft: a name that leads nowhere becomes a node of the kind MISSING.
    """
    return _Making(hotline, language, hours, moment).graph()


class _Making:
    def __init__(
        self, hotline: Hotline, language: str, hours: Mapping[NodeId, Hours] | None, moment: datetime | None
    ) -> None:
        self._hotline = hotline
        self._language = language
        self._hours = hours
        self._moment = moment
        self._start: NodeId = ("hotline", hotline.id)
        self._labels: dict[NodeId, Mapping[str, str]] = {}

    def graph(self) -> Graph:
        links: dict[NodeId, list[Link]] = {self._start: []}
        for way, said, when in _ends(self._hotline, self._text):
            source = way.source or self._start
            words = [zh if chinese(self._language) else en for zh, en in when]
            link = self._link(source, way, said, words)
            same = [each for each in links.setdefault(source, []) if each.id.partition("~")[0] == link.id]
            links[source].append(replace(link, id=f"{link.id}~{len(same)}") if same else link)
        for name, queue in self._hotline.queues.items():
            links.setdefault(("queues", name), []).extend(self._offers(queue))
        nodes = {node.id: node for node in self._nodes(links)}
        for link in [link for node in nodes.values() for link in node.links]:
            if link.to is not None and link.to not in nodes:
                nodes[link.to] = Node(link.to, Kind.MISSING, link.to[1])
        by_reach = self._reach(nodes)
        placed = {node_id: replace(node, reach=by_reach[node_id]) for node_id, node in nodes.items()}
        version = self._hotline.version
        notes = (say("version", self._language, version=version[:12]),) if version else ()
        title = self._text(self._hotline.name) or self._hotline.id
        return Graph(title, self._language, self._start, placed, notes)

    def _open(self, node_id: NodeId) -> Hours | None:
        """When a node is open; None: always."""
        if self._hours is not None:
            return self._hours.get(node_id)
        gate = self._hotline.gate(None if node_id == self._start else node_id)
        if gate is None or gate.hours is None:
            return None
        opened = None if self._moment is None else self._hotline.timetable.is_open(gate.hours, self._moment)
        return Hours(self._when(gate.hours), opened)

    def _when(self, name: str) -> str:
        """Hours in words; of hours that are not there, their name."""
        hours = self._hotline.opening_hours.get(name)
        return name if hours is None else hours_in_words(hours, self._language) or name

    def _nodes(self, links: Mapping[NodeId, list[Link]]) -> Iterator[Node]:
        hotline = self._hotline
        numbers = " · ".join(hotline.numbers)
        yield Node(
            self._start,
            Kind.START,
            numbers or hotline.id,
            (self._text(hotline.name), " · ".join(tongue(code, self._language) for code in hotline.languages)),
            self._text(hotline.greeting),
            tuple(links[self._start]),
            hours=self._open(self._start),
        )
        for section in LOOKS:
            for name in getattr(hotline, section):
                yield self._node((section, name), links.get((section, name), []))

    def _skill(self, skill: str) -> str:
        named = self._hotline.skills.get(skill)
        return (self._text(named) if named else "") or skill

    def _node(self, node_id: NodeId, links: list[Link]) -> Node:
        section, name = node_id
        item = getattr(self._hotline, section)[name]
        title = self._text(getattr(item, "name", None) or {})
        if not title and section == "menus" and self._hotline.entry and self._hotline.entry.node == node_id:
            title = say("main", self._language)
        text = self._text(getattr(item, "say", {}))
        details = tuple(self._details(item))
        hours = self._open(node_id)
        return Node(node_id, LOOKS[section].drawn, title or name, details, text, _ordered(links), hours=hours)

    def _details(self, item: object) -> Iterator[str]:
        """Short facts of a node."""
        match item:
            case Queue(needs=levels):
                comma = "、" if chinese(self._language) else ", "
                needs = comma.join(f"{self._skill(skill)} ≥ {level}" for skill, level in levels.items())
                yield say("skills", self._language, needs=needs)
            case Scope(number=str(number)):
                yield say("says-number", self._language, number=number)
            case Input(least=least, most=most):
                yield say("digits", self._language, least=least, most=most)
            case SubHotline(dial=number, ring=ring):
                yield say("dials", self._language, number=number, ring=duration(ring, self._language))
        if isinstance(item, Queue | SubHotline) and item.extension is not None:
            yield say("extension", self._language, number=item.extension)

    def _offers(self, queue: HotlineQueue) -> Iterator[Link]:
        """What a queue offers its callers that leads to no other node."""
        rule, by = queue.callback, By.WAITING_KEY.value
        if rule is not None:
            label = say("estimate", self._language, limit=duration(rule.offer.estimate, self._language))
            hours = "" if rule.hours is None else self._when(rule.hours)
            yield Link("callback", by, label, None, rule.key, end=End.CALLBACK, hours=hours)
        if queue.survey is not None:
            yield Link("survey", By.AFTER.value, say("after-talk", self._language), end=End.SURVEY)

    def _link(self, source: NodeId, way: Way, said: str, when: Sequence[str]) -> Link:
        below = way.path[len(source) :] if way.source else way.path
        base = len(below) if way.by is By.ENTRY else _BASE.get(way.by, 2)
        branch = [str(step) for step in below[base:] if step != "then"]
        detail = self._detail(source, way.by, below)
        named = self._rule(way.path) if way.by is By.OVERFLOW else map(str, below)
        label = self._label(source, way, detail)
        shut = branch[-1:] == ["closed"] or way.by is By.CLOSED
        parts = [label, *when, *(say("shut", self._language) for step in branch if step == "closed")]
        hours = sorted(way.when.closed if shut else way.when.open)
        to = way.destination.node
        return Link(
            "/".join(step for step in named if step != "then") or "then",
            way.by.value,
            " · ".join(filter(None, parts)),
            to,
            detail,
            said,
            _end(way.destination) if to is None else None,
            (way.destination.language or "") if isinstance(way.destination, ToMenu) else "",
            "" if shut else " / ".join(map(self._when, hours)),
            self._queue_of(way.destination),
        )

    def _queue_of(self, destination: Destination) -> str:
        """What the queue is called that gets the message; "": it is none."""
        if not isinstance(destination, ToMessage):
            return ""
        name = destination.message.queue
        queue = self._hotline.queues.get(name)
        return name if queue is None else self._text(queue.name) or name

    def _detail(self, source: NodeId, by: By, below: Path) -> str:
        """The key, or the index of the rule."""
        if source[0] == "scopes":
            return self._hotline.scopes[source[1]].key if by is By.KEY else ""
        if source[0] in PASSED:
            return ""
        return str(below[1]) if by in (By.KEY, By.WAITING_KEY, By.OVERFLOW) else ""

    def _label(self, source: NodeId, way: Way, detail: str) -> str:
        match way.by:
            case By.KEY | By.AFTER if source[0] == "inputs":
                return say("entered" if way.by is By.KEY else "not-entered", self._language)
            case By.KEY | By.WAITING_KEY:
                return self._said_of_keys(source).get(detail, "")
            case By.SILENCE | By.WRONG_KEYS:
                attempts = getattr(self._hotline.menus[source[1]], way.by.value)
                what = say("silent" if way.by is By.SILENCE else "wrong", self._language)
                return say("times" if attempts.repeat else "once", self._language, what=what, n=attempts.repeat + 1)
            case By.OVERFLOW:
                condition, limit = self._hotline.queues[source[1]].overflow[int(detail)].condition
                if condition == "nobody_signed_in" and not limit:
                    return say("nobody_at_once", self._language)
                shown = f"{limit:g}" if condition == "waiting" else duration(limit, self._language)
                return say(condition, self._language, limit=shown) if known(condition) else f"{condition} {limit:g}"
            case By.ENTRY:
                return "" if way.path == ("entry",) else self._hotline.entrances[int(way.path[1])].number
            case By.LIST:
                return say("list", self._language, name=way.path[1])
            case By.DISTRICT:
                district = self._hotline.districts.get(str(way.path[3]))
                return str(way.path[3]) if district is None else self._text(district.name)
            case By.CLOSED:
                return say("shut", self._language)
        return say(way.by.value, self._language) if known(way.by.value) else way.by.value.replace("_", " ")

    def _said_of_keys(self, node_id: NodeId) -> Mapping[str, str]:
        """What callers hear of the keys of a menu, or of a queue in which they wait."""
        if node_id not in self._labels:
            section, name = node_id
            texts: tuple[Texts, ...] = ()
            if section == "menus":
                texts = (self._hotline.menus[name].say,)
            elif section == "scopes":
                offer = self._hotline.scopes[name].offer
                texts = () if offer is None else (offer,)
            elif section == "queues" and (announce := self._hotline.queues[name].announce) is not None:
                texts = announce.messages
            said: dict[str, str] = {}
            for text in texts:
                said = {**choices(self._text(text)), **said}
            self._labels[node_id] = said
        return self._labels[node_id]

    def _rule(self, path: Path) -> Iterator[str]:
        """The path of an overflow rule, by its condition and how many of that condition come before it."""
        rules = self._hotline.queues[str(path[1])].overflow[: int(path[3]) + 1]
        condition = rules[-1].condition[0]
        yield from ("overflow", condition, str(sum(rule.condition[0] == condition for rule in rules) - 1))
        yield from map(str, path[4:])

    def _reach(self, nodes: Mapping[NodeId, Node]) -> Mapping[NodeId, Reach]:
        edges = {node_id: [link.to for link in node.links if link.to is not None] for node_id, node in nodes.items()}
        by_phone: list[NodeId] = [to.node for to in self._hotline.extensions.values()]
        callers, phones = reached(edges, [self._start]), reached(edges, by_phone)
        return {
            node_id: Reach.CALLERS if node_id in callers else Reach.TRANSFERS if node_id in phones else Reach.NOBODY
            for node_id in nodes
        }

    def _text(self, texts: Texts) -> str:
        try:
            return " ".join(in_language(texts, self._language, self._hotline.languages[0]).split())
        except (Unsayable, IndexError):  # of a draft that is not whole
            return ""


def _ends(hotline: Hotline, text: Callable[[Texts], str]) -> Iterator[tuple[Way, str, Sequence[tuple[str, str]]]]:
    """The ways that end somewhere, each with the messages before it, and with what leads there (zh, en)."""
    before: dict[Path, tuple[str, tuple[tuple[str, str], ...]]] = {}
    for way in ways(hotline):
        if isinstance(way.destination, ChooseDistrict) and way.destination.then is None:
            continue  # where it leads on is a way of its own
        if way.by is By.REMOVED:
            continue  # for callers of an earlier version
        above = (way.path[:length] for length in range(len(way.path), 0, -1))
        said, when = next((before[path] for path in above if path in before), ("", ()))
        said = " ".join(filter(None, (said, *(text(words) for words in way.destination.texts.values()))))
        for key in way.destination.after:
            words = way.destination.when.get(key)
            before[*way.path, key] = said, when if words is None else (*when, words)
        if not way.destination.after:
            yield way, said, when


def _ordered(links: list[Link]) -> tuple[Link, ...]:
    """Keys and rules first; of each, where it leads while closed comes last."""
    first: dict[str, int] = {}
    for index, link in enumerate(links):
        first.setdefault(_base(link), index)
    return tuple(
        sorted(links, key=lambda link: (_FIRST.get(By(link.by), 2), first[_base(link)], _base(link) != link.id))
    )


def _base(link: Link) -> str:
    """The id without the branch for closed hours."""
    return link.id.partition("/closed")[0]


def _end(destination: Destination) -> End:
    if isinstance(destination, ToMessage):
        return End.MESSAGE
    return End.REPEAT if isinstance(destination, Repeat) else End.GOODBYE
