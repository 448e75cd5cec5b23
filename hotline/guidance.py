"""What good menus have: a person under 0, few choices, few levels, and what to do when the service is away.

GB/T 33358-2016 wants a person, not a menu; Ireland's universal-design guidance at most 4 choices and 3 levels.
"""

from collections import defaultdict
from collections.abc import Iterator

from hotline.draft import Draft
from hotline.graph import By, reached
from hotline.problem import Problem, warning
from ivr.model import Menu, NodeId, ToMenu, with_following
from sentences.sentence import Sentence

MOST_CHOICES = 4
MOST_LEVELS = 3


def guidance(draft: Draft) -> Iterator[Problem]:
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
