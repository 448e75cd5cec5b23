"""Queues that nobody serves."""

from pathlib import Path

import pytest

from acd.model import StickyRule
from tests.unit.hotline.folders import Case, error, loaded, small, warning

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
    warning(
        "no-sticky",
        "use another `strategy`",
        ("    needs: {greening: 3}", "    needs: {greening: 3}\n    strategy: ring-all\n    «sticky: 24h"),
    ),
    warning(
        "long-wait",
        "make `wait` shorter",
        (
            "    needs: {greening: 3}",
            "    needs: {greening: 3}\n    sticky: {within: 24h, wait: «90s}",
        ),
        ("{waited: 5m,", "{waited: 90s,"),
    ),
    error("bad-duration", "write 24s", ("    needs: {greening: 3}", "    needs: {greening: 3}\n    sticky: «24")),
    error(
        "out-of-range",
        "at most 2m",
        ("    needs: {greening: 3}", "    needs: {greening: 3}\n    sticky: {within: 1d, wait: «3m}"),
    ),
    error("out-of-range", "at most 7d", ("    needs: {greening: 3}", "    needs: {greening: 3}\n    sticky: «8d")),
    error("out-of-range", "use at most 5", agents=(("skills: {greening: 4,", "skills: {greening: «6,"),)),
    warning("no-skills", "give the agent a skill", agents=(("skills: {general: 3}", "skills: «{}"),)),
]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("24h", StickyRule(within=86_400)),
        ("{within: 24h}", StickyRule(within=86_400)),
        ("{within: 30m, wait: 20s}", StickyRule(within=1_800, wait=20)),
    ],
)
def test_sticky_is_a_duration_or_a_mapping(tmp_path: Path, written: str, rule: StickyRule) -> None:
    change = ("    needs: {greening: 3}", f"    needs: {{greening: 3}}\n    sticky: {written}")
    found = loaded(tmp_path, small(change)).hotline
    assert found is not None
    assert found.queues["greening"].sticky == rule
    assert found.queues["general"].sticky is None


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
