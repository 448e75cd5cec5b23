"""`./wutong node`: what it asks of the service, and what it prints."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from nodes import commands
from service.cli.commands import app

NORTH = {
    "id": "1",
    "name": "north",
    "part": "leads",
    "since": "2025-03-03T01:30:00.000+00:00",
    "seen": "2025-03-03T02:00:00.000+00:00",
    "epoch": 3,
    "version": "1.0",
    "address": "",
    "backs": None,
}
SOUTH = {**NORTH, "id": "2", "name": "south", "part": "away", "epoch": None}


class Service:
    """Answers as the service does, and remembers what was asked."""

    def __init__(self) -> None:
        self.removed: list[str] = []
        self.there: list[dict[str, Any]] = [NORTH, SOUTH]

    def nodes(self) -> list[dict[str, Any]]:
        return self.there

    def remove_node(self, name: str) -> None:
        self.removed.append(name)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(commands, "client_of", lambda state: made)
    monkeypatch.setattr(commands, "zone_of", lambda folder: ZoneInfo("Asia/Shanghai"))
    return made


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ("node", *arguments))
    return result.exit_code, result.stdout


def test_the_list_says_who_leads_and_who_is_away(service: Service) -> None:
    status, output = run("list")
    assert status == 0
    assert output.splitlines() == [
        "north  leads (epoch 3)  since 2025-03-03 09:30+08:00  version 1.0",
        "south  away, seen last 2025-03-03 10:00+08:00  since 2025-03-03 09:30+08:00  version 1.0",
    ]
    assert json.loads(run("list", "--json")[1]) == [NORTH, SOUTH]


def test_the_list_says_who_backs_the_leader(service: Service) -> None:
    south = {**SOUTH, "part": "stands-by", "address": "192.0.2.12:5070"}
    service.there = [{**south, "backs": True}, {**south, "backs": False}]
    first, second = run("list")[1].splitlines()
    assert first.endswith("version 1.0  192.0.2.12:5070  backs the leader")
    assert second.endswith("version 1.0  192.0.2.12:5070  does not back the leader")


def test_one_machine_alone(service: Service) -> None:
    service.there = []
    assert run("list") == (0, "this is the only machine: the setting stand_by is off\n")


def test_a_machine_is_removed_only_with_a_yes(service: Service) -> None:
    assert run("remove", "south")[0] == 1
    assert service.removed == []
    assert run("remove", "south", "--yes") == (0, "south is removed\n")
    assert service.removed == ["south"]
