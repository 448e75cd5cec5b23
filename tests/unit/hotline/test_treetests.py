"""tests.yaml: what is wrong with it, which tests fail, and how much of the tree they cover."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from base.folders import SAMPLE_HOTLINE
from hotline import treetests
from hotline.loader import Loaded
from hotline.treetests import FAILED, Report, choices, covered, load_tested
from tests.unit.hotline.folders import Change, marks, small, written

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)

RIGHT = """\
tests:
  - {name: greening, keys: ["1"], expect: {queue: greening, language: zh, words: [您好, 绿化请按1]}}
  - {name: water, keys: ["8", "2", "1"], expect: {sub_hotline: bureau, language: en}}
  - name: silent
    keys: [silence, silence]
    at: 2026-10-01 09:00
    from: "13800000000"
    number: "12319"
    language: en
    expect: {queue: general}
"""


def checked(folder: Path, tests: str, *changes: Change, language: str = "en") -> tuple[Loaded, Report | None]:
    return load_tested(written(folder, {**small(*changes), "tests.yaml": tests}), NOW, language=language)


def test_tests_that_pass_are_no_problem_and_tell_what_no_test_does(tmp_path: Path) -> None:
    loaded, report = checked(tmp_path, RIGHT)
    assert (loaded.problems, loaded.hotline is None) == ((), False)
    assert report is not None
    assert (len(report.results), report.failed, report.choices) == (3, 0, 11)
    assert covered(report, "en") == (
        "3 tests, 0 failed; of 11 choices 5 are made, not the menu main (0, *, a wrong key), "
        "the menu water (0, silence, a wrong key)"
    )
    assert covered(report, "zh").startswith("3 个测试，0 个未通过；覆盖 5/11 个选择；未测：菜单 main（0、*、错键）、")


def test_of_very_many_nodes_the_first_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(treetests, "MOST_NODES", 1)
    report = checked(tmp_path, RIGHT)[1]
    assert report is not None
    assert covered(report, "en").endswith("not the menu main (0, *, a wrong key), and 1 more")
    assert covered(report, "zh").endswith("、另有 1 处")


def test_the_words_of_a_moment_are_expected_like_others(tmp_path: Path) -> None:
    say = "{zh: '今天服务到{closes}。', en: 'We are here until {closes}.'}"
    changes = (
        ("\nmenus:\n", '\nopening_hours:\n  day: {week: {mon-fri: "09:00-17:30"}}\n\nmenus:\n'),
        (
            '"1": {queue: greening}',
            f'"1": {{say: {say}, hours: day, closed: {{queue: general}}, then: {{queue: greening}}}}',
        ),
    )
    tests = """\
tests:
  - {name: by day, keys: ["1"], at: 2026-03-02 09:00, expect: {queue: greening, words: [服务到, 下午五点, 三十分]}}
  - {name: too late, keys: ["1"], at: 2026-03-02 18:00, expect: {queue: general}}
