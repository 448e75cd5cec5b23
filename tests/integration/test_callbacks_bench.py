"""The bench of callbacks, small: each citizen is rung once, and talks. Its figures are nobody's business here."""

from pathlib import Path

import pytest

from lab.bench.callbacks import Plan, measure

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""


async def test_each_citizen_is_rung_once_and_talks(tmp_path: Path) -> None:
    seen = await measure(tmp_path, Plan(callbacks=4, agents=4, holding=1), 1, lambda line: None)
    assert sorted(seen.rung.values()) == [1, 1, 1, 1]
    assert len(seen.citizens) == 4
