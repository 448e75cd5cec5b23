"""What a restart needs from before: the engine's state and the live calls, taken at one moment and folded on.

A snapshot is plain data, as JSON has it. Later decisions come from the Records.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from acd.engine.step import Engine
from acd.last_hour import LastHour
from calls.book import CallBook
from calls.model import BEGINS, CallState, CallSummary, fold
from calls.store import CallStore
from calls.trials import Trials
from journal.records import Record
from journal.store import History

log = structlog.get_logger()

_CALLS = TypeAdapter(list[CallSummary])


_OWN = frozenset({"engine", "calls", "last_hour", "trials"})
"""Parts of a snapshot that are no lists."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """engine   the snapshot of the engine, for `Engine.restored`; None: there is none
    records  what was decided after it, in order
    calls    those that had not ended, as they stood after the last Record
    heard    those that had ended, and whose listening had no end yet
    last_at  when the newest Record was written, in epoch seconds; 0: there is none
    last_hour  of the queues, at the snapshot; None: it is not known
    trials   of versions, at the snapshot; None: there was none
    lists    what the lists of `service.app.centre` had kept at the snapshot, by their names
    elsewhere  another machine has led until now, and has had the calls
    """

    engine: Mapping[str, Any] | None = None
    records: Sequence[Record] = ()
    calls: Sequence[CallSummary] = ()
    heard: Sequence[CallSummary] = ()
    last_at: float = 0.0
    last_hour: Mapping[str, Any] | None = None
    trials: Mapping[str, Any] | None = None
    lists: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    elsewhere: bool = False


def take(engine: Engine, book: CallBook, last_hour: LastHour, trials: Trials) -> dict[str, Any]:
    """The state after all Records so far."""
    calls = _CALLS.dump_python(book.unsettled(), mode="json")
    return {"engine": engine.snapshot(), "calls": calls, "last_hour": last_hour.kept(), "trials": trials.kept()}


async def recall(histories: Iterable[History], archive: CallStore) -> Recollection:
    """The past from the first history that has a snapshot; else the archive's calls without an end.

    Raises HistoryUnavailable, StoreUnavailable.
    """
    for history in histories:
        past = await history.recall()
        if past.snapshot is not None:
            return recollect(*past)
    return Recollection(calls=await archive.unfinished(), last_at=await archive.last_at())


def recollect(snapshot: Mapping[str, Any] | None, records: Sequence[Record]) -> Recollection:
    """What is known from `snapshot` and the Records since. A snapshot of another version does not count. Then calls are
    found by what their channels say, and begin again.
    """
    calls: dict[str, CallSummary] = {}
    engine: Mapping[str, Any] | None = None
    if snapshot:
        try:
            calls = {summary.id: summary for summary in _CALLS.validate_python(snapshot.get("calls", []))}
            engine = snapshot.get("engine")
        except ValidationError as error:
            log.error("snapshot-unreadable", why=f"{error.error_count()} faults in its calls")
    for record in records:
        # a call that is not live may only begin anew: a late Record does not bring it back
        if record.call is not None and (record.call in calls or record.kind in BEGINS):
            calls[record.call] = fold(calls.get(record.call), record)
    live = [summary for summary in calls.values() if summary.state is not CallState.ENDED]
    heard = [summary for summary in calls.values() if summary.state is CallState.ENDED and summary.listeners]
    last_at = max((record.at for record in records), default=0.0)
    if engine is not None:
        last_at = max(last_at, float(engine.get("at", 0)))
    kept = snapshot or {}
    lists = {name: each for name, each in kept.items() if name not in _OWN}
    return Recollection(engine, records, live, heard, last_at, kept.get("last_hour"), kept.get("trials"), lists)
