"""Every route, with requests as its description allows and as it does not: answers are as described, none is a 500."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lab.fuzz.api import properties
from lab.fuzz.properties import Property
from tests.thorough import THOROUGH
from tests.unit.service.world import TOKEN, World, talk, waiting_call

EXAMPLES = 10 if THOROUGH else 5
"""Of each route, twice. To draw one takes a hundredth of a second, and there are hundreds of routes."""

SEED = 1
"""The same requests each time: `./wutong fuzz` draws others."""


def in_all(worlds: Mapping[str, Property]) -> Property:
    """What must hold in each of these worlds. Most of the time is to draw requests: all worlds get the same."""

    def holds(**drawn: Any) -> None:
        for world, each in worlds.items():
            try:
                each.holds(**drawn)
            except AssertionError as error:
                raise AssertionError(f"{world}: {error}") from error

    return replace(next(iter(worlds.values())), holds=holds)


def test_every_answer_is_as_described() -> None:
    calm, refusing = World(), World(ami_up=False)
    calm.note(*waiting_call())
    refusing.note(*talk())
    refusing.desk.leaves("1001")
    apps = {"calm": calm.app(), "refusing": refusing.app()}
    document = apps["calm"].openapi()
    assert apps["refusing"].openapi() == document
    of_each = [properties(document, "http://wutong", TOKEN, app) for app in apps.values()]
    found = [in_all(dict(zip(apps, same, strict=True))) for same in zip(*of_each, strict=True)]
    tried = {each.name: each.tried(SEED, EXAMPLES) for each in found}
    assert len(tried) == 2 * sum(len(methods) for methods in document["paths"].values())
    assert sum(tried.values()) > EXAMPLES * len(tried) / 3
    assert [name for name, count in tried.items() if not count and name.endswith("positive")] == [], "nothing fits that"
