"""Queues that another version takes out: where their callers go, and what is told of it."""

from pathlib import Path

import pytest

from hotline.model import Hotline
from hotline.removed import onward, removal_in_words, removed_queues
from ivr.model import HangUp, ToQueue, ToSubHotline
from publishing.differences import differences
from tests.unit.hotline.folders import Case, Change, error, loaded, small

STATED = "entry: main\nremoved_queues: {greening: %s, old-trees: {queue: general}}"
WITHOUT_GREENING: tuple[Change, ...] = (
    ("  greening:\n    name: {zh: 绿化, en: Greening}", "  trees:\n    name: {zh: 绿化, en: Greening}"),
    ('"1": {queue: greening}', '"1": {queue: trees}'),
)


def hotline(folder: Path, *changes: Change) -> Hotline:
    folder.mkdir(exist_ok=True)
    found = loaded(folder, small(*changes))
    assert found.hotline is not None, found.problems
    return found.hotline


CASES = [
    error("dangling", "general", ("entry: main", "entry: main\nremoved_queues: {trees: {queue: «generl}}")),
    error(
        "not-removed", "here, or there", ("entry: main", "entry: main\nremoved_queues: {«greening: {queue: general}}")
    ),
    error(
        "repeat-outside-menu", "name a menu", ("entry: main", "entry: main\nremoved_queues: {trees: «{repeat: true}}")
    ),
    error("bad-name", "small letters", ("entry: main", "entry: main\nremoved_queues: {«Trees: {queue: general}}")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_where_callers_go(tmp_path: Path) -> None:
    stated = hotline(tmp_path / "a", *WITHOUT_GREENING, ("entry: main", STATED % "{sub_hotline: bureau}"))
    assert onward(stated).of("greening") == ToSubHotline(sub_hotline="bureau")
    assert onward(stated).of("another") == ToQueue(queue="general"), "what key 0 of the first menu leads to"
    queue = stated.model_copy(update={"entry": ToQueue(queue="trees")})
    assert onward(queue).of("another") == ToQueue(queue="trees")
    elsewhere = stated.model_copy(update={"entry": HangUp(hangup=True)})
    assert onward(elsewhere).of("another") == ToQueue(queue="trees"), "the first queue of the file"
    nobody = elsewhere.model_copy(update={"queues": {}, "sub_hotlines": {}})
    assert onward(nobody).of("another") == HangUp(hangup=True)


def test_what_is_told_of_it(tmp_path: Path) -> None:
    old = hotline(tmp_path / "a")
    silent, stated = (
        hotline(tmp_path / "b", *WITHOUT_GREENING),
        hotline(tmp_path / "c", *WITHOUT_GREENING, ("entry: main", STATED % "{queue: trees}")),
    )
    (gone,) = removed_queues(old, stated, {"greening": 3, "general": 1})
    assert removal_in_words(gone, "en") == (
        "The queue greening is taken out: 3 callers wait there and go to the queue trees"
    )
    assert removal_in_words(gone, "zh") == "取消了队列 greening：3 位来电者在等候，转到队列 trees"
    (gone,) = removed_queues(old, silent, {"greening": 1})
    assert removal_in_words(gone, "en") == (
        "The queue greening is taken out: 1 caller waits there and goes to the queue general, as `removed_queues` does "
        "not name it"
    )
    assert removal_in_words(gone, "zh").endswith("（`removed_queues` 没有写去处）")
    assert removed_queues(stated, old, {})[0].name == "trees"
    assert removed_queues(old, old, {}) == []


def test_it_is_a_difference_for_callers(tmp_path: Path) -> None:
    old, new = hotline(tmp_path / "a"), hotline(tmp_path / "b", *WITHOUT_GREENING)
    sentences = [each.sentence for each in differences(old, new, "en")]
    assert "The queue greening is gone; whoever waits there goes to the queue general" in sentences
    assert not any("removed_queues" in sentence for sentence in sentences)
