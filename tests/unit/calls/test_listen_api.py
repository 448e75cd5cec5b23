"""Listening over HTTP: who may, with which telephone, and what is said when it is not possible."""

from typing import Any

import httpx
import pytest

from base.failure import NotDone
from base.role import Role
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.service.world import World, waiting_call

TALK = [*waiting_call(), Record(1_700_000_010.0, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 7})]


@pytest.fixture
def world() -> World:
    """c1 of greening talks with 1001."""
    made = World()
    made.note(*TALK)
    return made


async def ask(world: World, how: str, key: str | None = None, call: str = "c1", **given: Any) -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        return await client.request(how, f"/api/v1/calls/{call}/listen", **given)


async def test_a_supervisor_with_a_telephone_listens_changes_and_stops(world: World) -> None:
    key = await world.key(Role.SUPERVISOR, Role.AGENT, queues=["greening"], agent="1002")
    answer = await ask(world, "POST", key, json={"mode": "listen"})
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": "l1",
            "call_id": "c1",
            "queue": "greening",
            "agent": "1001",
            "mode": "listen",
            "phone": "1002",
            "by": "token:key-0",
            "asked": "2023-11-14T22:14:10.000+00:00",
            "began": None,
        },
    )
    assert (await ask(world, "PUT", key, json={"mode": "join", "phone": "1002"})).json()["mode"] == "join"
    assert [each["mode"] for each in (await ask(world, "GET", key)).json()] == ["join"]
    assert (await ask(world, "DELETE", key)).status_code == 204
    assert world.listenings.asked == [
        ("listen", "c1", "listen", "1002"),
        ("change", "c1", "join", "1002"),
        ("stop", "c1", "", "1002"),
    ]
    audit = await world.accounts.audit.list(Actor.token("key-0"), None, 0, 10)
    assert [(entry.what, entry.detail) for entry in reversed(audit)] == [
        ("listening-asked", "listen, telephone 1002"),
        ("listening-changed", "join, telephone 1002"),
        ("listening-stopped", "telephone 1002"),
    ]


async def test_what_an_account_without_a_telephone_needs_is_said(world: World) -> None:
    answer = await ask(world, "POST", json={"mode": "listen"})
    assert answer.status_code == 422
    assert "./wutong user role NAME --role supervisor --role agent --agent ID" in answer.json()["detail"]
    assert (await ask(world, "POST", json={"mode": "listen", "phone": "1002"})).status_code == 201
    assert (await ask(world, "DELETE", params={"phone": "1002"})).status_code == 204
    assert (await ask(world, "POST", json={"mode": "listen", "phone": "1009"})).status_code == 422


async def test_nobody_listens_with_another_ones_telephone(world: World) -> None:
    own = await world.key(Role.SUPERVISOR, Role.AGENT, agent="1002")
    answer = await ask(world, "POST", own, json={"mode": "listen", "phone": "1001"})
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "This account listens with its own telephone, 1002.",
    )
    limited = await world.key(Role.SUPERVISOR, queues=["greening"])
    assert (await ask(world, "POST", limited, json={"mode": "listen", "phone": "1002"})).status_code == 422
    assert world.listenings.asked == []


@pytest.mark.parametrize("how", ["GET", "POST", "PUT", "DELETE"])
async def test_accounts_that_may_not_listen(world: World, how: str) -> None:
    given: dict[str, Any] = {"json": {"mode": "listen", "phone": "1002"}} if how in ("POST", "PUT") else {}
    other = await world.key(Role.SUPERVISOR, queues=["general"])
    assert (await ask(world, how, other, **given)).status_code == 404, "as if the call were not there"
    assert (await ask(world, how, call="c9", **given)).status_code == 404
    for role in (Role.AGENT, Role.OPERATIONS, Role.DEPARTMENT):
        key = await world.key(role, queues=["greening"], agent="1001" if role is Role.AGENT else None)
        assert (await ask(world, how, key, **given)).status_code == 403
    assert world.listenings.asked == []


@pytest.mark.parametrize("given", [{}, {"mode": "spy"}, {"mode": None}, {"mode": "join", "more": 1}, {"phone": "1002"}])
async def test_what_is_no_mode_is_refused(world: World, given: Any) -> None:
    assert (await ask(world, "POST", json=given)).status_code == 422


async def test_what_is_not_possible_is_said(world: World) -> None:
    world.listenings.refusal = "Telephone 1002 has another call; hang up there first."
    for how in ("POST", "PUT"):
        answer = await ask(world, how, json={"mode": "listen", "phone": "1002"})
        assert (answer.status_code, answer.json()["detail"]) == (409, world.listenings.refusal)
    world.listenings.failure = NotDone("Asterisk cannot be asked at this moment; try again.")
    for how in ("POST", "PUT"):
        assert (await ask(world, how, json={"mode": "listen", "phone": "1002"})).status_code == 503
    assert (await ask(world, "DELETE", params={"phone": "1002"})).status_code == 503


async def test_listeners_are_in_the_story_only_for_people_who_may_listen(world: World) -> None:
    data = {"listening": "l1", "mode": "listen", "phone": "1009"}
    world.note(Record(1_700_000_020.0, Kind.LISTENING_ASKED, "c1", "greening", "1001", None, data, Actor.user("wang")))
    seen = {}
    for role in (Role.SUPERVISOR, Role.AGENT):
        key = await world.key(role, agent="1001" if role is Role.AGENT else None)
        async with world.client(key) as client:
            story = (await client.get("/api/v1/calls/c1")).json()["story"]
        seen[role] = [step for step in story if step["kind"].startswith("listening")]
    assert seen[Role.AGENT] == []
    (step,) = seen[Role.SUPERVISOR]
    assert (step["mode"], step["phone"], step["agent"], step["actor"]) == ("listen", "1009", "1001", "user:wang")
