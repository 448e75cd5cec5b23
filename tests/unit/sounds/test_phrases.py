import pytest
from hypothesis import given
from hypothesis import strategies as st

from sounds.model import sayable
from sounds.numbers import LARGEST, UnknownLanguage
from sounds.phrases import LANGUAGES, NUMBER, WHOLE, counted, needed_phrases, phrase, phrases


def test_both_languages_have_the_same_phrases() -> None:
    assert phrases("zh").keys() == phrases("en").keys()
    assert phrases("zh")["please-hold"] == "正在为您转接人工服务，请稍候。"


def test_the_phrases_are_those_that_others_rely_on() -> None:
    wanted = (
        "no-input invalid-key please-hold nobody-there no-answer-apology fallback-apology service-apology "
        "maintenance all-lines-busy transfer-failed talk-broken "
        "queue-position-next queue-position-one queue-position estimate-short estimate-one estimate "
        "transferring-before transferring-after "
        "agent-ready agent-not-ready agent-signed-out agent-code-refused agent-code-away agent-unknown "
        "emergency-pin emergency-pin-wrong emergency-locked emergency-running emergency-record-zh emergency-record-en "
        "emergency-leave-out emergency-bad-take emergency-keep emergency-mode emergency-hours emergency-for "
        "emergency-confirm emergency-on emergency-off robot-agent selftest-caller talk-recorded "
        "recorded-now recording-paused recording-on recording-off "
        "callback-offer callback-number callback-confirm callback-enter callback-refused callback-already "
        "callback-promised callback-interval callback-waits callback-choose callback-cancelled callback-last "
        "callback-impossible callback-greeting callback-ask "
        "message-ask message-keep message-silent message-kept message-full"
    )
    assert set(wanted.split()) == phrases("en").keys()


def test_chinese_phrases_are_chinese_and_english_ones_are_not() -> None:
    for key, words in phrases("zh").items():
        assert any("\u4e00" <= character <= "\u9fff" for character in words), key
    for key, words in phrases("en").items():
        assert words.isascii(), key


def test_an_unknown_phrase_or_language_is_named() -> None:
    with pytest.raises(KeyError, match="no-such"):
        phrase("no-such", "zh")
    with pytest.raises(UnknownLanguage, match="fr"):
        phrases("fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_has_a_number_once_if_it_has_a_longest_sentence_else_never(language: str) -> None:
    for key, words in phrases(language).items():
        assert words == sayable(words)
        assert words.count(NUMBER) == (key in WHOLE), key


@pytest.mark.parametrize(
    ("key", "n", "zh", "en"),
    [
        ("queue-position", 2, ["您前面还有两位。"], ["There are two people before you."]),
        ("queue-position", 12, ["您前面还有十二位。"], ["There are twelve people before you."]),
        ("queue-position", 22, ["您前面还有二十二位。"], ["There are twenty-two people before you."]),
        ("queue-position", 50, ["您前面还有五十位。"], ["There are fifty people before you."]),
        ("queue-position", 51, ["您前面还有", "五十一", "位。"], ["There are", "fifty-one", "people before you."]),
        ("estimate", 4, ["预计等待约四分钟。"], ["You will wait for about four minutes."]),
        ("estimate", 60, ["预计等待约六十分钟。"], ["You will wait for about sixty minutes."]),
        (
            "estimate",
            102,
            ["预计等待约", "一百", "零", "二", "分钟。"],
            ["You will wait for about", "one hundred", "and", "two", "minutes."],
        ),
    ],
)
def test_a_phrase_with_a_number_is_a_whole_sentence_up_to_its_limit(
    key: str, n: int, zh: list[str], en: list[str]
) -> None:
    assert counted(key, n, "zh") == zh
    assert counted(key, n, "en") == en


@given(st.sampled_from(["queue-position", "estimate"]), st.integers(2, LARGEST), st.sampled_from(LANGUAGES))
def test_every_clip_of_a_phrase_with_a_number_is_needed(key: str, n: int, language: str) -> None:
    assert set(needed_phrases(language)).issuperset(counted(key, n, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_clip_has_a_position_without_a_number(language: str) -> None:
    assert not [words for words in needed_phrases(language) if "{" in words]
