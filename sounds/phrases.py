"""Wutong's own sentences, `sounds/<language>/phrases.yaml`."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sounds.model import Unsayable, sayable
from sounds.numbers import UnknownLanguage, digits, needed_numbers, spoken

LANGUAGES = ("zh", "en")

NUMBER = "{number}"
"""Stands for a spoken number in a phrase."""

WHOLE = {"queue-position": 50, "estimate": 60}
"""Phrase with a number → the largest number with a clip of the whole sentence. Larger ones join several clips."""


class BadPhrases(ValueError):
    """A phrases.yaml is wrong. It must be a flat list of keys and words, the same keys in every language."""


class UnknownPhrase(KeyError):
    """There is no system phrase with that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"there is no system phrase {key!r} in sounds/*/phrases.yaml")


def phrases(language: str) -> Mapping[str, str]:
    """The words of every system phrase. Raises `UnknownLanguage`, `BadPhrases`."""
    try:
        return _all()[language]
    except KeyError:
        raise UnknownLanguage(language) from None


def phrase(key: str, language: str) -> str:
    """The words of one phrase. Raises `UnknownPhrase`, and errors as `phrases`."""
    known = phrases(language)
    if key not in known:
        raise UnknownPhrase(key)
    return known[key]


def counted(key: str, n: int, language: str) -> list[str]:
    """The clips of a phrase with the number `n` in it: one whole sentence, or its parts and the number between them.

    Raises `UnknownPhrase`, `UnknownLanguage`, and `ValueError` for a number that cannot be spoken.
    """
    words = phrase(key, language)
    tokens = spoken(n, language, counted=True)
    if n <= WHOLE[key]:
        return [words.replace(NUMBER, "".join(tokens) if language == "zh" else " ".join(tokens))]
    before, after = (part.strip() for part in words.split(NUMBER))
    return [before, *tokens, after]


@lru_cache(maxsize=8)
def needed_phrases(language: str) -> tuple[str, ...]:
    """The words of all Wutong's own clips in a language: phrases, whole sentences with numbers, parts, numbers.

    About 260. Raises `UnknownLanguage`, `BadPhrases`.
    """
    needed: dict[str, None] = {}
    for key, words in phrases(language).items():
        if NUMBER not in words:
            needed[words] = None
            continue
        for n in range(2, WHOLE[key] + 2):  # the last n is too large for a whole sentence, so it gives the parts
            needed.update(dict.fromkeys(counted(key, n, language)))
    needed.update(dict.fromkeys(needed_numbers(language)))
    needed.update(dict.fromkeys(digits(each, language) for each in "0123456789"))
    return tuple(needed)


def load(folder: Path, languages: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    """Read `<folder>/<language>/phrases.yaml` of each. Raises `BadPhrases`."""
    found = {language: _read(folder / language / "phrases.yaml") for language in languages}
    for language, entries in found.items():
        for key, words in entries.items():
            if (words.count(NUMBER) == 1) != (key in WHOLE):
                raise BadPhrases(
                    f"{language}: {key} must have {NUMBER} once if it is one of {', '.join(WHOLE)}, else never"
                )
    first, *others = languages
    for other in others:
        if odd := sorted(found[first].keys() ^ found[other].keys()):
            raise BadPhrases(f"only one of {first} and {other} has the phrases {', '.join(odd)}: give them to both")
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, str]]:
    return load(Path(__file__).parent, LANGUAGES)


def _read(file: Path) -> Mapping[str, str]:
    try:
        content = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as problem:
        raise BadPhrases(f"{file} cannot be read: {problem}") from problem
    if not isinstance(content, dict):
        raise BadPhrases(f"{file} must hold lines of the form key: words")
    for key, words in content.items():
        if not isinstance(key, str) or not isinstance(words, str):
            raise BadPhrases(f"{file}: {key!r} must have words; put them in quotes if they look like something else")
        try:
            sayable(words)
        except Unsayable as problem:
            raise BadPhrases(f"{file}: {key}: {problem}") from problem
    return MappingProxyType({key: sayable(words) for key, words in content.items()})
