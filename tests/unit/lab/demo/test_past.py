"""The history of a demo: Records as the service writes them, and a database that the service takes up."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from acd.engine.step import Engine
from acd.last_hour import LastHour
from base.clock import day_end
from calls.model import EVERY_CALL, CallState, CallSummary, Outcome, fold
from calls.store import CallStore
from hotline.loader import load
from hotline.model import Hotline
from journal import database
from journal.records import Kind, Record
from journal.store import DatabaseHistory
from lab.demo import folder, history
from lab.demo.errands import ANONYMOUS
from lab.demo.pace import Pace
from lab.demo.past import MOST_A_DAY, Past

AGENTS, ENDS = 5, 1_741_000_000.0
"""3 March 2025, 19:06 in Shanghai: a Monday."""


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory) -> Hotline:
    where = tmp_path_factory.mktemp("demo") / "hotline"
    folder.write(where, AGENTS)
    loaded = load(where).hotline
    assert loaded is not None
    return loaded


def past(hotline: Hotline, hours: float = 6, calls: float = 150) -> Past:
    pace = Pace(AGENTS, calls)
    return Past(hotline, folder.robots(AGENTS), pace, ENDS - 3_600 * hours, ENDS, day_end(hotline.timezone))


@pytest.fixture(scope="module")
def records(hotline: Hotline) -> list[Record]:
    return [record for batch in past(hotline).batches(100) for record in batch]


def summaries(records: Sequence[Record]) -> dict[str, CallSummary]:
    calls: dict[str, CallSummary] = {}
    for record in records:
        if record.call is not None:
            calls[record.call] = fold(calls.get(record.call), record)
    return calls


def test_time_goes_forward_and_ends_before_the_demo_begins(records: list[Record]) -> None:
    times = [record.at for record in records]
    assert times == sorted(times)
    assert times[0] >= ENDS - 3_600 * 6
    assert times[-1] <= ENDS


def test_every_call_has_ended_and_most_were_answered(records: list[Record]) -> None:
    calls = summaries(records).values()
    assert len(calls) > 300
    assert {call.state for call in calls} == {CallState.ENDED}
    outcomes = [call.outcome for call in calls]
    assert outcomes.count(Outcome.ANSWERED) > 0.7 * len(calls)
    assert {Outcome.ABANDONED, Outcome.SUB_HOTLINE, Outcome.HUNG_UP} <= set(outcomes)
    assert Outcome.LOST not in outcomes


def test_nobody_takes_it_for_real_and_no_figure_leaves_it_out(records: list[Record]) -> None:
    begun = [record for record in records if record.kind is Kind.CALL_STARTED]
    assert all(record.data["demo"] and record.data["caller"].startswith(ANONYMOUS) for record in begun)
    assert not any(record.test for record in records)


def test_an_agent_has_one_call_at_a_time(records: list[Record]) -> None:
    talks: dict[str, str] = {}
    for record in records:
        if record.kind is Kind.CONNECTED:
            assert record.agent not in talks, "still talking"
            talks[record.agent or ""] = record.call or ""
        elif record.kind is Kind.TALK_ENDED:
            assert talks.pop(record.agent or "") == record.call
    assert not talks


def test_a_busy_hotline_has_no_more_calls_than_a_short_start_allows(hotline: Hotline) -> None:
    busy = past(hotline, hours=12, calls=6_000)
    for _ in busy.batches(10_000):
        pass
    assert 0.8 * MOST_A_DAY / 2 < busy.calls < 1.2 * MOST_A_DAY / 2


async def test_the_service_goes_on_from_it(hotline: Hotline, tmp_path: Path) -> None:
    """Calls are told, and today's figures and the agents are those of the history's end."""
    made, told = past(hotline), list[float]()
    number = await history.write(tmp_path / "wutong.db", "local", made, told.append)
    assert number > 0
    assert told
    opened = database.open(tmp_path / "wutong.db")
    try:
        newest = (await CallStore(opened).list(EVERY_CALL, 1))[0]
        assert (newest.state, newest.test) == (CallState.ENDED, False)
        assert await CallStore(opened).unfinished() == []
        kept = await DatabaseHistory(opened, "local").recall()
    finally:
        await opened.dispose()
    assert kept.snapshot is not None
    assert kept.records == []
    ends = day_end(hotline.timezone)
    engine = Engine.restored(
        hotline.queues, hotline.agents, kept.snapshot["engine"], (), seed=1, now=ENDS, away_after=30, day_end=ends
    )
    levels = [engine.queue_view(queue, ENDS).service_level for queue in hotline.queues]
    assert all(level is not None for level in levels)
    assert {engine.agent_view(agent).state for agent in hotline.agents} == {"logged-out"}
    assert engine.calls() == []
    hour = LastHour.restored(kept.snapshot["last_hour"], (), {}, ENDS)
    waited = [minute for queue in hotline.queues for minute in hour.view(queue, ENDS).waiting]
    assert None not in waited, "the wall has the whole hour"
    assert any(waited)
