"""The alert rules: they parse, speak of measures that there are, and the page for the night explains each."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from dialplan.doors import Door, Doors
from dialplan.guard import Guard
from privacy.model import Removals
from service.http.connections import Cut, Server
from service.http.turnstile import Turnstile
from tests.unit.service.world import World

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = {"job", "instance"}
"""Labels that Prometheus adds itself."""


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    content = YAML(typ="safe").load((CHECKOUT / "docs/alerts.yaml").read_text(encoding="utf-8"))
    assert list(content) == ["groups"]
    return [rule for group in content["groups"] for rule in group["rules"]]


@pytest.fixture(scope="module")
def labels() -> dict[str, set[str]]:
    """Every sample that /metrics has → its labels, those of each known."""
    world = World()
    world.metrics.add(Server(FastAPI(), "127.0.0.1", 0))
    world.metrics.add(Turnstile())
    world.metrics.add(world.broadcast)
    world.metrics.add(Guard(Path("no-log"), lambda: 0.0))
    world.metrics.add(Doors(Door("phones", 5061, 1_020)))
    world.metrics.add(Removals())
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(world.metrics.exposition().decode()):
        # a labelled counter that nothing has been counted in has no samples yet
        names = {family.name} if family.type == "gauge" else {f"{family.name}_total", f"{family.name}_bucket"}
        for name in names:
            found.setdefault(name, set())
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def measures(rule: dict[str, Any]) -> set[str]:
    return set(re.findall(r"\b(?:wutong|process)_\w+", rule["expr"]))


def test_every_rule_is_whole(rules: list[dict[str, Any]]) -> None:
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert re.fullmatch("Wutong[A-Za-z]+", rule["alert"])
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["annotations"]["summary"]
        for opening, closing in ("()", "{}", "[]"):
            assert rule["expr"].count(opening) == rule["expr"].count(closing), rule["alert"]


def test_every_measure_is_in_metrics(rules: list[dict[str, Any]], labels: dict[str, set[str]]) -> None:
    named = set().union(*map(measures, rules))
    assert len(named) > 10
    assert named <= set(labels)


def test_counters_are_counted_by_their_increase(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        for counter in re.findall(r"\w+_total", rule["expr"]):
            assert re.search(rf"(increase|rate)\({counter}", rule["expr"]), rule["alert"]


def test_reasons_that_are_named_exist(rules: list[dict[str, Any]]) -> None:
    named = {
        reason
        for rule in rules
        for value in re.findall(r'why=~?"([^"]+)"', rule["expr"])
        for reason in value.split("|")
    }
    assert named
    assert named <= {why.value for why in Cut}


def test_the_page_for_the_night_has_every_alert_and_no_other(rules: list[dict[str, Any]]) -> None:
    page = (CHECKOUT / "docs/operations.md").read_text(encoding="utf-8")
    section = page.partition("## Alerts\n")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| `(Wutong\w+)` \| (now|morning) \|", section, re.MULTILINE))
    when = {"page": "now", "ticket": "morning"}
    assert told == {rule["alert"]: when[rule["labels"]["severity"]] for rule in rules}
