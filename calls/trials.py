"""The trial of a version and what came of earlier ones: kept from Records. Pure.

Counted are citizens' calls that began after the trial did and are over. Calls that were live over a restart are not:
they went on with the version in use. Times are seconds since the epoch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from acd.events import EndedBy
from acd.recovery.state import recalled
from hotline.trial import LEVEL, Figures, Verdict, bucket, evidence, gets_it, is_worse
from journal.records import Kind, Record

REMEMBERED = 100
"""Ended trials that are still shown: as many as versions are kept."""

MOST_CALLERS = 100_000
"""So many callers who gave up are remembered apart. That decides any trial, and bounds the memory."""

_REACHED = frozenset((Kind.CONNECTED, Kind.SUB_HOTLINE_ANSWERED, Kind.TRANSFER_ANSWERED))

OF_TRIALS = _REACHED | {Kind.TRIAL_STARTED, Kind.TRIAL_ENDED, Kind.CALL_STARTED, Kind.CALL_FINISHED}
"""The kinds of Records that `Trials.note` has to see."""


@dataclass(frozen=True, slots=True)
class TrialView:
    """A trial that runs, or how it was at its end. Once `evidence` reaches `limit`, the trial is taken back. `ended`
    None: it runs.
    """

    number: int
    percent: int
    since: float
    trial: Figures
    rest: Figures
    evidence: float
    limit: float
    verdict: Verdict
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class LastTrial:
    """That a trial runs, or how it ended; as in `TrialView`, without the figures, which change with every call."""

    number: int
    percent: int
    since: float
    verdict: Verdict
    ended: float | None


@dataclass(slots=True)
class _Live:
    """A call that began in the trial's time. `tried`: it has the version that is on trial."""

    tried: bool
    bucket: int
    reached: bool = False


@dataclass(slots=True)
class _Running:
    """`version` and `rest`: the digests of the two versions. `gave_up`: buckets of callers, counted in `callers`."""

    number: int
    tag: str
    version: str
    rest: str
    percent: int
    since: float
    calls: list[int] = field(default_factory=lambda: [0, 0])  # of the rest, of the trial
    given_up: list[int] = field(default_factory=lambda: [0, 0])
    callers: list[int] = field(default_factory=lambda: [0, 0])
    gave_up: set[int] = field(default_factory=set)
    live: dict[str, _Live] = field(default_factory=dict)


@dataclass(slots=True)
class _Kept:
    running: _Running | None = None
    over: dict[int, TrialView] = field(default_factory=dict)


_KEPT = TypeAdapter(_Kept)


class Trials:
    """`note` takes every Record, or all OF_TRIALS; a Record costs O(1)."""

    def __init__(self) -> None:
        self._kept = _Kept()

    @classmethod
    def restored(cls, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> "Trials":
        """As it was at the end of `records`, which came after `kept`; None: nothing is known from before them. Raises
        UnreadableSnapshot.
        """
        made = cls()
        if kept is not None:
            made._kept = recalled(_KEPT, kept, "the trial")
        for record in records:
            made.note(record)
        if made._kept.running is not None:
            made._kept.running.live.clear()
        return made

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        plain: dict[str, Any] = _KEPT.dump_python(self._kept, mode="json")
        return plain

    @property
    def running(self) -> int | None:
        """The number of the version that is on trial."""
        return None if self._kept.running is None else self._kept.running.number

    def compares(self, version: str, rest: str) -> bool:
        """Whether the trial that runs is between these two versions, by their digests."""
        running = self._kept.running
        return running is not None and (running.version, running.rest) == (version, rest)

    def gets_it(self, caller: str) -> bool:
        """Whether a new call is in the trial. `caller`: the number, or the call's id if there is none."""
        running = self._kept.running
        return running is not None and gets_it(bucket(running.tag, caller), running.percent)

    def view(self, number: int) -> TrialView | None:
        """The trial of that version, if there was one."""
        running = self._kept.running
        if running is not None and running.number == number:
            return self._view(running)
        return self._kept.over.get(number)

    @property
    def latest(self) -> LastTrial | None:
        """The trial that runs, else the one that ended last."""
        running = self._kept.running
        if running is not None:
            return LastTrial(running.number, running.percent, running.since, Verdict.RUNNING, None)
        over = max(self._kept.over.values(), key=lambda view: view.ended or 0.0, default=None)
        return None if over is None else LastTrial(over.number, over.percent, over.since, over.verdict, over.ended)

    @property
    def is_worse(self) -> bool:
        """Whether more callers give up in the trial that runs: it is to be taken back."""
        running = self._kept.running
        if running is None:
            return False
        rest, trial = self._figures(running)
        return is_worse(running.percent, trial, rest)

    def note(self, record: Record) -> None:
        running, data = self._kept.running, record.data
        match record.kind:
            case Kind.TRIAL_STARTED:
                said = (data["number"], data["tag"], data["version"], data["rest"], data["percent"])
                self._kept.running = _Running(*said, since=record.at)
            case Kind.TRIAL_ENDED if running is not None:
                view = self._view(running, Verdict(data["verdict"]), record.at)
                over = self._kept.over
                over[running.number] = view
                self._kept.running = None
                for old in sorted(over)[:-REMEMBERED]:
                    del over[old]
            case _ if running is not None and record.call is not None:
                self._note_call(running, record, record.call)

    def _note_call(self, running: _Running, record: Record, call_id: str) -> None:
        data = record.data
        if record.kind is Kind.CALL_STARTED:
            caller = bucket(running.tag, data.get("caller") or call_id)
            tried = gets_it(caller, running.percent)
            expected = running.version if tried else running.rest
            if not (record.test or data.get("resumed")) and data.get("version") == expected:
                running.live[call_id] = _Live(tried, caller)
        elif (live := running.live.get(call_id)) is None:
            pass
        elif record.kind in _REACHED:
            live.reached = True
        elif record.kind is Kind.CALL_FINISHED:
            del running.live[call_id]
            running.calls[live.tried] += 1
            if data.get("by") == EndedBy.CALLER and not live.reached:
                running.given_up[live.tried] += 1
                if live.bucket not in running.gave_up and len(running.gave_up) < MOST_CALLERS:
                    running.gave_up.add(live.bucket)
                    running.callers[live.tried] += 1

    def _view(self, running: _Running, verdict: Verdict = Verdict.RUNNING, ended: float | None = None) -> TrialView:
        rest, trial = self._figures(running)
        found = round(evidence(running.percent, trial.callers, rest.callers), 3)
        since, percent = running.since, running.percent
        return TrialView(running.number, percent, since, trial, rest, found, 1 / LEVEL, verdict, ended)

    def _figures(self, running: _Running) -> tuple[Figures, Figures]:
        """Of the rest, and of the trial."""
        rest, trial = map(Figures, running.calls, running.given_up, running.callers)
        return rest, trial
