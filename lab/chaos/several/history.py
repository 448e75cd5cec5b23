"""What the machines of a storm did, in the order of real time, and what of that must never happen. Pure.

All machines run on one computer, so one clock orders everything.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lab.bench.permits import Permit, doubles


@dataclass(frozen=True, slots=True)
class Offer:
    """A machine offered a caller. `start`: which start of which machine; `at`: when it asked whether it may; `until`:
    how long it might; `heard`: when the phones had it. All in seconds of the computer's clock.
    """

    start: str
    epoch: int
    caller: str
    at: float
    until: float
    heard: float


@dataclass(frozen=True, slots=True)
class Row:
    """A Record in the database. `order`: its number, given while its writer led by the database's word."""

    order: int
    start: str
    epoch: int
    caller: str


@dataclass(slots=True)
class History:
    """permits       each moment in which a machine said that it may offer
    offers        in the order in which the phones had them
    rows          of the database at the end
    acknowledged  start and caller of each Record whose commit a machine has seen
    came          all callers
    """

    permits: list[Permit] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    came: set[str] = field(default_factory=set)


def losses(history: History) -> list[str]:
    """What must never happen, one sentence each; none: all is well."""
    return [
        *_double_grants(history.permits),
        *_shared_callers(history.offers),
        *_older_epochs(history.rows),
        *_unwritten(history),
        *_unserved(history),
    ]


def longest_gap(moments: Sequence[float], begin: float, end: float) -> float:
    """The longest time in `begin` … `end` without one of these moments, in seconds. `moments` in order."""
    within = [begin, *(moment for moment in moments if begin <= moment <= end), end]
    return max(later - earlier for earlier, later in pairwise(within))


def _double_grants(permits: Iterable[Permit]) -> list[str]:
    return [
        f"double grant: {later.start} might offer at {later.at:.3f}, and {earlier.start} until {earlier.until:.3f}"
        for earlier, later in doubles(permits)
    ]


def _shared_callers(offers: Iterable[Offer]) -> list[str]:
    """A caller may be offered again by the next leader, but never by two that might offer at the same time; nor twice
    by one.
    """
    by_caller = defaultdict[str, list[Offer]](list)
    for offer in offers:
        by_caller[offer.caller].append(offer)
    found = []
    for caller, made in by_caller.items():
        for earlier, later in pairwise(sorted(made, key=lambda offer: offer.at)):
            if later.start == earlier.start or later.at < earlier.until:
                found.append(f"caller {caller} was offered by {earlier.start} and by {later.start} at {later.at:.3f}")
    return found


def _older_epochs(rows: Iterable[Row]) -> list[str]:
    ordered = sorted(rows, key=lambda row: row.order)
    return [
        f"Record {later.order} of epoch {later.epoch} was taken after one of epoch {earlier.epoch}"
        for earlier, later in pairwise(ordered)
        if later.epoch < earlier.epoch
    ]


def _unwritten(history: History) -> list[str]:
    written = {(row.start, row.caller) for row in history.rows}
    missing = sorted(history.acknowledged - written)
    return [f"the Record of caller {caller} by {start} was committed, and is gone" for start, caller in missing]


def _unserved(history: History) -> list[str]:
    served = {offer.caller for offer in history.offers}
    return [f"caller {caller} was lost: never offered to an agent" for caller in sorted(history.came - served)]
