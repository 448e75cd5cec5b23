"""Slips that a parser of YAML complains of at the wrong spot, or not at all."""

from pathlib import Path

import pytest

from hotline.document import read
from tests.unit.hotline.folders import Case, warning

CASES = [
    warning(
        "commented-key",
        'write "#"',
        ('      "*": {repeat: true}\n', "      «#: {repeat: true}\n"),
        ("，重听请按星号键", ""),
        ("To hear this again, press star.", ""),
    )
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('keys:\n  "1: {menu: a}\n  "2": {menu: b}\n', "close the quotation mark that is open in line 2"),
        ('keys:\n  "1": {menu: a}\n   "2": {menu: b}\n', "indent the lines that belong together alike"),
        ('a: {zh: "x", en: "y}\nb: {zh: "x"}\n', "close the quotation mark that is open in line 1"),
        ("a: b\nentry：main\nc: {d: e}\n", "write a colon and a space instead of the full-width ： in line 2"),
        ("entry：main\nc: {d: e}\n", "write a colon and a space instead of the full-width ： in line 1"),
        ("a:\n  - b: c\n    d：e\n    f: g\n", "write a colon and a space instead of the full-width ： in line 3"),
        ("a: {zh: 您好，en: Hello}\n", "write a comma and a space instead of the full-width ， in line 1"),
        ("a: “b: c”\n", 'write " instead of the full-width “ or ” in line 1'),
        ("a: 请注意：c: d\n", "quote a text that holds a colon and a space, and indent the keys of one mapping alike"),
        ("keys:\n  *: {repeat: true}\n", 'write "*"'),
        ("numbers: [*45]\n", 'write "*45"'),
        ("a:\n\tb: c\n", "indent with spaces, not with tabs"),
        ("a: 'x", "close the quotation mark or bracket that is open"),
        ("a: [b, c", "close the bracket that is open in line 1"),
        ("a: {b: c\n# d\n\ne: f\n", "close the bracket that is open in line 1"),
        ("a: {b: 'c}'\nd: {e: f}\n", "close the bracket that is open in line 1"),
        ("a: {b: c d: e}\n", "look for a missing comma, quotation mark or bracket, here or in the line above"),
        ('a: "x\nb: c\nd: "y"\n', "close the quotation mark that is open in line 1"),
        ('a: {b: "x\n  y"}\nc: "z\nd: e\nf: "g"\n', "close the quotation mark that is open in line 3"),
    ],
)
def test_the_remedy_fits_the_slip(text: str, hint: str) -> None:
    (problem,) = read(text.encode(), "f")[1]
    assert problem.hint == hint


def test_comments_are_no_slips() -> None:
    assert read(b"# a: b\n#: \na: b  #: c\n#b: {c: d}\n", "f")[1] == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: b\nentry：main\nc: {d: e}\n", 2, 6),
        ("a: {b: c\nd: e\n", 1, 4),
        ('a:\n  b: "x\n  c: d\n  e: "y"\n', 2, 6),
        ("keys:\n  *: {repeat: true}\n  a: b\n", 2, 3),
    ],
)
def test_the_spot_is_that_of_the_slip(text: str, line: int, column: int) -> None:
    (problem,) = read(text.encode(), "f")[1]
    assert (problem.line, problem.column) == (line, column)
