"""Agents over HTTP."""

from typing import Any

import pytest

from acd.model import Coded, CodeRule
from agents.model import Agent
from agents.states import AgentState, PhoneState
from base.role import Role
from tests.unit.service.world import World

GONE = "Agent 1001 is no longer in this hotline."


def removed(world: World) -> None:
    """1001 talks, and the engine knows already that the agent is in the hotline no more."""
    world.desk.seat("1001", "c1", state=AgentState.ON_CALL)
    world.desk.leaves("1001")


async def test_agents_in_the_order_of_the_file() -> None:
    world = World()
    later, busy = AgentState.NOT_READY, PhoneState.BUSY
    world.desk.seat("1001", "c1", state=AgentState.ON_CALL, phone=busy, missed=1, next_state=later)
    async with world.client() as client:
        answer = await client.get("/api/v1/agents")
        one = await client.get("/api/v1/agents/1001")
    first, second = answer.json()
    assert first == {
        "id": "1001",
        "name": "绿化一席",
        "skills": {"greening": 4},
        "languages": ["zh", "en"],
        "from_file": None,
        "state": "on-call",
        "reason": "",
        "since": "2023-11-14T22:13:20.125+00:00",
        "phone": "busy",
        "away": False,
        "queue": "greening",
        "call_id": "c1",
        "test": False,
        "missed_offers": 1,
        "break_limit": None,
        "next_state": "not-ready",
        "wrap_up_until": None,
        "help_since": None,
        "sent": None,
        "aside": None,
        "silent": [],
        "code_missing": False,
    }
    assert one.json() == first
    assert (second["id"], second["state"], second["queue"]) == ("1002", "logged-out", None)
    assert "hidden" not in answer.text


async def test_a_state_is_asked_for_and_the_agent_told() -> None:
    world = World()
    async with world.client() as client:
        answer = await client.put("/api/v1/agents/1001/state", json={"state": "not-ready", "reason": " 午饭 "})
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["reason"]) == ("not-ready", "午饭")
    assert world.desk.agent_view("1001").state is AgentState.NOT_READY


async def test_what_is_not_possible_is_a_409_that_says_why() -> None:
    world = World()
    removed(world)
    async with world.client() as client:
        answer = await client.put("/api/v1/agents/1001/state", json={"state": "not-ready"})
    sentence = f"{GONE[:-1]} and is signed out when the call is over."
    assert (answer.status_code, answer.json()["detail"]) == (409, sentence)


async def test_more_time_for_the_wrap_up() -> None:
    world = World()
    world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 10)
    async with world.client() as client:
        more = await client.post("/api/v1/agents/1001/wrap-up", json={"extend_s": 50})
        world.desk.seat("1001", state=AgentState.READY)
        refused = await client.post("/api/v1/agents/1001/wrap-up", json={"extend_s": 50})
        unknown = await client.post("/api/v1/agents/9/wrap-up", json={"extend_s": 50})
        wrong = await client.post("/api/v1/agents/1001/wrap-up", json={"extend_s": 0})
    assert more.json()["wrap_up_until"] == "2023-11-14T22:16:00.000+00:00"
    assert [answer.status_code for answer in (refused, unknown, wrong)] == [409, 404, 422]


async def test_skills_are_set_until_the_next_reload() -> None:
    world = World()
    async with world.client() as client:
        answer = await client.put("/api/v1/agents/1001/skills", json={"skills": {"general": 5}, "languages": ["zh"]})
        told = answer.json()
        assert (told["skills"], told["languages"]) == ({"general": 5}, ["zh"])
        assert told["from_file"] == {"skills": {"greening": 4}, "languages": ["zh", "en"]}
        assert (await client.get("/api/v1/agents/1001")).json() == told
        kept = await client.put("/api/v1/agents/1001/skills", json={"skills": {}})
        assert (kept.json()["skills"], kept.json()["languages"]) == ({}, ["zh"])
        back = await client.put(
            "/api/v1/agents/1001/skills", json={"skills": {"greening": 4}, "languages": ["zh", "en"]}
        )
        assert back.json()["from_file"] is None
    entry = (await world.accounts.audit.list(None, "agent-skills", 0, 10))[-1]
    assert (entry.target, entry.detail) == ("/agents/1001/skills", "skills {'general': 5}, languages zh")


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], {"skills": None}, {"skills": {"greening": 0}}, {"skills": {"greening": 6}}),
        *({"skills": {"greening": "4"}}, {"skills": {"greening": True}}, {"skills": {"greening": 1.5}}),
        *({"skills": {}, "languages": []}, {"skills": {}, "languages": "zh"}, {"skills": {"x" * 81: 1}}),
        *({"skills": {"water": 1}}, {"skills": {}, "languages": ["fr"]}, {"skills": {"a\r\nb": 1}}),
    ],
)
async def test_skills_that_there_are_not(body: object) -> None:
    world = World()
    async with world.client() as client:
        assert (await client.put("/api/v1/agents/1001/skills", json=body)).status_code == 422
    assert world.desk.agent_view("1001").edited is None


