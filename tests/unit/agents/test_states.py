"""The table of agent states, and what follows from it."""

import pytest

from agents.states import SIGNED_IN, TABLE, TRANSITIONS, WORKING, AgentState, IllegalTransition, move

S = AgentState


def test_every_state_has_a_row() -> None:
    assert set(TABLE) == set(AgentState)


def test_which_state_may_follow_which() -> None:
    assert {
        S.LOGGED_OUT: {S.READY, S.NOT_READY},
        S.NOT_READY: {S.READY, S.LOGGED_OUT, S.RINGING, S.ON_CALL},
        S.READY: {S.NOT_READY, S.LOGGED_OUT, S.RINGING, S.ON_CALL},
        S.RINGING: {S.READY, S.NOT_READY, S.LOGGED_OUT, S.ON_CALL},
        S.ON_CALL: {S.WRAP_UP, S.READY, S.NOT_READY, S.LOGGED_OUT},
        S.WRAP_UP: {S.READY, S.NOT_READY, S.LOGGED_OUT},
    } == TRANSITIONS
    assert move("11", S.READY, S.RINGING) is S.RINGING
    with pytest.raises(IllegalTransition, match="agent 11 is logged-out and cannot become ringing"):
        move("11", S.LOGGED_OUT, S.RINGING)


def test_an_agent_who_works_is_signed_in() -> None:
    assert WORKING < set(SIGNED_IN) == set(AgentState) - {S.LOGGED_OUT}
