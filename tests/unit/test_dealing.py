from collections import Counter
from pathlib import Path

import pytest

from tests.dealing import BY_CHANCE, FOR_PAGES, LONG, LOUD, dealt, gives_way_to_phones

VOICES = [f"tests/voices/test_shipped.py::test_{number}" for number in range(3)]
PHONES = [
    f"tests/integration/{module}.py::test_{number}"
    for module in ("test_agents", "test_menus", "test_queues", *LONG[::-1], *LOUD[::-1])
    for number in (1, 2)
]
UNITS = [f"tests/unit/ivr/test_model.py::test_{number}" for number in range(1_001)]
CHANCES = [f"{module}::test_1" for module in BY_CHANCE]
PAGES = [f"tests/console/test_desk.py::test_{number}" for number in range(4)]
ALL = [*PAGES, *PHONES, *UNITS, *CHANCES, *VOICES]


def split(items: list[str], workers: int) -> list[list[str]]:
    """As xdist's WorkStealingScheduling does it at the beginning."""
    rest, parts = list(items), []
    for number in range(workers):
        size = len(rest) // (workers - number)
        parts.append(rest[:size])
        del rest[:size]
    return parts


@pytest.mark.parametrize("workers", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("more", range(4))
def test_each_worker_begins_with_what_takes_long(workers: int, more: int) -> None:
    items = [*ALL, *(f"tests/wire/test_agi.py::test_{number}" for number in range(more))]
    order = dealt(items, str, workers)
    assert Counter(order) == Counter(items)
    first, *others = split(order, workers)
    assert first[: len(VOICES) + len(CHANCES)] == [*VOICES, *CHANCES]
    assert not set(first) & set(PHONES)
    if workers >= FOR_PAGES:
        pages, *others = others
        assert pages[: len(PAGES)] == PAGES
        assert not set(pages) & set(PHONES)
    with_phones = [[item for item in part if item in PHONES] for part in others]
    assert [part[: len(phones)] for part, phones in zip(others, with_phones, strict=True)] == with_phones
    loud, *quiet = with_phones
    assert [item for item in loud if of(item, LOUD)] == [named(module, number) for module in LOUD for number in (1, 2)]
    assert of(loud[0], LOUD)
    assert not any(of(item, LOUD) for part in quiet for item in part)
    assert {part[0] for part in quiet} >= {named(LONG[0], 1), named(LONG[0], 2)} or len(quiet) < 2
    assert not quiet or max(map(len, quiet)) - min(map(len, quiet)) <= 1


def of(item: str, modules: tuple[str, ...]) -> bool:
    return any(f"/{module}.py" in item for module in modules)


def named(module: str, number: int) -> str:
    return f"tests/integration/{module}.py::test_{number}"


@pytest.mark.parametrize(
    ("items", "workers"), [(PHONES, 4), (VOICES, 4), ([*PHONES, *UNITS[:9]], 3), (ALL, 1), ([], 4)]
)
def test_a_few_chosen_tests_stay_as_they_are(items: list[str], workers: int) -> None:
    assert dealt(items, str, workers) == items


def test_the_long_modules_are_there() -> None:
    folders = [Path(__file__).parents[1] / folder for folder in ("integration", "attack")]
    assert {path.stem for folder in folders for path in folder.glob("*.py")} >= {*LONG, *LOUD}
    assert all((Path(__file__).parents[2] / module).is_file() for module in BY_CHANCE)


def test_only_unit_tests_give_way() -> None:
    assert all(map(gives_way_to_phones, (*UNITS, *CHANCES)))
    assert not any(map(gives_way_to_phones, (*PHONES, *PAGES, *VOICES)))