async def test_a_wrong_skill_is_told_which_there_are() -> None:
    async with World().client() as client:
        answer = await client.put("/api/v1/agents/1001/skills", json={"skills": {"water": 1}})
        assert answer.json()["detail"] == "No queue needs water; the skills are greening, general."
        answer = await client.put("/api/v1/agents/1001/skills", json={"skills": {}, "languages": ["fr"]})
        assert answer.json()["detail"] == "This hotline does not speak fr; it speaks zh, en."


async def test_a_supervisor_of_a_part_sets_the_skills_of_that_part() -> None:
    """Afterwards the agent may be beyond that part; the answer shows the agent all the same."""
    world = World()
    supervisor = await world.key(Role.SUPERVISOR, queues=["greening"])
    async with world.client(supervisor) as client:
        path = "/api/v1/agents/1001/skills"
        refused = await client.put(path, json={"skills": {"greening": 4, "general": 1}})
        assert (refused.status_code, refused.json()["detail"]) == (
            *(403, "You may set the skills that your queues need (greening), not general."),
        )
        assert (await client.put(path, json={"skills": {"greening": 4}, "languages": ["zh"]})).status_code == 403
        assert (await client.put("/api/v1/agents/1002/skills", json={"skills": {}})).status_code == 404
        assert (await client.put(path, json={"skills": {"greening": 3}})).json()["skills"] == {"greening": 3}
        assert (await client.put(path, json={"skills": {}})).json()["skills"] == {}
        assert (await client.get("/api/v1/agents/1001")).status_code == 404


async def test_agents_do_not_set_their_own_skills() -> None:
    world = World()
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        assert (await client.put("/api/v1/agents/1001/skills", json={"skills": {}})).status_code == 403


async def test_skills_that_cannot_be_set_now() -> None:
    world = World()
    removed(world)
    async with world.client() as client:
        answer = await client.put("/api/v1/agents/1001/skills", json={"skills": {}})
    assert (answer.status_code, answer.json()["detail"]) == (409, GONE)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"state": "ringing"},
        {"state": "on-call"},
        {"state": "not-ready", "reason": "a\r\nb"},
        {"state": "ready", "reason": "x" * 101},
        [],
        "ready",
    ],
)
async def test_what_cannot_be_asked_for(body: object) -> None:
    world = World()
    async with world.client() as client:
        answer = await client.put("/api/v1/agents/1001/state", json=body)
    assert answer.status_code == 422
    assert world.desk.agent_view("1001").state is AgentState.LOGGED_OUT


async def test_an_unknown_agent_is_told_which_there_are() -> None:
    async with World().client() as client:
        answers = [
            await client.get("/api/v1/agents/9999"),
            await client.put("/api/v1/agents/9999/state", json={"state": "ready"}),
        ]
    for answer in answers:
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no such agent; the agents of this hotline are 1001, 1002."


async def test_of_many_agents_some_are_named() -> None:
    world = World()
    world.desk.change(agents={str(n): Agent(id=str(n), name="席", skills={}) for n in range(1000, 1100)})
    async with world.client() as client:
        detail = (await client.get("/api/v1/agents/9999")).json()["detail"]
    assert detail.endswith("1019 and 80 more (GET /api/v1/agents).")


async def test_an_agent_who_left_the_hotline_in_this_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the hotline, without the agent, comes into use while the agent asks."""
    world = World()

    async def leaves(*_: Any, **__: Any) -> None:
        world.desk.change(agents={})

    monkeypatch.setattr(world.desk, "request", leaves)
    async with world.client() as client:
        assert (await client.put("/api/v1/agents/1001/state", json={"state": "ready"})).status_code == 404


async def test_only_somebody_else_ends_a_wrap_up_that_waits_for_a_code() -> None:
    world = World()
    keys = {
        await world.key(Role.AGENT, agent="1001"): False,
        await world.key(Role.SUPERVISOR): True,
        await world.key(Role.SUPERVISOR, queues=["greening"]): True,
        await world.key(Role.AGENT, Role.SUPERVISOR, queues=["general"], agent="1001"): False,
    }
    world.desk.queue("greening", wrap_up_codes=CodeRule(list="work", required=True))
    for key, ends in keys.items():
        world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 3_600, coded=Coded.NEEDED)
        async with world.client(key) as client:
            assert (await client.put("/api/v1/agents/1001/state", json={"state": "ready"})).status_code == 200
        assert world.desk.agent_view("1001").state is (AgentState.READY if ends else AgentState.WRAP_UP)


async def test_the_day_of_an_agent() -> None:
    world = World()
    world.desk.seat("1001", calls=34, missed_today=1, talk=10_920.0, wrapped=1_860.5)
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        day = (await client.get("/api/v1/agents/1001/day")).json()
        assert (await client.get("/api/v1/agents/1002/day")).status_code == 404
    since = "2023-11-14T16:00:00.000+00:00"
    assert day == {"since": since, "calls": 34, "missed": 1, "talk_s": 10_920.0, "wrap_up_s": 1_860.5}
