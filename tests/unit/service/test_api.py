"""Reload and placing calls, over HTTP."""

import pytest

from hotline.problem import Level, Problem
from service.api import BrokenHotline, CallOrder, OperationFailed, ReloadReport
from tests.unit.service.world import World

WARNING = Problem(Level.WARNING, "deep-menu", "hotline.yaml", 30, 3, "menu water is on level 4", "flatten the tree")
ERROR = Problem(Level.ERROR, "dangling", "hotline.yaml", 12, 5, "there is no queue grening", "did you mean greening?")


async def test_a_reload() -> None:
    world = World()
    world.operations.report = ReloadReport("v2", changed=True, problems=(WARNING,))
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert answer.status_code == 200
    assert (answer.json()["version"], answer.json()["changed"]) == ("v2", True)
    assert answer.json()["problems"] == [
        {
            "level": "warning",
            "code": "deep-menu",
            "file": "hotline.yaml",
            "line": 30,
            "column": 3,
            "message": "menu water is on level 4",
            "hint": "flatten the tree",
        }
    ]


async def test_a_broken_hotline_is_a_422_with_all_its_problems() -> None:
    world = World()
    world.operations.failure = BrokenHotline((WARNING, ERROR))
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [problem["code"] for problem in answer.json()["problems"]] == ["deep-menu", "dangling"]
    detail = answer.json()["detail"]
    assert detail.startswith("The hotline has 1 error and was not taken into use; the first: hotline.yaml:12:5: error:")


async def test_a_call_is_placed() -> None:
    world = World()
    order = {"number": "12319", "keys": ["1", "#"], "language": "en", "seconds": 20, "record": True}
    async with world.client() as client:
        answer = await client.post("/api/v1/calls", json=order)
        short = await client.post("/api/v1/calls", json={"number": "12319"})
    assert (answer.status_code, answer.json()) == (201, {"call_id": "c9", "recording": "c9.wav"})
    assert short.json() == {"call_id": "c9", "recording": None}
    assert world.operations.orders == [
        CallOrder("12319", ("1", "#"), "en", 20.0, record=True),
        CallOrder("12319", (), None, 60.0, record=False),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "1\n2"},
        {"number": "1", "keys": ["12"]},
        {"number": "1", "keys": ["1"] * 51},
        {"number": "1", "seconds": 601},
        {"number": "1", "seconds": 0},
        {"number": "1", "language": "en,x"},
    ],
)
async def test_what_is_no_order(wrong: dict[str, object]) -> None:
    world = World()
    async with world.client() as client:
        assert (await client.post("/api/v1/calls", json=wrong)).status_code == 422
    assert world.operations.orders == []


@pytest.mark.parametrize("path", ["reload", "calls"])
async def test_what_could_not_be_done_is_a_503_that_says_why(path: str) -> None:
    world = World()
    world.operations.failure = OperationFailed("Asterisk does not answer; GET /readyz tells more.")
    async with world.client() as client:
        answer = await client.post(f"/api/v1/{path}", json={"number": "12319"})
    assert (answer.status_code, answer.json()["detail"]) == (503, "Asterisk does not answer; GET /readyz tells more.")
