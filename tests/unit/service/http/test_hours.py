"""The last hour of the queues in the event stream: once a minute, to whom it is for."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from accounts.model import NOTHING, Account
from accounts.roles import Permission, reach
from acd.last_hour import MINUTES
from base.role import Role
from events import broadcast
from journal.records import Kind, Record
from lab.patience import PATIENCE
from tests.unit.service.saboteur import Mistake, handled, once
from tests.unit.service.world import SOMEBODY, World

NOON = 1_700_000_040.0


def world(now: float = NOON + 30) -> World:
    """It has counted for an hour. In the minute before NOON three waited for greening."""
    made = World(now=NOON - 61 * 60)
    made.now = NOON - 30
    busy(made, 3)
    made.now = now
    return made


def busy(made: World, most: int) -> None:
    """So many come to wait for greening now, and give up at once."""
    gone = {"why": "hung-up", "waited_s": 0.0}
    made.note(*(Record(made.now, Kind.QUEUED, f"c{n}", "greening", data={"language": "zh"}) for n in range(most)))
    made.note(*(Record(made.now, Kind.LEFT_QUEUE, f"c{n}", "greening", data=gone) for n in range(most)))


async def read(messages: AsyncGenerator[bytes]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        async for message in messages:
            if not message.startswith(b":"):
                found: dict[str, Any] = json.loads(message.split(b"data: ")[1].split(b"\n")[0])
                return found
    raise AssertionError("the stream ended")


def told(message: dict[str, Any]) -> dict[str, int]:
    """By queue, the last minute's figure."""
    return {hour["queue"]: hour["waiting"][-1] for hour in message["last_hour"]}


async def test_first_every_queue_then_those_that_changed_when_a_minute_is_over() -> None:
    here = world()
    async with here.broadcast.stream(SOMEBODY) as messages:
        first = await read(messages)
        assert told(first) == {"greening": 3, "general": 0}
        async with here.client() as client:
            assert first["last_hour"][0] == (await client.get("/api/v1/queues/greening/last-hour")).json()
        busy(here, 9)
        here.desk.wait("greening", 1.0)
        assert told(await read(messages)) == {}  # the minute is not over
        here.now += 60
        busy(here, 7)
        assert told(await read(messages)) == {"greening": 9}


async def test_a_quiet_hotline_tells_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Record comes: the end of the minute is enough. Nobody looks once there is no client."""
    monkeypatch.setattr(broadcast, "EVERY", 0.0)
    here = world(now=NOON + 59.98)
    busy(here, 5)
    async with here.broadcast.stream(SOMEBODY) as messages:
        await read(messages)
        here.now += 0.02
        assert told(await read(messages)) == {"greening": 5}
    reads = here.desk.reads
    here.now += 59.99
    await asyncio.sleep(0.05)
    assert here.desk.reads == reads


async def test_a_mistake_at_the_end_of_a_minute_does_not_keep_the_next_ones_from_being_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(broadcast, "EVERY", 0.0)
    here, mistakes = world(now=NOON + 59.98), handled()
    async with here.broadcast.stream(SOMEBODY) as messages:
        await read(messages)
        once(here.broadcast, "_look_soon")
        here.now += 59.99  # the minute after it ends soon, too
        assert isinstance(await asyncio.wait_for(mistakes.get(), PATIENCE), Mistake)
        here.now += 0.02
        assert told(await read(messages)) == {"greening": 0}


async def test_only_queues_that_one_may_see() -> None:
    here = world()
    account = Account(name="x", roles=frozenset({Role.DEPARTMENT}), queues=frozenset({"general"}))
    seen = reach(account, Permission.SEE_QUEUES) or NOTHING
    async with here.broadcast.stream(replace(SOMEBODY, account=account, reach=seen)) as messages:
        assert told(await read(messages)) == {"general": 0}
    key = await here.key(Role.DEPARTMENT, queues=["general"])
    async with here.client(key) as client:
        assert (await client.get("/api/v1/queues/general/last-hour")).status_code == 200
        assert (await client.get("/api/v1/queues/greening/last-hour")).status_code == 404


async def test_the_hour_over_http() -> None:
    async with world().client() as client:
        answer = (await client.get("/api/v1/queues/greening/last-hour")).json()
    assert answer == {
        "queue": "greening",
        "until": "2023-11-14T22:14:00.000+00:00",
        "waiting": [*[0] * (MINUTES - 1), 3],
    }
