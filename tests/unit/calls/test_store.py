"""The calls' table: a call's row follows its Records."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.schema import CreateTable

from accounts.model import EVERYTHING, Reach
from calls.model import EVERY_CALL, CallState, Direction, Outcome, Search, fold
from calls.store import CallStore, StoreUnavailable, metadata, project, queries
from journal import database, store
from journal.actor import CALLER
from journal.records import Kind, Record


async def append(db: AsyncEngine, *batch: Record) -> None:
    async with db.begin() as connection:
        await project(connection, await store.append(connection, await store.last_seq(connection) + 1, batch))


def started(call: str, at: float, **data: Any) -> Record:
    return Record(at, Kind.CALL_STARTED, call=call, data={"caller": "138", "number": "12319", "language": "zh", **data})


async def test_records_come_out_as_they_went_in(db: AsyncEngine) -> None:
    story = [
        started("c1", 1_700_000_000.123456),
        Record(1_700_000_001.5, Kind.OFFERED, "c1", "greening", "1001", "o1", {"ring": 15, "rule": {"idle": [1, 2.5]}}),
        Record(1_700_000_001.5, Kind.SAID, "c1", data={"text": "梧桐 🌳", "interrupted": False, "nothing": None}),
        Record(1_700_000_001.5, Kind.KEY_PRESSED, "c1", data={"key": "1", "menu": "main"}, actor=CALLER),
    ]
    await append(db, *story)
    assert await CallStore(db).story("c1") == story
    assert await CallStore(db).last_at() == 1_700_000_001.5


async def test_a_call_row_is_the_fold_of_its_records_over_several_batches(db: AsyncEngine) -> None:
    story = [
        started("c1", 100),
        Record(105, Kind.QUEUED, "c1", "greening"),
        Record(106, Kind.OFFERED, "c1", "greening", "1001", "o1"),
        Record(110, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 5.0}),
        Record(200, Kind.CALL_FINISHED, "c1", data={"by": "caller"}),
    ]
    told = None
    for record in story:
        told = fold(told, record)
        await append(db, record)
        assert await CallStore(db).get("c1") == replace(told, since=None)
    assert told is not None
    assert told.outcome is Outcome.ANSWERED


async def test_a_call_that_is_sent_on(db: AsyncEngine) -> None:
    calls = CallStore(db)
    to = {"say": {"zh": "人很多"}, "then": {"queue": "general"}}
    await append(db, started("c1", 100), Record(101, Kind.ROUTED, "c1", data={"to": to}))
    (told,) = await calls.unfinished()
    assert told.onward == to
    await append(db, Record(102, Kind.QUEUED, "c1", "general"))
    (told,) = await calls.unfinished()
    assert told.onward is None


async def test_a_callback_is_no_call(db: AsyncEngine) -> None:
    """Its Records are found, and it is in no list; a service that starts does not end it."""
    dialled = Record(300, Kind.CALLBACK_DIALLED, "c1-b", "greening")
    await append(db, started("c1", 100), dialled)
    known = CallStore(db)
    assert [call.id for call in await known.list(EVERY_CALL, 10)] == ["c1"]
    assert [call.id for call in await known.unfinished()] == ["c1"]
    assert await known.story("c1-b") == [dialled]


async def test_a_test_call_stays_marked(db: AsyncEngine) -> None:
    tested = started("c1", 100)
    await append(db, tested._replace(data={**tested.data, "test": True}), started("c2", 101))
    await append(db, Record(102, Kind.CALL_FINISHED, "c1", data={"by": "caller", "test": True}))
    told = await CallStore(db).list(EVERY_CALL, 10)
    assert {summary.id: summary.test for summary in told} == {"c1": True, "c2": False}


async def test_one_batch_with_several_calls_and_records_of_none(db: AsyncEngine) -> None:
    agent = Record(50, Kind.AGENT_STATE, agent="1001", data={"state": "ready"})
    await append(db, agent, started("c1", 100), started("c2", 101), Record(102, Kind.QUEUED, "c1", "greening"))
    found = await CallStore(db).list(EVERY_CALL, 10)
    assert [(told.id, told.state) for told in found] == [("c2", CallState.MENU), ("c1", CallState.WAITING)]
    await append(db, agent)
    async with db.connect() as connection:
        assert await store.last_seq(connection) == 5


async def test_the_list_is_newest_first_filtered_and_limited(db: AsyncEngine) -> None:
    await append(db, *(started(f"c{n}", 100 + n) for n in range(6)))
    await append(db, *(Record(200, Kind.QUEUED, f"c{n}", "greening" if n % 2 else "water") for n in range(4)))
    calls = CallStore(db)
    assert [told.id for told in await calls.list(EVERY_CALL, 4)] == ["c5", "c4", "c3", "c2"]
    assert [told.id for told in await calls.list(Search(CallState.WAITING), 9)] == ["c3", "c2", "c1", "c0"]
    assert [told.id for told in await calls.list(Search(CallState.WAITING, "water"), 9)] == ["c2", "c0"]
    assert [told.id for told in await calls.list(Search(CallState.MENU, "water"), 9)] == []


async def test_the_list_has_only_what_may_be_seen(db: AsyncEngine) -> None:
    """Most calls have no queue, no agent, no sub-hotline: nobody's reach may be taken for theirs."""
    await append(db, *(started(f"c{n}", 100 + n) for n in range(5)))
    await append(db, Record(200, Kind.QUEUED, "c1", "greening"), Record(200, Kind.QUEUED, "c2", "water"))
    await append(db, Record(201, Kind.OFFERED, "c2", "water", "1001", "o1"))
    await append(db, Record(202, Kind.SUB_HOTLINE_DIALLED, "c3", data={"sub_hotline": "gas", "dial": "962777"}))

    async def seen(**reach: Any) -> list[str]:
        return [told.id for told in await CallStore(db).list(EVERY_CALL, 9, Reach(**reach))]

    assert await seen() == []
    assert await seen(whole=True) == ["c4", "c3", "c2", "c1", "c0"]
    assert await seen(queues=frozenset({"greening"})) == ["c1"]
    assert await seen(agent="1001") == ["c2"]
    assert await seen(agent="1001", queues=frozenset({"water", "greening"})) == ["c2", "c1"], "each once"
    assert await seen(departments=frozenset({"gas"}), queues=frozenset({"greening"})) == ["c3", "c1"]
    assert [told.id for told in await CallStore(db).list(Search(queue="water"), 9, Reach(agent="1002"))] == []


