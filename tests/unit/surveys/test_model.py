"""What the surveys came to, and whom not to ask again: from Records, bounded, and kept over a restart."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from acd.recovery.state import UnreadableSnapshot
from surveys import model
from surveys.model import Surveys, Tally, Who
from tests.unit.surveys.told import not_asked, survey

AT = 1_700_000_000.0
DAY = 86_400.0
ONE = Who("greening", "1001")


def day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def made(*records: Any, longest: float = 90 * DAY) -> Surveys:
    surveys = Surveys(day, longest)
    for record in records:
        surveys.note(record)
    return surveys


def test_offered_begun_and_complete_are_three_figures() -> None:
    surveys = made(*survey("a", AT, "4", "1"), *survey("b", AT, "5"), *survey("c", AT), not_asked("d", AT, "lost"))
    assert surveys.figures(AT) == {ONE: Tally(3, 2, 1, [{"4": 1, "5": 1}, {"1": 1}], {"lost": 1})}
    assert surveys.totals == {
        ("greening", "survey-offered"): 3,
        ("greening", "begun"): 2,
        ("greening", "survey-answered"): 1,
        ("greening", "survey-complete"): 1,
        ("greening", "survey-not-asked"): 1,
    }


def test_each_queue_and_agent_has_figures_of_its_own() -> None:
    surveys = made(*survey("a", AT, "4"), *survey("b", AT, "2", agent="1002"), *survey("c", AT, "3", queue="water"))
    assert {who: tally.keys for who, tally in surveys.figures(AT).items()} == {
        ONE: [{"4": 1}],
        Who("greening", "1002"): [{"2": 1}],
        Who("water", "1001"): [{"3": 1}],
    }


def test_thirty_days_are_counted_or_from_a_day_on() -> None:
    surveys = made(*survey("a", AT - 29 * DAY, "1"), *survey("b", AT - DAY, "2"), *survey("c", AT, "3"))
    assert surveys.figures(AT)[ONE].offered == 3
    assert surveys.oldest(AT) == day(AT - 29 * DAY)
    assert surveys.figures(AT, day(AT - DAY))[ONE].keys == [{"2": 1, "3": 1}]
    assert surveys.figures(AT, day(AT + DAY)) == {}
    assert surveys.figures(AT + DAY)[ONE].offered == 2
    assert surveys.oldest(AT + DAY) == day(AT - DAY)
    assert made().oldest(AT) == day(AT)


def test_a_number_was_asked_however_it_is_written() -> None:
    surveys = made(*survey("a", AT, number="+8613800138000"))
    assert surveys.asked("+8613800138000") == AT
    assert surveys.asked("8613800138000") == surveys.asked("008613800138000")
    assert surveys.asked("13900139000") is None


@pytest.mark.parametrize("number", ["", "anonymous"])
def test_a_withheld_number_is_nobodys(number: str) -> None:
    surveys = made(*survey("a", AT, number=number))
    assert surveys.asked(number) is None
    assert surveys.figures(AT)[ONE].offered == 1


def test_a_number_is_forgotten_in_time_and_when_that_is_asked_for() -> None:
    surveys = made(*survey("a", AT, number="138"), *survey("b", AT + 5 * DAY, number="139"), longest=4 * DAY)
    assert (surveys.asked("138"), surveys.asked("139")) == (None, AT + 5 * DAY)
    surveys.forget("139")
    assert surveys.asked("139") is None
    assert surveys.figures(AT + 5 * DAY)[ONE].offered == 2, "the figures have no number"


def test_numbers_are_bounded_who_was_asked_first_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_ASKED", 2)
    surveys = made(*survey("a", AT, number="1"), *survey("b", AT + 1, number="2"), *survey("c", AT + 2, number="1"))
    surveys.note(survey("d", AT + 3, number="3")[0])
    assert [surveys.asked(number) for number in "123"] == [AT + 2, None, AT + 3]


def test_figures_are_bounded_the_oldest_day_goes_but_not_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_ROWS", 2)
    surveys = made(*survey("a", AT - DAY), *survey("b", AT), *survey("c", AT, agent="1002"))
    assert set(surveys.figures(AT)) == {ONE, Who("greening", "1002")}
    assert surveys.oldest(AT) == day(AT)
    surveys.note(survey("d", AT, agent="1003")[0])
    assert len(surveys.figures(AT)) == 2
    surveys.note(survey("e", AT)[0])
    assert surveys.figures(AT)[ONE].offered == 2


def test_a_restart_keeps_all_of_it() -> None:
    before = made(*survey("a", AT, "4", "1"), not_asked("b", AT, "transferred"))
    later = [*survey("c", AT + 60, "5", number="139"), not_asked("d", AT + 60, "transferred")]
    kept = json.loads(json.dumps(before.kept()))
    after = made()
    after.restore(kept, later)
    for record in later:
        before.note(record)
    assert after.figures(AT) == before.figures(AT)
    assert after.kept() == before.kept()
    assert (after.asked("138"), after.asked("139")) == (AT, AT + 60)
    assert not after.totals, "a counter of metrics begins with the process"


def test_a_number_that_was_forgotten_in_the_snapshot_is_not_known_after_a_restart() -> None:
    kept = made(*survey("a", AT)).kept()
    kept["asked"][0]["number"] = ""
    after = made()
    after.restore(kept, ())
    assert after.asked("138") is None
    assert after.kept()["asked"] == []


@pytest.mark.parametrize("kept", [{"asked": 1}, {"rows": [{"day": "x"}]}, {"asked": [{"number": "1", "at": "soon"}]}])
def test_an_unreadable_snapshot_is_said_so(kept: dict[str, Any]) -> None:
    with pytest.raises(UnreadableSnapshot):
        made().restore(kept, ())
