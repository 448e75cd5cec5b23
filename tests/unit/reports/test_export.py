"""`./wutong report export`: the sums as Parquet, read by DuckDB with the queries of docs/analysis.md."""

import asyncio
import re
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from base.folders import CHECKOUT
from journal import database
from journal.records import Record
from journal.store import append
from reports.sums import MEASURES
from tests.unit.commands.given import given
from tests.unit.reports.stories import MONDAY, abandoned, answered, in_order, state

APRIL = 1_774_972_800.0  # 1 April 2026, 00:00 in Shanghai

CALLS = in_order(
    answered("c1", MONDAY, wait=10, talk=60, more={"caller": "13912345678"}),
    answered("c2", MONDAY + 300, wait=20, talk=120),
    abandoned("c3", MONDAY + 400, wait=30),
    [state("1001", MONDAY + 3_600, "logged-out", "ready")],
    answered("c4", APRIL - 900, wait=5, talk=30, queue="general", agent="1002"),
    answered("c5", APRIL, wait=5, talk=30, queue="general", agent="1002"),
)


@pytest.fixture
def counted(no_settings: None, where: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder, in which the commands are given."""

    async def fill(records: list[Record]) -> None:
        engine = database.open(where)
        await database.migrate(engine)
        async with engine.begin() as connection:
            await append(connection, 1, records)
        await engine.dispose()

    monkeypatch.chdir(tmp_path)
    asyncio.run(fill(CALLS))
    if isinstance(where, str):
        monkeypatch.setenv("WUTONG_DATABASE_URL", where)
    (tmp_path / "run").mkdir()
    assert "rebuild" in given("report", "export", "figures", "--state", tmp_path, status=1).stderr
    given("report", "rebuild", "--state", tmp_path)
    (tmp_path / "timezone").write_text("Asia/Shanghai")
    return tmp_path


def exported(counted: Path) -> list[str]:
    return given("report", "export", "figures", "--state", counted).stdout.splitlines()


def asked(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as duck:
        return duck.execute(query).fetchall()


def test_a_file_a_month_by_the_hotlines_clock(counted: Path) -> None:
    assert exported(counted) == ["figures/sums-2026-03.parquet", "figures/sums-2026-04.parquet"]
    [(moment, local, calls, talk)] = asked(
        "SELECT epoch(start), local_start::VARCHAR, calls, talk_ms FROM 'figures/sums-2026-04.parquet' "
        "WHERE dimension = 'hotline' AND calls > 0"
    )
    assert (moment, local, calls, talk) == (APRIL, "2026-04-01 00:00:00", 1, 30_000)
    assert sorted(file.name for file in (counted / "figures").iterdir()) == [
        "sums-2026-03.parquet",
        "sums-2026-04.parquet",
    ]


def test_an_export_replaces_the_one_before_and_has_no_callers_number(counted: Path) -> None:
    first, again = exported(counted), exported(counted)
    assert first == again
    columns = [row[0] for row in asked("DESCRIBE SELECT * FROM 'figures/sums-*.parquet'")]
    assert columns == ["start", "local_start", "dimension", "name", *MEASURES]
    names = {name for (name,) in asked("SELECT DISTINCT name FROM 'figures/sums-*.parquet'")}
    assert {"greening", "general", "1001", "12319", ""} <= names
    assert "13912345678" not in names


def test_a_file_that_cannot_be_written_is_named(counted: Path) -> None:
    (counted / "figures" / "sums-2026-03.parquet").mkdir(parents=True)
    said = given("report", "export", "figures", "--state", counted, status=1).stderr
    assert "figures/sums-2026-03.parquet cannot be written" in said


def test_the_queries_of_the_page_run_as_they_stand(counted: Path) -> None:
    exported(counted)
    page = (CHECKOUT / "docs" / "analysis.md").read_text(encoding="utf-8")
    queues, hours, agents = (asked(query) for query in re.findall(r"```sql\n(.*?)```", page, re.DOTALL))
    assert queues == [
        ("2026-03", "general", 1, 1, 100.0, 5.0),
        ("2026-03", "greening", 3, 2, 33.3, 15.0),
        ("2026-04", "general", 1, 1, 100.0, 5.0),
    ]
    assert hours == [(1, 8, 3), (2, 23, 1), (3, 0, 1)]
    assert [row[:4] for row in agents] == [
        (date(2026, 3, 2), "1001", 2, 110.0),
        (date(2026, 3, 30), "1002", 2, 50.0),
    ]


def test_it_says_what_is_missing(counted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "FOLDER" in given("report", "export", "--state", counted, status=1).stderr
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as where it is not installed
    assert "pip install 'pyarrow" in given("report", "export", "figures", "--state", counted, status=1).stderr
    assert not (counted / "figures").exists()


def test_it_says_that_there_is_no_database(no_settings: None, tmp_path: Path) -> None:
    assert "no calls" in given("report", "export", tmp_path / "figures", "--state", tmp_path, status=1).stderr
