"""What good menus have (a person under 0, few choices, few levels, what to do when the service is away), and what they
promise at every hour.

GB/T 33358-2016 wants a person, not a menu; Ireland's universal-design guidance at most 4 choices and 3 levels.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from hotline.draft import Draft
from hotline.graph import By, Way, reached
from hotline.model import SECTIONS
from hotline.problem import Problem, error, warning
from hotline.proof import Proof, classes, proof
from hotline.reachability import at_once, named
from ivr.model import Menu, NodeId, ToMenu, with_following
from sentences.sentence import Sentence

MOST_CHOICES = 4
MOST_LEVELS = 3


def guidance(draft: Draft) -> Iterator[Problem]:
    """Where a menu is harder to use than the guidelines allow."""
    for menu_id, menu in draft.hotline.menus.items():
        yield from _person(draft, menu_id, menu)
        choices = _choices(menu)
        if choices > MOST_CHOICES:
            message = Sentence(
                "this menu has {count} choices; callers remember {most}", count=choices, most=MOST_CHOICES
            )
            yield warning(
                "many-choices",
                draft.spot(("menus", menu_id, "keys"), key=True),
                message,
                Sentence("put some of them into a menu below"),
            )
    yield from _levels(draft)
    if draft.hotline.fallback is None and "fallback" not in draft.mentioned and draft.hotline.numbers:
        message = Sentence("there is no `fallback` for calls that come while the service is away")
        yield warning("no-fallback", draft.spot(()), message, Sentence("add `fallback: {{sub_hotline: …}}`"))


def _person(draft: Draft, menu_id: str, menu: Menu) -> Iterator[Problem]:
    destination = menu.keys.get("0")
    if destination is None:
        spot = draft.spot(("menus", menu_id), key=True)
        yield warning(
            "no-person", spot, Sentence("no person is under `0` in this menu"), Sentence('add `"0": {{queue: …}}`')
        )
    elif not all(last.person for last in with_following(destination, closed=False) if not last.after):
        spot = draft.spot(("menus", menu_id, "keys", "0"))
        yield warning(
            "no-person",
            spot,
            Sentence("`0` does not lead to a person"),
            Sentence("let it lead to a queue or a sub-hotline"),
        )


def _choices(menu: Menu) -> int:
    """Subjects to choose from: not the person, not * and #, and not other languages."""
    return sum(
        key.isdigit() and key != "0" and not (isinstance(destination, ToMenu) and destination.language is not None)
        for key, destination in menu.keys.items()
    )


def _levels(draft: Draft) -> Iterator[Problem]:
    below: dict[NodeId, list[NodeId]] = defaultdict(list)
    entries: list[NodeId] = []
    for way in draft.ways:
        target = way.destination.node
        if target is None or target[0] != "menus":
            continue
        if way.by is By.ENTRY:
            entries.append(target)
        elif way.source is not None and way.source[0] == "menus":
            below[way.source].append(target)
    for (_, menu_id), path in reached(below, entries).items():
        if len(path) == MOST_LEVELS + 1 and menu_id in draft.hotline.menus:
            message = Sentence(
                "this menu is on level {level}; callers follow {most}", level=len(path), most=MOST_LEVELS
            )
            yield warning(
                "many-levels",
                draft.spot(("menus", menu_id), key=True),
                message,
                Sentence("bring it nearer to the entry"),
            )


# What a hotline promises its callers at every hour: a person within three keys, no dead end, no endless loop. Pure.


MOST_KEYS = 3


def promises(draft: Draft) -> Iterator[Problem]:
    """What the proof of each class of hours does not show. What does not hold in several is reported once."""
    waits = _waits(draft)
    found_already: set[object] = set()
    for hours in classes(draft.hotline):
        shown = proof(draft.hotline, hours, waits)
        for about, problem in (*_distances(draft, shown), *_rings(draft, shown)):
            if about not in found_already:
                found_already.add(about)
                yield problem


def _waits(draft: Draft) -> Callable[[Way], bool]:
    """Whether a call waits in its queue before it takes this overflow."""
    queues = draft.hotline.queues

    def waits(way: Way) -> bool:
        return way.by is By.OVERFLOW and not at_once(queues[str(way.path[1])].overflow[int(way.path[3])])

    return waits


def _distances(draft: Draft, shown: Proof) -> Iterator[tuple[object, Problem]]:
    """Menus from which no person is near. Nothing while a part of the tree is missing or misnamed: that is reported."""
    known = {section: draft.names(section) for section in SECTIONS}
    targets = (way.destination.node for way in draft.ways)
    if draft.mentioned or any(target is not None and target[1] not in known[target[0]] for target in targets):
        return
    when = shown.hours.when
    for menu_id, keys in shown.keys.items():
        spot = draft.spot(("menus", menu_id), key=True)
        if not shown.ends[menu_id] and not when:
            message, hint = (
                Sentence("no way leads from this menu to a person"),
                Sentence("let `0` lead to a queue or a sub-hotline"),
            )
            found = (
                error if draft.hotline.queues or draft.hotline.sub_hotlines else warning
            )  # there may be nobody at all
            yield ("person", menu_id), found("dead-end", spot, message, hint)
        elif keys is None and when:
            hint = Sentence(
                "let `0` lead to somebody who is there then, or `closed` to a message that says when to call"
            )
            yield (
                ("person", menu_id),
                warning("dead-end", spot, Sentence("no key leads to a person at {when}", when=when), hint),
            )
        elif keys is not None and keys > MOST_KEYS:
            message = Sentence("a person is {keys} keys away; callers press {most} at most", keys=keys, most=MOST_KEYS)
            yield (
                ("far", menu_id),
                warning("far-person", spot, message, Sentence("let `0` lead to a queue or a sub-hotline")),
            )


def _rings(draft: Draft, shown: Proof) -> Iterator[tuple[object, Problem]]:
    """Rings through menus, queues and sub-hotlines. Those of one kind are reported by `reachability`."""
    hint = Sentence("let one of them end with a message, or with a sub-hotline that leads no further")
    for ring in shown.rings:
        if ring.plain:
            continue
        spot, nodes = draft.spot((*ring.by_hours, *ring.ways)[0].path), named(ring.nodes)
        if ring.by_hours and not ring.waits:
            message = Sentence(
                "at times, such as {when}, a call goes round for ever: {ring}", when=shown.hours.when, ring=nodes
            )
            open_then = Sentence("let one of them lead to something that is open then, or to a message and goodbye")
            yield ring.nodes, error("endless", spot, message, open_then)
        elif ring.waits:
            message = Sentence("callers whom no agent answers go round: {ring}", ring=nodes)
            yield ring.nodes, warning("round-trip", spot, message, hint)
        else:
            yield (
                ring.nodes,
                error("endless", spot, Sentence("a call would go round for ever: {ring}", ring=nodes), hint),
            )
