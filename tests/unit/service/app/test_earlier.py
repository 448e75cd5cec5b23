"""What an earlier version left is taken up: its spool, its database and its hotline (tests/earlier)."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from acd.engine.step import Engine
from calls.api import whole_story
from calls.live.snapshot import recall
from calls.model import CallState
from calls.store import CallStore
from hotline.loader import load
from hotline.model import Hotline
from journal import database
from journal.records import Kind
from journal.spool import Spool
from journal.store import DatabaseHistory
from publishing.store import VersionStore
from tests.earlier import left_in, told


@pytest.fixture
def left(tmp_path: Path) -> Path:
    return left_in(tmp_path / "state").root


@pytest.fixture
def hotline(left: Path) -> Hotline:
    """The version that was in use, with agents."""
    folder = left.parent / "hotline"
    folder.mkdir()
    for name, text in VersionStore(left / "versions").files(1).items():
        (folder / name).write_text(text, encoding="utf-8")
    loaded = load(folder)
    assert loaded.hotline is not None, loaded.problems
    return loaded.hotline


@pytest.fixture
async def db(left: Path) -> AsyncIterator[AsyncEngine]:
    engine = database.open(left / "wutong.db")
    await database.migrate(engine)
    yield engine
    await engine.dispose()


async def test_its_stories_are_told_as_it_told_them(db: AsyncEngine, hotline: Hotline) -> None:
    store, calls = CallStore(db), told()["calls"]
    for caller, before in calls.items():
        summary = await store.get(before["id"])
        assert summary is not None, caller
        now = json.loads(whole_story(summary, await store.story(summary.id), hotline).model_dump_json(by_alias=True))
        steps = before.pop("story")
        assert now.pop("story")[: len(steps)] == steps, caller
        for live in ("held", "consulted"):  # the database does not have them
            before.pop(live)
        assert {name: now[name] for name in before} == before, caller
    routed = [step for call in told()["calls"].values() for step in call["story"] if step["kind"] == Kind.ROUTED]
    assert len(routed) == 4


@pytest.mark.parametrize("lost", ["", "spool", "wutong.db"])
async def test_calls_and_agents_are_as_they_were(left: Path, hotline: Hotline, lost: str) -> None:
    """Also where the disk has lost the spool, or the database."""
    if lost == "spool":
        shutil.rmtree(left / "spool")
    elif lost:
        (left / lost).unlink()
    engine, spool = database.open(left / "wutong.db"), Spool.open(left / "spool")
    await database.migrate(engine)
    before = await recall((spool, DatabaseHistory(engine, "local")), CallStore(engine))
    spool.close()
    await engine.dispose()
    known = told()
    live = {number: call for number, call in known["calls"].items() if call["state"] != CallState.ENDED}
    assert {call.caller: (call.state, call.queue, call.agent) for call in before.calls} == {
        number: (call["state"], call["queue"], call["agent"]) for number, call in live.items()
    }
    again = Engine.restored(hotline.queues, hotline.agents, before.engine, before.records, seed=1, now=before.last_at)
    assert {agent: again.agent_view(agent).state for agent in hotline.agents} == known["agents"]
    queued = {call["id"]: (call["queue"], call["agent"]) for call in live.values() if call["queue"]}
    assert {call.id: (call.queue, call.agent) for call in again.calls()} == queued
