"""Each sentence of the product is in every catalogue, with the same parts. `python -m tools.sentences` adds lines."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from sentences.languages import FOLDER, LANGUAGES, _lines
from tools.sentences import found

FILES = sorted(FOLDER.glob("*.po"))
ENGLISH_ALONE = {"spaces", "kind", "given", "shutting_down"}
"""Parts that another language may leave out: `space` or `spaces`, and what pydantic and Asterisk repeat."""


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
