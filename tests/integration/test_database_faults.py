"""The database is locked, gone, torn or restarted under the real service: calls go on, and every Record arrives."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from base.failure import NotDone
from journal import database as sqlite
from lab.patience import PATIENCE, until
from lab.postgres import Postgres, running
from privacy.backup import backup, restore
from tests.integration.conversations import connected, hear_each_other, in_menu, queued
from tests.integration.world import World, kinds, world

STORY = ["call-started", "queued", "offered", "connected", "call-finished"]


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """One that this test may stop."""
    with running() as made:
        yield made


@pytest.fixture
async def on_postgres(tmp_path: Path, hotline_folder: Path, sounds: Path, postgres: Postgres) -> AsyncIterator[World]:
    async with world(tmp_path / "state", hotline_folder, sounds, database_url=postgres.create()) as made:
        yield made


async def ready(hotline: World, status: int, **checks: str) -> Any:
    """Wait until /readyz answers with `status` and these beginnings of what it says of its checks."""

    async def look() -> tuple[int, Any]:
        response = await hotline.http.get("/readyz")
        return response.status_code, response.json()["checks"]

    _, said = await until(
        f"{status} from /readyz with {checks}",
        look,
        lambda it: it[0] == status and all(it[1][name].startswith(words) for name, words in checks.items()),
    )
    return said


async def metric(hotline: World, name: str) -> float:
    page = (await hotline.http.get("/metrics")).text
    return next(float(line.split()[1]) for line in page.splitlines() if line.startswith(f"{name} "))


async def written(hotline: World) -> None:
    """The database has all Records."""
    await until("the last Record written", lambda: metric(hotline, "wutong_journal_waiting"), lambda left: left == 0)


async def served(hotline: World, agent_id: str, number: str) -> str:
    """A call from the menu to an agent and to its end, as the phones see it; its id. The agent takes no other one."""
    phone = await hotline.agent(agent_id)
    call = await in_menu(hotline, number)
    await call.press("1")
    offer = await phone.incoming()
    await offer.answer()
    await hear_each_other(call, offer)
    call_id = (await hotline.get(f"agents/{agent_id}"))["call_id"]
    await call.hang_up()
    await offer.ended()
    await hotline.see_agent(agent_id, state="wrap-up")
    await hotline.set_state(agent_id, "not-ready")  # the wrap-up may be over before the next call
    return str(call_id)


async def told(hotline: World, call_id: str) -> None:
    """The database has the whole story, each Record once, in order."""
    call = await hotline.see(f"calls/{call_id}", lambda call: call["state"] == "ended")
    assert call["outcome"] == "answered"
    story = kinds(call)
    assert [kind for kind in story if kind in STORY] == STORY


async def test_locked_for_longer_than_a_call(hotline: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_S", 0.1)
    await hotline.stop_service()
    await hotline.start_service()
    database = hotline.settings.folder.database
    with closing(sqlite3.connect(database, PATIENCE, isolation_level=None, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")  # the service ends its own transaction meanwhile
        call_id = await served(hotline, "1001", "13900139000")
        said = await ready(hotline, 503, journal="the database takes no Records: OperationalError: database is locked")
        assert said["database"] == "ok"  # it can be read
        assert await metric(hotline, "wutong_journal_waiting") > 10
        assert await metric(hotline, "wutong_journal_behind_seconds") > 0
        await told(hotline, call_id)  # from memory
    await ready(hotline, 200)
    await hotline.stop_service()  # what the memory knew is forgotten
    await hotline.start_service()
    await told(hotline, call_id)


async def test_it_starts_and_serves_without_its_database(on_postgres: World, postgres: Postgres) -> None:
    first = await served(on_postgres, "1001", "13900139000")
    await on_postgres.stop_service()
    await asyncio.to_thread(postgres.stop)
    await on_postgres.start_service()
    await ready(on_postgres, 503, journal="the database takes no Records: ")
    second = await served(on_postgres, "1001", "13800138000")
    await on_postgres.stop_service()  # the Records wait in the spool over this restart, too
    await on_postgres.start_service()
    await asyncio.to_thread(postgres.start)
    await ready(on_postgres, 200)
    await written(on_postgres)
    await told(on_postgres, first)
    await told(on_postgres, second)


async def test_postgresql_is_restarted_while_callers_wait_and_talk(on_postgres: World, postgres: Postgres) -> None:
    agent = await on_postgres.agent("1001")
    talking, offer = await connected(on_postgres, agent, number="13900139000")
    waiting = await queued(on_postgres, "1", "13700137000")
    await asyncio.to_thread(postgres.stop, "fast")
    await ready(on_postgres, 503, database="")
    assert [call["caller"] for call in await on_postgres.get("calls?state=waiting")] == ["13700137000"]
    await talking.hang_up()
    await offer.ended()
    await on_postgres.see_agent("1001", phone="free")
    await on_postgres.set_state("1001", "ready")
    offer = await agent.incoming()  # routing goes on
    await offer.answer()
    await asyncio.to_thread(postgres.start)
    await ready(on_postgres, 200)
    await waiting.hang_up()
    await offer.ended()
    calls = {call["caller"]: call["id"] for call in await on_postgres.get("calls")}
    await on_postgres.ended("13700137000")
    await on_postgres.stop_service()
    await on_postgres.start_service()
    for number in ("13900139000", "13700137000"):
        await told(on_postgres, calls[number])


async def test_a_spool_whose_disk_is_gone_is_told_and_the_database_gets_the_calls(
    hotline: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def full(file: int, data: bytes) -> int:
        if data[8:10] in (b" [", b" {"):  # a line of the spool
            raise OSError(28, "No space left on device")
        return write(file, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        call_id = await served(hotline, "1001", "13900139000")
        said = await ready(hotline, 503, journal="the spool keeps no Records: No space left on device")
        assert said["database"] == "ok"
        assert await metric(hotline, "wutong_spool_up") == 0
    await ready(hotline, 200)
    assert await metric(hotline, "wutong_journal_dropped_total") == 0
    await hotline.stop_service()
    await hotline.start_service()
    await told(hotline, call_id)


async def test_a_torn_database_is_refused_and_a_backup_brings_it_back(hotline: World, tmp_path: Path) -> None:
    before = await served(hotline, "1001", "13900139000")
    folder = hotline.settings.folder
    await written(hotline)
    made = await asyncio.to_thread(backup, folder.database, folder, tmp_path / "copy.db")
    after = await served(hotline, "1002", "13800138000")
    await hotline.stop_service()
    os.truncate(folder.database, 20_000)
    with pytest.raises(NotDone, match=r"is damaged: .*\./wutong restore"):
        await hotline.start_service()
    await asyncio.to_thread(restore, folder.database, folder, made)
    await hotline.start_service()
    await told(hotline, before)
    await written(hotline)
    await told(hotline, after)  # it came after the backup; the spool still had it
    assert await metric(hotline, "wutong_journal_dropped_total") == 0
