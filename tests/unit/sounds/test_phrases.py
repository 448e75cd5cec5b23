from pathlib import Path

import pytest

from sounds.numbers import UnknownLanguage
from sounds.phrases import LANGUAGES, BadPhrases, UnknownPhrase, load, phrase, phrases


def write(folder: Path, zh: str, en: str) -> Path:
    for language, content in (("zh", zh), ("en", en)):
        (folder / language).mkdir()
        (folder / language / "phrases.yaml").write_text(content, encoding="utf-8")
    return folder


def test_both_languages_have_the_same_phrases() -> None:
    assert phrases("zh").keys() == phrases("en").keys()
    assert phrases("zh")["please-hold"] == "正在为您转接人工服务，请稍候。"


def test_the_phrases_are_those_that_others_rely_on() -> None:
    wanted = (
        "no-input invalid-key please-hold no-answer-apology fallback-apology service-apology maintenance "
        "queue-position-next queue-position-before-one queue-position-after-one queue-position-before "
        "queue-position-after estimate estimate-short transferring-before "
        "transferring-after agent-ready agent-not-ready agent-signed-out agent-code-refused agent-unknown"
    )
    assert set(wanted.split()) == phrases("en").keys()


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
