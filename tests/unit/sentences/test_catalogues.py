"""Each sentence of the product is in every catalogue, with the same parts. `python -m tools.sentences` adds lines.

Chinese has Chinese punctuation, also in the tables of words and in the documents.
"""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from sentences.languages import FOLDER, LANGUAGES, _lines
from tests.product import CHECKOUT, SOURCES
from tools.sentences import found

FILES = sorted(FOLDER.glob("*.po"))
ENGLISH_ALONE = {"spaces", "kind", "given", "shutting_down"}
"""Parts that another language may leave out: `space` or `spaces`, and what pydantic and Asterisk repeat."""

HALF = re.compile(r"(?<=[\u3001-\u9fff\uff01-\uff5e“”])[,;:!?()]|[,;:!?()](?=[\u4e00-\u9fff（“])")
"""A mark of Latin script beside a Chinese character or mark."""

CODE = re.compile(r"^(```|~~~).*?^\1|`[^`]*`|\"[^\"]*\"|\]\([^)]*\)|{{.*?}}", re.MULTILINE | re.DOTALL)
"""What follows the rules of another language than Chinese: code, names in quotes, the target of a link."""

TABLES = ("calls/steps_in_words.py", "daily/", "drawing/", "logs/words.py", "reports/", "wall/")
"""Where words of both languages stand side by side."""


def lines(file: Path) -> Mapping[str, str]:
    with file.open("rb") as opened:
        return {str(message.id): str(message.string) for message in read_po(opened) if message.id}


def parts(template: str) -> set[str]:
    return {name for _, name, *_ in Formatter().parse(template) if name is not None}


def test_the_languages_are_the_files() -> None:
    assert LANGUAGES == ("en", "zh")


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_sentences_are_put_by_these_lines(file: Path) -> None:
    assert _lines(file.stem) == lines(file)


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_every_sentence_has_its_line_and_no_line_is_idle(file: Path) -> None:
    assert set(lines(file)) == set(found())
    assert [template for template, other in lines(file).items() if not other] == []


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_both_have_the_same_parts(file: Path) -> None:
    both = {template: (parts(template), parts(other)) for template, other in lines(file).items()}
    assert {template for template, (english, other) in both.items() if other - english} == set()
    assert {template for template, (english, other) in both.items() if english - other - ENGLISH_ALONE} == set()


def test_chinese_is_chinese() -> None:
    plain = {
        template
        for template, other in lines(FOLDER / "zh.po").items()
        if not re.search("[\u4e00-\u9fff\uff00-\uffef]", other)
    }
    assert {template for template in plain if re.search("[A-Za-z]", re.sub(r"{[^}]*}", "", template))} == {
        "{names} or {name}",
        "Value error, {why}",
    }


def half(text: str) -> list[str]:
    """The marks that should be Chinese ones, with what is beside them. A part of a sentence counts as Chinese."""
    words = re.sub("{[^}]*}(:{[^}]*})*", "字", CODE.sub("", text))  # a host and its port belong together
    return [words[max(0, mark.start() - 8) : mark.end() + 8] for mark in HALF.finditer(words)]


def test_sentences_have_chinese_marks() -> None:
    as_compilers_write_it = "{where}: {level}: {message} — {hint}"
    wrong = {template: half(other) for template, other in lines(FOLDER / "zh.po").items() if half(other)}
    assert wrong.keys() == {as_compilers_write_it}


def test_tables_of_words_have_chinese_marks() -> None:
    for file in SOURCES:
        if str(file.relative_to(CHECKOUT)).startswith(TABLES):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Tuple):  # docstrings are English
                    words = [each.value for each in node.elts if isinstance(each, ast.Constant)]
                    chinese = [each for each in words if isinstance(each, str) and re.search("[\u4e00-\u9fff]", each)]
                    assert [each for each in chinese if half(each)] == [], file


@pytest.mark.parametrize(
    "name", ["README.zh.md", *(str(file.relative_to(CHECKOUT)) for file in sorted(CHECKOUT.glob("docs/**/*.zh.md")))]
)
def test_documents_have_chinese_marks(name: str) -> None:
    assert half((CHECKOUT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("主要指标(前一日)", 2),
        ("来电:{count}", 1),
        ("{name} ({why})", 2),
        ('请写 `键: 值`，如 "#"', 0),
        ("12:30 (UTC)", 0),
    ],
)
def test_each_half_width_mark_is_found(text: str, marks: int) -> None:
    assert len(half(text)) == marks
