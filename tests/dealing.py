"""In which order tests run, and on which worker, so that no long one is left to the end.

pytest-xdist (`--dist worksteal`) gives each worker an equal part of the list, in order; a worker that has done its part
takes over the second half of another's. So each part begins with what takes long, and ends with unit tests, most of
which take milliseconds: with those the workers come to an end together.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

VOICES = "tests/voices/"
"""They need a processor for minutes, at a low priority: one worker has them all, and the others the tests with phones,
which mostly wait.
"""

PHONES = ("tests/integration/", "tests/attack/")

LONG = (
    *("test_chaos", "test_fuzz", "test_bench", "test_two_users", "test_up", "test_people", "test_histories"),
    *("test_privacy", "test_restart", "test_exhaustion", "test_openid", "test_surge", "test_systemd", "test_forgery"),
)
"""Modules with phones that have tests of twenty seconds and more; the first take longest."""

BY_CHANCE = ("tests/unit/service/http/test_api_by_chance.py", "tests/unit/acd/engine/test_machine.py")
"""Unit tests that draw their cases and need a processor for ten seconds and more. They come next after the voices."""


def dealt(items: Sequence[Item], name: Callable[[Item], str], workers: int) -> list[Item]:
    """The same items: `workers` parts one after another, sized as xdist divides them. `name`: an item's id, which
    begins with its file. Where one part cannot hold what would belong to it, as of a few chosen tests, they stay as
    they are.
    """
    if workers < 2:
        return list(items)
    voices = [item for item in items if name(item).startswith(VOICES)]
    phones = sorted((item for item in items if name(item).startswith(PHONES)), key=lambda item: _rank(name(item)))
    short = [item for item in items if not name(item).startswith((VOICES, *PHONES))]
    others = iter(sorted(short, key=lambda item: not name(item).startswith(BY_CHANCE)))
    parts = [voices, *(phones[first :: workers - 1] for first in range(workers - 1))]
    sizes = [(len(items) + number) // workers for number in range(workers)]
    if any(len(part) > size for part, size in zip(parts, sizes, strict=True)):
        return list(items)
    return [
        item
        for part, size in zip(parts, sizes, strict=True)
        for item in (*part, *(next(others) for _ in range(size - len(part))))
    ]


def _rank(name: str) -> int:
    module = name.partition("::")[0].rpartition("/")[2].removesuffix(".py")
    return LONG.index(module) if module in LONG else len(LONG)
