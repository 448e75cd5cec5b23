"""Wutong's own sentences, `sounds/<language>/phrases.yaml`."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sounds.model import Unsayable, sayable
from sounds.numbers import UnknownLanguage

LANGUAGES = ("zh", "en")


class BadPhrases(ValueError):
    """A phrases.yaml is not as it must be: a flat list of keys and words, the same keys in every language."""


class UnknownPhrase(KeyError):
    """There is no system phrase of that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"there is no system phrase {key!r} in sounds/*/phrases.yaml")


def phrases(language: str) -> Mapping[str, str]:
    """The words of every system phrase. Raises `UnknownLanguage`, `BadPhrases`."""
    try:
        return _all()[language]
    except KeyError:
        raise UnknownLanguage(language) from None


def phrase(key: str, language: str) -> str:
    """The words of one. Raises `UnknownPhrase`, and what `phrases` does."""
    known = phrases(language)
    if key not in known:
        raise UnknownPhrase(key)
    return known[key]


def load(folder: Path, languages: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    """Read `<folder>/<language>/phrases.yaml` of each. Raises `BadPhrases`."""
    found = {language: _read(folder / language / "phrases.yaml") for language in languages}
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
