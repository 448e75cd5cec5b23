"""Lists of callers: whom they have, what they do, and what is wrong with them."""

from pathlib import Path

import pytest

from hotline.callers import MOST_SHOWN, CallerList, list_of, lists_of, read
from hotline.loader import load
from hotline.model import Hotline
from ivr.model import Say, ToQueue
from tests.unit.hotline.folders import Case, Change, error, loaded, small, warning, written

SENIORS = CallerList(numbers=("13800000001", "0216252*"), then=ToQueue(queue="general"))
PARTNERS = CallerList(file="partners.txt", priority=60)
LISTS = {"seniors": SENIORS, "partners": PARTNERS}
FILED = {"partners": frozenset({"13900000002", "216252000"})}


@pytest.mark.parametrize(
    ("caller", "found"),
    [
        ("13800000001", "seniors"),
        ("+13800000001", "seniors"),
        ("013800000001", "seniors"),
        ("138-0000-0001", "seniors"),
        ("02162521234", "seniors"),
        ("0216252", "seniors"),
        ("13900000002", "partners"),
        ("013900000002", "partners"),
        ("216252000", "partners"),  # not with the area code, so the beginning does not fit
        ("0216252000", "seniors"),  # the first list counts
        ("1380000000", None),
        ("138000000011", None),
        ("", None),
        ("anonymous", None),
        ("user13800000001", None),
    ],
)
def test_whom_a_list_has(caller: str, found: str | None) -> None:
    assert list_of(caller, LISTS, FILED) == found


def test_all_lists_that_have_a_number_are_named() -> None:
    assert list(lists_of("0216252000", LISTS, FILED)) == ["seniors", "partners"]
    assert list(lists_of("13900000002", LISTS, FILED)) == ["partners"]
    assert list(lists_of("anonymous", LISTS, FILED)) == []


def test_a_file_has_one_number_a_line() -> None:
    text = "\ufeff# the partners\n13900000002\n\n  +86 139-0000-0003  # Mr. Li\r\n(021) 6252 1234\n"
    found, problems = read(text.encode(), "p.txt")
    assert found == {"13900000002", "8613900000003", "2162521234"}
    assert not problems


def test_a_wrong_line_is_told_with_its_spot() -> None:
    _, problems = read(b"13900000002\n  Li\n12\n138x\n", "p.txt")
    assert [(p.code, p.file, p.line, p.column) for p in problems] == [
        ("bad-number", "p.txt", 2, 3),
        ("bad-number", "p.txt", 3, 1),
        ("bad-number", "p.txt", 4, 1),
    ]
    assert len(read(b"x\n" * 1_000, "p.txt")[1]) == MOST_SHOWN
    _, (bad,) = read(b"13900000002\n\xff\n", "p.txt")
    assert (bad.code, bad.line) == ("bad-encoding", 2)


CALLERS = "callers:\n"
SECTION: Change = (
    "\nmenus:\n",
    """
callers:
  seniors: {numbers: ["13800000001", "0216252*"], then: {queue: general}}
  nuisance: {numbers: ["13900000009"], then: {say: {zh: 请勿打扰, en: Please stop}}}
  partners: {file: partners.txt, priority: 60s}

menus:
""",
)


def section(*entries: str, rest: str = "") -> Change:
    return "\nmenus:\n", "\ncallers:\n" + "".join(f"  {entry}\n" for entry in entries) + f"{rest}\nmenus:\n"


def made(folder: Path, *changes: Change, **files: str) -> Hotline:
    texts = small(*changes)
    for name, text in files.items():
        texts[f"{name}.txt"] = text
    found = loaded(folder, texts)
    assert not found.problems, "\n".join(map(str, found.problems))
    assert found.hotline is not None
    return found.hotline


def test_a_list_says_where_its_callers_go_whatever_they_dialled(tmp_path: Path) -> None:
    hotline = made(tmp_path, SECTION, partners="13900000002\n")
    known = {caller: dict(hotline.known(caller)) for caller in ("13800000001", "13900000002", "13900000009", "138")}
    assert [one.get("list") for one in known.values()] == ["seniors", "partners", "nuisance", None]
    assert hotline.beginning("12319", known["13800000001"]).to == ToQueue(queue="general")
    assert isinstance(hotline.beginning("12319", known["13900000009"]).to, Say)
    assert hotline.beginning("12319", known["13900000002"]) == hotline.beginning("12319", {})
    listed = hotline.listed(known["13900000002"])
    assert listed is not None
    assert listed.priority == 60
    assert hotline.listed({"list": "gone-with-a-reload"}) is None


def test_a_hundred_thousand_numbers_are_fine(tmp_path: Path) -> None:
    numbers = "".join(f"{13_000_000_000 + 7 * n}\n" for n in range(100_000))
    hotline = made(tmp_path, SECTION, partners=numbers)
    assert len(hotline.filed["partners"]) == 100_000
    assert hotline.known("13000000007") == {"list": "partners"}
    assert "13000000007" not in repr(hotline)


def test_the_version_follows_a_file(tmp_path: Path) -> None:
    versions = [made(tmp_path, SECTION, partners=text).version for text in ("139000\n139001\n", "139000\n")]
    same = made(tmp_path, SECTION, partners="# no change\n139000\n139000").version
    assert versions[0] != versions[1] == same


CASES = [
    error("dangling", "did you mean 'general'?", section('a: {numbers: ["138000"], then: {queue: «generel}}')),
    error("missing-file", "beside hotline.yaml", section("a: {file: «gone.txt, priority: 5s}")),
    error("bad-value", "the name of a file", section("a: {file: «../x, priority: 5s}")),
    error("bad-value", "with one number a line", section("«a: {priority: 5s}")),
    error("bad-value", "give at least one", section("a: {«numbers: [], priority: 5s}")),
    error("bad-value", "3 to 20 digits", section('a: {numbers: [«"138-000"], priority: 5s}')),
    error("out-of-range", "at most 1h", section('a: {numbers: ["138000"], priority: «2h}')),
    error("unknown-key", "did you mean 'priority'?", section('a: {numbers: ["138000"], «prio: 5s}')),
    error("unknown-key", "is not known here", ("entry: main", "entry: main\n«filed: {}")),
    error("repeat-outside-menu", "name a menu", section('a: {numbers: ["138000"], then: «{repeat: true}}')),
    warning("unused-list", "give it `then`", section('«a: {numbers: ["138000"]}')),
    warning("no-way-back", "language: zh", ("entry: main", "entry: main\n«remember_language: 90d")),
    error("out-of-range", "at most 400d", ("entry: main", "entry: main\nremember_language: «500d")),
    error("bad-duration", "s, m, h or d", ("entry: main", "entry: main\nremember_language: «yes")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_a_wrong_line_of_a_file_keeps_the_hotline_from_starting(tmp_path: Path) -> None:
    found = load(written(tmp_path, {**small(SECTION), "partners.txt": "138\nLi\n"}))
    assert [str(p).split(":")[:3] for p in found.problems] == [["partners.txt", "2", "1"]]
    assert found.hotline is None


def test_what_only_a_list_leads_to_is_reached(tmp_path: Path) -> None:
    only = section('a: {numbers: ["138000"], then: {menu: water}}')
    assert "water" in made(tmp_path, only, ('"2": {menu: water}', '"2": {queue: general}')).menus
