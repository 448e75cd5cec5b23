"""A list that is told some kinds of Records only is changed by no other kind."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

import pytest

from callbacks.model import OF_CALLBACKS, Callbacks
from calls.last_agents import OF_LAST_AGENTS, LastAgents
from calls.trials import OF_TRIALS, Trials
from journal.actor import CALLER
from journal.records import Kind, Record
from selftest.model import OF_SELFTESTS, LastSelftest

NUMBER = "13800138000"
TRIAL: dict[str, Any] = {"number": 12, "tag": "tag", "version": "new", "rest": "old", "percent": 50}
PROMISE: dict[str, Any] = {"callback": "call", "number": NUMBER, "language": "zh", "since": 1.0, "expected_s": 600.0}
STARTED: dict[str, Any] = {"caller": NUMBER, "number": "12319", "language": "zh", "version": "new", "resumed": False}


class Kept(Protocol):
    def note(self, record: Record) -> None: ...
    def kept(self) -> Mapping[str, Any]: ...


def of(kind: Kind, at: float = 2.0, /, **data: Any) -> Record:
    return Record(at, kind, "call", "greening", "1001", None, data, actor=CALLER)


def last_agents() -> LastAgents:
    made = LastAgents(lambda queue: 3_600.0, lambda number: False, 86_400.0)
    made.restore(None, [of(Kind.CALL_STARTED, **STARTED), of(Kind.CONNECTED)])
    return made


def callbacks() -> Callbacks:
    made = Callbacks()
    made.restore(None, [of(Kind.CALLBACK_PROMISED, **PROMISE)])
    return made


def trials() -> Trials:
    made = Trials()
    made.note(of(Kind.TRIAL_STARTED, **TRIAL))
    made.note(of(Kind.CALL_STARTED, **STARTED))
    return made


def selftest() -> LastSelftest:
    made = LastSelftest()
    made.note(of(Kind.SELFTEST_STARTED, ways=3))
    return made


@pytest.mark.parametrize(
    ("prepared", "kinds"),
    [
        (last_agents, OF_LAST_AGENTS),
        (callbacks, OF_CALLBACKS),
        (trials, OF_TRIALS),
        (selftest, OF_SELFTESTS),
    ],
)
def test_other_records_change_nothing(prepared: Any, kinds: Collection[Kind]) -> None:
    kept: Kept = prepared()
    before = repr(kept.kept())
    for kind in Kind:
        if kind not in kinds:
            kept.note(of(kind, 3.0, number=NUMBER, caller=NUMBER, callback="call", by="caller", to={"queue": "water"}))
            assert repr(kept.kept()) == before, kind


@pytest.mark.parametrize(
    ("prepared", "changes"),
    [
        (last_agents, of(Kind.TALK_ENDED, 3.0)),
        (callbacks, of(Kind.LEFT_QUEUE, 3.0, why="cancelled")),
        (trials, of(Kind.CALL_FINISHED, 3.0, by="caller")),
        (selftest, of(Kind.SELFTEST_STARTED, 3.0, ways=4)),
    ],
)
def test_what_was_prepared_can_change(prepared: Any, changes: Record) -> None:
    kept: Kept = prepared()
    before = repr(kept.kept())
    kept.note(changes)
    assert repr(kept.kept()) != before
