"""Reload, over HTTP."""

import pytest

from agents.states import AgentState
from journal.actor import Actor
from journal.records import Kind
from processes.asterisk import AsteriskFailed
from tests.unit.desk import HOTLINE
from tests.unit.service.world import World


@pytest.fixture
def world() -> World:
    """The folder is in use, as version 1."""
    made = World()
    made.starts()
    return made


def edit(world: World, *changes: tuple[str, str]) -> None:
    text = HOTLINE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (world.settings.hotline / "hotline.yaml").write_text(text, encoding="utf-8")


async def test_a_reload(world: World) -> None:
    gone = ("  general: {name", "  others: {name"), ("{queue: general}", "{queue: others}")
    edit(world, *gone, ("entry: main\n", "entry: main\nremoved_queues: {general: {queue: others}}\n"))
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["changed"]) == (world.desk.hotline.version, True)
    (removed,) = answer.json()["removed"]
    assert "general" in removed
    problems = {problem["code"]: problem for problem in answer.json()["problems"]}
    assert problems["no-fallback"] == {
        "level": "warning",
        "code": "no-fallback",
        "file": "hotline.yaml",
        "line": 1,
        "column": 1,
        "message": "there is no `fallback` for calls that come while the service is away",
        "hint": "add `fallback: {sub_hotline: …}`",
    }
    assert world.desk.who(Kind.HOTLINE_CHANGED) == [Actor.token("local")]


async def test_every_order_says_who_gives_it() -> None:
    world = World()
    async with world.client() as client:
        await client.post("/api/v1/restart", json={"wait_s": 1})
        await client.put("/api/v1/drain", json={"on": True})
        await client.put("/api/v1/agents/1001/state", json={"state": "ready"})
        world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 10)
        await client.post("/api/v1/agents/1001/wrap-up", json={"extend_s": 50})
    world.desk.centre.intake.close()
    kinds = (Kind.SERVICE_RESTARTED, Kind.HOTLINE_DRAINED, Kind.AGENT_STATE)
    assert world.desk.who(*kinds) == [Actor.token("local")] * 4


@pytest.mark.parametrize("on", [0, 1, "on", "false", None])
async def test_only_true_and_false_close_and_open_the_hotline(on: object) -> None:
    world = World()
    async with world.client() as client:
        assert (await client.put("/api/v1/drain", json={"on": on})).status_code == 422
    assert not world.desk.centre.intake.drained


async def test_a_broken_hotline_is_a_422_with_all_its_problems(world: World) -> None:
    edit(world, ("{queue: greening}", "{queue: grening}"))
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"no-fallback", "dangling"} <= {problem["code"] for problem in answer.json()["problems"]}
    detail = answer.json()["detail"]
    assert detail.startswith("The hotline has 1 error and was not taken into use; the first: hotline.yaml:15:")


async def test_what_could_not_be_done_is_a_503_that_says_why(world: World) -> None:
    world.control.failure = AsteriskFailed("Asterisk does not answer")
    async with world.client() as client:
        answer = await client.post("/api/v1/reload")
    assert (answer.status_code, answer.json()["detail"]) == (
        503,
        "The edited hotline was not taken into use: Asterisk does not answer",
    )
