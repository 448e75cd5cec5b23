"""What is counted of a trial, from Records, and over a restart."""

import json
from typing import Any

import pytest

from acd.recovery.state import UnreadableSnapshot
from calls import trials as module
from calls.trials import LastTrial, Trials
from hotline.trial import Figures, Verdict, bucket, gets_it
from journal.records import Kind, Record

TAG = "12-abcdef"
STARTED: dict[str, Any] = {"number": 12, "tag": TAG, "version": "new", "rest": "old", "percent": 50}


def number(*, tried: bool, nth: int = 0) -> str:
    """A caller's number that is in the trial, or is not."""
    fits = (f"138{n:08}" for n in range(10_000) if gets_it(bucket(TAG, f"138{n:08}"), 50) is tried)
    return [next(fits) for _ in range(nth + 1)][-1]


def call(call_id: str, *, tried: bool, nth: int = 0, by: str = "caller", kinds: tuple[Kind, ...] = ()) -> list[Record]:
    """One call, with what happened in it."""
    version = "new" if tried else "old"
    began = {"caller": number(tried=tried, nth=nth), "version": version, "resumed": False}
    return [
        Record(1.0, Kind.CALL_STARTED, call_id, data=began),
        *(Record(2.0, kind, call_id) for kind in kinds),
        Record(3.0, Kind.CALL_FINISHED, call_id, data={"by": by}),
    ]


def told(*records: Record) -> Trials:
    return Trials.restored(None, [Record(0.0, Kind.TRIAL_STARTED, data=STARTED), *records])


def figures(trials: Trials) -> tuple[Figures, Figures]:
    view = trials.view(12)
    assert view is not None
    return view.trial, view.rest


def test_who_gives_up() -> None:
    trials = told(
        *call("c1", tried=True),
        *call("c2", tried=True, by="system"),  # heard the end
        *call("c3", tried=True, kinds=(Kind.QUEUED,)),
        *call("c4", tried=True, kinds=(Kind.QUEUED, Kind.CONNECTED)),
        *call("c5", tried=True, kinds=(Kind.SUB_HOTLINE_ANSWERED,)),
        *call("c6", tried=False),
        *call("c7", tried=False, kinds=(Kind.CONNECTED,)),
    )
    assert figures(trials) == (Figures(5, 2, 1), Figures(2, 1, 1)), "a caller counts once however often"
    assert trials.running == 12


def test_only_so_many_callers_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CALLERS", 2)
    trials = told(*(record for nth in range(4) for record in call(f"c{nth}", tried=nth % 2 == 0, nth=nth)))
    assert figures(trials) == (Figures(2, 2, 1), Figures(2, 2, 1))
    assert len(trials.kept()["running"]["gave_up"]) == 2


def test_what_is_not_counted() -> None:
    test = [record._replace(data={**record.data, "test": True}) for record in call("c1", tried=True)]
    resumed = call("c2", tried=True)
    resumed[0] = resumed[0]._replace(data={**resumed[0].data, "resumed": True})
    other = call("c3", tried=True)
    other[0] = other[0]._replace(data={**other[0].data, "version": "older"})
    by_choice = call("c4", tried=True)  # an agent's call gets the version in use, whatever the number
    by_choice[0] = by_choice[0]._replace(data={**by_choice[0].data, "version": "old"})
    earlier = call("c5", tried=True)[1:]
    trials = told(*test, *resumed, *other, *by_choice, *earlier)
    assert figures(trials) == (Figures(), Figures())


def test_a_withheld_number_goes_by_the_call() -> None:
    fits = next(f"c{n}" for n in range(100) if gets_it(bucket(TAG, f"c{n}"), 50))
    began = Record(1.0, Kind.CALL_STARTED, fits, data={"caller": "", "version": "new", "resumed": False})
    trials = told(began, Record(2.0, Kind.CALL_FINISHED, fits, data={"by": "caller"}))
    assert trials.gets_it(fits)
    assert figures(trials) == (Figures(1, 1, 1), Figures())


def test_it_is_worse_and_then_over() -> None:
    trials = told()
    assert not trials.is_worse
    for n in range(20):
        for record in call(f"c{n}", tried=True, nth=n):
            trials.note(record)
    assert trials.is_worse
    trials.note(Record(9.0, Kind.TRIAL_ENDED, data={"number": 12, "verdict": "taken-back"}))
    view = trials.view(12)
    assert view is not None
    assert (view.verdict, view.ended, view.trial.calls) == (Verdict.TAKEN_BACK, 9.0, 20)
    assert view.evidence >= view.limit
    assert (trials.running, trials.is_worse, trials.gets_it(number(tried=True))) == (None, False, False)


def test_a_restart_keeps_it_and_leaves_out_calls_that_were_live() -> None:
    trials = told(*call("c1", tried=True), *call("c2", tried=False)[:1])
    kept = json.loads(json.dumps(trials.kept()))
    after = Trials.restored(kept, call("c3", tried=False, nth=1))
    assert figures(after) == (Figures(1, 1, 1), Figures(1, 1, 1))
    for record in call("c2", tried=False)[1:]:
        after.note(record)
    assert figures(after) == (Figures(1, 1, 1), Figures(1, 1, 1))
    assert after.compares("new", "old")
    assert not after.compares("new", "another")
    assert Trials.restored(None, ()).running is None


def test_what_is_no_trial_is_refused() -> None:
    with pytest.raises(UnreadableSnapshot, match="cannot be read"):
        Trials.restored({"running": {"number": "x"}}, ())


def test_the_trial_that_runs_is_the_latest_else_the_one_that_ended_last() -> None:
    trials = Trials()
    assert trials.latest is None
    trials.note(Record(5.0, Kind.TRIAL_STARTED, data=STARTED))
    assert trials.latest == LastTrial(12, 50, 5.0, Verdict.RUNNING, None)
    trials.note(Record(6.0, Kind.TRIAL_ENDED, data={"verdict": "taken-back"}))
    assert trials.latest == LastTrial(12, 50, 5.0, Verdict.TAKEN_BACK, 6.0)
    trials.note(Record(7.0, Kind.TRIAL_STARTED, data={**STARTED, "number": 9}))
    trials.note(Record(8.0, Kind.TRIAL_ENDED, data={"verdict": "ended"}))
    again = Trials.restored(json.loads(json.dumps(trials.kept())), ())
    assert again.latest == LastTrial(9, 50, 7.0, Verdict.ENDED, 8.0)
