"""What the demo's callers want: which keys they press, and where these lead in the hotline. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from hotline.model import Hotline
from ivr.model import Destination, Say, ToMenu, ToQueue, ToSubHotline

NUMBER = "12319"

WANTED: Mapping[str, float] = {
    "11": 18,
    "21": 14,
    "22": 9,
    "23": 8,
    "31": 13,
    "32": 9,
    "4": 10,
    "0": 12,
    "80": 2,
    "811": 2,
    "12": 2,
    "": 1,
}
"""Keys of the sample hotline, and of a hundred callers how many press them. None: the caller hangs up in the menu."""

GAS = "23"
"""The keys of callers who smell gas."""

AGAIN = 0.3
"""Of a hundred callers so many have called before: an agent sees their earlier calls."""

ANONYMOUS = "000"
"""The callers' numbers begin so. No telephone number does: nobody takes a call of the demo for a citizen's."""


def drawn(random: Random) -> str:
    """The keys of one caller."""
    return random.choices(list(WANTED), list(WANTED.values()))[0]


def returning(random: Random, callers: int) -> int:
    """The count of the next caller, for `caller_number`: a new one, or one of the `callers` who have called before."""
    return random.randrange(callers) if callers and random.random() < AGAIN else callers


def caller_number(count: int) -> str:
    """The number of the demo's caller `count`, from 0."""
    return f"{ANONYMOUS}{count % 10**8:08}"


@dataclass(frozen=True, slots=True)
class Way:
    """A caller's way through the menus. `steps`: menu, language and key of each; `end`: where it leads, None: nowhere;
    `language`: the one spoken there.
    """

    steps: tuple[tuple[str, str, str], ...]
    end: ToQueue | ToSubHotline | None
    language: str


def way(hotline: Hotline, keys: str) -> Way:
    """Follow the keys from the entry. KeyError: a menu does not have one."""
    entry = hotline.entry
    if not isinstance(entry, ToMenu):
        raise KeyError(keys)
    menu, language = entry.menu, entry.language or hotline.languages[0]
    steps = []
    for key in keys:
        steps.append((menu, language, key))
        to: Destination | None = dict(hotline.menus[menu].keys)[key]  # type: ignore[index]
        while isinstance(to, Say):
            to = to.then
        if isinstance(to, ToQueue | ToSubHotline):
            return Way(tuple(steps), to, language)
        if isinstance(to, ToMenu):
            menu, language = to.menu, to.language or language
    steps.append((menu, language, ""))
    return Way(tuple(steps), None, language)
