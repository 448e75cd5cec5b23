"""Reading YAML: what is refused, and where it stands."""

from pathlib import Path

import pytest

from hotline.document import DEEPEST, Entries, Items, Scalar, read, spot_of, without
from hotline.problem import Spot
from tests.unit.hotline.folders import Case, error

CASES = [
    error("duplicate-key", "keep one of them", ("wait: 5s", "wait: 5s\n    «wait: 6s")),
    error("bad-key", "write `key: value`", ("wait: 5s", "? «[a]\n    : b")),
    error(
        "bad-key",
        "write the keys out",
        ("name: {zh: 小热线, en: Small}", "name: {zh: 小热线, en: Small, «<<: {fr: x}}"),
    ),
    error("tag", "leave it out", ("timezone: Asia/Shanghai", "timezone: «!!str Asia/Shanghai")),
    error("unsafe-text", "take it out", ("en: Welcome", 'en: «"Wel\\x07come"')),
    error("unsafe-text", "take it out", ("en: Welcome", 'en: «"Wel\\ud800come"')),
    error("unsafe-text", "take it out", ("en: Welcome", 'en: «"Wel\\u202ecome"')),
    error(
        "too-long",
        "divide it",
        (
            "en: Welcome",
            "en: «" + "long " * 500,
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def codes(text: str) -> list[tuple[str, int, int]]:
    return [(p.code, p.line, p.column) for p in read(text.encode("utf-8", "surrogatepass"), "f")[1]]


def test_a_long_number_without_quotation_marks_is_told_in_few_words() -> None:
    (problem,) = read(b"hotline: " + b"*" * 10_000, "f")[1]
    assert len(str(problem)) < 200


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[" * 50, [("too-deep", 1, DEEPEST + 1)]),
        ("a: " + "{b: " * 100, [("too-deep", 1, 4 * (DEEPEST - 1) + 1)]),
        ("a: &a [*a]", [("bad-alias", 1, 8)]),
        ("a: *b", [("bad-alias", 1, 4)]),
        ("a: &a [1]\nb: *a\nc: *a", []),
        ("a: x\na: y\na: z", [("duplicate-key", 2, 1), ("duplicate-key", 3, 1)]),
        ("a: !!python/object:os.system x", [("tag", 1, 4)]),
        ("a: 'x", [("bad-yaml", 1, 6)]),
        ("a: b: c", [("bad-yaml", 1, 5)]),
        ("%YAML 1." + "9" * 5_000 + "\n---\na: b", [("bad-yaml", 1, 1)]),
        ("%YAML 1.3\n---\na: b", [("bad-yaml", 1, 1)]),
        ('a: b\nc: "\\U00110000"', [("bad-yaml", 2, 2)]),
        ('a: b\nc: "\\UFFFFFFFF"', [("bad-yaml", 2, 2)]),
        ('a: x\nb: "\\0"\nc: \'y', [("unsafe-text", 2, 4), ("bad-yaml", 3, 6)]),
    ],
)
def test_what_is_refused_and_where(text: str, problems: list[tuple[str, int, int]]) -> None:
    assert codes(text) == problems


def test_copies_of_copies_are_counted_before_they_are_made() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    (problem,) = read("\n".join(lines).encode(), "f")[1]
    assert problem.code == "too-large"
    assert problem.line == 5


def test_copies_of_copies_do_not_grow_too_deep() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))]
    assert [(p.code, p.line) for p in read("\n".join(lines).encode(), "f")[1]] == [("too-deep", DEEPEST - 1)]


def test_only_plain_words_mean_more_than_their_text() -> None:
    tree, problems = read(b"[true, 'true', ~, '~', 012, 1_0, yes, no, 1e3, null,  a  b ]", "f")
    assert problems == []
    assert isinstance(tree, Items)
    values = [node.value for node in tree.nodes if isinstance(node, Scalar)]
    assert values == [True, "true", None, "~", "012", "1_0", "yes", "no", "1e3", None, "a b"]


def test_spots_of_keys_and_values() -> None:
    tree, _ = read("甲:\n  - {b: 丙, d: e}\n".encode(), "f")
    assert tree is not None
    assert spot_of(tree, ("甲", 0, "d")) == Spot("f", 2, 15)
    assert spot_of(tree, ("甲", 0, "d"), key=True) == Spot("f", 2, 12)
    assert spot_of(tree, ("甲", 0, "nowhere")) == Spot("f", 2, 5), "the nearest spot that there is"
    assert spot_of(tree, ("nowhere", "甲"), key=True) == Spot("f", 1, 1), "steps that are not there are passed over"


def test_leaving_something_out_keeps_the_places_of_the_rest() -> None:
    tree, _ = read(b"a: [x, y, z]\nb: {c: d, e: f}\n", "f")
    assert tree is not None
    less = without(tree, [("a", 1), ("b", "c"), ("d", 7)])
    assert spot_of(less, ("a", 1)) == Spot("f", 1, 11)
    assert isinstance(less, Entries)
    assert isinstance(less.nodes["b"], Entries)
    assert list(less.nodes["b"].nodes) == ["e"]


def test_a_file_that_is_read_again_has_its_own_list_of_the_same_problems() -> None:
    tree, problems = read(b"a: 1\na: 2\n", "f")
    problems.clear()
    again, found = read(b"a: 1\na: 2\n", "f")
    assert again == tree
    assert [problem.file for problem in found] == ["f"]
    assert [problem.file for problem in read(b"a: 1\na: 2\n", "g")[1]] == ["g"]
