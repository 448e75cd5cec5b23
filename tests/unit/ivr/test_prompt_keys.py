"""The keys that prompts tell, however they are written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompt_keys import named_keys
from sounds.model import LONGEST
from sounds.numbers import spoken


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("For English, press 8. 绿化请按1，供水、排水和燃气请按2，人工服务请按0，重听请按星号键。", "8120*"),
        ("For greening, press 1. To talk to a person, press 0. To hear this again, press star.", "10*"),
        ("绿化请按一，供水请按二，返回请按井号键，重听请按米字键", "12#*"),
        ("绿化请按１，供水请按＃键，重听请按“＊”", "1#*"),
        ("绿化请拨一，供水请按 2 号键，燃气请选择3，人工请按数字键0", "1230"),
        ("请按1或2", "12"),
        ("请按1、2、3", "123"),
        ("请按1到4选择，人工请按0", "12340"),
        ("按一转人工", "1"),
        ("绿化请按1，供水2，燃气3", "123"),
        ("绿化1，供水2，燃气3，公告4，更多5", "12345"),
        ("按1绿化，2供水，按0人工", "120"),
        ("请按1，2号线请按2", "12"),
        ("Press one for greening, press two for water", "12"),
        ("Press 1 for greening, 2 for water, or the star key to repeat", "12*"),
        ("For greening press 1, for water 2, for gas 3, for a notice 4", "1234"),
        ("Greening 1, water 2, gas 3", "123"),
        ("Press * or #. Press the pound key.", "*##"),
        ("Press 1 to 4, or press nine.", "12349"),
        ("press 1 to talk to a person", "1"),
        ("Enter the 8 digits of your order, then press hash.", "#"),
        ("For roads within the 2nd ring, press 1; open from 8 to 5, press 2", "12"),
    ],
)
def test_keys_are_told_in_many_ways(words: str, keys: str) -> None:
    assert "".join(one.key for one in named_keys(words)) == keys


@pytest.mark.parametrize(
    "words",
    [
        "按一下任意键",
        "请按一次，再按两下",
        "请按1次，再按 2 遍",
        "请选择一种语言",
        "请拨打12319或者拨110",
        "请在1小时后再拨",
        "Press any key, or press one of the keys twice.",
        "Please dial 12319. Select one option.",
        "We are open from 8 to 5, on platform 9.",
        "第1站，人民路2号",
        "",
    ],
)
def test_amounts_and_telephone_numbers_are_no_keys(words: str) -> None:
    assert named_keys(words) == ()


def test_a_number_that_no_phone_has_as_a_key_is_told_as_it_is() -> None:
    assert [one.key for one in named_keys("绿化请按10，供水请按2")] == ["10", "2"]


def test_each_key_has_its_index() -> None:
    words = "绿化请按１，返回请按井号键"
    assert [(one.at, words[one.at]) for one in named_keys(words)] == [(4, "１"), (10, "井")]


@given(st.permutations("123456789"), st.sampled_from(["digits", "zh", "en"]))
def test_whatever_the_order(keys: list[str], how: str) -> None:
    form = "For subject, press {}. " if how == "en" else "业务请按{}，"
    says = keys if how == "digits" else [spoken(int(key), how)[0] for key in keys]
    words = "".join(form.format(one) for one in says)
    assert [one.key for one in named_keys(words)] == keys


@given(
    st.text(st.sampled_from("按请选一二12345*#星号键 ，。、press star for or to12,. \n…" + "\u202e🙂"), max_size=200)
)
def test_any_text_has_its_keys_in_order(words: str) -> None:
    found = named_keys(words)
    assert found == tuple(sorted(found))
    assert all(0 <= one.at < len(words) and one.key for one in found)


def test_a_very_long_text_takes_no_time() -> None:
    for piece in ("For x ", "a ", "请按", "press ", "press the number ", "1、", "按1到", "供水1，"):
        begun = time.process_time()
        named_keys(piece * (LONGEST // len(piece)))
        assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("For greening, press 1. For water and gas, 2. For a person, 0. To go back, hash.", "120#"),
        ("For water, press 1. For buses, taxis and parking, 2", "12"),
        ("For water, press 1. For more, call 5, 6 times.", "1"),
        ("For water, press 1. To learn more, 2nd floor.", "1"),
    ],
)
def test_behind_a_first_choice_a_pause_stands_for_the_verb(words: str, keys: str) -> None:
    assert "".join(one.key for one in named_keys(words)) == keys