"""
    loaded, report = checked(tmp_path, tests, *changes)
    assert (loaded.problems, report and report.failed) == ((), 0)


def test_a_folder_without_tests_is_as_it_was(tmp_path: Path) -> None:
    loaded, report = load_tested(written(tmp_path, small()), NOW)
    assert (loaded.problems, report, loaded.hotline is None) == ((), None, False)


@pytest.mark.parametrize(
    ("test", "code", "advice"),
    [
        ('{name: a, keys: ["1"], expect: {queue: «general}}', FAILED, "the queue greening, not at the queue general"),
        ('{name: a, keys: ["2"], expect: {goodbye: «true}}', FAILED, "ends at the menu water, not at the goodbye"),
        ('{name: a, keys: ["1"], expect: {message: «general}}', FAILED, "not at a message for the queue general"),
        ("{name: a, expect: {message: «greenin}}", "dangling", "did you mean 'greening'?"),
        ('{name: a, keys: ["8"], expect: {language: «zh}}', FAILED, "the call ends in English, not in Chinese"),
        ("{name: a, expect: {words: [您好, «燃气]}}", FAILED, "not heard after the words before it, but “您好 For"),
        ('{name: a, keys: ["#"], at: 2026-10-01 09:00, expect: {menu: «water}}', FAILED, "--at '2026-10-01 09:00'"),
        ("{name: a, expect: {queue: «greenin}}", "dangling", "did you mean 'greening'?"),
        ('{name: a, number: «"110", expect: {menu: main}}', "dangling", "use 12319"),
        ("{name: a, language: «fr, expect: {menu: main}}", "unknown-language", "use zh or en"),
        ("{name: a, expect: {language: «fr}}", "unknown-language", "use zh or en"),
        ("{name: a, at: «soon, expect: {menu: main}}", "bad-value", "write 2026-10-01 09:00"),
        ("{name: a, at: «2026-02-30 10:00, expect: {menu: main}}", "bad-value", "is not a time"),
        ('{name: a, at: «"9999-12-31T23:59:59+00:00", expect: {menu: main}}', "bad-value", "the years 1970 to 2999"),
        ('{name: a, at: «"0001-01-01 00:00", expect: {menu: main}}', "bad-value", "the years 1970 to 2999"),
        ('{name: a, keys: [«"12"], expect: {menu: main}}', "bad-value", "'12' is not possible here"),
        ("{name: a, «kees: [], expect: {menu: main}}", "unknown-key", "did you mean 'keys'?"),
        ("{name: a, «expect: {}}", "bad-value", "expect a queue"),
        ("{name: a, «expect: {queue: general, menu: main}}", "bad-value", "keep one of"),
        ("«{expect: {menu: main}}", "missing-key", "add `name: …`"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_is(tmp_path: Path, test: str, code: str, advice: str) -> None:
    text = f"tests:\n  - {test}\n"
    loaded, _ = checked(tmp_path, text)
    found = [(p.file, p.line, p.column) for p in loaded.problems]
    assert found == marks("tests.yaml", text), "\n".join(map(str, loaded.problems))
    (problem,) = loaded.problems
    assert (problem.code, problem.level, loaded.hotline) == (code, "error", None)
    assert advice in f"{problem.message} — {problem.hint}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("tests: []\n", "bad-value"),
        ("- a\n", "bad-value"),
        ("tests: {a: b}\n", "bad-value"),
        ("tests: [\n", "bad-yaml"),
        ("test: []\n", "unknown-key"),
    ],
)
def test_a_file_that_is_no_list_of_tests(tmp_path: Path, text: str, code: str) -> None:
    loaded, report = checked(tmp_path, text)
    assert [problem.code for problem in loaded.problems] == [code], loaded.problems
    assert (loaded.hotline, report) == (None, None)


def test_a_test_that_has_a_mistake_is_not_run_and_the_others_are(tmp_path: Path) -> None:
    broken = '  - {name: b, kees: ["1"], expect: {queue: greening}}\n  - {name: c, expect: {queue: general}}\n'
    loaded, report = checked(tmp_path, RIGHT + broken)
    assert [problem.code for problem in loaded.problems] == ["unknown-key", FAILED]
    assert report is not None
    assert [result.placed.test.name for result in report.results] == ["greening", "water", "silent", "c"]


def test_the_failure_is_told_in_chinese(tmp_path: Path) -> None:
    changed = ('"1": {queue: greening}', '"1": {queue: general}')
    loaded, _ = checked(tmp_path, RIGHT, changed, language="zh")
    (failed,) = (problem for problem in loaded.problems if problem.code == FAILED)
    assert failed.message == "测试“greening”：来电到了队列 general，而不是队列 greening"
    assert failed.hint == "改正菜单或测试；试走：./wutong walk --keys 1"


def test_the_tests_of_a_broken_hotline_are_left_until_it_is_mended(tmp_path: Path) -> None:
    loaded, report = checked(tmp_path, "tests: [", ("entry: main", "entry: mian"))
    assert loaded.problems[0].code == "dangling"
    assert report is None


def test_the_samples_tests_make_every_choice() -> None:
    loaded, report = load_tested(SAMPLE_HOTLINE, NOW)
    assert loaded.problems == ()
    assert report is not None
    assert report.missing == ()


def test_a_menu_to_which_only_a_queue_leads_is_no_choice_that_a_test_could_make() -> None:
    loaded, report = load_tested(SAMPLE_HOTLINE, NOW)
    assert report is not None
    assert loaded.hotline is not None
    assert "nobody" in loaded.hotline.menus
    assert {node for node, _ in choices(loaded.hotline)} >= {("menus", "main"), ("queues", "general")}
    assert not [did for node, did in choices(loaded.hotline) if node == ("menus", "nobody")]
