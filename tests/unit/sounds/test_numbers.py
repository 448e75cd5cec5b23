import pytest
from hypothesis import given
from hypothesis import strategies as st

from sounds.numbers import LARGEST, UnknownLanguage, digits, needed_numbers, spoken

# Small numbers are where the rules are; a uniform choice up to 99,999,999 would rarely meet them.
NUMBERS = st.one_of(
    st.integers(0, LARGEST),
    st.integers(0, 20_100),
    st.builds(lambda n, zeros: n * 10**zeros, st.integers(0, 999), st.integers(0, 5)),
    st.builds(lambda a, b: a * 10_000 + b, st.integers(0, 9999), st.integers(0, 120)),
)
ZH_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
# fmt: off
EN_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}
# fmt: on


def understood_zh(words: str) -> int:
    total = section = digit = 0
    for character in words:
        if character in ZH_DIGITS:
            digit = ZH_DIGITS[character]
        elif character in ZH_UNITS:
            section += (digit or 1) * ZH_UNITS[character]
            digit = 0
        else:
            assert character == "万"
            total, section, digit = (section + digit) * 10_000, 0, 0
    return total + section + digit


def understood_en(words: str) -> int:
    total = section = 0
    for word in words.replace("-", " ").split():
        if word == "hundred":
            section *= 100
        elif word in ("thousand", "million"):
            total, section = total + section * (1000 if word == "thousand" else 1_000_000), 0
        elif word != "and":
            section += EN_SMALL[word]
    return total + section


@given(NUMBERS, st.booleans())
def test_a_chinese_number_is_understood_again(n: int, counted: bool) -> None:
    assert understood_zh("".join(spoken(n, "zh", counted=counted))) == n


@given(NUMBERS)
def test_an_english_number_is_understood_again(n: int) -> None:
    assert understood_en(" ".join(spoken(n, "en"))) == n


@given(NUMBERS)
def test_chinese_zeros_stand_alone_and_never_last(n: int) -> None:
    words = "".join(spoken(n, "zh"))
    assert "零零" not in words
    assert n == 0 or not words.endswith("零")
    assert "零万" not in words
    assert "零千" not in words


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (200, "二百"),
        (1005, "一千零五"),
        (1010, "一千零一十"),
        (1100, "一千一百"),
        (2002, "两千零二"),
        (10_000, "一万"),
        (10_015, "一万零一十五"),
        (12_319, "一万两千三百一十九"),
        (20_000, "两万"),
        (100_005, "十万零五"),
        (105_000, "十万五千"),
        (120_000, "十二万"),
        (20_000_000, "两千万"),
        (10_100_010, "一千零一十万零一十"),
    ],
)
def test_chinese(n: int, words: str) -> None:
    assert "".join(spoken(n, "zh")) == words


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (105, "one hundred and five"),
        (1005, "one thousand and five"),
        (1105, "one thousand one hundred and five"),
        (300_000, "three hundred thousand"),
        (2_300_106, "two million three hundred thousand one hundred and six"),
        (1_000_000, "one million"),
    ],
)
def test_english(n: int, words: str) -> None:
    assert " ".join(spoken(n, "en")) == words


def test_tokens_are_cut_where_clips_are_joined() -> None:
    assert spoken(42, "zh") == ["四十二"]
    assert spoken(105, "zh") == ["一百", "零", "五"]
    assert spoken(105, "en") == ["one hundred", "and", "five"]


def test_two_that_are_counted_are_liang() -> None:
    assert spoken(2, "zh", counted=True) == ["两"]
    assert spoken(12, "zh", counted=True) == ["十二"]
    assert spoken(2, "en", counted=True) == ["two"]


@given(NUMBERS, st.sampled_from(["zh", "en"]))
def test_every_number_is_among_the_tokens_for_all(n: int, language: str) -> None:
    needed = needed_numbers(language)
    assert set(needed).issuperset(spoken(n, language))
    assert set(needed).issuperset(spoken(n, language, counted=True))
    assert len(needed) == len(set(needed)) < 140


@pytest.mark.parametrize("n", [-1, LARGEST + 1])
def test_what_cannot_be_spoken_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="cannot be spoken"):
        spoken(n, "zh")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguage, match=r"'fr'.*zh, en"):
        spoken(1, "fr")


def test_telephone_numbers_are_said_digit_by_digit() -> None:
    assert digits("12319", "zh") == "幺二三幺九"
    assert digits("12319", "en") == "1 2 3 1 9"
