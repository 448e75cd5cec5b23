"""Queues that nobody serves at some hour of the week."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import Case, Change, error, loaded, small, warning

FIRST = ("languages: [zh, en]}", "languages: [zh, en], hours: day}")
SECOND = ("password: correct-horse", "hours: day, password: correct-horse")
OFFICE = "\nopening_hours:\n  day: {week: {mon-fri: '09:00-17:00'}}\n"
DAY: Change = ("\nmenus:\n", f"{OFFICE}\nmenus:\n")
CLOSED = "    hours: day\n    closed: {sub_hotline: duty}\n"
GREENING: Change = ("    needs: {greening: 3}\n", f"    needs: {{greening: 3}}\n{CLOSED}")
GENERAL: Change = ("    needs: {general: 1}\n\n", f"    needs: {{general: 1}}\n{CLOSED}\n")
MARKED: Change = ("  general:\n    name", "  «general:\n    name")

CASES = [
    warning(
        "nobody-works",
        "at times, such as mon 00:00, no agent works who could take calls of the queue 'general'",
        DAY,
        GREENING,
        MARKED,
        agents=(FIRST, SECOND),
    ),
    warning(
        "nobody-works",
        "nobody works in the queue 'general' who speaks en",
        DAY,
        GREENING,
        MARKED,
        agents=(FIRST, ("general: 3}", "general: 3}, languages: [zh]")),
    ),
    error(
        "dangling",
        "did you mean 'day'?",
        DAY,
        GREENING,
        agents=(("languages: [zh, en]}", "languages: [zh, en], hours: «dya}"),),
    ),
    error("bad-value", "use small letters", agents=(("languages: [zh, en]}", "languages: [zh, en], hours: «Day}"),)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def codes(folder: Path, *changes: Change, agents: tuple[Change, ...]) -> list[str]:
    return [problem.code for problem in loaded(folder, small(*changes, agents=agents)).problems]


def test_a_queue_that_is_closed_when_nobody_works_is_well(tmp_path: Path) -> None:
    assert codes(tmp_path, DAY, GREENING, GENERAL, agents=(FIRST, SECOND)) == []


def test_one_agent_who_may_work_at_any_time_is_enough(tmp_path: Path) -> None:
    assert codes(tmp_path, DAY, GREENING, agents=(FIRST,)) == []


@pytest.mark.parametrize(("monday", "found"), [("00:00-09:00, 17:00-09:00", []), ("17:00-09:00", ["mon 00:00"] * 2)])
def test_day_and_night_together_are_the_whole_week(tmp_path: Path, monday: str, found: list[str]) -> None:
    night = f"night: {{week: {{mon: '{monday}', tue-fri: '17:00-09:00', sat-sun: '00:00-24:00'}}}}"
    hours: Change = ("\nmenus:\n", f"{OFFICE}  {night}\n\nmenus:\n")
    late = ("password: correct-horse", "hours: night, password: correct-horse")
    first = ("skills: {greening: 4, general: 2}, languages: [zh, en]}", "skills: {general: 2}, hours: day}")
    trees = ("skills: {general: 3}", "skills: {general: 3, greening: 3}")
    texts = small(hours, agents=(first, late, trees))
    problems = [each for each in loaded(tmp_path, texts).problems if each.code == "nobody-works"]
    assert [each.message.split(", ")[1].removeprefix("such as ") for each in problems] == found


def test_a_queue_that_is_reached_by_day_only_needs_nobody_at_night(tmp_path: Path) -> None:
    ways = (
        DAY,
        GREENING,
        ("entry: main\n", "entry: main\nhours: day\nclosed: {sub_hotline: duty}\n"),
        ('dial: "2201", failed: {queue: general}}', 'dial: "2201"}'),
    )
    assert codes(tmp_path, *ways, agents=(FIRST, SECOND)) == []
