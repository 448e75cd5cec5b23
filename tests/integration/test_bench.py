"""The bench, small: that it measures what it says. Its figures are nobody's business here."""

from pathlib import Path

from lab.bench.load import Scene
from lab.bench.run import Plan, measure

SMALL = Plan(rounds=1, scenes=(Scene(3, 3, 0.5, 2),), lone_calls=3, waiting=14, probes=2, idle=1, limit=100)


async def test_both_systems_are_measured(tmp_path: Path) -> None:
    told: list[str] = []
    results = await measure(tmp_path, SMALL, told.append)
    ((_, loads),) = results.loads
    assert [load.system for load in loads] == ["app_queue", "wutong"]
    for load in loads:
        assert load.completed > 0
        assert load.broken == 0
        assert load.gap.p50 > 0
    assert [lone.system for lone in results.lone] == ["app_queue", "wutong"]
    assert all(lone.offer.p50 > 0 for lone in results.lone)
    assert results.waiting is not None
    assert results.waiting.waiting == 14
    assert len(results.as_json()["goals"]) == 5
    assert any("14 callers wait" in line for line in told)
