"""Departments that nobody could reach."""

from pathlib import Path

import pytest

from hotline.loader import load
from hotline.problem import Problem
from tests.unit.hotline.folders import Change, marks, small, written

PHONES = (
    '  - {id: "1002"',
    (
        '  - {id: "2200", name: 值班, skills: {general: 1}}\n'
        '  - {id: "2201", name: 水务局, skills: {general: 1}}\n'
        '  - {id: "1002"'
    ),
)
BUREAU = 'dial: "2201"'


def problems(
    folder: Path, trunk: bool | None, *hotline: Change, agents: tuple[Change, ...] = (PHONES,)
) -> list[Problem]:
    """All problems, each at a mark."""
    texts = small(*hotline, agents=agents)
    found = load(written(folder, texts), trunk=trunk).problems
    assert [(p.file, p.line, p.column) for p in found] == [
        at for name, text in texts.items() for at in marks(name, text)
    ]
    return list(found)


@pytest.mark.parametrize("trunk", [False, True, None])
def test_agents_phones_can_be_reached(tmp_path: Path, trunk: bool | None) -> None:
    assert problems(tmp_path, trunk) == []


def test_a_number_needs_a_trunk(tmp_path: Path) -> None:
    far = (BUREAU, 'dial: «"02112345678"')
    (problem,) = problems(tmp_path, False, far)
    assert (problem.level, problem.code) == ("warning", "no-trunk")
    assert (
        problem.message
        == "'02112345678' is not an agent's id, and there is no trunk to dial it: nobody would be reached"
    )
    assert "docs/trunk.md" in problem.hint
    plain = (BUREAU, 'dial: "02112345678"')
    assert problems(tmp_path, True, plain) == []
    assert problems(tmp_path, None, plain) == []


def test_a_slip_in_an_agents_id_is_named(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, False, (BUREAU, 'dial: «"2211"'))
    assert problem.hint == "did you mean '2201'?"


@pytest.mark.parametrize("number", ["*", "##", "+", "0+21", "021+"])
@pytest.mark.parametrize("trunk", [False, True, None])
def test_some_numbers_nobody_can_have(tmp_path: Path, number: str, trunk: bool | None) -> None:
    (problem,) = problems(tmp_path, trunk, (BUREAU, f'dial: «"{number}"'))
    assert (problem.level, problem.code) == ("warning", "undiallable")


@pytest.mark.parametrize("number", ["+862112345678", "*67021123", "110", "#31#021123"])
def test_numbers_of_many_kinds_can_be_dialled(tmp_path: Path, number: str) -> None:
    assert problems(tmp_path, True, (BUREAU, f'dial: "{number}"')) == []


OUTSIDE = ("entry: main", 'entry: main\noutside_numbers: {«"%s": 市容}')


@pytest.mark.parametrize(
    ("number", "trunk", "code"),
    [("02112345678", False, "no-trunk"), ("0+21", True, "undiallable"), ("0+21", None, "undiallable")],
)
def test_numbers_that_agents_may_call_need_a_trunk_too(
    tmp_path: Path, number: str, trunk: bool | None, code: str
) -> None:
    (problem,) = problems(tmp_path, trunk, (OUTSIDE[0], OUTSIDE[1] % number))
    assert (problem.level, problem.code) == ("warning", code)


@pytest.mark.parametrize("trunk", [True, None])
def test_with_a_trunk_they_are_well(tmp_path: Path, trunk: bool | None) -> None:
    assert problems(tmp_path, trunk, (OUTSIDE[0], OUTSIDE[1].replace("«", "") % "110")) == []


CALLS_OUT = ("entry: main", 'entry: main\n«calls_out: {allowed: ["1[3-9]xxxxxxxxx"]}')


def test_calls_to_citizens_need_a_trunk(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, False, CALLS_OUT)
    assert (problem.level, problem.code) == ("warning", "no-trunk")
    assert problems(tmp_path, True, (CALLS_OUT[0], CALLS_OUT[1].replace("«", ""))) == []


def test_a_form_that_allows_calls_abroad_and_a_number_of_somebody_else_are_noticed(tmp_path: Path) -> None:
    wide = ("entry: main", 'entry: main\ncalls_out: {allowed: ["021xxxxxxxx", «"xxxxxxxxxxx"]}')
    (problem,) = problems(tmp_path, True, wide)
    assert (problem.level, problem.code) == ("warning", "calls-abroad")
    shown = ("needs: {greening: 3}", 'needs: {greening: 3}\n    number: «"12345"')
    (problem,) = problems(tmp_path, True, shown)
    assert (problem.level, problem.code) == ("error", "unknown-number")


def test_without_knowing_the_agents_nothing_is_said(tmp_path: Path) -> None:
    """The phone may be in the part of the file that could not be read."""
    broken = ('id: "2201", name: 水务局, skills: {general: 1}', 'id: "2201", name: 水务局, skills: «7')
    assert [problem.code for problem in problems(tmp_path, False, agents=(PHONES, broken))] == ["bad-value"]
