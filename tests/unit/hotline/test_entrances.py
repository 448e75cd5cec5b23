"""Numbers that enter at different destinations, and a hotline without a menu."""

from pathlib import Path

import pytest

from hotline.model import Hotline
from ivr.model import Destination, Say, ToMenu, ToQueue
from tests.unit.hotline.folders import Case, Change, error, loaded, small, warning

NUMBERS = 'numbers: ["12319"]\n'


def numbers(*entries: str) -> Change:
    """More numbers of the small hotline."""
    return NUMBERS, "numbers:\n" + "".join(f"  - {entry}\n" for entry in ('"12319"', *entries))


def made(folder: Path, *changes: Change) -> Hotline:
    found = loaded(folder, small(*changes))
    assert found.hotline is not None, "\n".join(map(str, found.problems))
    assert not found.problems, "\n".join(map(str, found.problems))
    return found.hotline


def test_a_number_may_have_its_own_entry_and_greeting(tmp_path: Path) -> None:
    water = '{number: "962740", entry: water, greeting: {zh: 供水热线, en: Water}}'
    greening = '{number: "962320", entry: {queue: greening}}'
    hotline = made(tmp_path, numbers(water, greening, '"12320"'))
    assert hotline.numbers == ("12319", "962740", "962320", "12320")
    assert {"962740", "962320"} < hotline.own_numbers
    begun: dict[str, tuple[dict[str, str], Destination]] = {
        "962740": ({"zh": "供水热线", "en": "Water"}, ToMenu(menu="water")),
        "962320": ({"zh": "您好", "en": "Welcome"}, ToQueue(queue="greening")),
    }
    for number in ("12319", "12320", "", "138"):
        begun[number] = ({"zh": "您好", "en": "Welcome"}, ToMenu(menu="main"))
    assert {number: tuple(hotline.beginning(number, {})) for number in begun} == begun


def test_a_hotline_without_a_menu_is_one_setting(tmp_path: Path) -> None:
    text = small()["hotline.yaml"]
    menus = text[text.index("menus:\n") : text.index("queues:\n")]
    changes = (
        ("entry: main\n", "entry: {say: {zh: 请讲, en: Speak}, then: {queue: general}}\n"),
        (menus, ""),
    )
    found = loaded(tmp_path, small(*changes))
    assert [(p.level, p.message) for p in found.problems] == [("warning", "no key leads to the language en")]
    assert found.hotline is not None
    assert found.hotline.menus == {}
    assert found.hotline.beginning("12319", {}).to == Say(
        say={"zh": "请讲", "en": "Speak"}, then=ToQueue(queue="general")
    )


CASES = [
    error("dangling", "did you mean 'water'?", numbers('{number: "962740", entry: «watr}')),
    error("dangling", "did you mean 'greening'?", numbers('{number: "962740", entry: {queue: «greenin}}')),
    error("repeat-outside-menu", "name a menu", numbers('{number: "962740", entry: «{repeat: true}}')),
    error("duplicate-number", "its own number", numbers('{number: «"12319", entry: water}')),
    error("bad-value", "use digits", numbers('{number: «"12 319", entry: water}')),
    error("missing-key", "add `number: …`", numbers("«{entry: water}")),
    error("unknown-key", "did you mean 'greeting'?", numbers('{number: "962740", «greetings: Hm}')),
    error("unknown-key", "write one of", numbers('{number: "962740", entry: {«hours: 5}}')),
    error("empty-text", "what is to be said", numbers("{number: \"962740\", greeting: {zh: 您好, en: «' '}}")),
    warning("missing-translation", "add `en: …`", numbers('{number: "962740", «greeting: {zh: 供水热线}}')),
    error("bad-value", "{queue: NAME}", ("entry: main", "«entry:")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_what_only_another_number_enters_is_reached(tmp_path: Path) -> None:
    changes = ('"2": {menu: water}', '"2": {sub_hotline: bureau}'), numbers('{number: "962740", entry: water}')
    assert made(tmp_path, *changes).menus.keys() == {"main", "water"}


def test_the_version_follows_the_numbers(tmp_path: Path) -> None:
    plain, given = made(tmp_path), made(tmp_path, numbers('{number: "962740", entry: water}'))
    named = made(tmp_path, ('numbers: ["12319"]', 'numbers: [{number: "12319"}]'))
    assert plain.version == named.version != given.version
