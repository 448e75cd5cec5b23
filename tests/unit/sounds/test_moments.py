"""When something opens or closes, in words."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sounds.model import CLOSES, EVERY, OPENS, Moment, Speech, Words, divided
from sounds.numbers import UnknownLanguage, moment, needed_moments
from sounds.phrases import LANGUAGES, everything_said, needed_phrases, parts

FRIDAY = date(2027, 1, 1)


def at(days: int, clock: str, *, end: bool = False) -> Moment:
    hour, minute = map(int, clock.split(":"))
    return Moment(datetime(2027, 1, 1, hour, minute, tzinfo=UTC) + timedelta(days=days), FRIDAY, end)


@pytest.mark.parametrize(
    ("opens", "zh", "en"),
    [
        (at(0, "13:00"), "今天 下午一点", "today at one in the afternoon"),
        (at(1, "08:30"), "明天 上午八点 三十分", "tomorrow at eight thirty in the morning"),
        (at(3, "09:05"), "星期一 上午九点 零五分", "on Monday at nine oh five in the morning"),
        (at(6, "14:00"), "星期四 下午两点", "on Thursday at two in the afternoon"),
        (at(7, "09:00"), "一月 八 日 上午九点", "on January eight at nine in the morning"),
        (at(358, "12:00"), "十二月 二十五 日 中午十二点", "on December twenty-five at noon"),
        (at(1, "00:00"), "明天 凌晨零点", "tomorrow at midnight"),
        (at(1, "00:07"), "明天 凌晨零点 零 七 分", "tomorrow at twelve oh seven at night"),
        (at(0, "22:46"), "今天 晚上十点 四十六 分", "today at ten forty-six at night"),
        (at(0, "19:15"), "今天 晚上七点 十五分", "today at seven fifteen in the evening"),
        (at(-1, "09:00"), "十二月 三十一 日 上午九点", "on December thirty-one at nine in the morning"),
        (Moment(None, FRIDAY), "以后", "later"),
        (at(0, "17:30", end=True), "今天 下午五点 三十分", "today at five thirty in the afternoon"),
        (at(1, "00:00", end=True), "明天 凌晨零点", "today at midnight"),
        (at(0, "00:00", end=True), "今天 凌晨零点", "on December thirty-one at midnight"),
        (at(3, "00:00", end=True), "星期一 凌晨零点", "on Sunday at midnight"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(opens: Moment, zh: str, en: str) -> None:
    assert " ".join(moment(opens, "zh")) == zh
    assert " ".join(moment(opens, "en")) == en


moments = st.builds(Moment, st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.dates(), st.booleans())  # noqa: DTZ001


@given(moments, st.integers(-2, 400), st.sampled_from(LANGUAGES))
def test_every_clip_of_a_moment_is_needed(opens: Moment, ahead: int, language: str) -> None:
    assert opens.at is not None
    near = Moment(opens.at, opens.at.date() - timedelta(days=ahead), opens.end)
    for each in (opens, near):
        told = moment(each, language)
        assert set(told) <= set(needed_moments(language))
        assert 2 <= len(told) <= 7


@given(st.integers(0, 6), st.integers(0, 24 * 60 - 1), st.sampled_from(LANGUAGES))
def test_no_two_moments_of_a_week_sound_alike(day: int, minute: int, language: str) -> None:
    begin = datetime(2027, 1, 1, tzinfo=UTC)
    own = begin + timedelta(days=day, minutes=minute)
    for other in (own + timedelta(minutes=1), own + timedelta(hours=1), own + timedelta(hours=12)):
        assert moment(Moment(own, FRIDAY), language) != moment(Moment(other, FRIDAY), language)


@given(st.lists(st.sampled_from(["{opens}", "{closes}", "{", "}", "开", "门", "a", "。", " "]), max_size=12))
def test_a_text_is_cut_at_its_moments_and_nothing_of_it_is_lost(pieces: list[str]) -> None:
    words = "".join(pieces)
    cut = divided(words)
    letters = re.sub(r"\W", "", "".join(cut))
    assert letters == re.sub(r"\W", "", words.replace("{opens}", "").replace("{closes}", ""))
    assert all(mark not in part for part in cut for mark in (OPENS, CLOSES))


def test_a_text_with_a_moment_is_spoken_in_the_language_in_which_it_is_written() -> None:
    speech: Speech = (Words({"zh": "我们{opens}开门。", "en": "We open {opens}."}, {OPENS: at(1, "08:30")}),)
    zh = [("zh", words) for words in ("我们", "明天", "上午八点", "三十分", "开门。")]
    assert list(parts(speech, "zh", "zh")) == zh
    english = ["We open", "tomorrow", "at eight", "thirty", "in the morning"]
    assert [words for _, words in parts(speech, "en", "zh")] == english
    only_chinese: Speech = (Words({"zh": "我们{opens}开门。"}, {OPENS: at(1, "08:30")}),)
    assert list(parts(only_chinese, "en", "zh")) == zh


def test_a_text_may_say_both_moments() -> None:
    said = Words({"en": "Open {opens}, closing {closes}"}, {OPENS: at(1, "09:00"), CLOSES: at(1, "17:00", end=True)})
    first = ["Open", "tomorrow", "at nine", "in the morning"]
    then = [", closing", "tomorrow", "at five", "in the afternoon"]
    assert [words for _, words in parts((said,), "en", "zh")] == [*first, *then]
    assert {("en", "in the afternoon"), ("en", ", closing")} <= set(
        everything_said([{"en": "x{closes}, closing"}], ["en"])
    )


@pytest.mark.parametrize("texts", [{EVERY: "{opens}"}, {"zh": "我们{opens}开门", "en": "We open {opens}, {opens}."}])
def test_every_clip_of_a_text_with_a_moment_is_said(texts: dict[str, str]) -> None:
    said = set(everything_said([texts], LANGUAGES))
    for language in LANGUAGES:
        assert {(language, words) for words in needed_moments(language)} <= said
        for language_of, words in parts((Words(texts, {OPENS: at(9, "23:59")}),), language, "zh"):
            assert (language_of, words) in said


def test_a_hotline_that_tells_no_moment_needs_no_clips_of_moments() -> None:
    assert len(everything_said([{EVERY: "Hello"}], ["en"])) == len(needed_phrases("en")) + 1


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguage, match="fr"):
        moment(at(0, "09:00"), "fr")
