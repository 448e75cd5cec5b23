"""Reload, over HTTP."""

import pytest

from agents.states import AgentState
from base.failure import NotDone
from hotline.problem import Level, Problem
from journal.records import Kind
from publishing.shapes import ReloadOut, broken, told
from tests.unit.service.world import World

WARNING = Problem(Level.WARNING, "deep-menu", "hotline.yaml", 30, 3, "menu water is on level 4", "flatten the tree")
ERROR = Problem(Level.ERROR, "dangling", "hotline.yaml", 12, 5, "there is no queue grening", "did you mean greening?")


GONE = "The queue a is taken out"


async def test_a_reload() -> None:
    world = World()
    world.operations.report = ReloadOut(
        version="v2", changed=True, problems=told([WARNING], "en"), removed=[GONE], taken_back=None
    )
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert answer.status_code == 200
    assert (answer.json()["version"], answer.json()["changed"]) == ("v2", True)
    assert answer.json()["removed"] == [GONE]
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


async def test_every_order_says_who_gives_it() -> None:
    world = World()
    async with world.client() as client:
        await client.post("/api/v1/reload")
        await client.post("/api/v1/restart", json={"wait_s": 1})
        await client.put("/api/v1/drain", json={"on": True})
        await client.post("/api/v1/calls", json={"number": "12319"})
        await client.put("/api/v1/agents/1001/state", json={"state": "ready"})
        world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 10)
        await client.post("/api/v1/agents/1001/wrap-up", json={"extend_s": 50})
    assert (world.operations.asked, world.desk.who(Kind.AGENT_STATE)) == (["token:local"] * 4, ["token:local"] * 2)


@pytest.mark.parametrize("on", [0, 1, "on", "false", None])
async def test_only_true_and_false_close_and_open_the_hotline(on: object) -> None:
    world = World()
    async with world.client() as client:
        assert (await client.put("/api/v1/drain", json={"on": on})).status_code == 422
    assert not world.operations.asked


async def test_a_broken_hotline_is_a_422_with_all_its_problems() -> None:
    world = World()
    world.operations.failure = broken((WARNING, ERROR))
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [problem["code"] for problem in answer.json()["problems"]] == ["deep-menu", "dangling"]
    detail = answer.json()["detail"]
    assert detail.startswith("The hotline has 1 error and was not taken into use; the first: hotline.yaml:12:5: error:")


async def test_what_could_not_be_done_is_a_503_that_says_why() -> None:
    world = World()
    world.operations.failure = NotDone("Asterisk does not answer; GET /readyz tells more.")
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert (answer.status_code, answer.json()["detail"]) == (503, "Asterisk does not answer; GET /readyz tells more.")
