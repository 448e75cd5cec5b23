"""What the self-test calls, what it makes of a call's Records, and what is kept of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from acd.recovery.state import UnreadableSnapshot
from hotline.inwords import told as told_in
from hotline.model import Hotline
from journal.actor import SYSTEM
from journal.records import Kind, Record
from selftest import model
from selftest.model import (
    MOST_DIFFERENCES,
    STOPPED,
    Difference,
    LastSelftest,
    Outcome,
    Stopped,
    Way,
    What,
    as_data,
    differences,
    has_sound,
    heard_out,
    is_misheard,
    next_run,
    pressed,
    seconds_to_person,
    ways,
    where,
)
from tests.unit.hotline.folders import loaded, small
from tests.unit.hotline.test_inputs import TEXTS, WAYS, wanted

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
CALL = "call-1"
WRONG = {"main": "3", "water": "2"}
"""The first key that a menu does not have."""


@pytest.fixture
def hotline(tmp_path: Path) -> Hotline:
    made = loaded(tmp_path, small()).hotline
    assert made is not None
    return made


def way_of(hotline: Hotline, *keys: str) -> Way:
    return next(way for way in ways(hotline, NOON) if way.keys == keys)


def test_each_key_of_each_menu_silence_and_a_wrong_key_are_called_once_in_each_language(hotline: Hotline) -> None:
    found = ways(hotline, NOON)
    called = {",".join(way.keys): (way.walk.end, way.walk.language) for way in found}
    assert len(called) == len(found)
    for menu_id, menu in hotline.menus.items():
        for language in ("zh", "en"):
            ends = [way for way in found if _passes(way, menu_id, language)]
            did = {_did_at(way, menu_id, language) for way in ends}
            assert did == {*menu.keys, "silence", WRONG[menu_id]}, (menu_id, language)
    begins = {way.keys[:length] for way in found for length in range(len(way.keys))}
    assert not begins & {way.keys for way in found}, "a beginning of another call is no call of its own"


def _passes(way: Way, menu_id: str, language: str) -> bool:
    return _did_at(way, menu_id, language) is not None


def _did_at(way: Way, menu_id: str, language: str) -> str | None:
    """What the caller does in the menu at first."""
    at = (turn.did for turn in way.walk.turns if (turn.node, turn.language) == (("menus", menu_id), language))
    return next(at, None)


def test_a_wrong_key_is_pressed_until_the_menu_gives_up(tmp_path: Path) -> None:
    patient = ("    invalid: {repeat: 1, then: {queue: general}}", "    invalid: {repeat: 3, then: {queue: greening}}")
    made = loaded(tmp_path, small(patient)).hotline
    assert made is not None
    assert way_of(made, *"3333").walk.end == ("queues", "greening")


def test_a_menu_that_has_every_key_has_no_wrong_one(tmp_path: Path) -> None:
    every = "".join(f'      "{key}": {{repeat: true}}\n' for key in "23456789*#")
    last = '      "0": {queue: general}\n    no_input: {then'
    made = loaded(tmp_path, small((last, f"{every}{last}"))).hotline
    assert made is not None
    assert {_did_at(way, "water", "zh") for way in ways(made, NOON)} == {*"0123456789*#", "silence", None}


def with_input(folder: Path, least: int, most: int, attempts: int) -> Hotline:
    """Key 3 leads to an input, after which callers come to the queue general; those who fail, back to the menu."""
    rule = f"least: {least}, most: {most}, attempts: {attempts}"
    made = loaded(folder, small(*wanted(f"{TEXTS}, {rule}, {WAYS}"))).hotline
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("least", "most", "right", "short"),
    [(4, 8, ["1234#", "1"], ["1#", "1#"]), (6, 6, ["123456", "1"], ["1#", "1#"]), (1, 9, ["1#", "1"], ["#", "#"])],
)
def test_a_number_is_entered_that_the_rule_accepts_and_one_that_it_does_not(
    least: int, most: int, right: list[str], short: list[str], tmp_path: Path
) -> None:
    made = with_input(tmp_path, least, most, attempts=2)
    found = {tuple(pressed(way.walk)): way for way in ways(made, NOON) if way.keys[0] == "3" and len(way.keys) > 2}
    assert {keys: way.walk.end for keys, way in found.items()} == {
        ("3", *right): ("queues", "general"),
        ("3", *short): ("menus", "main"),
    }
    for way in found.values():
        told = story(made, way, connected=1.0)
        assert not list(differences(way, made, told)), where(way)
        hung_up = [heard_out(way, made, told[: length + 1]) for length in range(len(told))]
        assert hung_up.count(True) == (way.walk.end[0] == "menus")
    way = found["3", *right]
    elsewhere = [each._replace(queue="greening") if each.queue == "general" else each for each in story(made, way)]
    assert (What.ELSEWHERE, "queues:general", "queues:greening") in found_in(way, made, elsewhere)


def test_there_are_so_many_calls_at_most(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_WAYS", 3)
    assert len(ways(hotline, NOON)) == 4, "one more says that not all are called"


def test_a_second_number_is_called_to_the_menu_that_was_gone_through(tmp_path: Path) -> None:
    two = loaded(tmp_path, small(('numbers: ["12319"]', 'numbers: ["12319", "12320"]'))).hotline
    assert two is not None
    assert [way.keys for way in ways(two, NOON) if way.number == "12320"] == [()]


def story(hotline: Hotline, way: Way, **at_queue: float) -> list[Record]:
    """A call that goes as the tree says. `connected`: seconds after the queue."""
    told = [Record(0.0, Kind.CALL_STARTED, CALL, data={"language": "zh", "test": True})]

    def tell(kind: Kind, queue: str | None = None, **data: Any) -> None:
        told.append(Record(float(len(told)), kind, CALL, queue, data={**data, "test": True}))

    for turn in way.walk.turns:
        section, name = turn.node or ("", "")
        if section == "menus":
            tell(Kind.MENU_ENTERED, menu=name, language=turn.language)
        elif section == "queues":
            tell(Kind.QUEUED, name)
        elif section == "sub_hotlines":
            tell(Kind.SUB_HOTLINE_SPARED, sub_hotline=name)
        if text := told_in(hotline, turn):
            tell(Kind.SAID, text=text, language=turn.language, interrupted=False)
        if turn.did == "silence":
            tell(Kind.NO_INPUT, menu=name, count=1)
        elif section == "inputs" and turn.did is not None:
            tell(Kind.KEY_PRESSED, key="", menu="", input=name)
        elif turn.did is not None:
            tell(Kind.KEY_PRESSED if turn.leads else Kind.INVALID_KEY, key=turn.did, menu=name)
    if "connected" in at_queue:
        told.append(Record(told[-1].at + at_queue["connected"], Kind.CONNECTED, CALL, way.walk.end[1]))
    told.append(Record(1_000.0, Kind.CALL_FINISHED, CALL, data={"by": "system"}))
    return told


def found_in(way: Way, hotline: Hotline, told: list[Record]) -> list[tuple[What, str, str]]:
    return [(each.what, each.wanted, each.came) for each in differences(way, hotline, told)]


def test_a_call_that_goes_as_the_tree_says_differs_in_nothing(hotline: Hotline) -> None:
    for way in ways(hotline, NOON):
        assert found_in(way, hotline, story(hotline, way, connected=1.0)) == [], where(way)


def test_what_is_not_said_and_where_the_call_ends_otherwise(hotline: Hotline) -> None:
    way = next(way for way in ways(hotline, NOON) if way.walk.end == ("queues", "greening"))
    told = story(hotline, way, connected=1.0)
    mute = [record for record in told if record.kind is not Kind.SAID]
    (what, wanted, _), *_ = found_in(way, hotline, mute)
    assert (what, wanted) == (What.NOT_SAID, told_in(hotline, way.walk.turns[0]))
    elsewhere = [record._replace(queue="general") if record.queue == "greening" else record for record in told]
    assert found_in(way, hotline, elsewhere) == [(What.ELSEWHERE, "queues:greening", "queues:general")]
    assert found_in(way, hotline, told[:-1]) == [(What.NO_END, "", "")]


def test_an_answer_must_come_and_come_soon(hotline: Hotline) -> None:
    way = next(way for way in ways(hotline, NOON) if way.walk.end == ("queues", "greening"))
    assert found_in(way, hotline, story(hotline, way)) == [(What.NOT_ANSWERED, "queues:greening", "")]
    assert seconds_to_person(story(hotline, way)) is None
    late = story(hotline, way, connected=6.5)
    assert found_in(way, hotline, late) == [(What.SLOW, "queues:greening", "6.5")]
    assert seconds_to_person(late) == 6.5


def test_a_department_that_is_rung_has_to_answer_and_to_be_heard(hotline: Hotline) -> None:
    way = next(way for way in ways(hotline, NOON) if way.walk.end[0] == "sub_hotlines")
    told = story(hotline, way)
    rung = [each._replace(kind=Kind.SUB_HOTLINE_DIALLED) if "spared" in each.kind else each for each in told]
    node = ":".join(way.walk.end)
    assert found_in(way, hotline, rung) == [(What.NOT_ANSWERED, node, "")]
    answered = Record(900.0, Kind.SUB_HOTLINE_ANSWERED, CALL, data={"sub_hotline": way.walk.end[1]})
    talked = [*rung[:-1], answered, rung[-1]]
    assert found_in(way, hotline, talked) == []

    def measured(packets_from: int = 400, packets_to: int = 400, lost_to: float | None = None) -> Any:
        data = {"phone": "2201", "packets_from": packets_from, "packets_to": packets_to, "lost_to": lost_to}
        return found_in(way, hotline, [*talked, Record(1_001.0, Kind.LEG_MEASURED, CALL, data=data)])

    assert measured() == measured(lost_to=49.0) == []
    assert measured(packets_from=4) == [(What.PHONE_MUTE, node, "")]
    assert measured(lost_to=93.4) == [(What.PHONE_DEAF, node, "93")]
    assert measured(packets_to=0) == [(What.PHONE_DEAF, node, "100")]


def test_the_caller_hangs_up_where_only_waiting_is_left(hotline: Hotline) -> None:
    again = next(way for way in ways(hotline, NOON) if way.walk.end[0] == "menus")
    told = story(hotline, again)
    hung_up = [heard_out(again, hotline, told[: length + 1]) for length in range(len(told))]
    assert hung_up.count(True) == 1
    assert hung_up.index(True) == len(told) - 2, "after the last words"
    queue = next(way for way in ways(hotline, NOON) if way.walk.end[0] == "queues")
    told = story(hotline, queue, connected=1.0)
    assert not any(heard_out(queue, hotline, told[: length + 1]) for length in range(len(told)))


@pytest.mark.parametrize("what", What)
def test_each_difference_is_a_sentence_in_both_languages(what: What) -> None:
    node = what in (What.ELSEWHERE, What.NOT_ANSWERED, What.SLOW, What.AGENT_HEARS_NOTHING) or "phone" in what
    wanted, came = ("queues:general", "queues:gas") if node else ("en", "zh")
    said = {language: Difference("12319", ("2",), what, wanted, came).sentence(language) for language in ("zh", "en")}
    assert said["zh"] != said["en"]
    assert said["en"].isascii() or "“" in said["en"]


def test_each_reason_to_stop_has_words() -> None:
    assert set(STOPPED) == set(Stopped)


def test_sound_is_more_than_noise() -> None:
    assert not has_sound([])
    assert not has_sound([0, 150, -199] * 5_000)
    assert has_sound([0] * 8_000 + [201] + [0] * 8_000)


@pytest.mark.parametrize(("errors", "length", "too_many"), [(1, 2, False), (2, 5, True), (4, 20, False), (5, 20, True)])
def test_a_recogniser_makes_mistakes_of_its_own(errors: int, length: int, too_many: bool) -> None:
    assert is_misheard(errors, length) is too_many


def test_the_next_night_is_by_the_wall_clock_also_where_an_hour_is_skipped() -> None:
    zone = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, tzinfo=zone).timestamp()
    due = next_run(before, "03:30", zone)
    assert datetime.fromtimestamp(due, zone) == datetime(2026, 3, 29, 3, 30, tzinfo=zone)
    assert next_run(due, "03:30", zone) == datetime(2026, 3, 30, 3, 30, tzinfo=zone).timestamp()
    assert next_run(due - 1, "03:30", zone) == due


def outcome(**more: Any) -> Outcome:
    return Outcome(begun=10.0, by="system", ways=3, **more)


def test_calls_add_up_and_the_same_difference_counts_once() -> None:
    one, other = Difference("12319", ("1",), What.NO_END), Difference("12319", ("2",), What.NO_END)
    made = outcome().with_call([one], "gas", 0.5).with_call([one, other], "gas", 0.2).with_call([], "water")
    assert (made.called, made.differences, made.spared, made.slowest) == (3, (one, other), ("gas", "water"), 0.5)
    many = outcome().with_call([Difference("1", (str(n),), What.NO_END) for n in range(MOST_DIFFERENCES + 7)])
    assert (len(many.differences), many.more) == (MOST_DIFFERENCES, 7)


def test_the_last_one_is_kept_over_a_restart_and_one_that_ran_has_ended() -> None:
    last = LastSelftest()
    begun = Record(10.0, Kind.SELFTEST_STARTED, data={"ways": 3}, actor=SYSTEM)
    last.note(begun)
    assert last.outcome == outcome()
    broken = LastSelftest()
    broken.restore(None, [begun])
    assert broken.outcome == outcome(ended=10.0, stopped=Stopped.RESTARTED)
    made = outcome(ended=20.0, slowest=0.5).with_call(
        [Difference("12319", ("1",), What.ELSEWHERE, "queues:a", "goodbye:")]
    )
    last.note(Record(20.0, Kind.SELFTEST_ENDED, data=as_data(made)))
    again = LastSelftest()
    again.restore(last.kept(), [])
    assert again.outcome == made
    with pytest.raises(UnreadableSnapshot):
        again.restore({"outcome": {"begun": "x"}}, [])
