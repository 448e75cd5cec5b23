"""Subjects that are somebody else's business, and what is wrong with them."""

from pathlib import Path

import pytest

from hotline.graph import By, ways
from hotline.texts import placed_texts
from ivr.model import ToMenu, ToQueue
from tests.unit.hotline.folders import Case, Change, error, loaded, small, warning

KEY: Change = ('      "2": {menu: water}\n', '      "2": {menu: water}\n      "3": {scope: trees}\n')
SAY = "say: {zh: 由物业负责, en: Ask the manager}"
OFFER = "transfer: {queue: general}, offer: {zh: 转接请按1, en: Press 1}"
WHOLE = f'{SAY}, number: "62521234", {OFFER}, wait: 6s, then: {{menu: main}}'


ZH: Change = ("供水请按2，人工", "供水请按2，小区树木请按3，人工")
EN: Change = ("for water 2, to talk", "for water 2, for trees in a compound 3, to talk")


def scope(entries: str, name: str = "trees") -> tuple[Change, ...]:
    return KEY, ZH, EN, ("\nmenus:\n", f"\nscopes:\n  {name}: {{{entries}}}\n\nmenus:\n")


def test_a_scope_is_a_node_with_ways_and_texts(tmp_path: Path) -> None:
    found = loaded(tmp_path, small(*scope(WHOLE)))
    assert not found.problems, "\n".join(map(str, found.problems))
    assert found.hotline is not None
    node = ("scopes", "trees")
    there = [(way.by, way.path[-1], way.destination) for way in ways(found.hotline) if way.source == node]
    assert there == [(By.KEY, "transfer", ToQueue(queue="general")), (By.AFTER, "then", ToMenu(menu="main"))]
    assert {path for path, _ in placed_texts(found.hotline) if path[0] == "scopes"} == {
        ("scopes", "trees", "say"),
        ("scopes", "trees", "offer"),
    }


CASES = [
    error("dangling", "did you mean 'trees'?", *scope(SAY), ('"1": {queue: greening}', '"1": {scope: «tree}')),
    error("dangling", "did you mean 'general'?", *scope(f"{SAY}, then: {{queue: «generel}}")),
    error("bad-value", "which key puts", *scope(f"{SAY}, «transfer: {{queue: general}}")),
    error("bad-value", "put through to", *scope(f"{SAY}, «offer: {{zh: 请按1, en: Press 1}}")),
    error("bad-value", "3 to 20 digits", *scope(f'{SAY}, number: «"021-62"')),
    error("bad-value", "use 0", *scope(f"{SAY}, {OFFER}, key: «A")),
    error(
        "missing-key",
        "add `say: …`",
        KEY,
        ZH,
        EN,
        ("\nmenus:\n", "\nscopes:\n  «trees: {number: '62521234'}\n\nmenus:\n"),
    ),
    error("empty-text", "what is to be said", *scope("say: {zh: 由物业负责, en: «' '}")),
    error("repeat-outside-menu", "name a menu", *scope(f"{SAY}, then: «{{repeat: true}}")),
    error(
        "endless",
        "where a person is",
        ("    no_input: {repeat: 1, then: {queue: general}}\n", "    no_input: {then: «{scope: trees}}\n"),
        *scope(f"{SAY}, then: {{menu: main}}"),
    ),
    warning("unreachable", "give a key", scope(SAY, "«trees")[-1]),
    warning(
        "no-such-key",
        "says 2, but the key here is 1",
        *scope(f"{SAY}, transfer: {{queue: general}}, offer: {{zh: 转接请按1, en: Press «2}}"),
    ),
    warning(
        "no-such-key",
        "says 1, but the key here is 3",
        *scope(f"{SAY}, transfer: {{queue: general}}, key: '3', offer: {{zh: 转接请按«1, en: Press 3}}"),
    ),
    warning(
        "untold-key",
        "does not say the key 1",
        *scope(f"{SAY}, transfer: {{queue: general}}, offer: {{zh: «现在可以转接, en: Press 1}}"),
    ),
    error(
        "bad-value",
        "true or false",
        ('"2": {menu: water}', '"2": {say: {zh: 漏, en: Hm}, skip: «maybe, then: {menu: water}}'),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
