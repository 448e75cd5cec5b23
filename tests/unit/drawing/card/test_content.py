"""What a card says is what the tree does."""

from pathlib import Path

from drawing.card.model import Content, Direct, Entry, Group, content_of
from drawing.model import Hours
from hotline.loader import load
from ivr.prompt_keys import choices
from tests.unit.drawing.graphs import hotline_of
from tests.unit.hotline.folders import Change

SAMPLE = Path(__file__).parents[4] / "examples" / "12319"


def of(*changes: Change, language: str = "en") -> Content:
    return content_of(hotline_of(*changes), language)


def shown(entries: tuple[Entry, ...]) -> list[tuple[str, str]]:
    return [(entry.key, entry.label) for entry in entries]


def test_keys_are_called_as_the_prompt_calls_them_in_its_order_and_else_as_the_node() -> None:
    words = ("For greening press 1, for water 2, to talk to a person 0.", "To talk to us press 0. For greening press 1")
    assert shown(of(words).entries) == [("0", "Talk to us"), ("1", "Greening"), ("2", "water")]
    assert shown(of(language="zh").entries) == [("1", "绿化"), ("2", "供水"), ("0", "人工")]


def test_every_key_of_the_first_menu_is_on_the_card_once() -> None:
    for language in ("zh", "en"):
        hotline = load(SAMPLE).hotline
        assert hotline is not None
        content = content_of(hotline, language)
        keys = sorted(entry.key for entry in (*content.entries, *content.others))
        own = {"zh": "9", "en": "8"}[language]  # who reads this card needs no key to this language
        assert keys == sorted(key for key in hotline.menus["main"].keys if key != own)
        told = choices(hotline.menus["main"].say[language])
        assert all(entry.label == told[entry.key] for entry in (*content.entries, *content.others))
        assert content.numbers == ("12319",)
        assert content.tel == "tel:12319"


def test_the_menu_below_a_key_and_the_message_before_it() -> None:
    hotline = load(SAMPLE).hotline
    assert hotline is not None
    water = content_of(hotline, "en").entries[1]
    assert shown(water.below) == [("1", "Water"), ("2", "Drains and floods"), ("3", "Gas")]
    assert water.below[2].message.startswith("If you smell gas")
    assert content_of(hotline, "en").heading == "Urban construction hotline"
    assert content_of(hotline, "zh").heading == "城建服务热线"


def test_only_numbers_that_citizens_can_dial_are_direct() -> None:
    phone = ('bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201"', 'bureau: {name: Water, dial: "1001"')
    assert [line.number for line in of().lines] == ["2201", "2200"]
    assert [line.number for line in of(phone).lines] == ["2200"]  # 1001 is an agent's phone


def test_hours_of_a_node_and_of_the_hotline() -> None:
    hotline = hotline_of()
    hours = {("queues", "greening"): Hours("Mon–Fri"), ("hotline", "small"): Hours("day and night", True)}
    content = content_of(hotline, "en", hours)
    assert content.entries[0].hours == "Mon–Fri"
    assert content.hours == "day and night"


def test_a_card_tells_hours_and_no_moment() -> None:
    say = "{zh: '请备好单号。今天服务到{closes}。', en: 'Have your order ready. We are here until {closes}.'}"
    key = f'"1": {{say: {say}, hours: day, closed: {{queue: general}}, then: {{queue: greening}}}}'
    changes: tuple[Change, ...] = (
        ("\nmenus:\n", '\nopening_hours:\n  day: {week: {mon-fri: "09:00-17:00"}}\n\nmenus:\n'),
        ('"1": {queue: greening}', key),
    )
    entry = of(*changes).entries[0]
    assert (entry.message, entry.hours) == ("Have your order ready.", "Mon–Fri 09:00-17:00")
    assert of(*changes, language="zh").entries[0].message == "请备好单号。"


CITY: tuple[Change, ...] = (
    (
        "\nmenus:\n",
        """
opening_hours:
  office: {week: {mon-fri: "09:00-12:00, 13:30-17:30"}}
districts:
  hongkou: {name: {zh: 虹口区, en: Hongkou}, numbers: ["0216*"]}
  pudong: {name: {zh: 浦东新区, en: Pudong}, numbers: ["02158*"]}

menus:
""",
    ),
    (
        'bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201", failed: {queue: general}}',
        """bureau:
    name: {zh: 水务局, en: Water bureau}
    dial: "62000000"
    failed: {queue: general}
    districts: {hongkou: bureau-hk, pudong: bureau-pd}
  bureau-hk:
    name: {zh: 虹口水务所, en: Water Hongkou}
    dial: "62521234"
    hours: office
    closed: {sub_hotline: duty}
  bureau-pd: {name: {zh: 浦东水务所, en: Water Pudong}, dial: "1002", failed: {queue: general}}""",
    ),
    ("    needs: {greening: 3}\n", "    needs: {greening: 3}\n    districts: {hongkou: general}\n"),
)
"""The small hotline with districts."""


def test_districts_have_their_numbers_and_hours() -> None:
    content = of(*CITY)
    office = "Mon–Fri 09:00-12:00, 13:30-17:30"
    assert content.districts == (
        Group("Greening", (Direct("Hongkou", ""),)),
        Group("Water bureau", (Direct("Hongkou", "62521234", office), Direct("Pudong", ""))),
    )
    assert [line.number for line in content.lines] == ["62000000", "2200"]
    assert [line.name for line in of(*CITY, language="zh").districts[1].lines] == ["虹口区", "浦东新区"]


def test_hours_that_all_districts_have_are_told_once() -> None:
    changes = [
        (
            old,
            new.replace(
                'dial: "1002", failed: {queue: general}', 'dial: "1002", hours: office, closed: {queue: general}'
            ),
        )
        for old, new in CITY
    ]
    lines = (Direct("Hongkou", "62521234"), Direct("Pudong", ""))
    assert of(*changes).districts[1] == Group("Water bureau", lines, "Mon–Fri 09:00-12:00, 13:30-17:30")
