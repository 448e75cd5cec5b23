import pytest

from base.hints import shortened
from sounds.model import LONGEST, Unsayable, choose, in_language, sayable


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"zh": "绿化", "en": "Greening", "*": "any"}, ("en", "Greening")),
        ({"zh": "绿化", "*": "12319"}, ("en", "12319")),
        ({"fr": "Arbres", "zh": "绿化"}, ("zh", "绿化")),
        ({"fr": "Arbres"}, ("fr", "Arbres")),
    ],
)
def test_words_for_an_english_caller_where_chinese_is_the_default(
    texts: dict[str, str], expected: tuple[str, str]
) -> None:
    assert choose(texts, "en", "zh") == expected
    assert in_language(texts, "en", "zh") == expected[1]


def test_a_text_without_any_words_is_refused() -> None:
    with pytest.raises(Unsayable, match="without words"):
        choose({}, "en", "zh")


def test_white_space_is_made_even() -> None:
    assert sayable("  For greening\n press\t1 ") == "For greening press 1"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("a\0b", "control"),
        ("a\x1bb", "control"),
        ("a\ud800b", "control"),
        ("a" * (LONGEST + 1), "2001"),
    ],
)
def test_what_cannot_be_said_is_refused(words: str, why: str) -> None:
    with pytest.raises(Unsayable, match=why):
        sayable(words)


def test_the_longest_text_is_accepted() -> None:
    assert sayable("好" * LONGEST) == "好" * LONGEST


def test_long_words_are_shortened_in_messages() -> None:
    assert shortened("绿化" * 50, 10) == "绿化绿化绿化绿化绿…"
    assert shortened("绿化") == "绿化"
