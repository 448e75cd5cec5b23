"""Wutong's own sentences, `sounds/<language>/phrases.yaml`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

from sounds.model import (
    MARK,
    Counted,
    Digits,
    Moment,
    Phrase,
    Sound,
    Speech,
    Texts,
    Words,
    choose,
    divided,
    sayable,
)
from sounds.numbers import UnknownLanguage, digits, moment, needed_moments, needed_numbers, spoken

LANGUAGES = ("zh", "en")

NUMBER = "{number}"
"""Stands for a spoken number in a phrase."""

WHOLE = {"queue-position": 50, "estimate": 60, "callback-last": 1}
"""Phrase with a number → the largest number with a clip of the whole sentence. Larger ones join several clips."""


@cache
def phrases(language: str) -> Mapping[str, str]:
    """The words of every system phrase, by its key. Raises `UnknownLanguage`."""
    if language not in LANGUAGES:
        raise UnknownLanguage(language)
    file = Path(__file__).parent / language / "phrases.yaml"
    found = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return MappingProxyType({key: sayable(words) for key, words in found.items()})


def phrase(key: str, language: str) -> str:
    """The words of one phrase. Raises `KeyError`, `UnknownLanguage`."""
    return phrases(language)[key]


@cache
def in_all_languages(key: str) -> Texts:
    """The words of one phrase. Raises `KeyError`."""
    return MappingProxyType({language: phrase(key, language) for language in LANGUAGES})


def counted(key: str, n: int, language: str) -> list[str]:
    """The clips of a phrase with the number `n` in it: one whole sentence, or its parts and the number between them.

    Raises `KeyError`, `UnknownLanguage`, and `ValueError` for a number that cannot be spoken.
    """
    words = phrase(key, language)
    tokens = spoken(n, language, counted=True)
    if n <= WHOLE[key]:
        return [words.replace(NUMBER, "".join(tokens) if language == "zh" else " ".join(tokens))]
    before, after = (part.strip() for part in words.split(NUMBER))
    return [before, *tokens, after]


def parts(speech: Speech, language: str, default: str) -> Iterator[tuple[str, str]]:
    """Language and words of each clip of a speech, in order. `default`: the hotline's first language.

    Raises `KeyError`, `UnknownLanguage`, `Unsayable`, and `ValueError` for a number that cannot be spoken.
    """
    for part in speech:
        match part:
            case Words(texts, moments):
                spoken_in, words = choose(texts, language, default)
                for said in _with_moments(words, moments, spoken_in) if moments else [words]:
                    yield spoken_in, said
            case Phrase(key):
                yield language, phrase(key, language)
            case Counted(key, n):
                for words in counted(key, n, language):
                    yield language, words
            case Digits(written):
                for digit in written:
                    yield language, digits(digit, language)
            case Sound():
                raise ValueError("a sound is a file of its own, and no clip of the hotline")


def _with_moments(words: str, moments: Mapping[str, Moment], language: str) -> Iterator[str]:
    """The clips of a text with the moments that stand in it."""
    for part in MARK.split(words):
        if part in moments:
            yield from moment(moments[part], language)
        elif any(map(str.isalnum, part)):
            yield part.strip()


@cache
def needed_phrases(language: str) -> tuple[str, ...]:
    """The words of all Wutong's own clips in a language: phrases, whole sentences with numbers, parts, numbers.

    About 260. Raises `UnknownLanguage`.
    """
    needed: dict[str, None] = {}
    for key, words in phrases(language).items():
        if NUMBER not in words:
            needed.update(dict.fromkeys(divided(words)))
            continue
        for n in range(2, WHOLE[key] + 2):  # the last n is too large for a whole sentence, so it gives the parts
            needed.update(dict.fromkeys(counted(key, n, language)))
    needed.update(dict.fromkeys(needed_numbers(language)))
    needed.update(dict.fromkeys(digits(each, language) for each in "0123456789"))
    return tuple(needed)


def everything_said(texts: Iterable[Texts], languages: Sequence[str]) -> list[tuple[str, str]]:
    """Language and words of all that a hotline with these texts may say, each once: Wutong's own words, and the texts.
    The words of moments only where a text has one.

    The first language is the default one. Raises `UnknownLanguage`, `Unsayable`.
    """
    texts = tuple(texts)
    found: dict[tuple[str, str], None] = {}
    for language in languages:
        found.update(dict.fromkeys((language, words) for words in needed_phrases(language)))
        for text in texts:
            spoken_in, words = choose(text, language, languages[0])
            found.update(dict.fromkeys((spoken_in, sayable(part)) for part in divided(words)))
            if MARK.search(words):
                found.update(dict.fromkeys((spoken_in, part) for part in needed_moments(spoken_in)))
    return list(found)
