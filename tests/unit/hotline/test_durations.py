"""Durations: a number and a unit."""

import pytest

from hotline.durations import BadDuration, seconds, spoken


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5s", 5.0),
        ("2m", 120.0),
        ("1h", 3600.0),
        ("0s", 0.0),
        ("90d", 7_776_000.0),
        ("1.5m", 90.0),
        ("0.5s", 0.5),
        (" 5s ", 5.0),
    ],
)
def test_a_number_and_a_unit(written: str, value: float) -> None:
    assert seconds(written) == value


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("5", "write 5s, 5m or so"),
        ("-5s", "write 0s or more"),
        ("5 s", "write 5s"),
        ("5sec", "write 5s"),
        ("10 minutes", "write 10m"),
        ("5S", "write 5s"),
        ("5分钟", "write 5m"),
        ("1小时", "write 1h"),
        ("", "such as 30s"),
        ("soon", "such as 30s"),
        ("1e9s", "such as 30s"),
        ("nan", "such as 30s"),
        ("1w", "such as 30s"),
        ("3 天", "write 3d"),
        ("1m30s", "such as 30s"),
        ("99999999s", "write"),
        ("٥s", "such as 30s"),
    ],
)
def test_what_is_none_says_what_to_write(written: str, hint: str) -> None:
    with pytest.raises(BadDuration) as bad:
        seconds(written)
    assert hint in bad.value.hint


@pytest.mark.parametrize(
    ("value", "words"),
    [(5.0, "5s"), (86_400.0, "24h"), (172_800.0, "2d"), (90.0, "90s"), (120.0, "2m"), (7200.0, "2h"), (0.5, "0.5s")],
)
def test_as_words(value: float, words: str) -> None:
    assert spoken(value) == words
