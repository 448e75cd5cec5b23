"""The dashboards for Grafana are made from their file, and each panel says in both languages what it shows. That their
queries are right is shown in `tests/integration/test_prometheus.py`.
"""

import json

from tools import dashboards


def test_the_files_are_made() -> None:
    committed = {file.name: file.read_text(encoding="utf-8") for file in dashboards.FOLDER.glob("*.json")}
    assert committed == dashboards.pages(), "python -m tools.dashboards writes them"


def test_no_panel_covers_another() -> None:
    for content in dashboards.pages().values():
        covered = [
            (column, line)
            for panel in json.loads(content)["panels"]
            for place in (panel["gridPos"],)
            for column in range(place["x"], place["x"] + place["w"])
            for line in range(place["y"], place["y"] + place["h"])
        ]
        assert len(covered) == len(set(covered))
        assert max(column for column, _ in covered) < 24


def test_each_panel_says_what_it_shows() -> None:
    known = {"figure", "lines", "zh", "en", "unit", "stacked", "red_from", "red_below", "queries"}
    for board in dashboards.boards():
        for panel in dashboards.panels(board):
            assert set(panel) <= known, panel
            title = panel.get("figure") or panel["lines"]
            assert all((title["zh"], title["en"], panel["zh"], panel["en"])), panel
            assert 1 <= len(panel["queries"]) <= len(dashboards.NAMES), panel
