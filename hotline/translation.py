"""Problems in Chinese. The checks write their sentences in English; each is recognised in the catalogue. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from hotline.problem import Level, Problem
from sentences.catalogue import Catalogue
from sentences.of_check import SENTENCES

LEVELS: Mapping[str, Mapping[Level, str]] = {
    "en": {Level.ERROR: "error", Level.WARNING: "warning"},
    "zh": {Level.ERROR: "错误", Level.WARNING: "警告"},
}
"""What people call the two levels, by language."""


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
def _of_check() -> Catalogue:
    return Catalogue(SENTENCES)
