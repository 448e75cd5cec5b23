"""How callers went through the menus, counted by the database. The drawings of menu trees show it.

Test calls are left out. The database counts: 100,000 calls a week are a million Records, and none of them comes here.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from calls.model import Outcome
from calls.store import calls
from drawing.traffic import Traffic, Way
from hotline.graph import By
from hotline.model import Hotline
from ivr.model import NodeId
from journal.records import Kind
from journal.tables import records

_FIELDS: Mapping[str, tuple[Kind, ...]] = {
    "menu": (Kind.MENU_ENTERED, Kind.KEY_PRESSED, Kind.NO_INPUT, Kind.INVALID_KEY),
    "key": (Kind.KEY_PRESSED,),
    "count": (Kind.NO_INPUT, Kind.INVALID_KEY),
    "rule": (Kind.OVERFLOWED,),
    "sub_hotline": (Kind.SUB_HOTLINE_DIALLED, Kind.SUB_HOTLINE_FAILED),
    "version": (Kind.CALL_STARTED,),
    "resumed": (Kind.CALL_STARTED,),
}
"""What of the `data` of which Records says where a call went; to read JSON takes longer than all the rest."""

_STEPS = sorted({*(kind for kinds in _FIELDS.values() for kind in kinds), Kind.QUEUED})
_NONE = 2**62
_NODES = {Kind.MENU_ENTERED.value: "menu", Kind.SUB_HOTLINE_DIALLED.value: "sub_hotline"}


async def traffic(connection: AsyncConnection, hotline: Hotline, since: float, until: float) -> Traffic:
    """What calls did from `since` to before `until`, seconds since the epoch, as the drawing of `hotline` shows it."""
    came: dict[NodeId, int] = defaultdict(int)
    took: dict[Way, int] = defaultdict(int)
    began: dict[str, int] = defaultdict(int)
    for row in (await connection.execute(_steps(since, until))).mappings():
        if row["kind"] == Kind.CALL_STARTED.value:
            if row["resumed"] not in ("true", "1"):  # one that goes on after a restart came before
                began[row["version"] or ""] += row["n"]
        else:
            _count(row, hotline, came, took)
    gave_up: dict[NodeId, int] = defaultdict(int)
    for row in (await connection.execute(_left_queues(since, until))).mappings():
        gave_up["queues", str(row["queue"])] += row["n"]
    for row in (await connection.execute(_left_menus(since, until))).mappings():
        if row["menu"] is not None:
            gave_up["menus", str(row["menu"])] += row["n"]
        elif row["sub_hotline"] is not None:
            gave_up["sub_hotlines", str(row["sub_hotline"])] += row["n"]
    return Traffic(
        since=datetime.fromtimestamp(since, hotline.zone),
        until=datetime.fromtimestamp(until, hotline.zone),
        calls=sum(began.values()),
        earlier=sum(n for version, n in began.items() if version != hotline.version),
        came=dict(came),
        took=dict(took),
        gave_up=dict(gave_up),
    )


def _count(row: Mapping[str, Any], hotline: Hotline, came: dict[NodeId, int], took: dict[Way, int]) -> None:
    """Adds one group of equal Records."""
    n, queue, menu, line = row["n"], row["queue"], row["menu"], row["sub_hotline"]
    match Kind(row["kind"]):
        case Kind.MENU_ENTERED:
            came["menus", menu] += n
        case Kind.QUEUED:
            came["queues", queue] += n
        case Kind.SUB_HOTLINE_DIALLED:
            came["sub_hotlines", line] += n
        case Kind.SUB_HOTLINE_FAILED:
            took[("sub_hotlines", line), By.FAILURE.value, ""] += n
        case Kind.OVERFLOWED:
            took[("queues", queue), By.OVERFLOW.value, str(row["rule"])] += n
        case Kind.KEY_PRESSED if menu:
            took[("menus", menu), By.KEY.value, row["key"]] += n
        case Kind.KEY_PRESSED if queue is not None:
            took[("queues", queue), By.WAITING_KEY.value, row["key"]] += n
        case Kind.NO_INPUT | Kind.INVALID_KEY as kind if menu in hotline.menus:
            attempts = hotline.menus[menu].no_input if kind is Kind.NO_INPUT else hotline.menus[menu].invalid
            if int(row["count"] or 0) > attempts.repeat:  # before that, the menu was only played again
                by = By.SILENCE if kind is Kind.NO_INPUT else By.WRONG_KEYS
                took[("menus", menu), by.value, ""] += n


def _word(name: str) -> ColumnElement[str]:
    # Without the cast SQLite answers true with the number 1.
    return cast(records.c.data[name].as_string(), Text)


def _first(moment: float) -> ColumnElement[int]:
    """The number of the first Record at or after that moment; more than any number where there is none."""
    found = select(records.c.seq).where(records.c.at >= moment).order_by(records.c.at, records.c.seq).limit(1)
    return func.coalesce(found.scalar_subquery(), _NONE)


def _steps(since: float, until: float) -> Select[Any]:
    """Equal steps, with their number. Records are numbered as they come, so the scan goes by their numbers."""
    tests = select(calls.c.id).where(calls.c.test)
    columns = [
        case((records.c.kind.in_([kind.value for kind in kinds]), _word(name))).label(name)
        for name, kinds in _FIELDS.items()
    ]
    steps = (
        select(records.c.kind, records.c.queue, *columns)
        .where(
            records.c.seq >= _first(since),
            records.c.seq < _first(until),
            records.c.kind.in_([kind.value for kind in _STEPS]),
            records.c.call.not_in(tests),
        )
        .subquery()
    )
    return select(*steps.c, func.count().label("n")).group_by(*steps.c)


def _left(since: float, until: float, outcome: Outcome) -> ColumnElement[bool]:
    when = calls.c.started >= since, calls.c.started < until
    return and_(*when, ~calls.c.test, calls.c.outcome == outcome.value, calls.c.ended.is_not(None))


def _left_queues(since: float, until: float) -> Select[Any]:
    """Callers who hung up while they waited."""
    query = select(calls.c.queue, func.count().label("n")).group_by(calls.c.queue)
    return query.where(_left(since, until, Outcome.ABANDONED), calls.c.queue.is_not(None))


def _left_menus(since: float, until: float) -> Select[Any]:
    """Callers who hung up in the menus, or before a sub-hotline answered: by the last node that they came to."""
    lost = select(calls.c.id).where(_left(since, until, Outcome.HUNG_UP))
    last = (
        select(func.max(records.c.seq).label("seq"))
        .where(records.c.call.in_(lost), records.c.kind.in_(list(_NODES)))
        .group_by(records.c.call)
        .subquery()
    )
    columns = select(*(_word(name).label(name) for name in _NODES.values()))
    nodes = columns.join(last, records.c.seq == last.c.seq).subquery()
    return select(*nodes.c, func.count().label("n")).group_by(*nodes.c)
