"""Callbacks in hotline.yaml: the rule of a queue, and what check says."""

from pathlib import Path
from typing import get_args

import pytest

from hotline.callbacks import Cause
from tests.unit.hotline.folders import GENERAL, Case, Change, error, loaded, small

OUT: Change = ("queues:\n  greening:", 'calls_out: {allowed: ["1[3-9]xxxxxxxxx"]}\nqueues:\n  greening:')


def rule(text: str, announce: str = "    announce: {every: 30s}\n") -> Change:
    return GENERAL, f"{GENERAL[:-1]}{announce}    {text}\n\n"


TOLD = "    announce: {every: 30s, messages: [{zh: 返回主菜单请按2, en: 'To go back, press 2.'}]}\n"
"""A message that names the key."""

HOURS: Change = (
    "queues:\n",
    (
        'opening_hours:\n  office: {week: {mon-fri: "09:00-17:00"}}\n'
        '  evening: {week: {mon-sun: "18:00-20:00"}}\nqueues:\n'
    ),
)

CASES = [
    error("no-calls-out", "add `calls_out`", rule('«callback: {key: "2"}')),
    error("unannounced", "add `announce: {every: 30s}`", OUT, rule('«callback: {key: "2"}', announce="")),
    error(
        "duplicate-key",
        "use another key",
        OUT,
        rule('callback: {key: «"2"}\n    keys: {"2": {menu: main}}', TOLD),
    ),
    error("no-callback", "add `callback` with its `key`", rule("missed: {call_back: «true}")),
    error("dangling", "add it under `opening_hours`", OUT, rule('callback: {key: "2", hours: «office}')),
    error(
        "never-open",
        "let them open at the same time as office",
        OUT,
        HOURS,
        rule('hours: office\n    closed: {hangup: true}\n    callback: {key: "2", hours: «evening}'),
    ),
    error("unknown-key", "did you mean 'tries'?", OUT, rule('callback: {key: "2", «trys: 3}')),
    error("unknown-key", "did you mean 'busy'?", OUT, rule('callback: {key: "2", causes: {«bussy: {again: 5m}}}')),
    error("bad-value", "", OUT, rule('callback: {key: "2", first: «robot}')),
    error("bad-value", "", OUT, rule('«callback: {key: "2", first: agent, confirm: true}')),
    error("bad-value", "", OUT, rule('«callback: {key: "2", tries: 2, causes: {busy: {tries: 3}}}')),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_a_rule_has_sensible_defaults(tmp_path: Path) -> None:
    found = loaded(tmp_path, small(OUT, rule('callback: {key: "2", offer: {estimate: 5m}}')))
    assert [problem.code for problem in found.problems if problem.code != "no-trunk"] == []
    assert found.hotline is not None
    known = found.hotline.queues["general"].callback
    assert known is not None
    assert (known.offer.estimate, known.again, known.tries, known.confirm) == (300, 900, 3, True)
    assert [queue.agent_first for queue in found.hotline.queues.values()] == [False] * len(found.hotline.queues)


def test_the_engine_knows_whose_agents_are_rung_first(tmp_path: Path) -> None:
    found = loaded(tmp_path, small(OUT, rule('callback: {key: "2", first: agent}')))
    assert found.hotline is not None
    assert [name for name, queue in found.hotline.queues.items() if queue.agent_first] == ["general"]


def test_a_rule_for_each_cause(tmp_path: Path) -> None:
    causes = "causes: {busy: {again: 2m}, no_answer: {tries: 2}, declined: {again: 3h}}"
    found = loaded(tmp_path, small(OUT, rule(f'callback: {{key: "2", again: 20m, tries: 4, {causes}}}')))
    assert found.hotline is not None
    known = found.hotline.queues["general"].callback
    assert known is not None
    pauses = {cause: known.again_after(cause) for cause in get_args(Cause)}
    assert pauses == {
        "busy": 120,
        "no-answer": 1_200,
        "declined": 10_800,
        "invalid": 1_200,
        "unreachable": 1_200,
        "not-confirmed": 1_200,
    }
    lasts = {cause: next(n for n in range(1, 9) if known.is_last(cause, n, n)) for cause in get_args(Cause)}
    assert lasts == {
        "busy": 4,
        "no-answer": 2,
        "declined": 2,
        "invalid": 1,
        "unreachable": 4,
        "not-confirmed": 4,
    }
    assert known.is_last("busy", 1, 4), "all tries count together"
