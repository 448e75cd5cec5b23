"""Problems in the language of whoever reads them."""

from dataclasses import replace

from hotline.problem import Problem
from sentences.languages import said


def translated(problem: Problem, language: str) -> Problem:
    """The problem with its sentences in `language`, `zh` or `en`."""
    if language == "en":
        return problem
    return replace(problem, message=said(problem.message, language), hint=said(problem.hint, language))
