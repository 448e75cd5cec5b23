"""Problems in Chinese. The checks write their sentences in English; each is recognised in the catalogue. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from hotline.chinese import SENTENCES
from hotline.problem import Level, Problem

LANGUAGES = ("en", "zh")

LEVELS: Mapping[str, Mapping[Level, str]] = {
    "en": {Level.ERROR: "error", Level.WARNING: "warning"},
    "zh": {Level.ERROR: "错误", Level.WARNING: "警告"},
}
"""What people call the two levels, by language."""

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


def translated(problem: Problem, language: str) -> Problem:
    """The problem with its sentences in `language`, `zh` or `en`. One that no line of the catalogue fits stays."""
    if language != "zh":
        return problem
    return replace(problem, message=in_chinese(problem.message), hint=in_chinese(problem.hint))


def line(problem: Problem, language: str) -> str:
    """A problem in one line, as `hotline.yaml:12:5: error: what is wrong — what to do`. It is in `language` already."""
    level = LEVELS[language][Level(problem.level)]
    return f"{problem.file}:{problem.line}:{problem.column}: {level}: {problem.message} — {problem.hint}"


def in_chinese(sentence: str) -> str:
    """A sentence that `check` says. One that no line of the catalogue fits stays."""
    return _of_check().said(sentence) or sentence


@cache
def _of_check() -> "Catalogue":
    return Catalogue(SENTENCES)


class Catalogue:
    """Sentences in English and in Chinese, side by side, as in `hotline.chinese`."""

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