async def test_earlier_calls_of_a_number_however_it_is_written(db: AsyncEngine) -> None:
    """Not live ones, not test calls, not later ones."""
    written = {"c1": "13800138000", "c2": "+13800138000", "c3": "013800138000", "c4": "13900139000"}
    others = {"live": {}, "test": {"test": True}, "later": {}}
    for at, (call, number) in enumerate(written.items()):
        await append(db, started(call, 100 + at, caller=number))
        await append(db, Record(150, Kind.WRAP_UP_CODE, call, "greening", "1001", data={"code": "answered"}))
    for call, data in others.items():
        await append(db, started(call, 300 if call == "later" else 120, caller="13800138000", **data))
    for call in (*written, "test", "later"):
        await append(db, Record(400, Kind.CALL_FINISHED, call, data={"by": "caller"}))
    await append(db, Record(401, Kind.QUEUED, "c2", "water"))
    calls = CallStore(db)
    now = await calls.get("c1")
    assert now is not None
    now = replace(now, id="now", started=200)

    async def before(limit: int = 9, reach: Reach = Reach(whole=True), **other: Any) -> list[str]:  # noqa: B008
        return [told.id for told in await calls.earlier(replace(now, **other), limit, reach)]

    assert await before() == ["c3", "c2", "c1"]
    assert await before(2) == ["c3", "c2"]
    assert await before(caller="0013800138000") == ["c3", "c2", "c1"]
    assert await before(reach=Reach(queues=frozenset({"greening"}))) == []
    assert await before(caller="") == [], "a hidden number is no one's"
    assert (await calls.earlier(now, 1))[0].code == "answered"

    async def of_both(*linked: str, **other: Any) -> list[str]:
        return [told.id for told in await calls.earlier(replace(now, **other), 9, linked=linked)]

    assert await of_both("013900139000", "0013800138000") == ["c4", "c3", "c2", "c1"]
    assert await of_both("13900139000", caller="") == [], "nothing is linked to a hidden number"


async def test_what_agents_noted_of_several_calls_is_read_at_once(db: AsyncEngine) -> None:
    for call in ("c1", "c2", "c3"):
        await append(db, started(call, 100))
        await append(db, Record(110, Kind.MENU_ENTERED, call, data={"menu": "main"}))
        await append(db, Record(120, Kind.NOTE, call, "greening", "1001", data={"note": call}))
    found = await CallStore(db).noted(["c1", "c3", "c9"])
    assert {call: [record.kind for record in story] for call, story in found.items()} == {
        "c1": [Kind.CALL_STARTED, Kind.NOTE],
        "c3": [Kind.CALL_STARTED, Kind.NOTE],
    }


