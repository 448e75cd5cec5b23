"""Prompts that do not agree with the keys of their menu."""

from pathlib import Path

import pytest

from hotline.problem import Problem
from tests.unit.hotline.folders import Case, Change, announce, keys, loaded, small, warning

ZH = "绿化请按1，供水请按2，人工请按0，重听请按星号键。"
EN = "For greening press 1, for water 2, to talk to a person 0. To hear this again, press star."

CASES = [
    warning("no-such-key", "this prompt says 5", ("供水请按2，", "供水请按2，燃气请按«5，")),
    warning("no-such-key", "this prompt says 5", ("供水请按2，", "供水请按二，燃气请按«五，")),
    warning("no-such-key", "this prompt says 5", ("for water 2,", "for water 2, for gas «5,")),
    warning("no-such-key", "this prompt says #", ("重听请按星号键。", "重听请按星号键，返回请按«井号键。")),
    warning(
        "no-such-key",
        "this prompt says 4",
        ("greeting: {zh: 您好, en: Welcome}", "greeting: {zh: 您好, en: 'Welcome, press «4'}"),
    ),
    warning(
        "no-such-key",
        "not a key of the queue",
        keys('"1": {menu: main}'),
        ("messages: [请按1]", "messages: [请按1、«2]"),
    ),
    warning("no-such-key", "not a key of the queue", announce("messages: [{zh: 返回请按«井号键, en: Please wait}]")),
    warning("untold-key", "callers in zh of the key 2", ("供水请按2，", ""), ('"2": {menu', '«"2": {menu')),
    warning(
        "untold-key",
        "in zh or en of the key 2",
        ("供水请按2，", ""),
        ("for water 2, ", ""),
        ('"2": {menu', '«"2": {menu'),
    ),
    warning("untold-key", "in zh of the key 8", ("For English press 8. ", ""), ('"8": {language', '«"8": {language')),
    warning(
        "untold-key",
        "in zh or en of the key *",
        ("，重听请按星号键", ""),
        (" To hear this again, press star.", ""),
        ('"*"', '«"*"'),
    ),
    warning(
        "untold-key",
        "a message of `announce`",
        keys('"1": {menu: main}, «"2": {menu: main}'),
        ("[请按1，请按2]", "[请按1]"),
    ),
    warning("untold-key", "behind the subject", (EN, "«Hello.")),
    warning("key-order", "1 is told after 2", ("绿化请按1，供水请按2，", "供水请按2，绿化请按«1，")),
    warning("key-order", "2 is told after 0", ("供水请按2，人工请按0，", "人工请按0，供水请按«2，")),
    warning("told-twice", "the key 1 is told twice", ("供水请按1，人工", "供水请按1，水质请按«1，人工")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def problems(folder: Path, *changes: Change) -> list[Problem]:
    return list(loaded(folder, small(*changes)).problems)


BUREAUS = (
    ('"1": {sub_hotline: bureau}', '"1": {sub_hotline: bureau}\n      "2": {sub_hotline: duty}'),
    ("供水请按1，人工", "水务局请按1，值班请按2，人工"),
    ("'For water press 1, for", "'For the water bureau press 1, for Duty 2, for"),
)


def test_names_that_stand_before_the_keys_of_others(tmp_path: Path) -> None:
    assert problems(tmp_path, *BUREAUS) == []
    swapped = (
        '"1": {sub_hotline: bureau}\n      "2": {sub_hotline: duty}',
        '"1": {sub_hotline: duty}\n      "2": {sub_hotline: bureau}',
    )
    found = problems(tmp_path, *BUREAUS, swapped)
    assert [(one.code, one.line) for one in found] == [("other-key", 26)] * 4
    assert found[0].message == "the prompt says “水务局” for the key 1, but that is under 2"


def test_a_subject_behind_its_key_is_no_mistake(tmp_path: Path) -> None:
    behind = ("'For the water bureau press 1, for Duty 2, for", "'Press 1 for the water bureau, press 2 for duty, for")
    assert problems(tmp_path, *BUREAUS, behind) == []


def test_the_spot_is_in_the_line_of_a_folded_text(tmp_path: Path) -> None:
    zh = "      zh: >-\n        供水请按1，\n        人工请按0，其他请按7\n"
    en = "      en: |\n        For water press 1,\n        for a person 0, for others 7\n"
    found = problems(
        tmp_path, ("say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}\n", f"say:\n{zh}{en}")
    )
    assert [(one.code, one.line, one.column) for one in found] == [("no-such-key", 29, 19), ("no-such-key", 32, 36)]


def test_a_text_for_every_language_is_judged_once(tmp_path: Path) -> None:
    every = (
        "say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}",
        "say: 供水请按1，人工请按0，其他请按7",
    )
    assert [one.code for one in problems(tmp_path, every)] == ["no-such-key"]


def test_the_person_may_be_told_first(tmp_path: Path) -> None:
    assert problems(tmp_path, ("供水请按1，人工请按0", "人工请按0，供水请按1")) == []


def test_a_destination_that_is_wrong_says_nothing_of_its_prompt(tmp_path: Path) -> None:
    assert [one.code for one in problems(tmp_path, ('"2": {menu: water}', '"2": {meun: water}'))] == ["unknown-key"]
