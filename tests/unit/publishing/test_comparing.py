"""`./wutong replay`: from a journal of many callers to sentences, on both databases."""

import asyncio
import json
import time
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from base.folders import SAMPLE_HOTLINE
from commands.journal import DAY
from hotline.loader import load
from journal import database, store
from journal.records import Kind, Record
from journal.tables import removals
from lab.paths import journal
from publishing.comparing import read
from publishing.replay import replay
from service.cli.commands import app
from tests.unit.hotline.folders import small, written
from tests.unit.hotline.test_inputs import SCOPE_AND_INPUT

CALLERS = 300
NOW = 1_772_424_000.0

hotline = load(SAMPLE_HOTLINE).hotline
assert hotline is not None


@cache
def recorded() -> list[Record]:
    assert hotline is not None
    return list(journal(hotline, CALLERS, 1, NOW))


async def filled(db: AsyncEngine, records: list[Record]) -> None:
    async with db.begin() as connection:
        await store.append(connection, 1, records)


async def test_what_is_recorded_of_a_hotline_ends_in_it_as_it_did(db: AsyncEngine) -> None:
    await filled(db, recorded())
    async with db.connect() as connection:
        past = await read(connection, NOW - 7 * DAY)
    assert hotline is not None
    assert (len(past.recorded), past.not_counted) == (CALLERS, 0)
    found = replay(hotline, past.recorded)
    assert (found.callers, found.elsewhere) == (CALLERS, 0)
    assert found.walked == found.paths < CALLERS


async def test_callers_who_passed_a_scope_or_an_input_end_as_they_did(db: AsyncEngine, folder: Path) -> None:
    own = load(written(folder, small(*SCOPE_AND_INPUT))).hotline
    assert own is not None
    await filled(db, list(journal(own, CALLERS, 1, NOW)))
    async with db.connect() as connection:
        past = await read(connection, NOW - 7 * DAY)
    assert len(past.recorded) == CALLERS
    assert replay(own, past.recorded).changes == ()


async def test_only_callers_of_these_days_count(db: AsyncEngine) -> None:
    test = Record(NOW, Kind.CALL_STARTED, "test", data={"number": "12319", "language": "zh", "test": True})
    begun_before = Record(NOW, Kind.MENU_ENTERED, "before", data={"menu": "main", "language": "zh"})
    nowhere = Record(NOW, Kind.CALL_STARTED, "nowhere", data={"number": "12319", "language": "zh"})
    entered = [begun_before._replace(call="test", data={"menu": "main", "language": "zh", "test": True})]
    await filled(db, [*recorded(), test, *entered, begun_before, nowhere])
    async with db.connect() as connection:
        past = await read(connection, NOW - DAY)
    assert len(past.recorded) == pytest.approx(CALLERS / 7, abs=2)
    assert past.not_counted == 1


async def test_calls_whose_steps_are_removed_do_not_count(db: AsyncEngine) -> None:
    await filled(db, recorded())
    half = next(n for n, record in enumerate(recorded(), 1) if record.call == f"call-{CALLERS // 2}")
    async with db.begin() as connection:
        await connection.execute(insert(removals), {"what": "steps", "seq": half - 1, "at": NOW})
        past = await read(connection, NOW - 7 * DAY)
    assert len(past.recorded) == CALLERS / 2


async def fill(file: Path, records: list[Record]) -> None:
    engine = database.open(file)
    await database.migrate(engine)
    await filled(engine, records)
    await engine.dispose()


def test_the_command_tells_it_in_sentences(tmp_path: Path) -> None:
    state, draft = tmp_path / "state", tmp_path / "draft"
    state.mkdir(mode=0o700)
    draft.mkdir()
    folder = written(draft, small(('"1": {queue: greening}', '"1": {menu: water}')))

    def run(*more: str) -> tuple[int, str, str]:
        arguments = ["replay", str(folder), "--state", str(state), *more]
        done = CliRunner().invoke(app, arguments, env={"LC_ALL": "C"})
        return done.exit_code, done.stdout, done.stderr

    assert "no calls have been recorded" in run()[2]
    began = Record(time.time() - 60, Kind.CALL_STARTED, "", data={"number": "12319", "language": "zh", "caller": "138"})
    steps = [
        began,
        began._replace(kind=Kind.MENU_ENTERED, data={"menu": "main", "language": "zh"}),
        began._replace(kind=Kind.KEY_PRESSED, data={"menu": "main", "key": "1"}),
        began._replace(kind=Kind.QUEUED, queue="greening", data={"language": "zh"}),
    ]
    asyncio.run(fill(state / "wutong.db", [step._replace(call=f"call-{n}") for n in range(3) for step in steps]))
    status, output, _ = run("--days", "2")
    assert status == 0
    assert output.splitlines() == [
        "Of 3 callers in the last 2 days 3 would have ended elsewhere",
        "3 callers of key 1 in the menu main would hear the new menu water, instead of the queue greening",
    ]
    told = json.loads(run("--json")[1])
    assert (told["callers"], told["elsewhere"], told["paths"]) == (3, 3, 1)
    (change,) = told["changes"]
    assert (change["at"], change["did"], change["callers"]) == ({"menu": "main"}, "1", 3)
    assert change["before"] == {"queue": "greening", "language": None}
    assert change["after"] == {"menu": "water", "language": None}


def test_the_generated_journal_is_the_same_for_the_same_seed() -> None:
    assert hotline is not None
    assert list(islice(journal(hotline, CALLERS, 1, NOW), 50)) == recorded()[:50]
