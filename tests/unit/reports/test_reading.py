"""Reading sums: what PostgreSQL is told for a report holds for its transaction only; SQLite is read by a program."""

import asyncio
import os
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from base.folders import CHECKOUT
from base.own_program import NotOurProgram
from ivr.calendars import Days
from journal import database
from journal.store import append
from lab.patience import until
from lab.postgres import Postgres
from reports import reader, reading, store
from reports.counting import Counting
from reports.periods import Clock, Every
from reports.reading import Group, Wanted, ask
from reports.sums import Dimension
from sounds import programs
from tests.unit.reports.stories import MONDAY, answered, busy

DAY = date(2026, 3, 2)


async def test_postgresql_sorts_no_rows_until_the_report_is_read(postgres: Postgres) -> None:
    engine = database.open(postgres.create())
    try:
        await database.migrate(engine)
        sorts: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def note(made: Any, cursor: Any, statement: str, *_: Any) -> None:
            if "report_sums" in statement:
                cursor.execute("SHOW enable_sort")
                sorts.append(cursor.fetchone()[0])

        async with engine.begin() as connection:
            await store.begin(connection, store.Counted(1, 0, 0.0, ""))
        assert (await ask(engine, BY_QUEUE)).sums == [{}]
        assert sorts == ["off"]
        async with engine.connect() as connection:
            assert await connection.scalar(text("SHOW enable_sort")) == "on"
    finally:
        await engine.dispose()


BY_QUEUE = Wanted(Dimension.QUEUE, True, None, (), None, DAY, DAY, UTC, Days(), {"entries", "answered", "waits"})
BY_AGENT = replace(BY_QUEUE, dimension=Dimension.AGENT, measures={"interactions"})


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A file in which one call is counted."""
    engine = database.open(tmp_path / "of a hotline.db")
    await database.migrate(engine)
    async with engine.begin() as connection:
        await Counting().project(connection, await append(connection, 1, answered("c1", MONDAY)))
    yield engine
    await engine.dispose()


async def test_a_program_reads_sqlite(sqlite: AsyncEngine) -> None:
    answer = await ask(sqlite, BY_QUEUE, BY_AGENT)
    assert answer.since == MONDAY
    assert [[sums.answered or sums.interactions for sums in each.values()] for each in answer.sums] == [[1], [1]]


async def test_waits_are_those_of_the_table(where: Path | str) -> None:
    """However they are grouped, on SQLite as on PostgreSQL."""
    engine = database.open(where)
    try:
        await database.migrate(engine)
        async with engine.begin() as connection:
            await Counting().project(connection, await append(connection, 1, busy()))
            table = (await connection.execute(select(store.waits))).all()
        whole = replace(BY_QUEUE, dimension=Dimension.HOTLINE, split=False)
        by_hour, by_day = replace(BY_QUEUE, clocks=(Clock.HOUR,)), replace(BY_QUEUE, every=Every.DAY)
        one = replace(BY_QUEUE, split=False, names={"greening"})
        answer = await ask(engine, whole, by_hour, by_day, one)
        assert len(table) > 20
        for wanted, found in zip((whole, by_hour, by_day, one), answer.sums, strict=True):
            expected: dict[Group, Counter[int]] = {}
            for row in table:
                if row.dimension == wanted.dimension and (wanted.names is None or row.name in wanted.names):
                    group = Group(
                        begins=row.start // 86_400 * 86_400 if wanted.every else None,
                        name=row.name if wanted.split else None,
                        hour=row.start % 86_400 // 3_600 if wanted.clocks else None,
                    )
                    expected.setdefault(group, Counter())[row.bucket] += row[-1]
            assert {group: sums.waits for group, sums in found.items() if sums.waits} == expected
    finally:
        await engine.dispose()


async def test_the_log_says_why_the_program_has_ended(sqlite: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PROGRAM", (sys.executable, "-c", "raise SystemExit('no room')"))
    with capture_logs() as logs, pytest.raises(ChildProcessError):
        await ask(sqlite, BY_QUEUE)
    assert [(line["event"], line["why"]) for line in logs] == [("report-not-read", "no room\n")]


async def test_the_program_ends_if_nobody_waits(
    sqlite: AsyncEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    endless = f"import os, time; print(os.getpid(), file=open({str(note)!r}, 'w'), flush=True); time.sleep(600)"
    monkeypatch.setattr(reading, "PROGRAM", (sys.executable, "-c", endless))
    asked = asyncio.create_task(ask(sqlite, BY_QUEUE))

    async def noted() -> str:
        return note.read_text() if note.exists() else ""

    number = await until("the program", noted, lambda text: text.endswith("\n"))
    program = int(number)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    with pytest.raises(ProcessLookupError):
        os.kill(program, 0)


def autogroup_of(pid: int) -> str:
    """Such as `nice 10`; "": Linux was built without such groups."""
    file = Path(f"/proc/{pid}/autogroup")
    return file.read_text().strip().partition(" ")[2] if file.exists() else ""


async def test_the_program_gives_way_to_other_sessions(sqlite: AsyncEngine) -> None:
    process = await programs.start(*reading.PROGRAM, str(sqlite.url.database), cwd=CHECKOUT, stdin=PIPE)

    async def asks() -> tuple[int, str]:
        return os.getpriority(os.PRIO_PROCESS, process.pid), autogroup_of(process.pid)

    try:
        await until("it gives way", asks, lambda found: found[0] == 19 and found[1] in ("nice 10", ""))
    finally:
        await programs.end(process)


async def test_a_file_without_tables_cannot_be_read(tmp_path: Path) -> None:
    engine = database.open(tmp_path / "new.db")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await ask(engine, BY_QUEUE)
    await engine.dispose()


def test_only_a_program_of_its_own_is_limited() -> None:
    with pytest.raises(NotOurProgram, match=r"python -m reports\.reader"):
        reader.main("nothing.db")
