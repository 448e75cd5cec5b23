from pathlib import Path

import pytest

from sounds.model import Minutes, Number, Phrase, Words
from sounds.numbers import UnknownLanguage
from sounds.phrases import (
    LANGUAGES,
    BadPhrases,
    UnknownPhrase,
    estimate,
    load,
    phrase,
    phrases,
    position,
    transferring,
)


def write(folder: Path, zh: str, en: str) -> Path:
    for language, content in (("zh", zh), ("en", en)):
        (folder / language).mkdir()
        (folder / language / "phrases.yaml").write_text(content, encoding="utf-8")
    return folder


def test_both_languages_have_the_same_phrases() -> None:
    assert phrases("zh").keys() == phrases("en").keys()
    assert phrases("zh")["please-hold"] == "正在为您转接人工服务，请稍候。"


def test_the_phrases_that_others_rely_on() -> None:
    wanted = (
        "no-input invalid-key please-hold no-answer-apology fallback-apology service-apology closed maintenance "
        "goodbye-default agent-ready agent-not-ready agent-signed-out agent-code-refused agent-unknown"
    )
    assert set(wanted.split()) <= phrases("en").keys()


def test_chinese_phrases_are_chinese_and_english_ones_are_not() -> None:
    for key, words in phrases("zh").items():
        assert any("\u4e00" <= character <= "\u9fff" for character in words), key
    for key, words in phrases("en").items():
        assert words.isascii(), key


def test_an_unknown_phrase_or_language_is_named() -> None:
    with pytest.raises(UnknownPhrase, match="no-such"):
        phrase("no-such", "zh")
    with pytest.raises(UnknownLanguage, match="fr"):
        phrases("fr")


@pytest.mark.parametrize("before", [0, 1, 2, 120])
def test_announcements_use_known_phrases(before: int) -> None:
    for part in (*position(before), *estimate(before * 60), *transferring({"*": "x"})):
        if isinstance(part, Phrase):
            for language in LANGUAGES:
                assert phrase(part.key, language)


def test_position() -> None:
    assert position(0) == (Phrase("queue-position-next"),)
    assert position(1)[1] == Number(1, counted=True)
    assert position(1)[0] != position(2)[0]


@pytest.mark.parametrize(("seconds", "minutes"), [(60, 1), (61, 2), (120, 2), (600, 10)])
def test_the_estimate_is_rounded_up(seconds: float, minutes: int) -> None:
    assert estimate(seconds) == (Phrase("estimate"), Minutes(minutes))


def test_an_estimate_below_a_minute() -> None:
    assert estimate(59.9) == estimate(0) == (Phrase("estimate-short"),)


def test_the_name_of_the_sub_hotline_is_in_the_middle() -> None:
    assert transferring({"zh": "燃气"})[1] == Words({"zh": "燃气"})


def test_a_phrase_of_one_language_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPhrases, match="hello"):
        load(write(tmp_path, "bye: 再见\nhello: 您好\n", "bye: Goodbye\n"), LANGUAGES)


@pytest.mark.parametrize("content", ["- a\n", "bye: 1\n", "bye: ''\n", "bye: a\nbye: b\n", "bye: [\n", "1: a\n", ""])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadPhrases, match="en"):
        load(write(tmp_path, "bye: 再见\n", content), LANGUAGES)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPhrases, match=r"zh/phrases\.yaml"):
        load(tmp_path, LANGUAGES)
