"""Differences from the models: each with its spot, and what was probably meant."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import GENERAL, Case, announce, error, keys

CASES = [
    error("unknown-key", "did you mean 'wait'?", ("wait: 5s", "«wayt: 5s")),
    error("unknown-key", "known here: hotline, name", ("hotline: small", "hotline: small\n«colour: red")),
    error("unknown-key", "known here", ("hotline: small", "hotline: small\n«agents: []")),
    error("unknown-key", "known here", ("relax:", "«id: greening\n    relax:")),
    error("unknown-key", "did you mean 'needs'?", ("needs: {greening: 3}", "«need: {greening: 3}")),
    error("unknown-key", "did you mean 'queue'?", ('"1": {queue: greening}', '"1": {«queu: greening}')),
    error("unknown-key", "keep one of the two", ('"1": {queue: greening}', '"1": {queue: greening, «menu: water}')),
    error(
        "unknown-key",
        "did you mean 'sub_hotline'?",
        ("{waited: 5m, then: {sub_hotline: bureau}}", "{waited: 5m, then: {«sub-hotline: bureau}}"),
    ),
    error(
        "unknown-key",
        "did you mean 'waited'?",
        ("{waited: 5m, then: {sub_hotline: bureau}}", "{«waitet: 5m, waiting: 5, then: {sub_hotline: bureau}}"),
    ),
    error("missing-key", "add `numbers: …`", ('numbers: ["12319"]\n', ""), ("hotline: small", "«hotline: small")),
    error("missing-key", "add `then: …`", ("{waited: 5m, then: {sub_hotline: bureau}}", "«{waited: 5m}")),
    error("bad-value", "write {queue: NAME}", ('"1": {queue: greening}', '"1": «greening')),
    error("bad-value", "write [one, two]", ("languages: [zh, en]", "languages: «zh")),
    error("bad-value", "write `key: value`", ("greeting: {zh: 您好, en: Welcome}", "«greeting:")),
    error("bad-value", "use digits, *, # and +", ('numbers: ["12319"]', 'numbers: [«"1231a"]')),
    error("bad-value", "write digits only", ("needs: {greening: 3}", "needs: {greening: «much}")),
    error("bad-value", "give at least one", ("needs: {greening: 3}", "«needs: {}")),
    error(
        "bad-value",
        "give exactly one of",
        ("{waited: 5m, then: {sub_hotline: bureau}}", "«{waited: 5m, waiting: 3, then: {sub_hotline: bureau}}"),
    ),
    error("bad-value", "in the order of `after`", ("after: 30s", "after: 90s"), ("    relax:", "    «relax:")),
    error(
        "bad-value",
        "did you mean 'longest-idle'?",
        ("needs: {general: 1}\n\n", "needs: {general: 1}\n    strategy: «longest-idel\n\n"),
    ),
    error("bad-value", "use true", ('"*": {repeat: true}', '"*": {repeat: «false}')),
    error("bad-key", "use one of 0 to 9", keys('«"10": {queue: general}')),
    error("unknown-key", "did you mean 'menu'?", keys('"1": {«menue: main}')),
    error("bad-value", "write {queue: NAME}", keys('"1": «main')),
    error("bad-value", "write `key: value`", (GENERAL, f"{GENERAL[:-1]}    keys: «main\n\n")),
    error("bad-value", "write [one, two]", announce("messages: «hello")),
    error(
        "bad-value",
        "add `messages`",
        (GENERAL, f"{GENERAL[:-1]}    «announce: {{every: 30s, position: false, estimate: false}}\n\n"),
    ),
    error("out-of-range", "use at most 9", (GENERAL, f"{GENERAL[:-1]}    priority_class: «10\n\n")),
    error("bad-value", "a whole number", (GENERAL, f"{GENERAL[:-1]}    priority_class: «high\n\n")),
    error("bad-key", "use one of 0 to 9", ('"*": {repeat: true}', '«"10": {repeat: true}')),
    error(
        "bad-name",
        "use small letters",
        (
            'duty: {name: {zh: 值班, en: Duty}, dial: "2200"}',
            "duty: {name: {zh: 值班, en: Duty}, dial: \"2200\"}\n  «Attic: {name: x, dial: '99'}",
        ),
    ),
    error("out-of-range", "use at most 5", ("needs: {greening: 3}", "needs: {greening: «6}")),
    error("out-of-range", "use at most 1m", ("wait: 5s", "wait: «2m")),
    error("bad-name", "use digits", ("entry: main", "entry: main\noutside_numbers: {«police: 公安}")),
    error("out-of-range", "use at least 5s", ("entry: main", "entry: main\naway_after: «4s")),
    error("bad-duration", "write 30s", ("entry: main", "entry: main\naway_after: «30")),
    error("bad-duration", "write 5s, 5m or so", ("wait: 5s", "wait: «5")),
    error("bad-duration", "write 5s", ("wait: 5s", "wait: «5 seconds")),
    error(
        "bad-duration",
        "write 5m",
        ("{waited: 5m, then: {sub_hotline: bureau}}", "{waited: «5分钟, then: {sub_hotline: bureau}}"),
    ),
    error("bad-duration", "write 0s or more", ("wait: 5s", "wait: «-5s")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
