"""Callbacks in hotline.yaml: the rule of a queue, and what check says."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import GENERAL, Case, Change, error, loaded, small

OUT: Change = ("queues:\n  greening:", 'calls_out: {allowed: ["1[3-9]xxxxxxxxx"]}\nqueues:\n  greening:')


def rule(text: str, announce: str = "    announce: {every: 30s}\n") -> Change:
    return GENERAL, f"{GENERAL[:-1]}{announce}    {text}\n\n"


TOLD = "    announce: {every: 30s, messages: [{zh: 返回主菜单请按2, en: 'To go back, press 2.'}]}\n"
"""A message that names the key."""

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
    error("unknown-key", "did you mean 'tries'?", OUT, rule('callback: {key: "2", «trys: 3}')),
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
