"""People, tokens and the audit over HTTP."""

from datetime import UTC, datetime

import pytest

from base.role import Role
from tests.unit.service.world import PASSWORD, World


async def test_a_person_is_added_changed_and_removed() -> None:
    world = World()
    async with world.client() as client:
        added = await client.post(
            "/api/v1/users", json={"name": "wang", "roles": ["supervisor"], "queues": ["greening"]}
        )
        assert added.status_code == 201
        password = added.json()["password"]
        assert len(password) == 20
        taken = await client.post("/api/v1/users", json={"name": "wang", "roles": ["administrator"]})
        assert taken.status_code == 409
        (listed,) = (await client.get("/api/v1/users")).json()
        assert (listed["name"], listed["roles"], listed["queues"], listed["sessions"]) == (
            "wang",
            ["supervisor"],
            ["greening"],
            0,
        )
        assert "password" not in listed
        async with world.client(token=None) as own:
            signed_in = await own.post("/api/v1/session", json={"name": "wang", "password": password})
            assert signed_in.status_code == 201
            assert [queue["id"] for queue in (await own.get("/api/v1/queues")).json()] == ["greening"]
            changed = await client.put("/api/v1/users/wang", json={"roles": ["agent"], "agent": "1001"})
            assert changed.json()["roles"] == ["agent"]
            assert (await own.get("/api/v1/queues")).json() == [], "holds at once"
            assert (await client.delete("/api/v1/users/wang")).status_code == 204
            assert (await own.get("/api/v1/session")).status_code == 401
        assert (await client.get("/api/v1/users")).json() == []
        for answer in (
            await client.delete("/api/v1/users/wang"),
            await client.put("/api/v1/users/wang", json={"roles": ["operations"]}),
            await client.put("/api/v1/users/wang/password", json={}),
        ):
            assert answer.status_code == 404
    assert password not in repr(world.store.people)


async def test_another_password_ends_the_sessions() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client() as client, world.client(token=None) as own:
        await own.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
        told = await client.put("/api/v1/users/wang/password", json={})
        assert (await own.get("/api/v1/session")).status_code == 401
        again = {"name": "wang", "password": told.json()["password"]}
        assert (await own.post("/api/v1/session", json=again)).status_code == 201
        given = await client.put("/api/v1/users/wang/password", json={"password": "another long one"})
        assert given.json() == {"password": None}


@pytest.mark.parametrize(
    "body",
    [
        {"name": "wang", "roles": []},
        {"name": "wang", "roles": ["king"]},
        {"name": "Wang", "roles": ["supervisor"]},
        {"name": "wang\n", "roles": ["supervisor"]},
        {"name": "wang", "roles": ["supervisor"], "queue": ["greening"]},
        {"name": "wang", "roles": ["supervisor"], "queues": ["../x"]},
        {"name": "wang", "roles": ["agent"]},
        {"name": "wang", "roles": ["supervisor"], "agent": "1001"},
        {"name": "wang", "roles": ["supervisor"], "password": "short"},
        {"name": "wang", "roles": ["supervisor"], "password": "Password123456"},
    ],
)
async def test_who_cannot_be_added(body: object) -> None:
    world = World()
    async with world.client() as client:
        assert (await client.post("/api/v1/users", json=body)).status_code == 422
    assert world.store.people == {}


@pytest.mark.parametrize("name", ["local", "unknown"])
async def test_nobody_has_a_name_that_the_audit_uses_for_somebody_else(name: str) -> None:
    world = World()
    async with world.client() as client:
        for path in ("users", "tokens"):
            answer = await client.post(f"/api/v1/{path}", json={"name": name, "roles": ["supervisor"]})
            assert (answer.status_code, f"called {name}" in answer.json()["detail"]) == (409, True)
    assert not world.store.people
    assert not world.store.tokens


