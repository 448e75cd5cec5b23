"""Digits that callers enter, and what is wrong with them."""

from pathlib import Path

import pytest

from hotline.graph import By, ways
from hotline.texts import placed_texts, shown_texts
from ivr.model import ToMenu, ToQueue
from tests.unit.hotline.folders import Case, Change, error, loaded, small, warning
from tests.unit.hotline.test_scopes import WHOLE

KEY: Change = ('      "2": {menu: water}\n', '      "2": {menu: water}\n      "3": {input: order}\n')
TEXTS = (
    "name: {zh: 工单号, en: Order}, say: {zh: 请输入, en: Enter it}, entered: {zh: 您输入的是, en: You entered}, "
    "confirm: {zh: 正确请按1, en: Press 1}"
)
FAILED = "failed: {menu: main}"
WAYS = f"then: {{queue: general}}, {FAILED}"


ZH: Change = ("供水请按2，人工", "供水请按2，查工单请按3，人工")
EN: Change = ("for water 2, to talk", "for water 2, for an order 3, to talk")


def wanted(entries: str, name: str = "order") -> tuple[Change, ...]:
    return KEY, ZH, EN, ("\nmenus:\n", f"\ninputs:\n  {name}: {{{entries}}}\n\nmenus:\n")


SCOPE_AND_INPUT: tuple[Change, ...] = (
    (KEY[0], f'{KEY[0]}      "3": {{scope: trees}}\n      "4": {{input: order}}\n'),
    ("\nmenus:\n", f"\nscopes:\n  trees: {{{WHOLE}}}\ninputs:\n  order: {{{TEXTS}, {WAYS}}}\n\nmenus:\n"),
)


def test_an_input_is_a_node_with_ways_and_texts(tmp_path: Path) -> None:
    found = loaded(tmp_path, small(*wanted(f"{TEXTS}, least: 4, most: 8, wait: 5s, attempts: 2, {WAYS}")))
    assert not found.problems, "\n".join(map(str, found.problems))
    assert found.hotline is not None
    there = [(w.by, w.path[-1], w.destination) for w in ways(found.hotline) if w.source == ("inputs", "order")]
    assert there == [(By.KEY, "then", ToQueue(queue="general")), (By.AFTER, "failed", ToMenu(menu="main"))]
    spoken = {path[2] for path, _ in placed_texts(found.hotline) if path[0] == "inputs"}
    shown = {path[2] for path, _ in shown_texts(found.hotline) if path[0] == "inputs"}
    assert (spoken, shown) == ({"say", "entered", "confirm"}, {"name"})


CASES = [
    error("dangling", "did you mean 'order'?", *wanted(f"{TEXTS}, then: {{input: «ordr}}, {FAILED}")),
    error("dangling", "did you mean 'general'?", *wanted(f"{TEXTS}, then: {{queue: «generel}}, {FAILED}")),
    error("bad-value", "no more than `most`", *wanted(f"{TEXTS}, «least: 5, most: 4, {WAYS}")),
    error("out-of-range", "at most 20", *wanted(f"{TEXTS}, most: «21, {WAYS}")),
    error("out-of-range", "at most 5", *wanted(f"{TEXTS}, attempts: «6, {WAYS}")),
    error(
        "missing-key",
        "add `failed: …`",
        KEY,
        ZH,
        EN,
        ("\nmenus:\n", f"\ninputs:\n  «order: {{{TEXTS}, then: {{queue: general}}}}\n\nmenus:\n"),
    ),
    error(
        "endless",
        "where a person is",
        ("    no_input: {repeat: 1, then: {queue: general}}\n", "    no_input: {then: «{input: order}}\n"),
        *wanted(f"{TEXTS}, {WAYS}"),
    ),
    warning("no-such-key", "says 2, but the key here is 1", *wanted(f"{TEXTS}, {WAYS}".replace("按1", "按«2"))),
    warning("untold-key", "does not say the key 1", *wanted(f"{TEXTS}, {WAYS}".replace("Press 1", "«Is it right?"))),
    warning("unreachable", "give a key", wanted(f"{TEXTS}, {WAYS}", "«order")[-1]),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
