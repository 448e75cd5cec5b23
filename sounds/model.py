"""What to say: words by language, and the parts of a spoken sentence; and what was heard of it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from base.hints import shortened
from sentences.sentence import Sentence

Texts = Mapping[str, str]
"""Words by language; the key `*` stands for every language."""

EVERY = "*"
OPENS, CLOSES = "{opens}", "{closes}"
"""Stand in a text for the moment at which it opens again, and for the one at which it closes."""

MARK = re.compile(r"(\{opens\}|\{closes\})")
"""Either of them, as a group."""

LONGEST = 2000
"""The most characters of one text: about eight minutes of speech, more than a caller endures."""


class NoSound(Exception):
    """A sound for callers cannot be made. The message says why and what to do."""


class Unsayable(NoSound):
    """These words cannot be spoken."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(said)
        self.said = said


def choose(texts: Texts, language: str, default: str) -> tuple[str, str]:
    """The words for a caller who speaks `language`, and the language to speak them in.

    In this order: the caller's language, the words for every language (in the caller's), the default language, any.
    A caller hears something rather than nothing; `hotline.check` is what reports a missing translation.
    Raises `Unsayable` when there are no words at all.
    """
    if language in texts:
        return language, texts[language]
    if EVERY in texts:
        return language, texts[EVERY]
    if default in texts:
        return default, texts[default]
    for other, words in texts.items():
        return other, words
    raise Unsayable(Sentence("a text without words in any language: give it one"))


def in_language(texts: Texts, language: str, default: str) -> str:
    """The words alone, see `choose`."""
    return choose(texts, language, default)[1]


def sayable(words: str) -> str:
    """The words with normalised white space, as they are looked up, hashed and spoken.

    Raises `Unsayable` when they are empty, longer than `LONGEST`, or contain control characters.
    """
    if len(words) > LONGEST:
        raise Unsayable(
            Sentence(
                "a text of {count} characters: at most {most} are spoken in one go, so divide it",
                count=len(words),
                most=LONGEST,
            )
        )
    even = " ".join(words.split())
    if not even:
        raise Unsayable(Sentence("an empty text: write what is to be said"))
    for character in even:
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise Unsayable(
                Sentence(
                    "the text {words!r} holds the control character {code!r}: take it out",
                    words=shortened(even),
                    code=character,
                )
            )
    return even


def divided(words: str) -> list[str]:
    """The parts of a text that are one clip each: all of it, or what stands around each moment in it."""
    if not MARK.search(words):
        return [words]
    return [part.strip() for part in MARK.split(words)[::2] if any(map(str.isalnum, part))]


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: when something opens or, with `end`, closes; None: not in sight. `today`: the date, by the same clock."""

    at: datetime | None
    today: date
    end: bool = False


def _no_moments() -> Mapping[str, Moment]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the hotline. `moments`: what is spoken for OPENS and CLOSES, those of them that are in it."""

    texts: Texts
    moments: Mapping[str, Moment] = field(default_factory=_no_moments)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One of Wutong's own sentences, by its key in `sounds/<language>/phrases.yaml`."""

    key: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One of Wutong's own sentences with a number, by its key: `n` replaces the phrase's `{number}`.

    `n` is from 0 to 99,999,999. It counts things, so Chinese says 两 for 2, not 二.
    """

    key: str
    n: int


@dataclass(frozen=True, slots=True)
class Digits:
    """ASCII digits, spoken one by one. `private`: a caller's own; the call's story does not have them."""

    digits: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound of no version of the hotline. `path`: its file in the folder of the clips, without extension. `words`:
    what it says, for a call's story."""

    path: str
    words: str


Part = Words | Phrase | Counted | Digits | Sound
Speech = tuple[Part, ...]
"""What is played in one go, part after part."""


def shown(speech: Speech) -> Speech:
    """The speech as a call's story has it: without private digits."""
    return tuple(map(_shown, speech))


def _shown(part: Part) -> Part:
    match part:
        case Digits(private=True):
            return Words({EVERY: "…"})
        case Sound(words=words):
            return Words({EVERY: words})
    return part


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser heard of a text, and how many of its `length` characters (Chinese) or words (English) it
    misunderstood. `keys`: a sentence for each key or department of a menu that was not heard correctly there."""

    heard: str
    errors: int
    length: int
    keys: tuple[str, ...] = ()
