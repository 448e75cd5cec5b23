"""Each scenario on the fake Asterisk: its story is the one that it expects, as on the real one
(tests/integration/test_scenarios.py).
"""

import pytest

from tests.scenarios import SCENARIOS
from tests.scenarios.description import Scenario
from tests.scenarios.fake import play
from tests.unit.faketime import fake_time


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
@fake_time
async def test_it_tells_its_story(scenario: Scenario) -> None:
    assert scenario.told(await play(scenario)) == list(scenario.story)
