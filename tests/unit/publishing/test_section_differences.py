"""What changes for a caller in hours, lists, districts, scopes and inputs, in sentences."""

from pathlib import Path

import pytest

from hotline.model import Hotline
from publishing.differences import differences
from tests.unit.hotline.folders import Change
from tests.unit.publishing.test_differences import hotline

SECTIONS = """
calendars: {city: {off: [2030-10-01], until: 2030}}
opening_hours:
  day: {calendar: city, week: {mon-fri: "09:00-17:00"}, special: {2030-12-31: "09:00-12:00"}}
  night: {week: {mon-sun: "17:00-09:00"}}
callers:
  seniors: {numbers: ["138*"], then: {queue: general}, priority: 60s}
  offices: {numbers: ["021*"], then: {queue: greening}}
districts:
  hongkou: {name: {zh: 虹口, en: Hongkou}, numbers: ["0216*"]}
remember_language: 90d
scopes:
  trees:
    say: {zh: 归物业管, en: Your manager does that}
    number: "62521234"
    transfer: {sub_hotline: duty}
    offer: {zh: 转接请按1, en: To be put through press 1}
    then: {menu: main}
inputs:
  order:
    name: {zh: 工单号, en: Order number}
    say: {zh: 请输入工单号, en: Enter the number}
    entered: {zh: 您输入的是, en: You entered}
    confirm: {zh: 正确请按1, en: If right press 1}
    least: 4
    most: 12
    then: {queue: general}
    failed: {queue: general}

menus:
"""
GATE = "    hours: day\n    closed: {sub_hotline: duty}\n"
ALL: tuple[Change, ...] = (
    ("\nmenus:\n", SECTIONS),
    ("    needs: {greening: 3}\n", f"    needs: {{greening: 3}}\n{GATE}    districts: {{hongkou: general}}\n"),
    ("entry: main\n", "entry: main\nhours: day\nclosed: {sub_hotline: duty}\n"),
)


def edited(old: str, new: str) -> tuple[Change, ...]:
    """The same with other words somewhere in what was added."""
    assert sum(text.count(old) for _, text in ALL) == 1, old
    return tuple((at, text.replace(old, new)) for at, text in ALL)


CASES = [
    (
        'mon-fri: "09:00-17:00"',
        'mon-fri: "09:00-16:00"',
        "The hours day are now Mon–Fri 09:00-16:00, not on holidays; before: Mon–Fri 09:00-17:00, not on holidays",
    ),
    (
        '2030-12-31: "09:00-12:00"',
        "2030-12-31: closed",
        "On 2030-12-31 the hours day are now closed; before: 09:00-12:00",
    ),
    (
        "off: [2030-10-01]",
        "off: [2030-10-01 to 2030-10-05]",
        "In the calendar city 2030-10-02, 2030-10-03, 2030-10-04 and 1 more are now off",
    ),
    (
        "needs: {greening: 3}\n    hours: day",
        "needs: {greening: 3}\n    hours: night",
        "The queue greening is now open in the hours night, not day",
    ),
    (GATE, "", "The queue greening is now open at any time; before: in the hours day only"),
    (
        "main\nhours: day\nclosed: {sub_hotline: duty}",
        "main\nhours: day\nclosed: {sub_hotline: bureau}",
        "While the hotline is closed, calls go to the sub-hotline bureau; before: the sub-hotline duty",
    ),
    ('["138*"]', '["138*", "139*"]', "The list seniors has new numbers: 1; numbers that are gone: 0"),
    (
        "then: {queue: general}, priority",
        "then: {queue: greening}, priority",
        "Callers on the list seniors now come to the queue greening, not to the queue general",
    ),
    ("priority: 60s", "priority: 30s", "Callers on the list seniors have a head start of 30s, not 1m"),
    ('["0216*"]', '["0217*"]', "The district hongkou now has the numbers 0217*; before: the numbers 0216*"),
    (
        "    districts: {hongkou: general}\n",
        "",
        "Callers from hongkou who come to the queue greening now get the queue greening, not the queue general",
    ),
    (
        "remember_language: 90d",
        "remember_language: 30d",
        "The language of a caller's last call is remembered: 30d; before: 90d",
    ),
    (
        "en: Your manager does that",
        "en: Your owner does it",
        "The scope trees in English now says “Your owner does it”, not “Your manager does that”",
    ),
    ('"62521234"', '"62521235"', "The scope trees now reads 62521235, not 62521234"),
    (
        "transfer: {sub_hotline: duty}",
        "transfer: {sub_hotline: bureau}",
        "The scope trees puts callers through to the sub-hotline bureau; before: the sub-hotline duty",
    ),
    ("    then: {menu: main}\n", "", "After the scope trees callers go on to the goodbye; before: the menu main"),
    ("least: 4", "least: 6", "The input order now takes 6–12 digits, not 4–12"),
    ("most: 12\n", "most: 12\n    attempts: 2\n", "The input order asks 2 times at most, not 3"),
    (
        "    failed: {queue: general}",
        "    failed: {scope: trees}",
        "Without digits for the input order callers go on to the scope trees; before: the queue general",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), CASES)
