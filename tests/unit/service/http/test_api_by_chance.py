"""Every route, with requests as its description allows and as it does not: answers are as described, none is a 500."""

import pytest

from lab.fuzz.api import properties
from tests.thorough import THOROUGH
from tests.unit.service.world import TOKEN, World, waiting_call

EXAMPLES = 10 if THOROUGH else 5
"""Of each route, twice. To draw one takes a hundredth of a second, and there are hundreds of routes."""

SEED = 1
"""The same requests each time: `./wutong fuzz` draws others."""


@pytest.mark.parametrize("world", [World(), World(ami_up=False)], ids=["calm", "refusing"])
def test_every_answer_is_as_described(world: World) -> None:
    world.note(*waiting_call())
    if not world.ami_up:
        world.desk.leaves("1001")
    app = world.app()
    found = properties(app.openapi(), "http://wutong", TOKEN, app)
    tried = {each.name: each.tried(SEED, EXAMPLES) for each in found}
    assert len(tried) == 2 * sum(len(methods) for methods in app.openapi()["paths"].values())
    assert sum(tried.values()) > EXAMPLES * len(tried) / 3
    assert [name for name, count in tried.items() if not count and name.endswith("positive")] == [], "nothing fits that"
