"""How callers went, as the database counts it: on SQLite and PostgreSQL."""

from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from acd.events import Left
from calls.store import project
from drawing.counting import traffic
from drawing.traffic import Traffic
from hotline.loader import load
from hotline.model import Hotline
from journal import store
from journal.actor import CALLER
from journal.records import Kind, Record
from tests.unit.hotline.folders import small, written

MAIN, WATER, BUREAU = ("menus", "main"), ("menus", "water"), ("sub_hotlines", "bureau")
GREENING, GENERAL = ("queues", "greening"), ("queues", "general")
DAY = 86_400.0

_ids = count(1)


def hotline_in(folder: Path) -> Hotline:
    hotline = load(written(folder, small())).hotline
    assert hotline is not None
    return hotline


def call(version: str, *steps: Record, at: float = 1_000.0, resumed: bool = False, test: bool = False) -> list[Record]:
    """A call of these steps, a second each."""
    name = f"c{next(_ids)}"
    data: dict[str, Any] = {"caller": "138", "number": "1", "language": "zh", "version": version, "resumed": resumed}
    begin = Record(at, Kind.CALL_STARTED, data=data)
    return [
        step._replace(call=name, at=at + second, data={**step.data, "test": True} if test else step.data)
        for second, step in enumerate((begin, *steps))
    ]


def entered(menu: str) -> Record:
    return Record(0, Kind.MENU_ENTERED, data={"menu": menu, "language": "zh"})


def pressed(menu: str, key: str, queue: str | None = None) -> Record:
    return Record(0, Kind.KEY_PRESSED, queue=queue, data={"key": key, "menu": menu}, actor=CALLER)


def queued(queue: str) -> Record:
    return Record(0, Kind.QUEUED, queue=queue, data={"language": "zh", "head_start": 0, "position": 1})


HUNG_UP = Record(0, Kind.CALL_FINISHED, data={"by": "caller"}, actor=CALLER)


async def counted(db: AsyncEngine, hotline: Hotline, *told: list[Record]) -> Traffic:
    async with db.begin() as connection:
        for batch in told:
            stored = await store.append(connection, await store.last_seq(connection) + 1, batch)
            await project(connection, stored)
    async with db.connect() as connection:
        return await traffic(connection, hotline, 0.0, DAY)


async def test_ways_are_counted_by_node_and_key(db: AsyncEngine, tmp_path: Path) -> None:
    hotline = hotline_in(tmp_path)
    now = hotline.version
    left = Record(0, Kind.LEFT_QUEUE, queue="greening", data={"why": Left.HUNG_UP, "waited_s": 5.0})
    overflowed = Record(0, Kind.OVERFLOWED, queue="greening", data={"rule": 1, "condition": "x", "limit": 1})
    dialled = Record(0, Kind.SUB_HOTLINE_DIALLED, data={"sub_hotline": "bureau", "dial": "2201"})
    failed = Record(0, Kind.SUB_HOTLINE_FAILED, data={"sub_hotline": "bureau", "status": "BUSY", "cause": 17})
    found = await counted(
        db,
        hotline,
        call(now, entered("main"), pressed("main", "1"), queued("greening"), left, HUNG_UP),
        call(now, entered("main"), pressed("main", "1"), queued("greening"), overflowed, queued("general")),
        call("older", entered("main"), pressed("main", "2"), entered("water"), HUNG_UP),
        call(now, entered("main"), pressed("main", "2"), entered("water"), pressed("water", "1"), dialled, failed),
        call(now, entered("main"), queued("general"), pressed("", "1", "general")),
    )
    assert (found.calls, found.earlier) == (5, 1)
    assert found.came == {MAIN: 5, WATER: 2, GREENING: 2, GENERAL: 2, BUREAU: 1}
    assert found.took == {
        (MAIN, "key", "1"): 2,
        (MAIN, "key", "2"): 2,
        (WATER, "key", "1"): 1,
        (GREENING, "overflow", "1"): 1,
        (GENERAL, "waiting_key", "1"): 1,
        (BUREAU, "failed", ""): 1,
    }
    assert found.gave_up == {GREENING: 1, WATER: 1}
    assert found.until.tzinfo is not None
    assert found.until.isoformat() == "1970-01-02T08:00:00+08:00"


async def test_silence_counts_where_it_led_on(db: AsyncEngine, tmp_path: Path) -> None:
    hotline = hotline_in(tmp_path)
    silent = [Record(0, Kind.NO_INPUT, data={"menu": "main", "count": n}) for n in (1, 2)]
    wrong = [Record(0, Kind.INVALID_KEY, data={"menu": "main", "key": "7", "count": n}) for n in (1, 2)]
    unknown = Record(0, Kind.NO_INPUT, data={"menu": "a menu of an earlier version", "count": 9})
    version = hotline.version
    found = await counted(
        db,
        hotline,
        call(version, entered("main"), *silent, queued("general")),
        call(version, entered("main"), silent[0], *wrong, queued("general")),
        call(version, unknown),
    )
    assert found.took == {(MAIN, "no_input", ""): 1, (MAIN, "invalid", ""): 1}


async def test_tests_other_days_and_resumed_calls_do_not_count(db: AsyncEngine, tmp_path: Path) -> None:
    hotline = hotline_in(tmp_path)
    steps = entered("main"), HUNG_UP
    found = await counted(
        db,
        hotline,
        call(hotline.version, *steps, test=True),
        call(hotline.version, *steps, resumed=True),
        call(hotline.version, *steps, at=DAY),
    )
    assert (found.calls, found.came) == (0, {MAIN: 1})  # the resumed one did come to the menu
    assert found.gave_up == {MAIN: 1}
