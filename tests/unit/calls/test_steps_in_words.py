"""The steps of a call's story in words. The console says the same: both have the cases of `words.cases.json` there."""

import json
from typing import Any

import pytest

from base.folders import CHECKOUT
from calls.steps_in_words import PARTS, STEPS, sentence, variant
from journal.records import Kind

CASES = json.loads((CHECKOUT / "console/src/pages/calls/story/words.cases.json").read_text(encoding="utf-8"))
ELSEWHERE = (
    "agent-",
    "hotline-",
    "service-",
    "number-",
    "purged",
    "emergency-",
    "notice",
    "trial-",
    "selftest-",
    "sheet-",
)
"""How the kinds begin that are in no call's story, but for `emergency-told`."""


@pytest.mark.parametrize("case", CASES, ids=[case["en"] for case in CASES])
def test_a_step_in_both_languages(case: dict[str, Any]) -> None:
    assert {language: sentence(case["step"], language) for language in ("zh", "en")} == {
        language: case[language] for language in ("zh", "en")
    }


@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.startswith(ELSEWHERE)] + [Kind.EMERGENCY_TOLD])
def test_every_step_of_a_call_has_words_of_its_own(kind: Kind) -> None:
    assert kind in STEPS
    assert "{" not in sentence({"kind": kind}, "zh") + sentence({"kind": kind}, "en")


def test_every_variant_is_chosen_or_is_a_kind() -> None:
    chosen = {variant(case["step"]) for case in CASES}
    assert chosen <= set(STEPS)
    # A time is written differently in the console, which has a test of its own for it.
    assert {name for name, (_, words) in STEPS.items() if "/" in name and "{time}" not in words} <= chosen
    assert {name.partition("/")[0] for name in STEPS} == {name for name in STEPS if "/" not in name}
    assert all(all(words) for words in (*STEPS.values(), *PARTS.values()))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"kind": "routed", "to": {"queue": "general"}}, "Goes on to the queue general."),
        (
            {"kind": "sub-hotline-ended", "sub_hotline": "gas", "by": "agent"},
            "The talk with the sub-hotline gas is over",
        ),
        ({"kind": "connected", "agent": "robot", "waited_s": 1.2}, "Talks with the robot agent, after waiting 1 s."),
        ({"kind": "announced", "position": 2, "wait_s": 240.0}, "Heard: place 2, about 240 s."),
        ({"kind": "overflowed", "queue": "water", "condition": "waited", "limit": 300.0}, "after a wait of 300 s."),
        ({"kind": "moon-seen", "grade": 5}, 'moon-seen {"grade": 5}'),
        ({"kind": "wrap-up-code", "agent": "1001", "code": "w", "name": {"en": "Leak"}}, "a wrap-up code: Leak."),
    ],
)
def test_what_the_terminal_has_for_names(step: dict[str, Any], words: str) -> None:
    assert words in sentence(step, "en")
