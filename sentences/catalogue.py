"""Sentences in Chinese: each English one is recognised in a catalogue. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "zh")

_PART = re.compile(r"\{([a-z]+)\}")
_SHAPES = {
    "kind": "menu|queue|sub-hotline",
    "count": "[0-9,]+",
    "line": "[0-9]+",
    "name": r"[^ ]+|'.+'",
    "duration": "[0-9.]+[smh]?",
}
"""What parts of these names look like; the others are any words."""
_DEEPEST = 5
"""How deep a sentence is within sentences: deeper ones are somebody's words that look so, such as many colons."""
_LISTS = frozenset({"names"})
"""Parts that are several names: `a, b or c`."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A line of the catalogue. `weight`: how many characters are the sentence's own."""

    english: re.Pattern[str]
    chinese: str
    weight: int


class Catalogue:
    """Sentences in English and in Chinese, side by side, as in `sentences.of_check`."""

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        lines = [_Sentence(_pattern(english), chinese, len(_PART.sub("", english))) for english, chinese in sentences]
        self._lines = sorted(lines, key=lambda line: -line.weight)

    def said(self, sentence: str, depth: int = 0) -> str | None:
        """The sentence in Chinese; None: no line fits. Of several, that with the most words of its own counts. `depth`:
        of the sentences in which it is.
        """
        if depth > _DEEPEST:
            return None
        for line in self._lines:
            if (match := line.english.fullmatch(sentence)) is not None:
                return self._filled(line.chinese, match.groupdict(), depth)
        return None

    def _filled(self, chinese: str, parts: Mapping[str, str], depth: int) -> str:
        return _PART.sub(lambda part: self._part(part[1], parts[part[1]], depth), chinese)

    def _part(self, name: str, words: str, depth: int) -> str:
        if name in _LISTS:
            return words.replace(" or ", "、").replace(", ", "、")
        # A sentence within a sentence. Words from the file are quoted, or are no sentence of the catalogue.
        return self.said(words, depth + 1) or words


def _pattern(english: str) -> re.Pattern[str]:
    """Matches the sentence, each of its parts by name. A part that comes twice is the same words twice."""
    pattern, end, known = "", 0, set[str]()
    for part in _PART.finditer(english):
        pattern += re.escape(english[end : part.start()])
        shape = _SHAPES.get(part[1], ".+?")
        pattern += f"(?P={part[1]})" if part[1] in known else f"(?P<{part[1]}>{shape})"
        known.add(part[1])
        end = part.end()
    return re.compile(pattern + re.escape(english[end:]), re.DOTALL)
