import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from logs.words import WORDS, said
from tests.product import SOURCES

CHECKOUT = Path(__file__).resolve().parents[5]
BY_VARIABLE = {
    "emergency-pin-locked",
    "emergency-pin-refused",
    "number-exported",
    "number-forgotten",
    "robot-missing",
    "whisper-missing",
}
"""Events that the code logs by a variable."""


def events() -> Iterator[str]:
    """What the code calls its log with, written out."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Attribute(ast.Name("log"), method), [event, *_]) if method != "bind":
                    yield from (
                        each.value
                        for each in ast.walk(event)
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    )
                case _:
                    pass


def test_every_event_has_words_and_no_words_are_of_an_event_that_is_gone() -> None:
    assert set(events()) | BY_VARIABLE == set(WORDS)


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_both_languages_name_the_same_fields() -> None:
    assert [event for event, (english, chinese) in WORDS.items() if fields(english) != fields(chinese)] == []
    assert [english for english, _ in WORDS.values() if any("\u4e00" <= each <= "\u9fff" for each in english)] == []


def test_a_field_that_the_words_have_is_not_told_twice() -> None:
    assert said("ended", {"what": "the service", "how": "killed", "again_in_s": 1, "failures": 2}, "en") == (
        "the service has ended (killed); it is started again in 1 s",
        {"failures": 2},
    )
    assert said("asterisk-away", {"why": "no {link}"}, "zh") == ("连不上 Asterisk：no {link}", {})


def test_a_line_of_an_earlier_version_may_lack_a_field() -> None:
    assert said("asterisk-away", {}, "en") == ("Asterisk cannot be reached: ?", {})


def test_what_is_not_ours_keeps_its_words() -> None:
    assert said("{curly} and %s", {"a": 1}, "zh") == ("{curly} and %s", {"a": 1})
