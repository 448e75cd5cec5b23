"""Removes what is old from the journal, a bounded batch a transaction, so that its writer never waits long.

Records are looked at in their order, from where the last batch ended: the table `removals` has that. So a batch costs
the same however many Records there are. Cutoffs are seconds since the epoch; older is before them.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from journal.records import PERSONAL, STEPS, Kind
from journal.tables import records, removals, snapshots


class Step(NamedTuple):
    """How many were removed, and whether there may be more."""

    removed: int
    more: bool


async def strip_callers(connection: AsyncConnection, rows: Sequence[Any]) -> int:
    """Take callers' numbers and notes out of these rows of Records (`seq`, `kind`, `data`). Returns out of how many."""
    named = [(row, PERSONAL[Kind(row.kind)]) for row in rows]
    stripped = [{"number": row.seq, "rest": {**row.data, name: ""}} for row, name in named if row.data.get(name)]
    if stripped:
        await connection.execute(_STRIP, stripped)
    return len(stripped)


_STRIP = (
    update(records)
    .where(records.c.seq == bindparam("number"))
    .values(data=bindparam("rest", type_=records.c.data.type))
)


async def numbered(connection: AsyncConnection, first: int, last: int) -> Sequence[Any]:
    """Those Records of these numbers that may have a caller's number or a note, with what `strip_callers` needs."""
    return (await connection.execute(_PERSONAL.where(records.c.seq.between(first, last)))).all()


async def personal_of(connection: AsyncConnection, calls: Sequence[str]) -> Sequence[Any]:
    """As `numbered`, of these calls."""
    return (await connection.execute(_PERSONAL.where(records.c.call.in_(calls)))).all()


async def reasons(
    connection: AsyncConnection, pattern: str, change: Callable[[str], str]
) -> Sequence[Mapping[str, object]]:
    """The Records whose reason (of an agent's break) fits `pattern` (of LIKE) and is another one after `change`, for
    `rewrite`. It reads all such Records: in a transaction that writes, others would wait.
    """
    reason = records.c.data["reason"].as_string()
    query = select(records.c.seq, records.c.data).where(records.c.kind.in_(_REASONED), reason.like(pattern))
    return [
        {"number": row.seq, "rest": {**row.data, "reason": said}}
        for row in (await connection.execute(query)).all()
        if (said := change(row.data["reason"])) != row.data["reason"]
    ]


async def rewrite(connection: AsyncConnection, changed: Sequence[Mapping[str, object]]) -> None:
    """Write what `reasons` found."""
    if changed:
        await connection.execute(_STRIP, changed)


async def old_after_mark(
    connection: AsyncConnection, what: str, cutoff: float, most: int
) -> tuple[int, int, bool] | None:
    """Old Records that were not looked at for `what` yet, at most `most`: the first number, the last one, and whether
    there may be more. None: there are none.
    """
    mark = await connection.scalar(select(removals.c.seq).where(removals.c.what == what)) or 0
    query = select(records.c.seq, records.c.at).where(records.c.seq > mark).order_by(records.c.seq).limit(most)
    rows = (await connection.execute(query)).all()
    old = [row.seq for row in takewhile(lambda row: row.at < cutoff, rows)]
    return (old[0], old[-1], len(old) == most) if old else None


async def mark(connection: AsyncConnection, what: str, seq: int, now: float) -> None:
    """`what` was removed up to this Record."""
    done = await connection.execute(update(removals).where(removals.c.what == what).values(seq=seq, at=now))
    if not done.rowcount:
        await connection.execute(insert(removals), {"what": what, "seq": seq, "at": now})


async def remove_steps(connection: AsyncConnection, cutoff: float, most: int, now: float) -> Step:
    """Remove old Records of the kinds `STEPS`, of at most `most` Records that are looked at."""
    found = await old_after_mark(connection, "steps", cutoff, most)
    if found is None:
        return Step(0, False)
    first, last, more = found
    gone = delete(records).where(records.c.seq.between(first, last), records.c.kind.in_(_STEPS))
    done = await connection.execute(gone)
    await mark(connection, "steps", last, now)
    return Step(done.rowcount, more)


async def remove_records(connection: AsyncConnection, cutoff: float, most: int) -> Step:
    """Remove the oldest Records, of whatever kind. The newest one stays: the writer counts on from its number."""
    newest = await connection.scalar(select(func.max(records.c.seq))) or 0
    query = select(records.c.seq, records.c.at).where(records.c.seq < newest).order_by(records.c.seq).limit(most)
    rows = (await connection.execute(query)).all()
    old = [row.seq for row in takewhile(lambda row: row.at < cutoff, rows)]
    if old:
        await connection.execute(delete(records).where(records.c.seq.between(old[0], old[-1])))
    return Step(len(old), bool(old) and len(old) == most)


async def remove_snapshots(connection: AsyncConnection, cutoff: float, node: str) -> int:
    """Remove old snapshots, of all nodes; the newest one of `node` stays."""
    here = select(func.max(snapshots.c.seq)).where(snapshots.c.node == node)
    newest = await connection.scalar(here)
    gone = 0
    for row in (await connection.execute(select(snapshots.c.node, snapshots.c.seq))).all():
        before = select(records.c.at).where(records.c.seq <= row.seq).order_by(records.c.seq.desc()).limit(1)
        at = await connection.scalar(before)
        if (row.node, row.seq) != (node, newest) and (at is None or at < cutoff):
            ours = snapshots.c.node == row.node, snapshots.c.seq == row.seq
            gone += (await connection.execute(delete(snapshots).where(*ours))).rowcount
    return gone


async def count_due(connection: AsyncConnection, steps_before: float, records_before: float) -> tuple[int, int]:
    """How many Records `remove_steps` and `remove_records` would remove, if they had not begun yet."""
    steps = select(func.count()).select_from(records).where(records.c.at < steps_before, records.c.kind.in_(_STEPS))
    all_ = select(func.count()).select_from(records).where(records.c.at < records_before)
    return await connection.scalar(steps) or 0, await connection.scalar(all_) or 0


_PERSONAL = select(records.c.seq, records.c.kind, records.c.call, records.c.data).where(
    records.c.kind.in_([kind.value for kind in PERSONAL])
)
_STEPS = [kind.value for kind in STEPS]
_REASONED = [Kind.AGENT_STATE.value, Kind.AGENT_NEXT_STATE.value]
