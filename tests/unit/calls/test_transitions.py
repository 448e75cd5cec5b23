"""The table of what happens in each state, and where that leads."""

from enum import Enum
from types import UnionType
from typing import get_args, get_type_hints

import pytest

from calls import events as ev
from calls.states import Gone, IllegalTransition, Over, State, Talking, Waiting
from calls.transitions import TRANSITIONS, Row
from dialplan.news import News
from tests.unit.calls.steps import EACH, At

STATES = set(get_args(State))
CAUSES = {*ev.PlainEvent, *News, *get_args(ev.Event)} - {ev.PlainEvent, News}


def test_the_table_has_every_state_and_every_event_and_nothing_else() -> None:
    assert set(TRANSITIONS) == STATES == {type(state) for state in EACH}
    assert {cause for rows in TRANSITIONS.values() for cause in rows} == CAUSES
    assert {there for rows in TRANSITIONS.values() for row in rows.values() for there in row.to} <= STATES


def test_the_caller_can_be_gone_in_every_state_and_nothing_follows_the_end() -> None:
    for state, rows in TRANSITIONS.items():
        if state is Over:
            assert rows == {}
        else:
            assert all(Over in rows[cause].to for cause in (ev.CallerHungUp, ev.CallerMissing, ev.CallerElsewhere))
            assert News.ENDED in rows


def _takes(row: Row, argument: int, given: object) -> bool:
    """Whether what is done takes this, as its annotation says."""
    annotation = list(get_type_hints(row.do).values())[argument]
    if annotation is object:
        return True
    possible = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    return given in possible or type(given) in possible


def test_what_is_done_takes_that_state_and_that_event() -> None:
    wrong = [
        (state.__name__, cause, row.do.__name__)
        for state, rows in TRANSITIONS.items()
        for cause, row in rows.items()
        if not (_takes(row, 1, state) and _takes(row, 2, cause))
    ]
    assert wrong == []


def test_the_machine_refuses_what_the_table_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(life: object, *_: object) -> None:
        at.machine.go(Waiting("water"))

    at = At(Talking("trees", "o-1"))
    monkeypatch.setitem(TRANSITIONS[Talking], ev.LegEnded, Row(wrong, frozenset({Gone})))
    message = r"from Talking\(queue='trees'.* to Waiting\(queue='water'.* by LegEnded"
    with pytest.raises(IllegalTransition, match=message):
        at.step(ev.LegEnded("o-1"))


def test_an_event_that_has_no_row_changes_nothing() -> None:
    for state in EACH[:-1]:
        at = At(state)
        for event in (News.ANSWERED, ev.HistoryKnown(turned_away=False, interrupted=False), ev.AgentBack("back-1")):
            if (event if isinstance(event, Enum) else type(event)) not in TRANSITIONS[type(state)]:
                assert at.step(event) == []
                assert at.state == state