@pytest.mark.parametrize("caller", ["", "anonymous"])
async def test_a_caller_who_withholds_the_number_has_no_earlier_calls(db: AsyncEngine, caller: str) -> None:
    for call in ("c1", "c2"):
        await append(db, started(call, 100, caller=caller))
        await append(db, Record(400, Kind.CALL_FINISHED, call, data={"by": "caller"}))
    calls = CallStore(db)
    now = await calls.get("c2")
    assert now is not None
    assert await calls.earlier(replace(now, started=200), 9, Reach(whole=True)) == []


async def test_earlier_calls_are_found_by_an_index(db: AsyncEngine) -> None:
    """A city has millions of calls, and each ring asks."""
    say = "EXPLAIN QUERY PLAN" if db.dialect.name == "sqlite" else "EXPLAIN"
    query = "SELECT * FROM calls WHERE caller = '138' AND started < 9 ORDER BY started DESC LIMIT 5"
    async with db.connect() as connection:
        if db.dialect.name == "postgresql":  # it reads an empty table whole
            await connection.execute(text("SET enable_seqscan = off"))
            await connection.execute(text("SET enable_sort = off"))
        plan = " ".join(str(row) for row in (await connection.execute(text(f"{say} {query}"))).all())
    assert "ix_calls_caller_started" in plan


async def test_calls_are_found_by_number_agent_outcome_and_time(db: AsyncEngine) -> None:
    for at, (call, number) in enumerate({"c1": "13800138000", "c2": "+13800138000", "c3": "13900139000"}.items()):
        menu = [Record(105, Kind.KEY_PRESSED, call, data={"key": "1", "menu": "main"})] if call == "c3" else []
        await append(db, started(call, 100 + at, caller=number), *menu, Record(110, Kind.QUEUED, call, "greening"))
    await append(
        db,
        Record(111, Kind.OFFERED, "c1", "greening", "1001", "o1"),
        Record(112, Kind.CONNECTED, "c1", "greening", "1001", "o1"),
        *(Record(200, Kind.CALL_FINISHED, call, data={"by": "caller"}) for call in ("c1", "c3")),
        Record(99, Kind.CALL_OUT_DIALLED, "c0", "water", "1002", data={"number": "13700137000", "shown": "12319"}),
    )

    async def found(limit: int = 9, **search: Any) -> list[str]:
        fitting = [call.id for call in await CallStore(db).list(Search(**search), limit)]
        everything = await CallStore(db).list(EVERY_CALL, 9)
        assert fitting == [call.id for call in everything if Search(**search).fits(call)][:limit], (
            "memory says the same"
        )
        return fitting

    assert await found(caller="0013800138000") == ["c2", "c1"]
    assert await found(1, caller="138-0013-8000") == ["c2"]
    assert await found(caller="") == []
    assert await found(agent="1001") == ["c1"]
    assert await found(outcome=Outcome.ABANDONED) == ["c3"]
    assert await found(outcome=Outcome.ANSWERED, caller="13800138000", queue="greening") == ["c1"]
    assert await found(since=101, until=101) == ["c2"]
    assert await found(path="1") == ["c3"]
    assert await found(path="1,2") == await found(path="2") == []
    assert await found(direction=Direction.OUT) == ["c0"]
    assert await found(direction=Direction.IN) == ["c3", "c2", "c1"]
    assert await found(before=(102, "c3")) == ["c2", "c1", "c0"]
    assert await found(before=(101, "c2"), caller="13800138000") == ["c1"]


async def test_calls_are_found_by_words_of_a_note(db: AsyncEngine) -> None:
    """Of the notes as they are now; `%` and `_` are letters as any other."""

    def note(call: str, at: float, agent: str, words: str) -> Record:
        return Record(at, Kind.NOTE, call, "greening", agent, data={"note": words})

    await append(db, *(started(f"c{n}", 100 + n) for n in range(4)))
    await append(db, note("c0", 110, "1001", "长宁路水管漏水"), note("c1", 111, "1001", "Water pipe, 100% broken"))
    await append(db, note("c2", 112, "1001", "water_pipe"), note("c2", 113, "1002", "watt"))
    await append(db, note("c3", 114, "1001", "Water pipe"), note("c3", 115, "1001", "wrong number"))

    async def found(words: str, **search: Any) -> list[str]:
        return [call.id for call in await CallStore(db).list(Search(words=words, **search), 9)]

    assert await found("漏水") == ["c0"]
    assert await found("water PIPE") == ["c1"], "the note on c3 was replaced"
    assert await found("100%") == ["c1"]
    assert await found("r_p") == ["c2"]
    assert await found("wa", since=102) == ["c2"]
    assert await found("wa", until=101) == ["c1"]
    assert await found("'; DROP TABLE calls") == []


