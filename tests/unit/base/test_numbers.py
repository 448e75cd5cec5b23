"""Callers' numbers: masked, found in texts, compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.numbers import masked, masked_in, plain, tail


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800138000", "138******00"),
        ("+8613800138000", "+86*********00"),
        ("02166668888", "021******88"),
        ("66668888", "******88"),
        ("6666888", "*****88"),
        ("110", "***"),
        ("", ""),
        ("zhang.san", "zha****an"),
    ],
)
def test_a_masked_number(number: str, shown: str) -> None:
    assert masked(number) == shown


@given(st.text(max_size=60))
def test_four_characters_are_hidden_or_all_and_the_length_stays(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    assert shown.count("*") >= min(4, len(number))


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        'From: "张三" <sip:13800138000@10.0.0.1:5060>;tag=1',
        "<tel:+86-138-0013-8000>",
        "tel%3A%2B8613800138000",
        r"\n13800138000",
        r"\b13800138000",
        "('c1', '13800138000', 1700000000.123)",
        '{"caller": "13800138000"}',
        "CallerIDNum: 13800138000\r\nExten: 12319",
        "138 0013 8000",
        "+86 138 0013 8000",
        "138.0013.8000",
        "138_0013_8000",
        "138-0013-8000",
        "*31#13800138000",
        "x13800138000y",
        "b13800138000",
        "PJSIP/anonymous-00000001 13800138000",
        "13800138000\x0013800138000",
        "１３８００１３８０００",
        "channel13800138000-1a2b3c4d",
        "0013800138000bytes",
    ],
)
def test_a_number_in_a_text_is_masked(text: str) -> None:
    digits = "".join(sign for sign in masked_in(text) if sign.isdecimal())
    assert "138000" not in digits
    assert "１３８０００" not in digits


@pytest.mark.parametrize(
    "text",
    [
        "PJSIP/1001-00000002",
        "Local/s@wutong-listen-00000003;1",
        "1a1f2e3d4c5-12345678",
        "local-1a1f2e3d4c5-1234567",
        "3f2b8c9d0e1f4a5b6c7d8e9f00112233",
        "2026-11-26T10:53:32.123456Z",
        "2026-11-26 10:53:32,123",
        "192.168.100.200:13800",
        "1700000000.12345",
        "its 1073741824 bytes are full",
        "ports 8080 5060 5038 4573 8088",
        "audio 10000 to 13999",
        "12319, 110, 1001",
        "process 419430",
    ],
)
def test_what_is_no_number_stays(text: str) -> None:
    assert masked_in(text) == text


def test_what_is_to_stay_stays() -> None:
    assert masked_in("to 02166661234 from 02166661235", {"02166661234"}) == "to 02166661234 from 021******35"


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_number_is_found_between_any_texts(before: str, after: str) -> None:
    assert "13800138000" not in masked_in(f"{before} 13800138000,{after}")


def test_a_long_text_takes_no_long_time() -> None:
    for hostile in ("1" * 200_000, "1-" * 100_000, "(138) " * 40_000, "+" * 200_000, "a1" * 100_000, "1.1." * 50_000):
        masked_in(hostile)  # seconds, if the pattern went back and forth


@pytest.mark.parametrize(
    "written", ["13800138000", "138 0013 8000", "0138-0013-8000", "(138) 0013.8000", "  13800138000 "]
)
def test_ways_of_writing_one_number(written: str) -> None:
    assert plain(written) == "13800138000"


def test_a_country_makes_another_number_that_ends_alike() -> None:
    assert plain("+86 138 0013 8000") == plain("0086-13800138000") == "8613800138000"
    assert tail("+86 138 0013 8000") == tail("13800138000") == "00138000"
    assert (plain("Zhang.San"), plain("000"), plain("")) == ("zhang.san", "000", "")
