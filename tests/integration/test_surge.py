"""A surge, small: the order in which each agent's phone gets its calls. Its speed is nobody's business here."""

from pathlib import Path

import pytest

from lab.bench.surge import Surge, run

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""


async def test_no_phone_is_rung_before_the_call_before_was_taken_back_or_ended(tmp_path: Path) -> None:
    """Callers give up at every moment of a ring, and of a talk."""
    seen = await run(tmp_path, Surge(agents=8, rate=60, seconds=5, gives_up=0.7), seed=1)
    assert seen.rings > 50
    assert seen.cancelled > 50
    assert seen.overruns == []