async def test_a_token_works_until_it_is_revoked_or_expires() -> None:
    world = World()
    async with world.client() as client:
        wanted = {"name": "board", "roles": ["supervisor"], "expires_s": 600}
        added = (await client.post("/api/v1/tokens", json=wanted)).json()
        other = (await client.post("/api/v1/tokens", json={**wanted, "name": "other"})).json()
        assert added["token"].startswith("wutong_")
        for body in (wanted, {**wanted, "name": "local"}):
            assert (await client.post("/api/v1/tokens", json=body)).status_code == 409
        async with world.client(added["token"]) as board:
            assert (await board.get("/api/v1/session")).json()["actor"] == "token:board"
            assert (await client.delete("/api/v1/tokens/board")).status_code == 204
            assert (await board.get("/api/v1/queues")).status_code == 401
        assert (await client.delete("/api/v1/tokens/board")).status_code == 404
        async with world.client(other["token"]) as board:
            assert (await board.get("/api/v1/queues")).status_code == 200
            world.now += 600
            assert (await board.get("/api/v1/queues")).status_code == 401
        (listed,) = (await client.get("/api/v1/tokens")).json()
        assert (listed["name"], listed["used"]) == ("other", "2023-11-14T22:00:00.000+00:00")
    assert added["token"] not in repr(world.store.tokens)


async def test_a_revoked_token_is_dead_though_the_database_is_away() -> None:
    world = World()
    secret = await world.key(Role.SUPERVISOR)
    async with world.client() as client, world.client(secret) as board:
        world.store.away = True
        assert (await client.delete("/api/v1/tokens/key-0")).status_code == 503
        assert (await board.get("/api/v1/queues")).status_code == 401
        world.store.away = False
        assert (await client.delete("/api/v1/tokens/key-0")).status_code == 204
    assert world.store.tokens == {}


async def test_what_the_database_does_not_take_is_not_done() -> None:
    world = World()
    world.store.away = True
    async with world.client() as client:
        person = await client.post("/api/v1/users", json={"name": "wang", "roles": ["supervisor"]})
        token = await client.post("/api/v1/tokens", json={"name": "board", "roles": ["supervisor"]})
        world.store.away = False
        assert [answer.status_code for answer in (person, token)] == [503, 503]
        assert (await client.get("/api/v1/users")).json() == (await client.get("/api/v1/tokens")).json() == []


async def test_the_audit_tells_who_did_what_from_where() -> None:
    world = World()
    async with world.client() as client:
        await client.put("/api/v1/agents/1001/state", json={"state": "not-ready"})
        await client.get("/api/v1/calls?queue=greening&limit=5")
        await client.get("/api/v1/queues")
        world.now += 10
        await client.post("/api/v1/users", json={"name": "wang", "roles": ["supervisor"], "password": PASSWORD})
        told = (await client.get("/api/v1/audit")).json()
        later = datetime.fromtimestamp(world.now, UTC).isoformat()
        since = (await client.get("/api/v1/audit", params={"since": later})).json()
        one = (
            await client.get("/api/v1/audit", params={"actor": "token:local", "what": "calls-listed", "limit": 1})
        ).json()
        assert (await client.get("/api/v1/audit", params={"what": "calls-lsited"})).status_code == 422
    assert [(entry["actor"], entry["what"], entry["target"], entry["detail"], entry["status"]) for entry in told] == [
        ("token:local", "user-added", "/users", "name=wang roles=supervisor", 201),
        ("token:local", "calls-listed", "/calls", "queue=greening&limit=5", 200),
        ("token:local", "agent-state", "/agents/1001/state", "", 200),
    ]
    assert told[0]["address"] == "127.0.0.1"
    assert told[0]["at"] == "2023-11-14T22:15:10.000+00:00"
    assert [entry["what"] for entry in since] == ["audit-read", "user-added"]
    assert [entry["what"] for entry in one] == ["calls-listed"]
    assert PASSWORD not in str(told)


async def test_a_refused_request_is_in_the_audit_too() -> None:
    world = World()
    secret = await world.key(Role.AGENT, agent="1001")
    async with world.client(secret) as agent:
        for _ in range(3):
            await agent.post("/api/v1/reload")
    (entry,) = await world.accounts.audit.list(None, None, 0, 10)
    assert (entry.actor, entry.what, entry.status) == ("token:key-0", "reload", 403)


async def test_an_audit_that_cannot_be_written_does_not_hinder() -> None:
    world = World()
    world.audited.away = True
    async with world.client() as client:
        assert (await client.post("/api/v1/reload")).status_code == 200
        assert (await client.get("/api/v1/audit")).status_code == 503
