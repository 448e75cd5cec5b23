"""The files of a new hotline: whatever was answered, they are clean, and a call gets to a person."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.beginning import MOST_AGENTS, YAML, Answers, files
from hotline.loader import load
from hotline.model import Hotline
from ivr.interpreter import Ask, Enqueue, Facts, Pressed, Silence, start, step
from ivr.model import ToQueue, ToSubHotline
from tests.unit.hotline.folders import written

CHINESE, ENGLISH = {"zh": "市民热线"}, {"en": "City hotline"}
BOTH = CHINESE | ENGLISH


def begun(folder: Path, answers: Answers, comments: str = "en") -> Hotline:
    found = load(written(folder, {name: files(answers, "my-hotline", comments)[name] for name in YAML}))
    assert found.hotline is not None, "\n".join(map(str, found.problems))
    assert found.problems == ()
    return found.hotline


@pytest.mark.parametrize("comments", ["zh", "en"])
@pytest.mark.parametrize("names", [BOTH, CHINESE, ENGLISH, ENGLISH | CHINESE], ids=lambda names: "-".join(names))
def test_it_is_clean_and_leads_to_a_person(tmp_path: Path, names: dict[str, str], comments: str) -> None:
    hotline = begun(tmp_path, Answers(names, "12300", "Asia/Shanghai"), comments)
    assert (hotline.languages, hotline.numbers, hotline.name) == (tuple(names), ("12300",), names)
    facts = Facts(datetime(2025, 3, 3, 9, 0, tzinfo=hotline.zone), "13800000000", "12300")
    for language in names:
        began = start(hotline, language, facts)
        assert step(hotline, began.state, Pressed("0"), facts).action == Enqueue("general")
        again = step(hotline, began.state, Silence(), facts)
        assert step(hotline, again.state, Silence(), facts).action == Enqueue("general")
        for other in (other for other in names if other != language):
            key = {"zh": "9", "en": "8"}[other]
            assert key in hotline.menus["main"].say[language], "the menu says the key of the other language"
            chosen = step(hotline, began.state, Pressed(key), facts)
            assert isinstance(chosen.action, Ask)
            assert chosen.state.language == other
    assert ToSubHotline(sub_hotline="duty") in [rule.then for rule in hotline.queues["general"].overflow]
    assert hotline.menus["main"].no_input.then == ToQueue(queue="general")


def test_every_text_and_every_comment_is_in_the_chosen_language() -> None:
    for comments, other in (("zh", "en"), ("en", "zh")):
        made = files(Answers({other: "X"}, "12300", "Asia/Shanghai"), "here", comments)
        assert tuple(made) == (*YAML, "schema/hotline.json", "schema/agents.json", "schema/tests.json")
        said = " ".join(line.partition("# ")[2] for name in YAML for line in made[name].splitlines())
        assert any("一" <= character <= "鿿" for character in said) == (comments == "zh")
        assert "./wutong check here" in said


def test_the_number_of_the_hotline_is_no_agents(tmp_path: Path) -> None:
    assert begun(tmp_path, Answers(ENGLISH, "1001", "UTC", agents=1)).agents.keys() == {"2000", "2001"}
    assert begun(tmp_path, Answers(ENGLISH, "2001", "UTC", agents=1)).agents.keys() == {"1000", "1001"}


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.from_regex(r"\+?[0-9]{2,19}", fullmatch=True), st.integers(1, MOST_AGENTS))
def test_any_number_and_any_count_of_agents(tmp_path: Path, number: str, agents: int) -> None:
    hotline = begun(tmp_path, Answers(BOTH, number, "Europe/Dublin", agents))
    assert hotline.numbers == (number,)
    assert len(hotline.agents) == agents + 1
