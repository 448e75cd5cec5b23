from pathlib import Path

import pytest

from hotline.loader import load
from lab.demo.folder import DEPARTMENTS, SEAT, robots, write


@pytest.mark.parametrize("agents", [1, 3, 8, 20, 60])
def test_the_hotline_has_no_problems_and_robots_who_know_every_subject(tmp_path: Path, agents: int) -> None:
    write(tmp_path / "hotline", agents)
    loaded = load(tmp_path / "hotline")
    assert loaded.problems == ()
    hotline = loaded.hotline
    assert hotline is not None
    assert hotline.agents.keys() == {SEAT, *robots(agents), *DEPARTMENTS}
    for queue in hotline.queues.values():
        for language in hotline.languages:
            assert any(hotline.agents[robot].fits(queue.needs, language) for robot in robots(agents)), queue.id
            assert hotline.agents[SEAT].fits(queue.needs, language)
