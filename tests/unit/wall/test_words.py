import pytest

from agents.states import LOOKS, WHY
from sentences.languages import language_here
from wall.scene import HELP, WORDS, say


def test_every_text_is_in_both_languages() -> None:
    for chinese, english in [*WORDS.values(), *WHY.values(), *((look.zh, look.en) for look in (*LOOKS.values(), HELP))]:
        assert any("\u4e00" <= each <= "\u9fff" for each in chinese), chinese
        assert not any("\u4e00" <= each <= "\u9fff" for each in english), english
        assert chinese.count("{}") == english.count("{}")


def test_no_two_states_look_alike_without_colour() -> None:
    assert len({look.mark for look in (*LOOKS.values(), HELP)}) == len(LOOKS) + 1


def test_words_take_values() -> None:
    assert say("more queues", "zh", 3, 7) == "还有 3 个队列，7 人排队"
    assert say("more queues", "en", 3, 7) == "3 more queues, 7 waiting"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_ALL": "", "LC_MESSAGES": "zh_TW"}, "zh"),
    ],
)
def test_the_terminals_language(variables: dict[str, str], language: str) -> None:
    assert language_here(variables) == language
