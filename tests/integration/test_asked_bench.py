"""The bench of reports beside calls, small: reports are answered while talks go on. Its figures do not matter here."""

import json
from pathlib import Path

import pytest

from lab.bench.asked import REPORTS, measure
from lab.bench.load import Scene

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""


async def test_reports_are_answered_while_agents_talk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    took = await measure(tmp_path, f"sqlite:///{tmp_path}/year.db", Scene(4, 4, 1.0, 6), 1)
    assert set(took) == set(REPORTS)
    without, beside = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (without["asked"], beside["asked"]) == (False, True)
    assert without["completed"] > 0 < beside["completed"]
