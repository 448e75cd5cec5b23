"""Who would have ended elsewhere under a draft, and in which sentences that is told."""

from collections.abc import Mapping
from pathlib import Path as FilePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Hotline
from ivr.interpreter import Facts
from ivr.walk import KEYS, SILENCE, Path, Stop, Stride
from publishing.replay import Recorded, Replay, difference, replay, sentences
from tests.unit.hotline.folders import Change, loaded, small
from tests.unit.hotline.test_callbacks import OUT, rule
from tests.unit.hotline.test_inputs import TEXTS, WAYS, wanted
from tests.unit.hotline.test_scopes import WHOLE, scope

AT = 1_772_424_000.0
MAIN, WATER = Stop(("menus", "main"), "zh"), Stop(("menus", "water"), "zh")
GREENING, GENERAL = Stop(("queues", "greening"), "zh"), Stop(("queues", "general"), "zh")
BUREAU = Stop(("sub_hotlines", "bureau"), "zh")

KEY_1 = Path(MAIN, (Stride("1", True, GREENING),))
KEY_2_1 = Path(MAIN, (Stride("2", True, WATER), Stride("1", True, BUREAU)))
SILENT = Path(MAIN, (Stride(SILENCE, False, MAIN), Stride(SILENCE, False, GENERAL)))
WRONG = Path(MAIN, (Stride("7", False, MAIN), Stride("7", False, GENERAL)))
GAVE_UP = Path(MAIN)


def draft(folder: FilePath, *changes: Change) -> Hotline:
    found = loaded(folder, small(*changes))
    assert found.hotline is not None, found.problems
    return found.hotline


def replayed(hotline: Hotline, callers: Mapping[Path, int], number: str = "12319") -> Replay:
    return replay(
        hotline,
        [Recorded(path, number, AT + n, f"138{n}") for path, count in callers.items() for n in range(count)],
    )


CALLERS = {KEY_1: 312, KEY_2_1: 4, SILENT: 3, WRONG: 2, GAVE_UP: 1}


def test_the_hotline_itself_changes_nothing(tmp_path: FilePath) -> None:
    found = replayed(draft(tmp_path), CALLERS)
    assert (found.callers, found.paths, found.walked, found.elsewhere, found.changes) == (322, 5, 5, 0, ())


SILENCE_RULE = "    no_input: {repeat: 1, then: {queue: general}}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ('"1": {queue: greening}', '"1": {menu: water}'),
            "312 callers of key 1 in the menu main would hear the menu water, instead of the queue greening",
        ),
        (
            ('      "1": {queue: greening}\n', '      "3": {queue: greening}\n'),
            "would find no way: it is no longer a key there (before: the queue greening)",
        ),
        (
            ('"1": {queue: greening}', '"1": {say: Hm, then: {hangup: true}}\n      "3": {queue: greening}'),
            "312 callers of key 1 in the menu main would hear the goodbye, instead of the queue greening",
        ),
        (
            ('"1": {queue: greening}', '"1": {queue: greening}\n      "7": {sub_hotline: bureau}'),
            "2 callers of the wrong key 7 in the menu main would be put through to the sub-hotline bureau",
        ),
        (
            (SILENCE_RULE, SILENCE_RULE.replace("1", "4")),
            "3 silent callers in the menu main would stay in the menu main, instead of the queue general",
        ),
        ((SILENCE_RULE, SILENCE_RULE.replace("1", "0")), None),
        (
            ('"1": {sub_hotline: bureau}', '"1": {language: en, menu: main}'),
            "key 1 in the menu water would hear the menu main, instead of the sub-hotline bureau in Chinese",
        ),
        (
            ('numbers: ["12319"]', 'numbers: ["12345"]'),
            "322 callers of 12319 would not get through: the draft does not have this number",
        ),
    ],
)
def test_a_change_is_told_with_its_callers(tmp_path: FilePath, change: Change, told: str | None) -> None:
    found = replayed(draft(tmp_path, change), CALLERS)
    assert len(found.changes) == (told is not None)
    assert told is None or told in sentences(found, "en")[0]
    assert len(sentences(found, "zh")) == len(found.changes)
    assert found.elsewhere == sum(count for _, count in found.changes)


def test_a_key_that_is_gone_and_the_first_wrong_key_leads_on(tmp_path: FilePath) -> None:
    gone = ('"1": {queue: greening}', '"3": {queue: greening}')
    rule = "    invalid: {repeat: 1, then: {queue: general}}"
    found = replayed(draft(tmp_path, gone, (rule, rule.replace("1", "0"))), {KEY_1: 312})
    (told,) = sentences(found, "en")
    assert "would find it no key any more: they would wait in the queue general, instead of the queue gr" in told
    assert sentences(found, "zh") == [
        "312 位在菜单 main按 1 的来电者发现那里不再有这个键，将在队列 general等候，而不是队列 greening"
    ]


def test_a_new_menu_is_called_new(tmp_path: FilePath) -> None:
    new = '"1": {menu: lamps}'
    menu = """  lamps:
    say: {zh: 路灯请按1, en: For lamps press 1}
    keys: {"1": {queue: greening}, "0": {queue: general}}
    no_input: {then: {queue: general}}
    invalid: {then: {queue: general}}
  water:
"""
    found = replayed(draft(tmp_path, ('"1": {queue: greening}', new), ("  water:\n", menu)), CALLERS)
    assert sentences(found, "en")[0].startswith("312 callers of key 1 in the menu main would hear the new menu lamps")
    assert sentences(found, "zh") == ["312 位在菜单 main按 1 的来电者将听到新菜单 lamps，而不是队列 greening"]


