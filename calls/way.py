"""A caller's way through the menus in words: which menus, which keys, and what the keys meant. Pure.

The words are those of the hotline in use. A call that began with an earlier version may have gone elsewhere by the same
key; then the key's words are not used.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.model import Hotline
from ivr.model import Destination, NodeId, with_following
from ivr.prompt_keys import choice
from journal.records import Kind, Record
from sounds.model import EVERY, Texts


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way.

    key   the key that led here; None: no key did, as at the beginning or after a silence
    menu  the menu that was entered; None: the step led out of the menus
    name  what the step is called, by language; never empty
    """

    key: str | None
    menu: str | None
    name: Texts


@dataclass(frozen=True, slots=True)
class _Pressed:
    menu: str
    key: str


_STRAYED = (Kind.NO_INPUT, Kind.INVALID_KEY)
_LEFT = (Kind.QUEUED, Kind.SUB_HOTLINE_DIALLED)


def way(story: Iterable[Record], hotline: Hotline) -> tuple[Step, ...]:
    """The last walk through the menus, from the Records of one call in order.

    A menu that is played again counts once. Keys that lead nowhere, and keys in a queue, are no part of it.
    """
    found: list[Step] = []
    pressed: _Pressed | None = None
    arrived = False  # the walk is over; a menu after it begins another one
    for record in story:
        data = record.data
        match record.kind:
            case Kind.MENU_ENTERED:
                menu = str(data.get("menu"))
                if arrived:
                    found, arrived = [], False
                if pressed is not None or not found or found[-1].menu != menu:
                    found.append(_step(hotline, pressed, ("menus", menu)))
                pressed = None
            case Kind.KEY_PRESSED if not arrived and data.get("menu"):
                pressed = _Pressed(str(data["menu"]), str(data.get("key")))
            case kind if kind in _STRAYED:
                pressed = None
            case Kind.CALL_RESUMED:
                pressed, arrived = None, True
            case kind if kind in _LEFT and not arrived:
                if pressed is not None:
                    found.append(_step(hotline, pressed, _left_to(record)))
                pressed, arrived = None, True
    return tuple(found)


def _left_to(record: Record) -> NodeId:
    if record.kind is Kind.QUEUED:
        return "queues", record.queue or ""
    return "sub_hotlines", str(record.data.get("sub_hotline"))


def _step(hotline: Hotline, pressed: _Pressed | None, reached: NodeId) -> Step:
    section, item_id = reached
    name = _menu_name(hotline, reached) or _meant(hotline, pressed, reached) or _own_name(hotline, reached)
    return Step(
        key=None if pressed is None else pressed.key,
        menu=item_id if section == "menus" else None,
        name=name or {EVERY: item_id},
    )


def _menu_name(hotline: Hotline, reached: NodeId) -> Texts | None:
    section, item_id = reached
    menu = hotline.menus.get(item_id) if section == "menus" else None
    return None if menu is None else menu.name


def _meant(hotline: Hotline, pressed: _Pressed | None, reached: NodeId) -> Texts | None:
    """What the prompt says for the key, if the key leads there today."""
    menu = None if pressed is None else hotline.menus.get(pressed.menu)
    if menu is None or pressed is None:
        return None
    leads = next((destination for key, destination in menu.keys.items() if key == pressed.key), None)
    return choice(menu, pressed.key) if leads is not None and _leads_to(leads, reached) else None


def _leads_to(destination: Destination, reached: NodeId) -> bool:
    return any(each.node == reached for each in with_following(destination))


def _own_name(hotline: Hotline, reached: NodeId) -> Texts | None:
    """The name of a queue or a sub-hotline."""
    section, item_id = reached
    if section == "queues":
        queue = hotline.queues.get(item_id)
        return None if queue is None else queue.name
    line = hotline.sub_hotlines.get(item_id) if section == "sub_hotlines" else None
    return None if line is None else line.name
