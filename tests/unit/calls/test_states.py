"""The table of what leads where."""

from typing import get_args

import pytest

from acd.events import EndedBy
from calls.states import (
    TRANSITIONS,
    Entering,
    Gone,
    IllegalTransition,
    Line,
    Over,
    State,
    Talking,
    Transfer,
    Waiting,
    check,
    line_of,
    mark_of,
)
from tests.unit.calls.steps import PLACES, TOLD


def test_the_table_has_every_place_and_leads_to_places_only() -> None:
    states = set(get_args(State))
    assert set(TRANSITIONS) == states
    assert {there for ways in TRANSITIONS.values() for there in ways} <= states - {Gone, Over}
    assert {type(state) for state in PLACES} == states


@pytest.mark.parametrize("here", PLACES, ids=TOLD)
def test_a_call_goes_where_the_table_says_and_nowhere_else(here: State) -> None:
    for there in PLACES:
        is_over = isinstance(here, Over)
        ends = isinstance(there, Gone | Over) and not is_over
        if type(there) in TRANSITIONS[type(here)] or ends or type(there) is type(here):
            check(here, there)
        else:
            with pytest.raises(IllegalTransition):
                check(here, there)


def test_the_error_names_both_places() -> None:
    with pytest.raises(IllegalTransition, match=r"from Talking\(queue='trees'.* to Waiting\(queue='water'"):
        check(Talking("trees", "o-1"), Waiting("water"))


def test_within_a_place_a_call_may_change() -> None:
    check(Waiting("trees"), Waiting("trees", reporting=True))
    check(Entering("trees"), Entering("water"))


def test_nothing_follows_the_end() -> None:
    with pytest.raises(IllegalTransition):
        check(Over(EndedBy.AGENT), Gone(None))


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("bureau", "bureau"),
        (Transfer("1002", "1001", "trees"), "1002/1001/trees"),
        (Transfer("+8610962777"), "+8610962777//"),
        (Transfer("1002", "", "trees"), "1002//trees"),
        (Transfer("", "1001", "trees"), "/1001/trees"),
        ("", ""),
    ],
)
def test_a_channel_carries_a_line_as_a_mark(line: Line, mark: str) -> None:
    assert mark_of(line) == mark
    assert line_of(mark) == line
