"""Listening over HTTP: who may, with which telephone, and what is said when it is not possible."""

from typing import Any

from base.role import Role
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.calls.talked import talk
from tests.unit.faketime import fake_time
from tests.unit.service import world
from tests.unit.service.world import World

WITH = {"mode": "listen", "phone": "1002"}


@fake_time
async def test_a_supervisor_with_a_telephone_listens_changes_and_stops() -> None:
    async with talk() as here:
        key = await here.world.key(Role.SUPERVISOR, Role.AGENT, queues=["greening"], agent="1002")
        answer = await here.ask("listen", key, json={"mode": "listen"})
        told = answer.json()
        assert (answer.status_code, told["call_id"], told["queue"], told["agent"]) == (
            *(201, here.call, "greening", "1001"),
        )
        assert (told["mode"], told["phone"], told["by"], told["began"]) == ("listen", "1002", "token:key-0", None)
        (spy,) = here.here.asterisk.spies.values()
        assert (spy.phone, spy.heard, spy.mode) == ("1002", here.leg.name, "listen")
        spy.answers()
        await here.here.heard()
        assert (await here.ask("listen", key, "PUT", json={"mode": "join", "phone": "1002"})).json()["mode"] == "join"
        assert [each["mode"] for each in (await here.ask("listen", key, "GET")).json()] == ["join"]
        assert spy.mode == "join"
        assert (await here.ask("listen", key, "DELETE")).status_code == 204
        assert not here.here.asterisk.spies
        assert [(what, detail) for what, _, detail, _ in here.audited] == [
            ("listening-asked", "listen, telephone 1002"),
            ("listening-changed", "join, telephone 1002"),
            ("listening-stopped", "telephone 1002"),
        ]


@fake_time
async def test_what_an_account_without_a_telephone_needs_is_said() -> None:
    async with talk() as here:
        answer = await here.ask("listen", json={"mode": "listen"})
        assert answer.status_code == 422
        assert "./wutong user role NAME --role supervisor --role agent --agent ID" in answer.json()["detail"]
        assert (await here.ask("listen", json={"mode": "listen", "phone": "1009"})).status_code == 422
        assert (await here.ask("listen", json=WITH)).status_code == 201
        assert (await here.ask("listen", how="DELETE", params={"phone": "1002"})).status_code == 204


@fake_time
async def test_nobody_listens_with_another_ones_telephone() -> None:
    async with talk() as here:
        own = await here.world.key(Role.SUPERVISOR, Role.AGENT, agent="1002")
        answer = await here.ask("listen", own, json={"mode": "listen", "phone": "1001"})
        assert (answer.status_code, answer.json()["detail"]) == (
            403,
            "This account listens with its own telephone, 1002.",
        )
        limited = await here.world.key(Role.SUPERVISOR, queues=["greening"])
        assert (await here.ask("listen", limited, json=WITH)).status_code == 422
        assert not here.here.asterisk.spies


@fake_time
async def test_accounts_that_may_not_listen() -> None:
    async with talk() as here:
        other = await here.world.key(Role.SUPERVISOR, queues=["general"])
        keys = [
            await here.world.key(role, queues=["greening"], agent="1001" if role is Role.AGENT else None)
            for role in (Role.AGENT, Role.OPERATIONS, Role.DEPARTMENT)
        ]
        for how in ("GET", "POST", "PUT", "DELETE"):
            given: dict[str, Any] = {"json": WITH} if how in ("POST", "PUT") else {}
            assert (await here.ask("listen", other, how, **given)).status_code == 404, "as if the call were not there"
            assert [(await here.ask("listen", key, how, **given)).status_code for key in keys] == [403] * 3
        assert not here.here.asterisk.spies


async def test_nobody_listens_to_a_call_that_there_is_not() -> None:
    async with World().client() as client:
        for how in ("GET", "POST", "PUT", "DELETE"):
            given: dict[str, Any] = {"json": WITH} if how in ("POST", "PUT") else {}
            assert (await client.request(how, "/api/v1/calls/c9/listen", **given)).status_code == 404


async def test_what_is_no_mode_is_refused() -> None:
    wrong: tuple[Any, ...] = ({}, {"mode": "spy"}, {"mode": None}, {"mode": "join", "more": 1}, {"phone": "1002"})
    async with World().client() as client:
        for given in wrong:
            assert (await client.post("/api/v1/calls/c1/listen", json=given)).status_code == 422, given


@fake_time
async def test_what_is_not_possible_is_said() -> None:
    async with talk() as here:
        answer = await here.ask("listen", how="PUT", json=WITH)
        assert (answer.status_code, answer.json()["detail"]) == (
            *(409, "Telephone 1002 does not listen to this talk."),
        )
        here.here.asterisk.device("1002", "INUSE")
        await here.here.heard()
        answer = await here.ask("listen", json=WITH)
        assert (answer.status_code, answer.json()["detail"]) == (
            *(409, "Telephone 1002 has another call; hang up there first."),
        )


@fake_time
async def test_while_asterisk_is_away_nobody_begins_or_stops() -> None:
    async with talk() as here:
        await here.ask("listen", json=WITH)
        (spy,) = here.here.asterisk.spies.values()
        spy.answers()
        await here.here.heard()
        await here.here.link_down()
        for how, given in (("POST", {"json": WITH}), ("PUT", {"json": {**WITH, "mode": "join"}})):
            assert (await here.ask("listen", how=how, **given)).status_code == 503  # type: ignore[arg-type]
        assert (await here.ask("listen", how="DELETE", params={"phone": "1002"})).status_code == 503


async def test_listeners_are_in_the_story_only_for_people_who_may_listen() -> None:
    made = World()
    made.note(*world.talk())
    data = {"listening": "l1", "mode": "listen", "phone": "1009"}
    made.note(Record(1_700_000_020.0, Kind.LISTENING_ASKED, "c1", "greening", "1001", None, data, Actor.user("wang")))
    seen = {}
    for role in (Role.SUPERVISOR, Role.AGENT):
        key = await made.key(role, agent="1001" if role is Role.AGENT else None)
        async with made.client(key) as client:
            story = (await client.get("/api/v1/calls/c1")).json()["story"]
        seen[role] = [step for step in story if step["kind"].startswith("listening")]
    assert seen[Role.AGENT] == []
    (step,) = seen[Role.SUPERVISOR]
    assert (step["mode"], step["phone"], step["agent"], step["actor"]) == ("listen", "1009", "1001", "user:wang")
