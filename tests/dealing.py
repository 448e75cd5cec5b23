"""In which order tests run, and on which worker, so that no long one is left to the end.

pytest-xdist (`--dist worksteal`) gives each worker an equal part of the list, in order; a worker that has done its part
takes over the second half of another's. So each part begins with what takes long, and ends with unit tests, most of
which take milliseconds: with those the workers come to an end together.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

VOICES = "tests/voices/"
"""They need a processor for minutes, at a low priority: one worker has them all. Another one has the pages. All others
have the tests with phones. Those tests mostly wait. A worker that has done its part goes on with unit tests. Unit tests
give way to the others.
"""

PAGES = "tests/console/"

PHONES = ("tests/integration/", "tests/attack/")

LOUD = (
    "test_histories",
    "test_chaos",
    "test_fuzz",
    "test_bench",
    "test_callbacks_bench",
    "test_floods",
    "test_exhaustion",
    "test_surge",
    "test_http_crowd",
    "test_attacked",
)
"""Modules with phones that load the machine on purpose, and the histories, which measure half seconds: one worker has
them all, so that no two of them meet.
"""

LONG = (
    *(
        "test_demo",
        "test_two_users",
        "test_selftest",
        "test_up",
        "test_people",
        "test_privacy",
        "test_restart",
        "test_openid",
        "test_systemd",
    ),
    *("test_scenarios", "test_commands", "test_plain_user", "test_forgery", "test_kept_phones"),
    *("test_phones_gone", "test_emergency", "test_shift", "test_desk_transfers", "test_put_through", "test_first_tree"),
    *("test_link_faults", "test_taken_up", "test_versions", "test_sent_on_hold", "test_taken_out", "test_rehearsal"),
)
"""Other modules with phones that have tests of twenty seconds and more; the first take longest."""

FOR_PAGES = 5
"""As many workers are enough for one of them to have the pages and no phones."""

BY_CHANCE = ("tests/unit/service/http/test_api_by_chance.py", "tests/unit/acd/engine/test_machine.py")
"""Unit tests that draw their cases and need a processor for ten seconds and more. They come next after the voices."""


def gives_way_to_phones(name: str) -> bool:
    """Whether the test of this id has neither a phone nor a page: nothing in it waits for a person's patience."""
    return name.startswith("tests/unit/")


def dealt(items: Sequence[Item], name: Callable[[Item], str], workers: int) -> list[Item]:
    """The same items: `workers` parts one after another, sized as xdist divides them. `name`: an item's id, which
    begins with its file. Where one part cannot hold what would belong to it, as of a few chosen tests, they stay as
    they are.
    """
    if workers < 2:
        return list(items)
    voices = [item for item in items if name(item).startswith(VOICES)]
    phones = [item for item in items if name(item).startswith(PHONES)]
    loud = _first([item for item in phones if _module(name(item)) in LOUD], name, LOUD)
    quiet = _first([item for item in phones if _module(name(item)) not in LOUD], name, LONG)
    pages = [item for item in items if name(item).startswith(PAGES)] if workers >= FOR_PAGES else []
    without = [voices, pages] if pages else [voices]
    parts = [*without, *_phones(loud, quiet, workers - len(without))]
    chosen = {id(item) for part in parts for item in part}
    short = (item for item in items if id(item) not in chosen)
    others = iter(sorted(short, key=lambda item: not name(item).startswith(BY_CHANCE)))
    sizes = [(len(items) + number) // workers for number in range(workers)]
    if any(len(part) > size for part, size in zip(parts, sizes, strict=True)):
        return list(items)
    return [
        item
        for part, size in zip(parts, sizes, strict=True)
        for item in (*part, *(next(others) for _ in range(size - len(part))))
    ]


def _phones(loud: Sequence[Item], quiet: Sequence[Item], workers: int) -> list[list[Item]]:
    """The parts with phones. The first has all loud ones, and a third of what each other part has of the quiet ones."""
    if workers == 1:
        return [[*loud, *quiet]]
    spread = len(quiet) - len(quiet) // (3 * workers)
    return [[*loud, *quiet[spread:]], *(list(quiet[first : spread : workers - 1]) for first in range(workers - 1))]


def _first(items: Sequence[Item], name: Callable[[Item], str], modules: Sequence[str]) -> list[Item]:
    """The items of these modules in this order, then the others as they are."""

    def rank(item: Item) -> int:
        module = _module(name(item))
        return modules.index(module) if module in modules else len(modules)

    return sorted(items, key=rank)


def _module(name: str) -> str:
    return name.partition("::")[0].rpartition("/")[2].removesuffix(".py")
