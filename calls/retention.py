"""Removes callers' numbers, notes on their calls, and old calls from the database, and finds the calls of one number,
and the callbacks that were promised to it.

Each function does one bounded batch in the open transaction. The figures stay: queue, agent, outcome, times.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base.numbers import ALIKE, plain, tail
from calls.model import CallState
from calls.store import calls
from journal.records import Kind
from journal.retention import Step, mark, numbered, old_after_mark, personal_of, strip_callers
from journal.tables import records, snapshots

MOST_FORMS = 1_000
"""So many ways of writing numbers that end alike are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the database has of one number.

    forms  the ways in which its calls write it
    alike  ways that end with the same digits and begin otherwise: perhaps the same person's
    calls  how many calls have ended
    live   how many have not
    """

    forms: Sequence[str]
    alike: Sequence[str]
    calls: int
    live: int

    def and_in(self, promised: "Promised") -> "Found":
        """Also the calls of other numbers in which this one was keyed in."""
        alike = sorted({*self.alike, *promised.alike})
        return replace(self, alike=alike, calls=self.calls + promised.elsewhere)


@dataclass(frozen=True, slots=True)
class Promised:
    """The callbacks that were promised to one number.

    rows   the Records that say so
    alike  as in `Found`
    elsewhere  how many of them are in calls of other numbers, whose callers have keyed this one in
    """

    rows: Sequence[Any]
    alike: Sequence[str]
    elsewhere: int


def _written(column: ColumnElement[str], number: str) -> ColumnElement[bool]:
    """Whether the column may have the number, however it is written there. What ends alike fits, too."""
    wanted, end = plain(number), tail(number)
    if end.isdecimal() and len(end) == ALIKE:
        return column.like("%" + "%".join(end))  # also with separators between the digits
    return func.lower(column).in_([wanted, f"+{wanted}", f"0{wanted}", f"00{wanted}"])


def _alike(forms: Iterable[str], number: str) -> list[str]:
    """Of these ways of writing numbers those that end with the same digits and begin otherwise."""
    return sorted({form for form in forms if plain(form) != plain(number) and plain(form).endswith(tail(number))})


async def promised(connection: AsyncConnection, number: str) -> Promised:
    """Look for callbacks. It reads all Records: in a transaction that writes, others would wait."""
    to = records.c.data["number"].as_string()
    query = select(records, calls.c.caller).join(calls, calls.c.id == records.c.call, isouter=True)
    query = query.where(records.c.kind == Kind.CALLBACK_PROMISED, _written(to, number)).order_by(records.c.seq)
    seen = [(str(row.data["number"]), row) for row in (await connection.execute(query)).all()]
    rows = [row for form, row in seen if plain(form) == plain(number)]
    elsewhere = sum(plain(row.caller or "") != plain(number) for row in rows)
    return Promised(rows, _alike((form for form, _ in seen), number), elsewhere)


async def find(connection: AsyncConnection, number: str) -> Found:
    """Look for a number, however it is written."""
    written = _written(calls.c.caller, number)
    query = select(calls.c.caller).where(written, calls.c.caller != "").distinct().limit(MOST_FORMS)
    seen = sorted(str(form) for form in (await connection.execute(query)).scalars())
    forms = [form for form in seen if plain(form) == plain(number)]
    ended = calls.c.state == CallState.ENDED
    count = select(func.count()).select_from(calls).where(calls.c.caller.in_(forms))
    return Found(
        forms,
        _alike(seen, number),
        await connection.scalar(count.where(ended)) or 0,
        await connection.scalar(count.where(~ended)) or 0,
    )


async def calls_of(connection: AsyncConnection, forms: Collection[str], after: str, most: int) -> Sequence[str]:
    """The ids of its calls, live ones too, in their order, at most `most` of those after the id `after`."""
    query = select(calls.c.id).where(calls.c.caller.in_(forms), calls.c.id > after).order_by(calls.c.id).limit(most)
    return [str(call) for call in (await connection.execute(query)).scalars()]


async def forget(connection: AsyncConnection, forms: Collection[str], most: int) -> Step:
    """Remove the number from at most `most` of its ended calls and their Records, and the notes on these calls."""
    ended = calls.c.caller.in_(forms), calls.c.state == CallState.ENDED
    ids = (await connection.execute(select(calls.c.id).where(*ended).limit(most))).scalars().all()
    if ids:
        await strip_callers(connection, await personal_of(connection, ids))
        await connection.execute(update(calls).where(calls.c.id.in_(ids)).values(caller=""))
    return Step(len(ids), len(ids) == most)


async def forget_in_snapshots(connection: AsyncConnection, forms: Collection[str]) -> None:
    """Remove the number from all snapshots. A call that is still live has it in memory."""
    for row in (await connection.execute(select(snapshots))).all():
        if not any(json.dumps(form)[1:-1] in row.state for form in forms):
            continue
        state = json.loads(row.state)
        _blot_out(state, forms)
        here = snapshots.c.node == row.node, snapshots.c.seq == row.seq
        await connection.execute(update(snapshots).where(*here).values(state=json.dumps(state)))


def _blot_out(state: Any, forms: Collection[str]) -> None:
    """Empty whatever is a caller's number in a snapshot, and this one; and the note beside it."""
    if isinstance(state, list):
        for each in state:
            _blot_out(each, forms)
    elif isinstance(state, dict):
        for name in ("caller", "number"):
            if state.get(name) in forms:
                state |= {each: "" for each in (name, "note") if each in state}
        for each in state.values():
            _blot_out(each, forms)


async def remove_numbers(connection: AsyncConnection, cutoff: float, most: int, now: float) -> Step:
    """Remove the numbers of old calls and the notes on them, of at most `most` Records that are looked at."""
    found = await old_after_mark(connection, "numbers", cutoff, most)
    if found is None:
        return Step(0, False)
    first, last, more = found
    rows = await numbered(connection, first, last)
    await strip_callers(connection, rows)
    removed = 0
    if ids := [row.call for row in rows]:
        here = calls.c.id.in_(ids), calls.c.caller != ""
        removed = (await connection.execute(update(calls).where(*here).values(caller=""))).rowcount
    await mark(connection, "numbers", last, now)
    return Step(removed, more)


async def remove_calls(connection: AsyncConnection, cutoff: float, most: int) -> Step:
    """Remove the oldest ended calls."""
    old = calls.c.started < cutoff, calls.c.state == CallState.ENDED
    ids = (
        (await connection.execute(select(calls.c.id).where(*old).order_by(calls.c.started).limit(most))).scalars().all()
    )
    if ids:
        await connection.execute(delete(calls).where(calls.c.id.in_(ids)))
    return Step(len(ids), len(ids) == most)


async def count_due(connection: AsyncConnection, numbers_before: float, calls_before: float) -> tuple[int, int]:
    """How many calls `remove_numbers` and `remove_calls` would change and remove."""
    numbers = select(func.count()).select_from(calls).where(calls.c.started < numbers_before, calls.c.caller != "")
    old = calls.c.started < calls_before, calls.c.state == CallState.ENDED
    gone = select(func.count()).select_from(calls).where(*old)
    return await connection.scalar(numbers) or 0, await connection.scalar(gone) or 0
