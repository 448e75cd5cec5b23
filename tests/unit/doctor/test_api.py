"""What operators see over HTTP: what doctor and check find, where the calls are."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from base.failure import NotDone
from base.role import Role
from service.http.turnstile import MOST_COSTLY
from tests.unit.service.fakes import Examined
from tests.unit.service.world import World, waiting_call

API = "/api/v1"


async def test_a_person_who_keeps_it_running_sees_what_doctor_finds() -> None:
    world = World()
    async with world.client(await world.key(Role.OPERATIONS)) as client:
        answer = await client.get(f"{API}/doctor")
        assert (await client.get(f"{API}/check")).status_code == 403, "the folder is the administrator's"
    assert answer.json()[1] == {
        "level": "odd",
        "what": "disk",
        "sentence": "only 800 MB are free at STATE",
        "chinese": "STATE 只剩 800 MB",
    }


async def test_others_see_none_of_it() -> None:
    world = World()
    for role in (Role.SUPERVISOR, Role.DEPARTMENT, Role.AGENT):
        async with world.client(await world.key(role, agent="1001" if role is Role.AGENT else None)) as client:
            for path in ("doctor", "check", "intake"):
                assert (await client.get(f"{API}/{path}")).status_code == 403, (role, path)


async def test_a_crowd_is_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    looks, looking, go_on = 0, asyncio.Event(), asyncio.Event()

    async def look(*_: object, **how: object) -> Sequence[object]:
        nonlocal looks
        looks += 1
        looking.set()
        await go_on.wait()
        return ()

    monkeypatch.setattr(Examined, "_said", look)
    async with world.client() as client:
        asked = [asyncio.create_task(client.get(f"{API}/doctor")) for _ in range(MOST_COSTLY)]
        await looking.wait()
        go_on.set()
        assert {(await one).status_code for one in asked} == {200}
        assert looks < MOST_COSTLY


async def test_what_cannot_be_looked_at_is_a_503_that_says_why() -> None:
    world = World()
    world.examination.failures.append(NotDone("`check` took longer than 60 s"))
    async with world.client() as client:
        answer = await client.get(f"{API}/check")
    assert (answer.status_code, answer.json()["detail"]) == (503, "`check` took longer than 60 s")


async def test_the_intake_tells_where_the_calls_are() -> None:
    world = World()
    world.note(*waiting_call("c1"))
    world.note(waiting_call("c2")[0])
    world.alone = "its up is gone"
    async with world.client(await world.key(Role.OPERATIONS)) as client:
        before = (await client.get(f"{API}/intake")).json()
        await client.put(f"{API}/drain", json={"on": True})
        after = (await client.get(f"{API}/intake")).json()
    calls = {"menu": 1, "waiting": 0, "ringing": 1, "talking": 0, "leaving": 0}
    assert before == {"drained_since": None, "restarting": False, "calls": calls, "no_restart": "its up is gone"}
    since = datetime.fromtimestamp(world.settings.folder.drained.stat().st_mtime, UTC)
    assert after["drained_since"] == since.isoformat(timespec="milliseconds")
