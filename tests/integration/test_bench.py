"""The bench, quick: that it measures what it says. Its figures are nobody's business here."""

import json

from tests.integration.command import typed


async def test_both_systems_are_measured() -> None:
    status, output, complaints = await typed("./wutong bench --quick --json")
    assert status == 0, complaints
    results = json.loads(output)
    [scene] = results["loads"]
    assert [load["system"] for load in scene["rounds"]] == ["app_queue", "wutong"]
    for load in scene["rounds"]:
        assert load["completed"] > 0
        assert load["broken"] == 0
        assert load["gap"]["p50"] > 0
    assert [lone["system"] for lone in results["lone"]] == ["app_queue", "wutong"]
    assert all(lone["offer"]["p50"] > 0 for lone in results["lone"])
    assert results["waiting"]["waiting"] == 200
    assert len(results["goals"]) == 5
    assert "200 callers wait" in complaints
