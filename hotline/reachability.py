"""Where no call can come to, and where calls would go round for ever."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from acd.model import Overflow, Queue
from base.hints import nearest
from hotline.document import Path
from hotline.draft import Draft
from hotline.durations import spoken
from hotline.graph import ALWAYS, By, Way, leads, reached, rings
from hotline.model import SECTIONS
from hotline.problem import Problem, Spot, error, warning
from ivr.model import PASSED, HangUp, NodeId, Repeat, ToMessage
from sentences.sentence import Sentence


def routes(draft: Draft) -> Iterator[Problem]:
    """Nodes without a way to them, rounds without an end, and rules that never count."""
    yield from _unreachable(draft)
    yield from _endless_menus(draft)
    yield from _endless_failures(draft)
    yield from _endless_overflow(draft)
    yield from _keys_to_where_one_is(draft)
    for queue_id, queue in draft.hotline.queues.items():
        yield from _never(draft, queue_id, queue)


def _edges(draft: Draft, take: Callable[[Way, NodeId], bool]) -> dict[NodeId, list[NodeId]]:
    """What leads where, by the ways to take."""
    edges: dict[NodeId, list[NodeId]] = defaultdict(list)
    for way in draft.ways:
        if way.source is not None:
            edges[way.source].extend(target for target in leads(draft.hotline, way) if take(way, target))
    return edges


def _unreachable(draft: Draft) -> Iterator[Problem]:
    hotline = draft.hotline
    sections: dict[str, Mapping[str, object]] = {section: getattr(hotline, section) for section in SECTIONS}
    begun = [way for way in draft.ways if way.source is None]
    roots = [way.destination.node for way in begun if way.destination.node is not None]
    if not any(way.by is By.ENTRY for way in begun) or any(name not in sections[section] for section, name in roots):
        return  # nobody knows where calls come in
    roots.extend(("queues", name) for name, queue in hotline.queues.items() if queue.extension is not None)
    messages = (way.destination.message for way in draft.ways if isinstance(way.destination, ToMessage))
    roots.extend(("queues", message.queue) for message in messages)
    # Parts that were left out of the draft, or could not be read, may lead to any name in them.
    roots.extend((section, name) for section, items in sections.items() for name in items if name in draft.mentioned)
    # A name that leads nowhere probably means the similar one.
    for section, name in filter(None, (way.destination.node for way in draft.ways)):
        meant = nearest(name, sections[section]) if name not in sections[section] else None
        if meant is not None:
            roots.append((section, meant))
    there = reached(_edges(draft, lambda *_: True), roots)
    for section, items in sections.items():
        for name in items:
            if (section, name) in there:
                continue
            spot = draft.spot((section, name), key=True)
            message = Sentence("no call can come to the {kind} {name!r}", kind=SECTIONS[section], name=name)
            hint = Sentence("give a key that leads to it, or take it out")
            if section == "queues":
                hint = Sentence("give it a key, or an extension to transfer to")
            yield (error if section == "menus" else warning)("unreachable", spot, message, hint)


def _endless_menus(draft: Draft) -> Iterator[Problem]:
    """A caller who says nothing, or presses wrong keys, must come out of the menus."""
    hint = Sentence("let it lead to a queue or a sub-hotline, where a person is")
    for way in draft.ways:
        if way.by in (By.SILENCE, By.WRONG_KEYS) and isinstance(way.destination, Repeat):
            yield error("endless", draft.spot(way.path), Sentence("the menu would be repeated for ever"), hint)
        if way.by in (By.SILENCE, By.WRONG_KEYS) and isinstance(way.destination, HangUp) and way.when == ALWAYS:
            yield warning(
                "no-person", draft.spot(way.path), Sentence("a caller who cannot press keys gets no person"), hint
            )
    for ring, spot in _rings(draft, _within(("menus", *PASSED), By.SILENCE, By.WRONG_KEYS, By.AFTER)):
        yield error("endless", spot, Sentence("a silent caller would go round in {ring}", ring=named(ring)), hint)


def _endless_failures(draft: Draft) -> Iterator[Problem]:
    for ring, spot in _rings(draft, _within("sub_hotlines", By.FAILURE)):
        message = Sentence("when no phone answers, the call goes round between {ring}", ring=named(ring))
        yield error("endless", spot, message, Sentence("let one of them fail to a queue, or to a message and goodbye"))


def _endless_overflow(draft: Draft) -> Iterator[Problem]:
    """Rings of queues: at once is an error, after a wait a warning."""
    rules: dict[Path, Overflow] = {
        ("queues", name, "overflow", index): rule
        for name, queue in draft.hotline.queues.items()
        for index, rule in enumerate(queue.overflow)
    }
    overflows = _within("queues", By.OVERFLOW)
    hint = Sentence("let one of the queues keep its callers, or send them to a sub-hotline or a message")
    known: set[NodeId] = set()
    for ring, spot in _rings(draft, lambda way, to: overflows(way, to) and at_once(rules[way.path[:4]])):
        known |= set(ring)
        yield error(
            "endless", spot, Sentence("full queues would send calls round for ever: {ring}", ring=named(ring)), hint
        )
    for ring, spot in _rings(draft, overflows):
        if not known & set(ring):
            yield warning(
                "round-trip", spot, Sentence("callers would go round in these queues: {ring}", ring=named(ring)), hint
            )


def _within(sections: str | tuple[str, ...], *by: By) -> Callable[[Way, NodeId], bool]:
    """The ways of these kinds that lead to a node of these sections, whatever the hours."""
    among = (sections,) if isinstance(sections, str) else sections
    return lambda way, target: way.by in by and way.when == ALWAYS and target[0] in among


def _rings(draft: Draft, take: Callable[[Way, NodeId], bool]) -> Iterator[tuple[tuple[NodeId, ...], Spot]]:
    """Each ring of the ways to take, and where the way from its first node to the next is written."""
    for ring in rings(_edges(draft, take)):
        step = (ring[0], ring[1 % len(ring)])
        path = next(
            way.path
            for way in draft.ways
            if any(take(way, to) and (way.source, to) == step for to in leads(draft.hotline, way))
        )
        yield ring, draft.spot(path)


def named(ring: tuple[NodeId, ...]) -> str:
    """`a → b → a`, for a message."""
    return " → ".join(name for _, name in (*ring, ring[0]))


def _keys_to_where_one_is(draft: Draft) -> Iterator[Problem]:
    for way in draft.ways:
        if way.by is By.WAITING_KEY and way.destination.node == way.source:
            message = Sentence("this key leads back into the queue, and the caller loses the place")
            yield warning(
                "round-trip", draft.spot(way.path), message, Sentence("let it lead elsewhere, or take it out")
            )


def at_once(rule: Overflow) -> bool:
    """Whether the rule may send a caller on without any wait."""
    return rule.waiting is not None or rule.estimate is not None or rule.waited == 0 or rule.nobody_signed_in == 0


def _never(draft: Draft, queue_id: str, queue: Queue) -> Iterator[Problem]:
    """Rules and steps that an earlier one leaves no call for."""
    first: dict[str, float] = {}
    for index, rule in enumerate(queue.overflow):
        condition, limit = rule.condition
        if limit >= first.get(condition, limit + 1):
            path = ("queues", queue_id, "overflow", index, condition)
            yield warning(
                "never",
                draft.spot(path),
                Sentence("an earlier `{condition}` takes every call before", condition=condition),
                Sentence("take one of the two out"),
            )
        first[condition] = min(limit, first.get(condition, limit))
    for index, step in enumerate(queue.relax):
        if step.after >= first.get("waited", step.after + 1):
            spot = draft.spot(("queues", queue_id, "relax", index, "after"))
            message = Sentence(
                "callers have left by `waited: {duration}` before this step", duration=spoken(first["waited"])
            )
            yield warning("never", spot, message, Sentence("let the step begin earlier"))
