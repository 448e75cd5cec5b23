"""The one way of every Record: first into the journal, then to the observers."""

from collections import Counter
from collections.abc import Callable, Iterable
from math import inf

import structlog

from journal.records import Kind, Record

log = structlog.get_logger()

BURST = 60.0
"""Seconds after a logged failure of an observer in which its further failures are only counted."""


class Recorder:
    """`write` gives the Record to `keep`, the journal's `write`, and then to each observer, in the order of `add`.

    An observer watches from outside. One that raises harms neither the other observers nor the step that the Record
    comes from: its failure is logged, and counted in `failures` under its name. It gets the next Record all the same.
    """

    def __init__(self, keep: Callable[[Record], None]) -> None:
        self.failures: Counter[str] = Counter()
        self._keep = keep
        self._observers: dict[Kind, list[tuple[str, Callable[[Record], object]]]] = {kind: [] for kind in Kind}
        self._logged: dict[str, float] = {}

    def add(self, name: str, observer: Callable[[Record], object], kinds: Iterable[Kind] = Kind) -> None:
        """From the next Record on `observer` gets each of these kinds. It must not wait, nor write a Record itself.

        A call writes fourteen Records. Most observers need one or two of them.
        """
        for kind in frozenset(kinds):
            self._observers[kind].append((name, observer))
        self.failures[name] = 0  # a counter that is there before the first failure shows it as an increase

    def write(self, record: Record) -> None:
        self._keep(record)
        for name, observer in self._observers[record.kind]:
            try:
                observer(record)
            except Exception:
                self._failed(name, record)

    def _failed(self, name: str, record: Record) -> None:
        self.failures[name] += 1
        if not 0 <= record.at - self._logged.get(name, -inf) < BURST:
            self._logged[name] = record.at
            log.exception("observer-failed", observer=name, kind=record.kind, failures=self.failures[name])
