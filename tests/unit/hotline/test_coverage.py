"""Queues that nobody serves."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import Case, error, warning

CASES = [
    error(
        "nobody-fits",
        "the best agent has general 3",
        (
            "    name: {zh: 综合, en: General}\n    needs: {general: 1}\n",
            "    name: {zh: 综合, en: General}\n    «needs: {general: 5}\n",
        ),
    ),
    error(
        "nobody-fits",
        "did you mean 'general'?",
        (
            "    name: {zh: 综合, en: General}\n    needs: {general: 1}\n",
            "    name: {zh: 综合, en: General}\n    «needs: {generel: 1}\n",
        ),
    ),
    error(
        "nobody-fits",
        "give them to one",
        (
            "    name: {zh: 综合, en: General}\n    needs: {general: 1}\n",
            "    name: {zh: 综合, en: General}\n    «needs: {greening: 4, general: 3}\n",
        ),
    ),
    warning(
        "only-relaxed",
        "callers in en wait at least 1m",
        ("    needs: {greening: 3}", "    «needs: {greening: 3}"),
        agents=(("languages: [zh, en]", "languages: [zh]"),),
    ),
    warning(
        "nobody-speaks",
        "give an agent the language",
        ("    needs: {greening: 3}", "    «needs: {greening: 3}"),
        ("{after: 1m, needs: {general: 1}}", "{after: 1m, needs: {greening: 2}}"),
        agents=(("languages: [zh, en]", "languages: [zh]"),),
    ),
    warning(
        "unneeded-skill",
        "did you mean 'greening'?",
        agents=(("skills: {general: 3}", "skills: {general: 3, «greenning: 3}"),),
    ),
    error("out-of-range", "use at most 5", agents=(("skills: {greening: 4,", "skills: {greening: «6,"),)),
    warning("no-skills", "give the agent a skill", agents=(("skills: {general: 3}", "skills: «{}"),)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
