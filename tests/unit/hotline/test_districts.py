"""Districts: who calls from which, and what is wrong with them."""

from pathlib import Path

import pytest

from hotline.callers import District, district_of
from hotline.graph import By, ways
from hotline.model import Hotline
from ivr.model import Destination, ToMenu, ToQueue, ToSubHotline
from tests.unit.hotline.folders import Case, Change, error, keys, loaded, small, warning

CITY = {
    "hongkou": District(name={"zh": "虹口"}, numbers=("0216*", "13800000001")),
    "pudong": District(name={"zh": "浦东"}, numbers=("02165*", "138*")),
    "jingan": District(name={"zh": "静安"}, callers=("offices",)),
}


@pytest.mark.parametrize(
    ("caller", "listed", "found"),
    [
        ("02161234567", None, "hongkou"),
        ("021-6512-3456", None, "pudong"),  # the longest beginning
        ("13800000001", None, "hongkou"),  # a whole number before a beginning
        ("+13800000001", None, "hongkou"),
        ("13800000002", None, "pudong"),
        ("02161234567", "offices", "jingan"),
        ("02161234567", "seniors", "hongkou"),
        ("13900000000", None, None),
        ("", None, None),
    ],
)
def test_who_calls_from_where(caller: str, listed: str | None, found: str | None) -> None:
    assert district_of(caller, listed, CITY) == found


MENUS = """
callers:
  offices: {numbers: ["13900000001"], priority: 5s}
districts:
  hongkou: {name: {zh: 虹口, en: Hongkou}, numbers: ["0216*"], callers: [offices]}
  pudong: {name: {zh: 浦东, en: Pudong}}

menus:
  where:
    say: {zh: 虹口请按1，其他区请按2，人工请按0, en: "For Hongkou press 1, for others press 2, for a person press 0"}
    keys:
      "1": {district: hongkou}
      "2": {menu: more}
      "0": {queue: general}
    no_input: {then: {district: other}}
    invalid: {then: {district: other}}
  more:
    say: {zh: 浦东请按1，人工请按0, en: "For Pudong press 1, for a person press 0"}
    keys:
      "1": {district: pudong}
      "0": {queue: general}
    no_input: {then: {queue: general}}
    invalid: {then: {queue: general}}
"""
BUREAU = 'bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201", failed: {queue: general}}'
FAILED = "{sub_hotline: bureau, district: other}"
HONGKOU = f'hk: {{name: {{zh: 虹口水务, en: Hongkou water}}, dial: "2202", failed: {FAILED}}}'
DIVIDED = BUREAU[:-1] + ", districts: {hongkou: hk}, ask: where}"


def city(*changes: Change, bureau: str = DIVIDED, hongkou: str = HONGKOU) -> tuple[Change, ...]:
    """The small hotline with districts: a menu asks for them, and the bureau has an office in Hongkou."""
    menus = MENUS
    for old, new in changes:
        assert menus.count(old) == 1, old
        menus = menus.replace(old, new)
    return ("\nmenus:\n", menus), (BUREAU, f"{bureau}\n  {hongkou}")


def made(folder: Path, *changes: Change) -> Hotline:
    found = loaded(folder, small(*changes))
    assert not found.problems, "\n".join(map(str, found.problems))
    assert found.hotline is not None
    return found.hotline


def test_a_node_has_another_one_for_a_district(tmp_path: Path) -> None:
    hotline = made(tmp_path, *city())
    variants = hotline.variants(("sub_hotlines", "bureau"))
    assert variants is not None
    assert (dict(variants.of), variants.ask) == ({"hongkou": "hk"}, "where")
    assert hotline.variants(("queues", "greening")) is hotline.variants(("queues", "gone")) is None
    assert hotline.exactly(("sub_hotlines", "bureau")) == ToSubHotline(sub_hotline="bureau", district="other")
    assert hotline.exactly(("queues", "greening")) == ToQueue(queue="greening")


