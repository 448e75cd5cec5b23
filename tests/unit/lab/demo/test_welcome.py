"""What somebody who has started the demo reads first."""

from datetime import datetime
from pathlib import Path

import pytest

from lab.demo import welcome
from lab.demo.pace import Pace
from lab.demo.programme import Scene
from settings.settings import Settings


@pytest.mark.parametrize(("speed", "burst"), [(1.0, "10:03:00"), (6.0, "10:00:30")])
def test_what_to_look_at_comes_first_and_the_programme_has_times(tmp_path: Path, speed: float, burst: str) -> None:
    settings = Settings(state=tmp_path, base_port=21_000)
    sign_in = [("Sign in", "admin, password x")]
    now = datetime(2026, 3, 3, 10)  # noqa: DTZ001 - by the clock of this machine
    said = welcome.lines(settings, sign_in, "secret", Pace(20, 600, speed), 7, now)
    indexes = [index for index, line in enumerate(said) if "/wall" in line or "/tree" in line or "12319 --keys" in line]
    assert indexes == sorted(indexes)
    assert len(indexes) == 3
    assert f"  {burst}  {Scene.BURST}" in said
    assert all(any(scene in line for line in said) for scene in Scene)
    assert not any("/tree" in line for line in welcome.lines(settings, sign_in, "secret", Pace(20, 600), 0, now))
