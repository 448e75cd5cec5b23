"""Every text of a hotline, spoken or shown, with its path in hotline.yaml; those that are too long, or in another
language than they stand under. Pure.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from acd.model import Survey
from base.hints import shown
from hotline.document import Path
from hotline.draft import Draft
from hotline.graph import passed, ways
from hotline.model import BREAKS, Hotline
from hotline.problem import Problem, warning
from sentences.sentence import Sentence
from sounds.model import EVERY, MARK, Texts
from sounds.model import LONGEST as TOO_LONG
from sounds.phrases import in_all_languages
from sounds.reading import HAN


def placed_texts(hotline: Hotline) -> Iterator[tuple[Path, Texts]]:
    """Spoken texts: path and words, as (("menus", "main", "say"), {"zh": …, "en": …}). Empty texts too."""
    yield from ((("name",), hotline.name), (("greeting",), hotline.greeting), (("goodbye",), hotline.goodbye))
    if hotline.listening is not None and hotline.listening.say is not None:
        yield ("listening", "say"), hotline.listening.say
    for index, entrance in enumerate(hotline.entrances):
        if entrance.greeting is not None:
            yield ("numbers", index, "greeting"), entrance.greeting
    for menu_id, menu in hotline.menus.items():
        yield ("menus", menu_id, "say"), menu.say
    for queue_id, queue in hotline.queues.items():
        yield ("queues", queue_id, "name"), queue.name
        if queue.whisper is not None:
            yield ("queues", queue_id, "whisper"), queue.whisper
        for index, message in enumerate(queue.announce.messages if queue.announce is not None else ()):
            yield ("queues", queue_id, "announce", "messages", index), message
        yield from _surveyed(queue_id, queue.survey)
    for line_id, line in hotline.sub_hotlines.items():
        yield ("sub_hotlines", line_id, "name"), line.name
    for node, item in passed(hotline):
        for key, said in item.texts.items():
            if said is not None:
                yield (*node, key), said
    for way in ways(hotline):
        for key, words in way.destination.texts.items():
            yield (*way.path, key), words


def _surveyed(queue_id: str, survey: Survey | None) -> Iterator[tuple[Path, Texts]]:
    if survey is None:
        return
    path: Path = ("queues", queue_id, "survey")
    yield (*path, "say"), survey.say
    for index, question in enumerate(survey.more):
        yield (*path, "more", index, "say"), question.say
    if survey.thanks is not None:
        yield (*path, "thanks"), survey.thanks


def shown_texts(hotline: Hotline) -> Iterator[tuple[Path, Texts]]:
    """Texts that only agents read, as `placed_texts` has the spoken ones."""
    for menu_id, menu in hotline.menus.items():
        if menu.name is not None:
            yield ("menus", menu_id, "name"), menu.name
    for district_id, district in hotline.districts.items():
        yield ("districts", district_id, "name"), district.name
    for input_id, wanted in hotline.inputs.items():
        yield ("inputs", input_id, "name"), wanted.name
    for list_id, codes in hotline.wrap_up_codes.items():
        for code, name in codes.items():
            yield ("wrap_up_codes", list_id, code), name
    for skill, name in hotline.skills.items():
        yield ("skills", skill), name
    if hotline.breaks != BREAKS:
        for break_id, reason in hotline.breaks.items():
            yield ("breaks", break_id), reason


def every_text(hotline: Hotline) -> Iterator[Texts]:
    """Every text that a caller or an agent may hear. Those of Wutong's own only if they have moments."""
    yield from (words for _, words in placed_texts(hotline))
    if any(queue.callback is not None for queue in hotline.queues.values()):
        yield in_all_languages("callback-interval")


# Whether a text is too long to listen to, or in another language than it stands under. Callers do not follow a menu
# for longer than 20 seconds. Pure.


LONGEST = 20.0
"""Seconds."""

_START, _HAN, _WORD, _PAUSE, _STOP, _MOMENT = 0.4, 0.13, 0.25, 0.45, 0.3, 4.0
"""Seconds that the natural voice takes: measured on the clips that ship, right within a sixth of their length."""

Measured = Callable[[str, str], float | None]
"""Of a language and words: the seconds of their recording or clip; None: there is none, and they are estimated."""


def estimated(words: str) -> float:
    """Seconds that a voice needs for the words, with its pauses."""
    return (
        _START
        + _MOMENT * len(MARK.findall(words))
        + _HAN * len(re.findall(r"[\u3400-\u9fff]", words))
        + _WORD * len(re.findall(r"[0-9]|[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*", words))
        + _PAUSE * len(re.findall(r"[,，、;；:：]", words))
        + _STOP * len(re.findall(r"[.。!！?？…]", words))
    )


def lengths(draft: Draft, measured: Measured) -> Iterator[Problem]:
    """One problem for each text that takes too long in one of the hotline's languages."""
    for path, texts in placed_texts(draft.hotline):
        for language, words in texts.items():
            if len(words) >= TOO_LONG:
                continue  # that is reported
            spoken_in = draft.hotline.languages if language == EVERY else (language,)
            known = [measured(each, words) for each in spoken_in]
            seconds = max((estimated(words) if each is None else each for each in known), default=0.0)
            if seconds > LONGEST:
                spot = draft.spot((*path, language) if language != EVERY else path)
                message = Sentence("this text takes {seconds:.0f} s to say", seconds=seconds)
                if None in known:
                    message = Sentence("this text takes about {seconds:.0f} s to say", seconds=seconds)
                hint = Sentence("callers listen for {seconds:.0f} s: shorten it, or divide the menu", seconds=LONGEST)
                yield warning("long-prompt", spot, message, hint)


# Texts in another language than the one that they stand under: a voice for Chinese reads English badly.


_SENTENCE = re.compile(r"[^。！？!?；;\n.]+")
_CHINESE = re.compile(f"[{HAN}]")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_CHOICE = re.compile(r"english|chinese|mandarin|中文|普通话|汉语|英语|英文", re.IGNORECASE)
"""A sentence for those who do not understand the others: "For English, press 8"."""

WORDS, CHARACTERS = 3, 4
"""Of a sentence. A few may be a name: `WeChat Pay`, 外滩."""


def tongues(draft: Draft) -> Iterator[Problem]:
    """Texts that are in another language than the one that they stand under."""
    for path, texts in chain(placed_texts(draft.hotline), shown_texts(draft.hotline)):
        if (found := strange(texts.get("zh", ""), "zh")) is not None:
            hint = Sentence("write it in Chinese, and this under `en`")
            message = Sentence("{words} stands under `zh`, and is English", words=shown(found))
            yield warning("other-language", draft.spot((*path, "zh")), message, hint)
        if (found := strange(texts.get("en", ""), "en")) is not None:
            hint = Sentence("write it in English, and this under `zh`")
            message = Sentence("{words} stands under `en`, and is Chinese", words=shown(found))
            yield warning("other-language", draft.spot((*path, "en")), message, hint)


def strange(text: str, language: str) -> str | None:
    """The first sentence of the text that is in the other language; None: there is none."""
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text) if not _CHOICE.search(sentence)]
    return next((sentence for sentence in sentences if _is_strange(sentence, language)), None)


def _is_strange(sentence: str, language: str) -> bool:
    han, words = len(_CHINESE.findall(sentence)), len(_ENGLISH.findall(sentence))
    if language == "zh":
        return han == 0 and words >= WORDS
    return words == 0 and han >= CHARACTERS