def test_a_change_is_a_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    before, after = hotline(tmp_path / "a", *ALL), hotline(tmp_path / "b", *edited(old, new))
    assert [each.sentence for each in differences(before, after, "en")] == [sentence]
    (chinese,) = differences(before, after, "zh")
    assert any(character >= "\u4e00" for character in chinese.sentence)


def test_hours_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    names = [f"{letter}-hours" for letter in "hgfedcba"]
    change = "\nmenus:\n"

    def with_hours(folder: Path, times: str) -> Hotline:
        hours = "".join(f'  {name}: {{week: {{mon: "{times}"}}}}\n' for name in names)
        return hotline(folder, (change, f"\nopening_hours:\n{hours}{change}"))

    before, after = with_hours(tmp_path / "a", "09:00-12:00"), with_hours(tmp_path / "b", "09:00-13:00")
    told = [each.sentence for each in differences(before, after, "en")]
    assert [sentence.split()[2] for sentence in told] == names


def test_what_is_new_is_told_once_and_nothing_is_only_named(tmp_path: Path) -> None:
    before, after = hotline(tmp_path / "a"), hotline(tmp_path / "b", *ALL)
    for one, other in ((before, after), (after, before)):
        told = [each.sentence for each in differences(one, other, "en")]
        assert len(told) == len(set(told))
        assert not [sentence for sentence in told if "The setting" in sentence]
        assert any("the list seniors" in sentence.lower() for sentence in told)
        assert any("the district hongkou" in sentence.lower() for sentence in told)
        assert any("the scope trees" in sentence.lower() for sentence in told)
        assert any("the input order" in sentence.lower() for sentence in told)


def test_a_key_that_leads_to_a_scope_an_input_or_a_district_says_so(tmp_path: Path) -> None:
    before = hotline(tmp_path / "a", *ALL)
    for number, (to, words) in enumerate(
        (
            ("{scope: trees}", "the scope trees"),
            ("{input: order}", "the input order"),
            ("{queue: greening, district: hongkou}", "the queue greening for the district hongkou"),
            ("{district: hongkou, then: {queue: general}}", "the district hongkou, then the queue general"),
            (
                "{queue: greening, hours: day, closed: {queue: general}}",
                "the queue greening (outside the hours day: the queue general)",
            ),
        )
    ):
        after = hotline(tmp_path / f"b{number}", *ALL, ('"1": {queue: greening}', f'"1": {to}'))
        (key,) = (each.sentence for each in differences(before, after, "en") if "Key 1" in each.sentence)
        assert key == f"Key 1 in the menu main now leads to {words}, not to the queue greening"
