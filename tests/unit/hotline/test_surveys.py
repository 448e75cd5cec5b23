"""The survey of a queue: what may be written, what is found wrong, and where its texts are."""

from pathlib import Path

import pytest

from acd.model import Survey
from hotline.texts import placed_texts
from tests.unit.hotline.folders import GENERAL, Case, Change, error, loaded, small, warning

SAY = "say: {zh: 请评分, en: Please rate}"
DAY = 86_400.0


def survey(entries: str) -> Change:
    """A survey of the last queue of the small hotline."""
    return GENERAL, f"{GENERAL[:-1]}    survey: {entries}\n\n"


CASES = [
    error("missing-key", "add `say: …`", (GENERAL, f"{GENERAL[:-1]}    «survey: {{keys: 1-5}}\n\n")),
    error("bad-value", "the first key has to be smaller", survey(f"{{{SAY}, «keys: 5-1}}")),
    error("bad-value", "the first key has to be smaller", survey(f"{{{SAY}, «keys: 3-3}}")),
    error("bad-value", "such as 1-5", survey(f"{{{SAY}, keys: «12}}")),
    error("bad-value", "such as 1-5", survey(f"{{{SAY}, keys: «1 - 5}}")),
    error("bad-value", "such as 1-5", survey(f'{{{SAY}, keys: «"1-*"}}')),
    error("bad-value", "use 1% to 100%", survey(f"{{{SAY}, share: «0%}}")),
    error("bad-value", "use 1% to 100%", survey(f"{{{SAY}, share: «50}}")),
    error("out-of-range", "use at most 90d", survey(f"{{{SAY}, once_in: «91d}}")),
    error("bad-duration", "has no unit", survey(f"{{{SAY}, once_in: «30}}")),
    error("bad-value", "at most 3 items", survey(f"{{{SAY}, more: «[{{{SAY}}}, {{{SAY}}}, {{{SAY}}}, {{{SAY}}}]}}")),
    error("bad-value", "such as 1-5", survey(f"{{{SAY}, more: [{{{SAY}, keys: «1}}]}}")),
    error("empty-text", "write what is to be said", survey(f'{{{SAY}, thanks: «""}}')),
    error("unknown-key", "known here: say, keys", survey(f"{{{SAY}, «many: 1}}")),
    warning("missing-translation", "add `en: …`", survey("{«say: {zh: 请评分}}")),
    warning("missing-translation", "add `zh: …`", survey(f"{{{SAY}, more: [{{«say: {{en: Solved?}}}}]}}")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_slip_in_a_survey_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_what_is_left_out_is_as_the_documentation_says(tmp_path: Path) -> None:
    hotline = loaded(tmp_path, small(survey("{say: 请评分}"))).hotline
    assert hotline is not None
    assert hotline.queues["general"].survey == Survey(
        say={"*": "请评分"}, keys="1-5", share="100%", once_in=30 * DAY, more=(), thanks=None
    )
    assert hotline.queues["greening"].survey is None


def test_all_texts_of_a_survey_are_prompts(tmp_path: Path) -> None:
    given = "{say: 一, more: [{say: 二}, {say: 三, keys: 1-2}], thanks: 四, once_in: 90d, share: 1%}"
    hotline = loaded(tmp_path, small(survey(given))).hotline
    assert hotline is not None
    found = {path[2:]: words["*"] for path, words in placed_texts(hotline) if "survey" in path}
    assert found == {
        ("survey", "say"): "一",
        ("survey", "more", 0, "say"): "二",
        ("survey", "more", 1, "say"): "三",
        ("survey", "thanks"): "四",
    }


def test_a_key_is_an_answer_within_the_range() -> None:
    asked = Survey(say={"*": "x"}, keys="2-4")
    assert [key for key in "0123456789*#" if asked.takes(key)] == ["2", "3", "4"]
    assert not asked.takes("²")
    assert (asked.percent, Survey(say={"*": "x"}, share="7%").percent) == (100, 7)