def test_what_is_known_of_a_caller(tmp_path: Path) -> None:
    hotline = made(tmp_path, *city())
    assert hotline.known("02161234567") == {"district": "hongkou"}
    assert hotline.known("13900000001") == {"list": "offices", "district": "hongkou"}
    assert hotline.known("138") == {}


def test_the_ways_of_districts(tmp_path: Path) -> None:
    found: dict[tuple[object, By, str], list[Destination]] = {}
    for way in ways(made(tmp_path, *city())):
        found.setdefault((way.source, way.by, str(way.path[-1])), []).append(way.destination)
    bureau, where, more = ("sub_hotlines", "bureau"), ("menus", "where"), ("menus", "more")
    assert found[bureau, By.DISTRICT, "hongkou"] == [ToSubHotline(sub_hotline="hk")]
    assert found[bureau, By.ASK, "ask"] == [ToMenu(menu="where")]
    assert found[where, By.KEY, "1"][1:] == [ToSubHotline(sub_hotline="hk")]
    assert found[more, By.KEY, "1"][1:] == [ToSubHotline(sub_hotline="bureau", district="other")]
    assert found[where, By.SILENCE, "then"][1:] == [ToSubHotline(sub_hotline="bureau", district="other")]


PUDONG = "  pudong: {name", "  «other: {name"

CASES = [
    error("dangling", "did you mean 'hongkou'?", *city(('"1": {district: hongkou}', '"1": {district: «honkou}'))),
    error("dangling", "did you mean 'offices'?", *city(("callers: [offices]", "callers: [«ofices]"))),
    error("dangling", "sub-hotline", *city(bureau=DIVIDED.replace("hongkou: hk", "hongkou: «hkk"))),
    error("dangling", "did you mean 'where'?", *city(bureau=DIVIDED.replace("ask: where", "ask: «wher"))),
    error("dangling", "there is no district", *city(bureau=DIVIDED.replace("hongkou: hk", "«baoshan: hk"))),
    error("dangling", "there is no district", *city(hongkou=HONGKOU.replace("district: other", "district: «baoshan"))),
    error(
        "duplicate-number",
        "belongs to the district 'hongkou' already",
        *city(("en: Pudong}}", "en: Pudong}, numbers: [«'0216*']}")),
    ),
    error(
        "bad-name",
        "another name",
        *city(PUDONG, ("{district: pudong}", "{district: hongkou}")),
    ),
    error(
        "endless",
        "goes round",
        *city(hongkou=HONGKOU.replace(FAILED, "«{sub_hotline: bureau}")),
    ),
    error(
        "endless",
        "has districts of its own",
        *city(bureau=DIVIDED.replace("hongkou:", "hongkou: «bureau, pudong:")),
    ),
    error("repeat-outside-menu", "say where to", keys('"1": «{district: hongkou}'), *city()),
    error("bad-value", "take this out", (BUREAU, BUREAU[:-1] + ", «ask: main}")),
    error("missing-key", "add `name: …`", *city(("pudong: {name: {zh: 浦东, en: Pudong}}", "«pudong: {}"))),
    error("bad-value", "small letters", *city(("{district: pudong}", "{district: «浦东}"))),
    warning("missing-translation", "add `en: …`", *city(("name: {zh: 浦东, en: Pudong}", "«name: {zh: 浦东}"))),
    warning("unused-districts", "give one", ("entry: main", "entry: main\n«districts: {hongkou: {name: 虹口}}")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_a_silent_caller_who_is_asked_for_a_district_for_ever(tmp_path: Path) -> None:
    again = ("    no_input: {repeat: 1, then: {queue: general}}\n", "    no_input: {then: {sub_hotline: bureau}}\n")
    back = ("    no_input: {then: {district: other}}\n", "    no_input: {then: {menu: main}}\n")
    found = loaded(tmp_path, small(again, *city(back)))
    assert ("endless", "error") in [(p.code, p.level) for p in found.problems]
