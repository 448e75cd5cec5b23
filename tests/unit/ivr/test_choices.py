"""What prompts say of their keys."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.loader import load
from ivr.model import Repeat
from ivr.prompt_keys import choice, choices

SAMPLE = Path("examples/12319")


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("绿化请按1，供水请按2。", {"1": "绿化", "2": "供水"}),
        ("供水、排水和燃气请按一，人工服务请按零。", {"1": "供水、排水和燃气", "0": "人工服务"}),
        (
            "小区的树木请找物业。公园的树木请按1键；重听请按星号键，返回请按井号键。",
            {"1": "公园的树木", "*": "重听", "#": "返回"},
        ),
        ("如需投诉，请按３；如果您需要咨询，请直接拨数字4。", {"3": "投诉", "4": "咨询"}),
        ("请按1查询进度，请按2投诉。", {"1": "查询进度", "2": "投诉"}),
        ("按一下按钮，按12次。", {}),
        ("您好，欢迎致电。", {}),
        (
            "For greening, press 1. For water, drainage and gas, press 2.",
            {"1": "Greening", "2": "Water, drainage and gas"},
        ),
        (
            "To talk to a person, please press zero. To go back, press the hash key.",
            {"0": "Talk to a person", "#": "Go back"},
        ),
        (
            "Press 1 for water, press 2 for gas, or dial star to hear this again.",
            {"1": "water", "2": "gas", "*": "hear this again"},
        ),
        ("For water press 1, for gas press 2.", {"1": "Water", "2": "Gas"}),
        ("For English, press 8.\n绿化请按1。", {"1": "绿化", "8": "English"}),
        ("For details press 12 or press on.", {}),
        (
            "For greening press 1, for water 2, to talk to a person 0.",
            {"1": "greening", "2": "water", "0": "talk to a person"},
        ),
        (
            "Press 1 for greening, 2 for water, or the star key to repeat",
            {"1": "greening", "2": "water", "*": "repeat"},
        ),
        ("Greening 1, water 2, gas 3", {"1": "Greening", "2": "water", "3": "gas"}),
        ("绿化请按1，供水2，燃气3", {"1": "绿化", "2": "供水", "3": "燃气"}),
        ("绿化请选择 1 号键，返回请按“井号键”。", {"1": "绿化", "#": "返回"}),
        ("投诉请按1或2，人工请按0", {"1": "投诉", "2": "投诉", "0": "人工"}),
        ("For water press 1, or press 2 to go back", {"1": "water", "2": "go back"}),
        ("我们服务到{closes}。绿化请按1，供水{closes}请按2", {"1": "绿化", "2": "供水"}),
        ("We are here until {closes}. For greening, press 1.", {"1": "Greening"}),
    ],
)
def test_a_key_means_what_the_prompt_says(prompt: str, said: dict[str, str]) -> None:
    assert {key: words.lower() for key, words in choices(prompt).items()} == {
        key: words.lower() for key, words in said.items()
    }


def test_what_is_told_has_its_own_words_wherever_the_two_stand() -> None:
    assert list(choices("For English, press 8. 绿化请按1，返回请按井号键。").items()) == [
        ("8", "English"),
        ("1", "绿化"),
        ("#", "返回"),
    ]


def test_words_begin_with_a_capital() -> None:
    assert choices("press 1 for water. For gas, press 2") == {"1": "Water", "2": "Gas"}


def test_every_choice_of_the_sample_is_understood() -> None:
    hotline = load(SAMPLE).hotline
    assert hotline is not None
    for menu in hotline.menus.values():
        for key in (key for key, leads in menu.keys.items() if not isinstance(leads, Repeat)):
            told = choice(menu, key)
            assert told, (menu.say, key)
            assert all("按" not in words and "press" not in words for words in told.values()), told
    assert choice(hotline.menus["utilities"], "1") == {"zh": "供水", "en": "Water"}
    assert choice(hotline.menus["main"], "8") == {"zh": "English"}


@given(st.text(alphabet="按拨请1２三*#星号井键，。；、 \nforpesa,.;to水", max_size=400))
def test_any_prompt_can_be_read(prompt: str) -> None:
    for key, words in choices(prompt).items():
        assert key in "0123456789*#"
        assert words == words.strip()
        assert words
