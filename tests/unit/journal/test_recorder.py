"""Records first: what observes them can neither lose one nor break the step that it comes from."""

from pathlib import Path

from structlog.testing import capture_logs

from agents.states import AgentState
from calls.model import CallState
from journal import database
from journal.recorder import BURST, Recorder
from journal.records import Kind, Record
from journal.spool import Spool
from journal.writer import Journal
from tests.unit.faketime import fake_time
from tests.unit.service.calling import hall


def record(at: float) -> Record:
    return Record(at, Kind.KEY_PRESSED, "c1", data={"key": "1", "menu": "main"})


def broken(record: Record) -> None:
    raise ZeroDivisionError


def test_the_journal_comes_first_and_observers_in_their_order() -> None:
    told: list[str] = []
    recorder = Recorder(lambda record: told.append("journal"))
    recorder.add("one", lambda record: told.append("one"))
    recorder.add("two", lambda record: told.append("two"))
    recorder.write(record(1))
    assert told == ["journal", "one", "two"]


def test_an_observer_gets_the_kinds_that_it_wants() -> None:
    told: list[Kind] = []
    recorder = Recorder(lambda record: None)
    recorder.add("keys", lambda record: told.append(record.kind), {Kind.KEY_PRESSED})
    recorder.add("nothing", broken, ())
    for kind in (Kind.SAID, Kind.KEY_PRESSED, Kind.CALL_FINISHED):
        recorder.write(record(1)._replace(kind=kind))
    assert told == [Kind.KEY_PRESSED]
    assert recorder.failures == {"keys": 0, "nothing": 0}


def test_an_observer_that_raises_harms_nobody_is_counted_and_logged_once_a_burst() -> None:
    kept: list[Record] = []
    after: list[Record] = []
    recorder = Recorder(kept.append)
    recorder.add("broken", broken)
    recorder.add("after", after.append)
    story = [record(at) for at in (1.0, 2.0, BURST, BURST + 1, BURST + 2)]
    with capture_logs() as logs:
        for each in story:
            recorder.write(each)
    assert kept == after == story
    assert recorder.failures == {"broken": 5, "after": 0}
    assert [(entry["event"], entry["observer"], entry["failures"]) for entry in logs] == [
        ("observer-failed", "broken", 1),
        ("observer-failed", "broken", 4),
    ]


def test_a_clock_that_was_put_back_does_not_silence_the_log() -> None:
    recorder = Recorder(lambda record: None)
    recorder.add("broken", broken)
    with capture_logs() as logs:
        recorder.write(record(10_000))
        recorder.write(record(1))
    assert len(logs) == 2


async def test_a_record_is_in_the_spool_though_every_observer_raises(tmp_path: Path) -> None:
    engine = database.open(tmp_path / "wutong.db")
    journal = Journal(engine, Spool.open(tmp_path / "spool"))
    recorder = Recorder(journal.write)
    recorder.add("broken", broken)
    recorder.write(record(1))
    journal.close()
    await engine.dispose()
    assert Spool.open(tmp_path / "spool").recovered.records == [record(1)]


@fake_time
async def test_calls_go_on_with_an_observer_that_raises() -> None:
    """The engine's step writes a Record before it rings: the ring follows, and all that comes after it."""
    async with hall() as here:
        before = len(here.records)
        here.recorder.add("broken", broken)
        here.sign_in()
        caller = await here.queued()
        ring = await here.rung()
        await here.answer(ring)
        await here.connect(ring, caller)
        assert here.state() is AgentState.ON_CALL
        assert [call.state for call in here.book.unfinished()] == [CallState.TALKING]
        await here.agent_hangs_up(ring, caller)
        await here.over()
        assert here.recorder.failures["broken"] == len(here.records) - before
    assert here.kinds()[-1] is Kind.CALL_FINISHED
