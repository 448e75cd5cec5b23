"""The way through the menus in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.way import Step, way
from hotline.model import HotlineQueue, SubHotline
from ivr.model import ToSubHotline
from journal.records import Kind, Record
from tests.unit.calls.stories import record
from tests.unit.desk import hotline, utilities

MAIN = {"zh": "主菜单", "en": "Main menu"}
UTILITIES = {"zh": "供水、排水和燃气", "en": "Water, drainage and gas"}

NODES = hotline().model_copy(
    update={
        "menus": utilities(),
        "queues": {"gas": HotlineQueue(id="gas", name={"zh": "燃气专席", "en": "Gas desk"}, needs={"gas": 1})},
        "sub_hotlines": {"duty": SubHotline(id="duty", name={"*": "值班室"}, dial="2200")},
    }
)


def menu(name: str) -> Record:
    return record(1, Kind.MENU_ENTERED, menu=name, language="zh")


def key(name: str, of: str) -> Record:
    return record(1, Kind.KEY_PRESSED, key=name, menu=of)


def queued(name: str) -> Record:
    return record(1, Kind.QUEUED, queue=name, language="zh")


ENTRY = Step(None, "main", MAIN)
BEGUN = (menu("main"), key("2", "main"), menu("utilities"))


def test_menus_and_keys_are_called_what_the_prompts_say() -> None:
    supply = Step("1", None, {"zh": "供水", "en": "Water supply"})
    story = (*BEGUN, key("1", "utilities"), queued("water"))
    assert way(story, NODES) == (ENTRY, Step("2", "utilities", UTILITIES), supply)


def test_a_menus_own_name_counts_before_its_key() -> None:
    menus = {**NODES.menus, "utilities": NODES.menus["utilities"].model_copy(update={"name": {"*": "水电气"}})}
    assert way(BEGUN, NODES.model_copy(update={"menus": menus}))[-1] == Step("2", "utilities", {"*": "水电气"})


def test_a_key_that_leads_elsewhere_by_now_lends_no_words() -> None:
    """The call began with an earlier version, in which 1 was gas."""
    story = (*BEGUN, key("1", "utilities"), queued("gas"))
    assert way(story, NODES)[-1] == Step("1", None, {"zh": "燃气专席", "en": "Gas desk"})


def test_a_department_that_the_prompt_does_not_say_has_its_own_name() -> None:
    keys = {**NODES.menus["main"].keys, "5": ToSubHotline(sub_hotline="duty")}
    menus = {"main": NODES.menus["main"].model_copy(update={"keys": keys})}
    story = (menu("main"), key("5", "main"), record(1, Kind.SUB_HOTLINE_DIALLED, sub_hotline="duty"))
    assert way(story, NODES.model_copy(update={"menus": menus}))[-1] == Step("5", None, {"*": "值班室"})


@pytest.mark.parametrize("story", [(menu("gone"),), (menu("utilities"),)])
def test_what_nobody_has_named_is_its_id(story: tuple[Record, ...]) -> None:
    (step,) = way(story, NODES)
    assert step.name == {"*": step.menu}


def test_a_menu_that_is_played_again_counts_once() -> None:
    again = (menu("main"), key("*", "main"), record(1, Kind.NO_INPUT, menu="main"), menu("main"), queued("general"))
    assert way(again, NODES) == (ENTRY,)


def test_a_wrong_key_is_no_part_of_it() -> None:
    wrong = record(1, Kind.INVALID_KEY, menu="main", key="7", count=1)
    story = (menu("main"), wrong, key("0", "main"), queued("general"))
    assert [step.key for step in way(story, NODES)] == [None, "0"]


def test_back_to_a_menu_is_a_step() -> None:
    story = (*BEGUN, key("#", "utilities"), menu("main"), key("1", "main"), queued("greening"))
    assert [(step.key, step.menu) for step in way(story, NODES)] == [
        (None, "main"),
        ("2", "utilities"),
        ("#", "main"),
        ("1", None),
    ]


def test_a_caller_who_comes_back_from_a_queue_walks_anew() -> None:
    back = (key("#", ""), menu("main"), key("0", "main"), queued("general"))
    story = (*BEGUN, key("1", "utilities"), queued("water"), *back)
    assert [step.key for step in way(story, NODES)] == [None, "0"]


def test_an_overflow_and_keys_in_a_queue_change_nothing() -> None:
    story = (menu("main"), key("1", "main"), queued("greening"), key("0", ""), queued("general"))
    assert [step.key for step in way(story, NODES)] == [None, "1"]


def test_menus_that_begin_again_after_a_break_are_the_way() -> None:
    story = (*BEGUN, record(1, Kind.CALL_RESUMED), menu("main"), key("1", "main"), queued("greening"))
    assert [step.key for step in way(story, NODES)] == [None, "1"]


_ANY = st.sampled_from(
    [
        *(menu(name) for name in ("main", "utilities", "gone")),
        *(key(name, of) for name in "0127#" for of in ("main", "utilities", "", "gone")),
        *(queued(name) for name in ("greening", "gas", "gone")),
        record(1, Kind.SUB_HOTLINE_DIALLED, sub_hotline="duty"),
        record(1, Kind.NO_INPUT),
        record(1, Kind.INVALID_KEY),
        record(1, Kind.CALL_RESUMED),
        record(1, Kind.CALL_FINISHED),
    ]
)


@given(st.lists(_ANY, max_size=30))
def test_of_any_story_each_step_has_a_name_and_says_how_it_came(story: list[Record]) -> None:
    steps: Any = way(story, NODES)
    assert all(step.name and all(step.name.values()) for step in steps)
    assert all(step.menu is not None or step.key is not None for step in steps)
    assert all(step.menu is not None for step in steps[:-1])  # what leads out of the menus is the last
