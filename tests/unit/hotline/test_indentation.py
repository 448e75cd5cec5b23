"""Slips of indentation: the spot is the line that slipped, and no other problem follows from it."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from hotline.files import AGENTS, HOTLINE
from hotline.indentation import CODE, MOST_LINES, MOST_TRIALS, first_slip, outline, straightened
from hotline.loader import Loaded, load
from hotline.problem import Problem, Spot, error
from sentences.sentence import Sentence
from tests.unit.hotline import folders
from tests.unit.hotline.folders import loaded, small

SAMPLE = Path(__file__).parents[3] / "examples" / "12319"


@cache
def sample(name: str) -> str:
    return (SAMPLE / name).read_text(encoding="utf-8")


def shifted(text: str, at: int, by: int, count: int = 1) -> str:
    """The text with `count` lines from the index `at` on further to the right by so many spaces, or to the left."""
    lines = text.split("\n")
    for index in range(at, at + count):
        assert by > 0 or lines[index].startswith(" " * -by)
        lines[index] = " " * by + lines[index] if by > 0 else lines[index][-by:]
    return "\n".join(lines)


def checked(folder: Path, text: str, agents: str | None = None) -> Loaded:
    return loaded(folder, {HOTLINE: text, AGENTS: agents or sample(AGENTS)})


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("  water:", -2),  # the issue's: it was told fifteen lines below
        ("  water:", -1),
        ("  water:", 2),
        ("  general:", -2),  # the last queue
        ("  duty:", -2),  # the last line but three
        ("queues:", 2),
        ("entry:", 2),
        ("    keys:", -2),
        ("    keys:", 2),
        ("    wait:", -2),
        ("    say:", 2),
        ("      zh: >-", -2),
        ('      "1": {menu: greening}', -2),
        ("    name: {zh: 绿化, en: Greening}", 2),
        ("    relax:", -2),
        ("      - {after: 30s", -2),
        ("      - {after: 30s", 2),
        ("      - {after: 60s", 2),
        ("      every: 30s", -2),
        ("      messages:", -2),
        ("  work:", -2),
    ],
)
def test_the_spot_is_the_line_that_slipped(tmp_path: Path, line: str, by: int) -> None:
    lines = sample(HOTLINE).split("\n")
    at = next(index for index, each in enumerate(lines) if each.startswith(line))
    found = checked(tmp_path, shifted(sample(HOTLINE), at, by))
    assert found.hotline is None
    indent = len(line) - len(line.lstrip())
    found_at = [(problem.code, problem.line, problem.column) for problem in found.problems]
    assert found_at == [(CODE, at + 1, indent + by + 1)], "\n".join(map(str, found.problems))
    assert found.problems[0].hint.startswith(f"{'add' if by < 0 else 'take away'} {abs(by)} space")


def test_a_part_that_slipped_as_a_whole_is_one_slip(tmp_path: Path) -> None:
    lines = sample(HOTLINE).split("\n")
    at = lines.index("  water:")
    count = lines.index("  drainage:") - at
    found = checked(tmp_path, shifted(sample(HOTLINE), at, 2, count))
    (problem,) = found.problems
    assert (problem.code, problem.line) == (CODE, at + 1)
    assert f"this line and the {count - 2} below that belong to it are" in problem.message
    assert problem.hint == "take away 2 spaces before each"


def test_comments_in_a_part_that_slipped_stay_comments(tmp_path: Path) -> None:
    text = folders.HOTLINE.replace("    needs: {greening: 3}", "# why\n    needs: {greening: 3}")
    lines = text.split("\n")
    at = lines.index("  greening:")
    found = checked(
        tmp_path, shifted(text.replace("# why", "  # why"), at, 2, lines.index("  general:") - at), folders.AGENTS
    )
    assert [(problem.code, problem.line) for problem in found.problems] == [(CODE, at + 1)]
    found = checked(tmp_path, shifted(text, at, 2).replace("  queues", "queues"), folders.AGENTS)
    assert [(problem.code, problem.line) for problem in found.problems] == [(CODE, at + 1)]


def test_a_slip_in_the_text_of_a_menu(tmp_path: Path) -> None:
    at = sample(HOTLINE).split("\n").index("      zh: >-") + 1
    for by in (-2, -4):
        (problem,) = checked(tmp_path, shifted(sample(HOTLINE), at, by)).problems
        assert (problem.code, problem.line) == (CODE, at + 1)


@pytest.mark.parametrize("by", [-2, 2])
def test_a_slip_in_the_list_of_agents(tmp_path: Path, by: int) -> None:
    at = next(index for index, line in enumerate(sample(AGENTS).split("\n")) if "1004" in line)
    (problem,) = checked(tmp_path, sample(HOTLINE), shifted(sample(AGENTS), at, by)).problems
    assert (problem.file, problem.code, problem.line) == (AGENTS, CODE, at + 1)


def test_a_slip_hides_no_other_mistake(tmp_path: Path) -> None:
    text = sample(HOTLINE).replace("{queue: housing}", "{queue: housin}").replace("percent: 80", "percent: 800")
    at = text.split("\n").index("  water:")
    found = [(problem.code, problem.line) for problem in checked(tmp_path, shifted(text, at, -2)).problems]
    expected = [(problem.code, problem.line) for problem in checked(tmp_path, text).problems]
    assert len(expected) == 2
    assert found == sorted([*expected, (CODE, at + 1)], key=lambda told: told[1])


def test_every_line_of_the_small_hotline(tmp_path: Path) -> None:
    """By two spaces to one side or the other: the slip is told at its line and nowhere else, or it is none."""
    lines = folders.HOTLINE.split("\n")
    elsewhere: list[tuple[str, int, list[str]]] = []
    slips = 0
    for at, line in enumerate(lines):
        by = -2 if at % 2 and line.startswith("  ") else 2
        problems = loaded(tmp_path, small() | {HOTLINE: shifted(folders.HOTLINE, at, by)}).problems
        slips += bool(problems)
        if [(problem.code, problem.line) for problem in problems] not in ([], [(CODE, at + 1)]):
            elsewhere.append((line, by, list(map(str, problems))))
    assert slips > 35
    assert not elsewhere, elsewhere


# --- what is no such slip -------------------------------------------------------------------------------------------


def judged(text: str, problems: Sequence[Problem]) -> tuple[bool, int]:
    """Whether a slip is found in the text, and how often the file was read for that."""
    readings: list[str] = []

    def judge(changed: str) -> Sequence[Problem]:
        readings.append(changed)
        return problems

    return straightened(text, HOTLINE, problems, judge, ()) is not None, len(readings)


WRONG = [error("bad-yaml", Spot(HOTLINE, 4, 1), Sentence("not valid YAML"), Sentence("mend it"))]


def test_the_work_is_bounded() -> None:
    text = "".join(f"{' ' * (index % 7)}key{index}:\n" for index in range(200))
    found, readings = judged(text, WRONG)
    assert (found, readings <= MOST_TRIALS) == (False, True)
    assert judged("a: b\n" * (MOST_LINES + 1), WRONG) == (False, 0)


def test_tabs_and_warnings_are_no_slips_of_indentation() -> None:
    assert judged("a:\n\tb: c\n", WRONG) == (False, 0)
    assert judged("", []) == (False, 0)
    assert judged("# nothing\n", WRONG) == (False, 0)


@pytest.mark.parametrize(
    "change",
    [
        ("wait: 5s", "wayt: 5s"),
        ("\nqueues:\n", "\nqueus:\n"),
        ("  water:\n", "  Water:\n"),
        ("    needs: {greening: 3}\n", ""),
        ("sub_hotlines:\n", "colour:\n  shade: 5\nsub_hotlines:\n"),
        ("{greening: 3}", "{greening: 3"),
        ("{zh: 综合, en: General}", "{zh: 综合, en: General}}"),
        ("name: {zh: 综合, en: General}", 'name: {zh: "综合, en: General}'),
        ("entry: main", "entry：main"),
    ],
)
def test_other_mistakes_are_told_as_before(tmp_path: Path, change: tuple[str, str]) -> None:
    problems = loaded(tmp_path, small(change)).problems
    assert problems
    assert CODE not in [problem.code for problem in problems]


# --- the outline ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", sorted(Path(__file__).parents[3].glob("examples/**/*.yaml")), ids=lambda file: file.name
)
def test_the_outline_of_a_good_file_holds(file: Path) -> None:
    assert first_slip(outline(file.read_text(encoding="utf-8").split("\n"))) is None
    assert load(SAMPLE).problems == ()


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("a:\n  b: c\n  d: e", None),
        ("a:\n- b: c\n  d: e\n- f: g\nh: i", None),
        ("a:\n  - b\n  - [c,\nd]\ne: f", None),
        ("a: >-\n  b: c\n    d\n\n  e\nf: g", None),
        ("a: b\n  goes on\nc: d", None),
        ("a: &x\n  b: {c: d,\n e: f}\ng: *x", None),
        ('"1": {a: "}"}  # {\n\'2\': x', None),
        ("# a\n---\na: b", None),
        ("a: b\n  c: d", 1),
        ("a:\n  b: c\n d: e", 2),
        ("a:\n  - b\n    - c", 2),
        ("a:\n    b: c\n  d: e", 2),
        ("a: b\nc", 1),
        ("a: b\n- c", 1),
    ],
)
def test_where_an_outline_does_not_hold(text: str, slip: int | None) -> None:
    assert first_slip(outline(text.split("\n"))) == slip
