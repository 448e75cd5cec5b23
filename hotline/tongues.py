"""Texts in another language than the one that they stand under: a voice for Chinese reads English badly."""

import re
from collections.abc import Iterator
from itertools import chain

from base.hints import shown
from hotline.draft import Draft
from hotline.problem import Problem, warning
from hotline.texts import placed_texts, shown_texts
from sentences.sentence import Sentence
from sounds.reading import HAN

_SENTENCE = re.compile(r"[^。！？!?；;\n.]+")
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_CHOICE = re.compile(r"english|chinese|mandarin|中文|普通话|汉语|英语|英文", re.IGNORECASE)
"""A sentence for those who do not understand the others: "For English, press 8"."""

WORDS, CHARACTERS = 3, 4
"""Of a sentence. A few may be a name: `WeChat Pay`, 外滩."""


def tongues(draft: Draft) -> Iterator[Problem]:
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
    han, words = len(_HAN.findall(sentence)), len(_WORD.findall(sentence))
    if language == "zh":
        return han == 0 and words >= WORDS
    return words == 0 and han >= CHARACTERS
