"""Both walls are tested with the same agents: `console/src/pages/wall/attention.cases.json`."""

import json

import pytest

from agents.states import TABLE, crew_level, service_level, shown, wait_level
from base.folders import CHECKOUT
from tests.unit.wall.messages import AT, agent, ago
from wall.board import AgentLine

CASES = json.loads((CHECKOUT / "console/src/pages/wall/attention.cases.json").read_text(encoding="utf-8"))
"""In the order in which they are shown, each with its need."""


def line(case: dict[str, object]) -> AgentLine:
    more = {name: case[name] for name in ("phone", "reason", "missed_offers", "break_limit") if name in case}
    called = {"help_since": ago(float(str(case["seconds"])))} if case.get("help") else {}
    return AgentLine.model_validate(
        agent(str(case["id"]), str(case["state"]), float(str(case["seconds"])), **more, **called)
    )


def test_who_needs_somebody_how_much_and_why_and_in_which_order() -> None:
    expected = [line(case) for case in CASES]
    assert [list(each.need(AT)) for each in expected] == [case["need"] for case in CASES]
    found = sorted(sorted(expected, key=lambda each: each.id), key=lambda each: each.rank(AT))
    assert [each.id for each in found] == [each.id for each in expected]


def test_others_keep_their_place_while_time_passes() -> None:
    agents = [
        line({"id": str(number), "state": state, "seconds": 5}) for number, state in enumerate(("ready", "on-call"))
    ]
    assert (
        sorted(agents, key=lambda each: each.rank(AT)) == sorted(agents, key=lambda each: each.rank(AT + 800)) == agents
    )


def test_a_state_of_a_later_version_needs_nobody() -> None:
    later = line({"id": "1", "state": "a state of a later version", "seconds": 9_999, "phone": "unreachable"})
    assert (later.shown, later.need(AT).level) == ("a state of a later version", 0)


@pytest.mark.parametrize(
    ("state", "seen"),
    [("ready", "unreachable"), ("not-ready", "unreachable"), ("on-call", "on-call"), ("logged-out", "logged-out")],
)
def test_an_unreachable_phone_is_shown_while_its_agent_waits(state: str, seen: str) -> None:
    assert shown(state, "unreachable") == seen
    assert shown(state, "busy") == state


def test_figures_of_a_queue_are_judged_by_its_own_aim() -> None:
    assert [wait_level(seconds, 15) for seconds in (15, 15.1, 45, 45.1)] == [0, 1, 1, 2]
    assert [service_level(percent, 80) for percent in (None, 80, 79.9, 60, 59.9)] == [0, 0, 1, 1, 2]


def test_a_queue_in_which_somebody_waits_and_nobody_serves() -> None:
    nobody = dict.fromkeys(("ready", "ringing", "on_call", "wrap_up", "not_ready", "unreachable"), 0)
    levels = [crew_level(1, nobody | more) for more in ({"not_ready": 1}, {"wrap_up": 1}, {"ringing": 1})]
    assert [crew_level(0, nobody), *levels] == [0, 2, 1, 0]


def test_the_page_of_the_console_says_the_same_limits() -> None:
    page = (CHECKOUT / "docs/console.md").read_text(encoding="utf-8")
    for traits in TABLE.values():
        if traits.long is not None:
            soon, now = ("½" if minutes == 0.5 else f"{minutes:g}" for minutes in (each / 60 for each in traits.long))
            assert f"| {traits.look.en.lower()} | {soon} | {now} |" in page
