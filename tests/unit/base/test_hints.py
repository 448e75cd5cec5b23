"""Hints: what was probably meant, and foreign words made safe to show."""

import pytest

from base.hints import did_you_mean, one_of, shown
from sentences.sentence import Sentence


def test_the_nearest_name_is_proposed() -> None:
    assert did_you_mean("Watr", ["water", "gas"], Sentence("no")) == "did you mean 'water'?"
    assert did_you_mean("xyz", ["water", "gas"], Sentence("no")) == "no"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a or b"),
        (["a", "b", "c"], "a, b or c"),
        (list("abcdefghij"), "a, b, c, d, e, f, g, h …"),
    ],
)
def test_names_in_a_sentence(names: list[str], words: str) -> None:
    assert one_of(names) == words


def test_foreign_words_cannot_disturb_a_terminal() -> None:
    assert shown("绿化 a") == "'绿化 a'"
    assert shown("\x1b[31m\n\u202e") == "'\\u001b[31m\\u000a\\u202e'"
    assert shown("\ud800").encode() == b"'\\ud800'"
    assert shown("x" * 99) == "'" + "x" * 39 + "…'"
