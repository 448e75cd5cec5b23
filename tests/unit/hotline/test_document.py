"""Reading YAML: what is refused, and where it stands."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import Case, error

CASES = [
    error("duplicate-key", "keep one of them", ("wait: 5s", "wait: 5s\n    «wait: 6s")),
    error("bad-key", "write `key: value`", ("wait: 5s", "? «[a]\n    : b")),
    error(
        "bad-key",
        "write the keys out",
        ("name: {zh: 小热线, en: Small}", "name: {zh: 小热线, en: Small, «<<: {fr: x}}"),
    ),
    error("tag", "leave it out", ("timezone: Asia/Shanghai", "timezone: «!!str Asia/Shanghai")),
    error("unsafe-text", "take it out", ("en: Welcome", 'en: «"Wel\\x07come"')),
    error("unsafe-text", "take it out", ("en: Welcome", 'en: «"Wel\\ud800come"')),
    error("unsafe-text", "take it out", ("en: Welcome", 'en: «"Wel\\u202ecome"')),
    error(
        "too-long",
        "divide it",
        (
            "en: Welcome",
            "en: «" + "long " * 500,
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
