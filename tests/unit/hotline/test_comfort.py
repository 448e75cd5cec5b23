"""The sample as callers hear it: how soon somebody who presses nothing is in a queue, and what comes when."""

from datetime import datetime

import pytest

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from hotline.model import Hotline
from ivr.interpreter import Ask, Dial, Enqueue, Facts, Play, Played, Pressed, Silence, State, Step, send, start, step
from sounds.model import Phrase, Speech, Words, in_language, sayable
from sounds.phrases import LANGUAGES, parts, phrase
from sounds.shipped import shipped

SOON = 25.0
"""Seconds. With the menu once more it was 34.5 in Chinese and 43.3 in English."""

SAMPLES = 16_000
"""Of a second of a shipped clip."""


@pytest.fixture(scope="module")
def sample() -> Hotline:
    loaded = load(SAMPLE_HOTLINE).hotline
    assert loaded is not None
    return loaded


def words(speech: Speech, language: str) -> list[str]:
    """The words of each part as the caller hears them."""
    said = []
    for part in speech:
        match part:
            case Words(texts=texts):
                said.append(sayable(in_language(texts, language, language)))
            case Phrase(key=key):
                said.append(phrase(key, language))
            case _:
                raise AssertionError(part)
    return said


def facts(hotline: Hotline) -> Facts:
    return Facts(datetime(2025, 3, 3, 9, 0, tzinfo=hotline.zone), "13800000000", "12319")


def until_queued(hotline: Hotline, at: Step, language: str) -> tuple[float, list[str]]:
    """Seconds until the caller, who presses nothing, is in a queue; and all that was said."""
    seconds, said = 0.0, list[str]()
    while isinstance(at.action, Ask):
        heard = words(at.action.speech, language)
        said += heard
        seconds += sum(shipped(language)[each].frames for each in heard) / SAMPLES + at.action.wait
        at = step(hotline, at.state, Silence(), facts(hotline))
    assert isinstance(at.action, Enqueue), at.action
    return seconds, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_silent_caller_is_soon_in_a_queue(sample: Hotline, language: str) -> None:
    seconds, said = until_queued(sample, start(sample, language, facts(sample)), language)
    assert seconds <= SOON, f"{language}: {seconds:.1f} s"
    assert len(said) == len(set(said)), "nothing is said twice"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_a_caller_who_falls_silent_in_a_menu_below_is_soon_in_a_queue(sample: Hotline, language: str, key: str) -> None:
    began = start(sample, language, facts(sample))
    seconds, _ = until_queued(sample, step(sample, began.state, Pressed(key), facts(sample)), language)
    assert seconds <= SOON, f"{language}, key {key}: {seconds:.1f} s"


def test_a_caller_who_chooses_english_and_then_nothing(sample: Hotline) -> None:
    began = start(sample, "zh", facts(sample))
    seconds, _ = until_queued(sample, step(sample, began.state, Pressed("8"), facts(sample)), "en")
    assert seconds <= SOON


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_languages_sentence_comes_after_the_choices(sample: Hotline, language: str) -> None:
    sentence = {"zh": "For English, press 8.", "en": "中文请按9键。"}[language]
    assert sayable(sample.menus["main"].say[language]).endswith(sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_key_is_told_once_before_a_person_comes(sample: Hotline, language: str) -> None:
    began = start(sample, language, facts(sample))
    again = step(sample, began.state, Pressed("7"), facts(sample))
    assert isinstance(again.action, Ask)
    assert words(again.action.speech, language)[0] == phrase("invalid-key", language)
    assert step(sample, again.state, Pressed("7"), facts(sample)).action == Enqueue("general")


def test_every_queue_has_a_key_that_is_told_and_an_end_that_a_person_or_a_message_is(sample: Hotline) -> None:
    for queue in sample.queues.values():
        assert queue.keys, queue.id
        assert queue.announce is not None, queue.id
        assert queue.announce.messages, queue.id
        at, seen = queue.id, set[str]()
        while at in sample.queues:
            assert at not in seen, f"{queue.id}: callers would go round"
            seen.add(at)
            ways = [rule.then for rule in sample.queues[at].overflow if rule.waited is not None]
            assert ways, at
            at = getattr(ways[-1], "queue", "")


def length(words: str, language: str) -> float:
    return shipped(language)[sayable(words)].frames / SAMPLES


def test_the_english_menus_are_as_short_as_the_chinese_ones(sample: Hotline) -> None:
    first = {
        language: length(sample.greeting[language], language) + length(sample.menus["main"].say[language], language)
        for language in LANGUAGES
    }
    assert first["en"] <= first["zh"]
    for name, menu in sample.menus.items():
        assert length(menu.say["en"], "en") <= length(menu.say["zh"], "zh") + 0.7, name


@pytest.mark.parametrize(
    ("hour", "language", "first"),
    [
        (10, "zh", "现在没有人工坐席在岗，请稍后再拨。"),
        (21, "zh", "现在没有人工坐席在岗， 明天 上午八点 恢复人工服务。"),
        (5, "en", "Nobody is here to take your call now. We are back today at eight in the morning"),
    ],
)
def test_who_comes_while_nobody_is_signed_in_hears_so_at_once_and_what_else_there_is(
    sample: Hotline, hour: int, language: str, first: str
) -> None:
    for name, queue in sample.queues.items():
        rule = queue.overflow[0]
        assert rule.nobody_signed_in == 0
        assert name == "general" or rule.then.node == ("queues", "general"), "of all queues they come to this one"
    now = Facts(datetime(2025, 3, 3, hour, tzinfo=sample.zone), "13800000000", "12319")
    at = send(sample, State(language), sample.queues["general"].overflow[0].then, now)
    assert isinstance(at.action, Play)
    assert " ".join(said for _, said in parts(at.action.speech, language, "zh")) == first
    at = step(sample, at.state, Played(), now)
    assert isinstance(at.action, Ask)
    assert at.state.menu == "nobody"
    for does in (Pressed("0"), Silence()):
        assert step(sample, at.state, does, now).action == Dial("duty")
