"""The bench, as somebody types it: that it measures what it says. Its figures are nobody's business here."""

import json

import pytest

from tests.integration.command import typed

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""

SYSTEMS = ["app_queue", "wutong"]


async def test_both_systems_are_measured() -> None:
    status, output, progress = await typed("./wutong bench --quick --json")
    assert status == 0, progress
    results = json.loads(output)
    ((_, loads),) = [(each["scene"], each["rounds"]) for each in results["loads"]]
    assert [load["system"] for load in loads] == SYSTEMS
    for load in loads:
        assert load["completed"] > 0
        assert load["broken"] == 0
        assert load["gap"]["p50"] > 0
    assert [lone["system"] for lone in results["lone"]] == SYSTEMS
    assert all(lone["offer"]["p50"] > 0 for lone in results["lone"])
    assert results["waiting"]["waiting"] == 100
    assert len(results["goals"]) == 5
    assert "100 callers wait" in progress