def test_a_language_is_part_of_where_a_caller_ends(tmp_path: FilePath) -> None:
    english = Path(MAIN, (Stride("8", True, Stop(MAIN.node, "en")), Stride("0", True, Stop(GENERAL.node, "en"))))
    found = replayed(draft(tmp_path, ('"8": {language: en, menu: main}', '"8": {menu: main}')), {english: 5})
    assert sentences(found, "en") == [
        "5 callers of key 8 in the menu main would be in the menu main in Chinese, instead of English"
    ]


def test_what_is_no_change_of_language_is_told_once_for_callers_of_all_languages(tmp_path: FilePath) -> None:
    water = Path(MAIN, (Stride("1", True, GREENING),))
    to_english, greening = Stride("8", True, Stop(MAIN.node, "en")), Stop(GREENING.node, "en")
    english = Path(MAIN, (to_english, Stride("1", True, greening)))
    found = replayed(draft(tmp_path, ('"1": {queue: greening}', '"1": {queue: general}')), {water: 5, english: 2})
    assert sentences(found, "en") == [
        "7 callers of key 1 in the menu main would wait in the queue general, instead of the queue greening"
    ]


def test_a_key_of_a_queue_that_is_gone(tmp_path: FilePath) -> None:
    back = Path(MAIN, (Stride("1", True, GREENING), Stride("#", True, MAIN), Stride("0", True, GENERAL)))
    found = replayed(draft(tmp_path), {back: 1})
    (told,) = sentences(found, "en")
    assert told.startswith("1 caller of key # in the queue greening would find no way: it is no longer a key there")


CALLED_BACK = Path(MAIN, (Stride("0", True, GENERAL), Stride("2", True, Stop(("callbacks", "general"), "zh"))))
LEFT_MESSAGE = Path(MAIN, (Stride("1", True, Stop(("messages", "greening"), "zh")),))


def test_a_key_for_a_callback_is_told_where_it_comes_goes_or_moves(tmp_path: FilePath) -> None:
    offered = draft(tmp_path, OUT, rule('callback: {key: "2"}'))
    assert sentences(replayed(offered, {CALLED_BACK: 3}), "en") == []
    (told,) = sentences(replayed(draft(tmp_path), {CALLED_BACK: 3}), "en")
    assert told.startswith("3 callers of key 2 in the queue general would find no way")
    assert told.endswith("(before: a callback of the queue general)")
    elsewhere = Path(MAIN, (Stride("0", True, GENERAL), Stride("2", True, MAIN)))
    assert sentences(replayed(offered, {elsewhere: 1}), "en") == [
        "1 caller of key 2 in the queue general would get a callback of the queue general, instead of the menu main"
    ]


def test_a_message_is_told_where_it_comes_and_goes(tmp_path: FilePath) -> None:
    message = ('"1": {queue: greening}', '"1": {message: {queue: greening}}')
    assert sentences(replayed(draft(tmp_path, message), {LEFT_MESSAGE: 2}), "en") == []
    (told,) = sentences(replayed(draft(tmp_path, message), {KEY_1: 2}), "en")
    assert told.endswith("would leave a message for the queue greening, instead of the queue greening")
    assert sentences(replayed(draft(tmp_path), {LEFT_MESSAGE: 2}), "zh") == [
        "2 位在菜单 main按 1 的来电者将在队列 greening等候，而不是给队列 greening 的留言"
    ]


LISTENED = Path(MAIN, (Stride("3", True, MAIN),))
WENT_ON = Path(MAIN, (Stride("3", True, GENERAL),))


@pytest.mark.parametrize(
    ("there", "elsewhere"),
    [
        (scope(WHOLE), scope(WHOLE.replace("transfer: {queue: general}", "transfer: {queue: greening}"))),
        (wanted(f"{TEXTS}, {WAYS}"), wanted(f"{TEXTS}, {WAYS.replace('general', 'greening')}")),
    ],
    ids=["a scope", "an input"],
)
def test_what_callers_did_in_a_scope_or_an_input_is_known_by_where_they_came(
    tmp_path: FilePath, there: tuple[Change, ...], elsewhere: tuple[Change, ...]
) -> None:
    assert replayed(draft(tmp_path, *there), {LISTENED: 3, WENT_ON: 2}).changes == ()
    found = replayed(draft(tmp_path, *elsewhere), {LISTENED: 3, WENT_ON: 2})
    assert [(change.before.node, count) for change, count in found.changes] == [(GENERAL.node, 2)]


def test_a_path_is_walked_again_only_where_the_draft_asks_when_and_who(
    tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ivr import interpreter, walk

    def at_night(tree: Hotline, language: str, facts: Facts) -> interpreter.Step:
        if facts.moment.minute < 1:
            return interpreter.send(tree, interpreter.State(language), tree.menus["main"].keys["0"], facts)
        return interpreter.start(tree, language, facts)

    monkeypatch.setattr(walk, "start", at_night)
    hotline = draft(tmp_path)
    found = replayed(hotline, {GAVE_UP: 600})
    assert (found.paths, found.walked) == (1, 10), "once a minute"
    assert sentences(found, "en") == ["60 callers of 12319 would wait in the queue general, instead of the menu main"]


nodes = st.sampled_from([MAIN, WATER, GREENING, GENERAL, BUREAU])
strides = st.builds(Stride, st.sampled_from([*KEYS, SILENCE]), st.booleans(), nodes)
paths = st.builds(Path, nodes, st.lists(strides, max_size=5).map(tuple))


@given(paths, paths)
def test_two_ways_differ_exactly_if_they_end_elsewhere(old: Path, new: Path) -> None:
    change = difference(old, new, "12319")
    if old.end == new.end:
        assert change is None
    elif len(new.strides) <= len(old.strides):
        assert change is not None
