"""What counts where hotline.yaml leaves a key out, in so far as it depends on other keys. Pure.

A default is the same on every machine: a folder that is copied to another one says the same there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from hotline.model import Hotline
from ivr.model import Attempts, Destination, HangUp, Menu, ToMenu, ToQueue, ToSubHotline, with_following
from sounds.model import EVERY, Texts, choose

FILLED: Mapping[type[BaseModel], tuple[str, ...]] = {
    Hotline: ("languages", "timezone", "greeting", "goodbye", "entry"),
    Menu: ("no_input", "invalid"),
    Attempts: ("then",),
}
"""The keys that have such a default. The models need them: a hotline that has been loaded has them all."""

GREETING: Texts = {"zh": "您好，这里是{name}。", "en": "Hello, you have reached {name}."}
GOODBYE: Texts = {"zh": "感谢您的来电，再见。", "en": "Thank you for calling. Goodbye."}
"""It ships as sound."""

ENTRY = "main"

CHINA = "Asia/Shanghai"
NO_ZONE = "UTC"
"""The time zone of a hotline that does not speak Chinese. `check` warns of it, as no city means it."""

MOST_BELOW = 50
"""Menus that are looked at for the nearest person: more than any caller goes through."""

_HAN = re.compile("[㐀-鿿]")
_DESTINATION: TypeAdapter[Destination] = TypeAdapter(Destination)


def completed(data: Mapping[str, Any], menus: Sequence[str]) -> dict[str, Any]:
    """The keys of a hotline, as they were read, with the defaults of those that are not there.

    What is there is left as it is, right or wrong. `menus`: the names of all menus in the file, in its order.
    """
    given = data.get("languages", languages_of(data.get("name")))
    languages = [language for language in given if isinstance(language, str)] if isinstance(given, list | tuple) else []
    defaults = {
        "languages": tuple(languages),
        "timezone": CHINA if "zh" in languages else NO_ZONE,
        "greeting": greeting(data.get("name"), languages),
        "goodbye": {language: GOODBYE[language] for language in languages if language in GOODBYE},
        "entry": ENTRY if ENTRY in menus or not menus else menus[0],
    }
    return {**defaults, **data, "menus": _with_attempts(data)}


def languages_of(name: object) -> tuple[str, ...]:
    """The languages in which a name is written: those that it names; else `zh` if it has a Chinese character, `en`
    if not.
    """
    if isinstance(name, Mapping) and set(name) - {EVERY}:
        return tuple(language for language in name if language != EVERY)
    words = name.get(EVERY) if isinstance(name, Mapping) else name
    return ("zh",) if isinstance(words, str) and _HAN.search(words) else ("en",)


def greeting(name: object, languages: Sequence[str]) -> Texts:
    """`GREETING` with the hotline's name, in each language."""
    each = name.items() if isinstance(name, Mapping) else ()
    named = {language: words for language, words in each if isinstance(words, str)}
    if not named:
        return {}
    chosen = {language: choose(named, language, languages[0])[1].strip(" 。.") for language in languages}
    return {
        language: GREETING[language].format(name=chosen[language]) for language in languages if language in GREETING
    }


def person(hotline: Hotline) -> Destination:
    """Where callers go who need a person and for whom nothing is written: as from the menu in which calls begin."""
    menus = {name: {"keys": menu.keys} for name, menu in hotline.menus.items()}
    people = _People({"queues": hotline.queues, "sub_hotlines": hotline.sub_hotlines}, menus)
    entry = hotline.entry
    if isinstance(entry, ToMenu):
        return people.of(entry.menu)
    return entry if entry and entry.person else people.of("")  # a draft may have an empty one


# --- silence and wrong keys -----------------------------------------------------------------------------------------


def _with_attempts(data: Mapping[str, Any]) -> Any:
    """The menus, each with a way out for callers who press nothing or wrong keys."""
    menus = data.get("menus")
    if not isinstance(menus, Mapping):
        return menus
    people = _People(data, menus)
    return {name: _menu(name, menu, people) if isinstance(menu, Mapping) else menu for name, menu in menus.items()}


def _menu(name: str, menu: Mapping[str, Any], people: "_People") -> Mapping[str, Any]:
    given = {key: menu.get(key, {}) for key in FILLED[Menu]}
    lacking = [key for key, attempts in given.items() if isinstance(attempts, Mapping) and "then" not in attempts]
    return {**menu, **{key: {**given[key], "then": people.of(name)} for key in lacking}}


class _People:
    """Who helps the callers of each menu. `data` has all sections, `menus` is that section."""

    def __init__(self, data: Mapping[str, Any], menus: Mapping[str, Any]) -> None:
        self._menus = menus
        self._known: dict[str, Mapping[str, Destination]] = {}
        queues, lines = (data.get(section) for section in ("queues", "sub_hotlines"))
        self._anybody: tuple[Destination, ...] = (
            *(ToQueue.model_construct(queue=name) for name in _names(queues)),
            *(ToSubHotline.model_construct(sub_hotline=name) for name in _names(lines)),
        )

    def of(self, menu: str) -> Destination:
        """In this order: what the menu's key 0 leads to; the nearest queue that its keys lead to, else the nearest
        sub-hotline; the file's first queue, else its first sub-hotline. Where there is nobody at all, the goodbye.
        """
        zero = self._keys(menu).get("0")
        if zero is not None and all(last.person for last in with_following(zero) if not last.after):
            return zero
        return _first(self._below(menu)) or _first(self._anybody) or HangUp(hangup=True)

    def _below(self, menu: str) -> Iterator[Destination]:
        """The queues and sub-hotlines that the keys of a menu and of those below it lead to, the nearest first."""
        order = [menu]
        for name in order:  # it grows meanwhile
            for destination in (each for key in self._keys(name).values() for each in with_following(key)):
                if isinstance(destination, ToQueue | ToSubHotline):
                    yield destination
                elif isinstance(destination, ToMenu) and destination.menu not in order and len(order) < MOST_BELOW:
                    order.append(destination.menu)

    def _keys(self, menu: str) -> Mapping[str, Destination]:
        """The keys of a menu with their destinations, without those that are wrong."""
        if menu not in self._known:
            written = self._menus.get(menu)
            keys = written.get("keys") if isinstance(written, Mapping) else None
            self._known[menu] = dict(_destinations(keys)) if isinstance(keys, Mapping) else {}
        return self._known[menu]


def _first(people: Iterable[Destination]) -> Destination | None:
    """The first queue of them; without a queue the first."""
    first: Destination | None = None
    for destination in people:
        if isinstance(destination, ToQueue):
            return destination
        first = first or destination
    return first


def _destinations(keys: Mapping[str, Any]) -> Iterator[tuple[str, Destination]]:
    for key, written in keys.items():
        try:
            yield key, _DESTINATION.validate_python(written)
        except ValidationError:
            continue


def _names(section: object) -> Iterable[str]:
    return list(section) if isinstance(section, Mapping) else ()
