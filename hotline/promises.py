"""What a hotline promises its callers at every hour: a person within three keys, no dead end, no endless loop. Pure."""

from collections.abc import Callable, Iterator

from hotline.draft import Draft
from hotline.graph import By, Way
from hotline.model import SECTIONS
from hotline.problem import Problem, error, warning
from hotline.proof import Proof, classes, proof
from hotline.reachability import at_once, named
from sentences.sentence import Sentence

MOST_KEYS = 3


def promises(draft: Draft) -> Iterator[Problem]:
    """What the proof of each class of hours does not show. What does not hold in several is told once."""
    waits = _waits(draft)
    told: set[object] = set()
    for hours in classes(draft.hotline):
        shown = proof(draft.hotline, hours, waits)
        for about, problem in (*_distances(draft, shown), *_rings(draft, shown)):
            if about not in told:
                told.add(about)
                yield problem


def _waits(draft: Draft) -> Callable[[Way], bool]:
    """Whether a call waits in its queue before it takes this overflow."""
    queues = draft.hotline.queues

    def waits(way: Way) -> bool:
        return way.by is By.OVERFLOW and not at_once(queues[str(way.path[1])].overflow[int(way.path[3])])

    return waits


def _distances(draft: Draft, shown: Proof) -> Iterator[tuple[object, Problem]]:
    """Menus from which no person is near. Nothing while a part of the tree is missing or misnamed: that is told."""
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
    """Rings through menus, queues and sub-hotlines. Those of one kind are told by `reachability`."""
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