@pytest.mark.parametrize(
    ("search", "reach", "index"),
    [
        (Search(caller="13800138000"), EVERYTHING, "ix_calls_caller_started"),
        (Search(outcome=Outcome.LOST), EVERYTHING, "ix_calls_outcome_started"),
        (
            Search(outcome=Outcome.LOST, state=CallState.ENDED, before=(100.0, "c1")),
            EVERYTHING,
            "ix_calls_outcome_started",
        ),
        (Search(path="1,2"), EVERYTHING, "ix_calls_path_started"),
        (Search(direction=Direction.OUT), EVERYTHING, "ix_calls_direction_started"),
        (Search(words="water", since=100.0), EVERYTHING, "ix_records_notes"),
        (EVERY_CALL, Reach(agent="1001"), "ix_calls_agent_started"),
        (EVERY_CALL, Reach(queues=frozenset(("gas", "water"))), "ix_calls_queue_started"),
        (EVERY_CALL, Reach(departments=frozenset(("gas", "water"))), "ix_calls_sub_hotline_started"),
    ],
)
async def test_a_search_reads_an_index_and_not_the_calls_of_years(
    db: AsyncEngine, search: Search, reach: Reach, index: str
) -> None:
    say = "EXPLAIN QUERY PLAN" if db.dialect.name == "sqlite" else "EXPLAIN"
    plans: list[str] = []
    async with db.connect() as connection:
        if db.dialect.name == "postgresql":  # it reads an empty table whole
            for setting in ("enable_seqscan", "enable_sort"):
                await connection.execute(text(f"SET {setting} = off"))
        for query in queries(search, 100, reach):
            plain = query.compile(db.sync_engine, compile_kwargs={"literal_binds": True})
            plans += [
                str(row) for row in (await connection.exec_driver_sql(f"{say} {str(plain).replace('%', '%%')}")).all()
            ]
    assert index in " ".join(plans)
    assert not any("B-TREE FOR ORDER BY" in plan for plan in plans if search.words is None), "it would sort all of them"


async def test_unfinished_calls_oldest_first(db: AsyncEngine) -> None:
    await append(db, *(started(f"c{n}", 100 + n) for n in range(3)))
    await append(db, Record(200, Kind.CALL_FINISHED, "c1", data={"by": "caller"}))
    assert [told.id for told in await CallStore(db).unfinished()] == ["c0", "c2"]


async def test_what_a_database_refuses_is_replaced(db: AsyncEngine) -> None:
    hostile = {
        "caller": "1\0 3",
        "odd": "\ud800",
        "number": math.nan,
        "deep": {"x\0": [math.inf, "\0"]},
        "path": Path("p"),
    }
    await append(db, started("c1", 100, **hostile))
    story = await CallStore(db).story("c1")
    told = story[0].data
    assert (told["caller"], told["odd"], told["number"]) == ("1� 3", "?", None)
    assert (told["deep"], told["path"]) == ({"x�": [None, "�"]}, "p")


async def test_an_empty_store(db: AsyncEngine) -> None:
    calls = CallStore(db)
    assert (await calls.get("c1"), await calls.story("c1"), await calls.last_at()) == (None, [], 0.0)
    assert await calls.unfinished() == []


async def test_a_database_that_cannot_be_asked_is_said_to_be(empty: Path | str) -> None:
    engine = database.open(empty)  # without tables
    with pytest.raises(StoreUnavailable, match=r"cannot be asked: (Operational|Programming)Error"):
        await CallStore(engine).list(EVERY_CALL, 1)
    await engine.dispose()


def test_the_table_compiles_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    (table,) = metadata.sorted_tables
    assert "DOUBLE PRECISION" in str(CreateTable(table).compile(dialect=dialect))
    names = {index.name for index in table.indexes}
    assert names == {
        "ix_calls_started",
        "ix_calls_state_started",
        "ix_calls_queue_started",
        "ix_calls_agent_started",
        "ix_calls_sub_hotline_started",
        "ix_calls_caller_started",
        "ix_calls_outcome_started",
        "ix_calls_direction_started",
        "ix_calls_path_started",
    }
