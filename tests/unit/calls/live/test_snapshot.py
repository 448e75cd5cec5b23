"""What the next service knows of before: the snapshot and the Records since, whatever of them can be read."""

import json
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from acd.engine.step import Engine
from acd.events import CallQueued, StateRequested
from acd.last_hour import LastHour
from agents.states import AgentState
from calls.book import CallBook
from calls.live import snapshot
from calls.live.snapshot import recall, recollect
from calls.model import CallState
from calls.store import CallStore, project
from calls.trials import Trials
from journal import database, store
from journal.actor import Actor
from journal.recorder import Recorder
from journal.records import Kind, Record
from journal.spool import Spool
from journal.store import DatabaseHistory
from journal.writer import Journal
from tests.unit.acd.world import World, agent, by_id, queue
from tests.unit.journal.journals import writing
from tests.unit.service.calling import START
from tests.unit.service.small import hotline

CALL = "18bcfe56800-0011aabb"


class _Archive:
    """Nothing is asked of it."""


def started(at: float, call: str = CALL) -> Record:
    return Record(at, Kind.CALL_STARTED, call, data={"caller": "138", "number": "12319", "language": "en"})


def taken(*records: Record, at: float = START) -> dict[str, Any]:
    """A snapshot after these, as JSON gives it back."""
    book = CallBook(_Archive())  # type: ignore[arg-type]
    for record in records:
        book.note(record)
    engine = Engine(hotline().queues, hotline().agents, seed=1, now=at)
    plain: dict[str, Any] = json.loads(json.dumps(snapshot.take(engine, book, LastHour(at), Trials())))
    return plain


def test_nothing_is_known_of_nothing() -> None:
    known = recollect(None, ())
    assert (known.engine, known.calls, known.last_at) == (None, [], 0.0)


def test_calls_are_those_of_the_snapshot_folded_on() -> None:
    second = "18bcfe56800-0022aabb"
    before = taken(started(1), started(2, second))
    queued = Record(3, Kind.QUEUED, CALL, "trees", data={"language": "en"})
    known = recollect(before, [queued, Record(4, Kind.CALL_FINISHED, second, data={"by": "caller"})])
    (call,) = known.calls
    assert (call.id, call.state, call.queue, call.caller, call.started) == (CALL, CallState.WAITING, "trees", "138", 1)
    assert known.engine is not None
    assert known.last_at == START, "of the engine's state, the newest there is"
    assert recollect(before, [started(START + 9)]).last_at == START + 9


def test_a_call_that_has_ended_is_not_taken_up_again_for_what_came_late() -> None:
    before = taken(started(1), Record(2, Kind.CALL_FINISHED, CALL, data={"by": "caller"}))
    late = Record(3, Kind.LEFT_QUEUE, CALL, "trees", data={"why": "hung-up"})
    assert recollect(before, [late]).calls == []
    assert [call.id for call in recollect(before, [late, started(4)]).calls] == [CALL], "the caller is back after all"


@pytest.mark.parametrize("calls", [[{"id": 1}], "none", [{"id": "x", "started": 1, "state": "dancing"}], None])
def test_calls_that_cannot_be_read_are_none_and_nor_is_the_engine(calls: object) -> None:
    before = taken() | {"calls": calls}
    with capture_logs() as logs:
        known = recollect(before, [started(START + 1)])
    assert known.engine is None
    assert [call.id for call in known.calls] == [CALL], "its Records are there all the same"
    assert [entry["event"] for entry in logs] == ["snapshot-unreadable"]


def test_the_engine_goes_on_from_it() -> None:
    engine = Engine(hotline().queues, hotline().agents, seed=1, now=START)
    engine.step(CallQueued(CALL, "trees", "en"), START)
    book = CallBook(_Archive())  # type: ignore[arg-type]
    plain = json.loads(json.dumps(snapshot.take(engine, book, LastHour(START), Trials())))
    known = recollect(plain, ())
    again = Engine.restored(hotline().queues, hotline().agents, known.engine, known.records, seed=2, now=START)
    assert again.position(CALL) == 1


def ringing(world: World, call_id: str) -> str:
    """The agent who rings for that call."""
    (agent_id,) = [agent_id for agent_id, rung in world.rings().items() if rung == call_id]
    return agent_id


async def test_a_start_from_the_database_is_the_same_as_one_from_the_spool(where: Path | str, tmp_path: Path) -> None:
    """Callers who wait, ring and talk, an agent who chose what comes after the call, and one who is away."""
    engine = database.open(where)
    await database.migrate(engine)
    queues, agents = [queue(wrap_up=10)], [agent("11"), agent("12"), agent("13")]
    world, book = World(queues, agents), CallBook(_Archive())  # type: ignore[arg-type]
    last_hour = LastHour(world.now)
    journal = Journal(
        engine,
        Spool.open(tmp_path / "spool"),
        snapshot=lambda: snapshot.take(world.engine, book, last_hour, Trials()),
        projections=(project,),
    )
    recorder = Recorder(journal.write)
    recorder.add("calls", book.note)
    recorder.add("last-hour", last_hour.note)

    def write() -> None:
        for record in world.records:
            recorder.write(record)
        world.records.clear()

    def call(call_id: str) -> None:
        recorder.write(started(world.now, call_id))
        world.call(call_id)
        write()

    async with writing(journal):
        write()
        call("c1")
        world.answer(ringing(world, "c1"))
        call("c2")
        write()
        assert journal.rotate()
        world.wait(3)
        talking = ringing(world, "c2")
        world.answer(talking)
        world.connect(talking)
        world.tell(StateRequested(talking, AgentState.NOT_READY, Actor.agent(talking), "lunch"))
        call("c3")
        call("c4")
        world.wait(2)
        world.end("c2")
        write()
        assert await journal.flush(10)
    journal.close()

    starts = []
    for history in (Spool.open(tmp_path / "spool"), DatabaseHistory(engine, "local")):
        before = await recall([history], CallStore(engine))
        again = Engine.restored(by_id(*queues), by_id(*agents), before.engine, before.records, seed=2, now=world.now)
        assert len(before.records) > 5, "there is something to fold"
        waiting = {call.id: call.queue for call in again.calls() if call.agent is None}
        hour = LastHour.restored(before.last_hour, before.records, waiting, world.now)
        starts.append((again.snapshot(), before.calls, before.last_at, hour.kept()))
    await engine.dispose()
    assert starts[0] == starts[1]
    state, calls, last_at, hour_kept = starts[1]
    assert hour_kept == last_hour.kept()
    assert state["places"].keys() == {"c1", "c3", "c4"}
    assert state["seats"][talking]["next_state"] == AgentState.NOT_READY
    assert ({call.id for call in calls}, last_at) == ({"c1", "c2", "c3", "c4"}, world.now)


async def test_without_any_snapshot_the_calls_without_an_end_are_known(where: Path | str, tmp_path: Path) -> None:
    engine = database.open(where)
    await database.migrate(engine)
    async with engine.begin() as connection:
        await project(connection, await store.append(connection, 1, [started(5.0)]))
    spool = Spool.open(tmp_path / "spool")
    before = await recall((spool, DatabaseHistory(engine, "local")), CallStore(engine))
    spool.close()
    await engine.dispose()
    assert (before.engine, [call.id for call in before.calls], before.last_at) == (None, [CALL], 5.0)
