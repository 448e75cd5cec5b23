import json

import pytest

from tests.unit.wall.messages import AT, agent, ago, board, message, queue
from wall.board import Board, NotUnderstood


def test_a_change_replaces_what_it_names_and_nothing_else() -> None:
    seen = board(queue("greening"), queue("water"), agents=[agent("1001"), agent("1002")])
    seen.take("changes", message(queue("water", waiting=3), agents=[agent("1002", "on-call")]))
    assert [(each.id, each.waiting) for each in seen.queues.values()] == [("greening", 0), ("water", 3)]
    assert [each.state for each in seen.agents.values()] == ["ready", "on-call"]


def test_the_last_hour_is_kept_until_it_is_told_anew() -> None:
    seen = board(queue("greening"), queue("water"), hours={"greening": [0, None], "water": [1, 1]})
    seen.take("changes", message(hours={"water": [1, 2]}))
    assert seen.hours == {"greening": (0, None), "water": (1, 2)}
    seen.take("state", json.dumps({"at": ago(0), "queues": [], "agents": []}))  # of a service that tells none
    assert seen.hours == {}


def test_a_new_state_forgets_what_it_does_not_name() -> None:
    seen = board(queue("greening"), agents=[agent("1001"), agent("1002")])
    seen.take("state", message(queue("water"), agents=[agent("1002")]))
    assert (list(seen.queues), list(seen.agents)) == (["water"], ["1002"])


def test_a_wait_grows_from_the_message_on_and_ends_with_the_last_caller() -> None:
    seen = board(queue(waiting=1, longest=12.0))
    assert seen.longest_wait(seen.queues["greening"], AT + 3) == 15.0
    assert seen.longest_wait(seen.queues["greening"], AT - 3) == 12.0
    seen.take("changes", message(queue(waiting=0)))
    assert seen.longest_wait(seen.queues["greening"], AT + 3) == 0.0


@pytest.mark.parametrize("data", ["", "no JSON", "[]", '{"at": "now", "queues": [], "agents": []}', message({"id": 1})])
def test_what_is_no_message_is_said_and_changes_nothing(data: str) -> None:
    seen = board(queue())
    with pytest.raises(NotUnderstood):
        seen.take("changes", data)
    assert list(seen.queues) == ["greening"]


def test_other_events_are_left_out() -> None:
    seen = Board()
    seen.take("callers", "no JSON")
    assert seen == Board()
