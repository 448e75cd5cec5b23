import math
from array import array

import pytest

from sounds.levelling import FULL, decibels, magnitude, peak_level, silence, speech_level


def sine(level: float, seconds: float, rate: int, hertz: float = 440) -> "array[int]":
    """`level` is the mean power in dBFS."""
    height = magnitude(level) * math.sqrt(2)
    step = 2 * math.pi * hertz / rate
    return array("h", (round(height * math.sin(step * at)) for at in range(int(seconds * rate))))


def nothing(seconds: float, rate: int) -> "array[int]":
    return array("h", bytes(2 * int(seconds * rate)))


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("level", [-50, -26, -21, -9])
def test_a_steady_tone_has_the_level_of_its_power(rate: int, level: float) -> None:
    assert speech_level(sine(level, 10, rate), rate) == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize("rate", [8000, 16000])
def test_pauses_are_not_part_of_speech(rate: int) -> None:
    word = sine(-20, 1, rate)
    pauses = word + nothing(3, rate) + word + nothing(3, rate) + word
    # By the method, the first 0.2 s of each pause count as speech, and the envelope falls slowly.
    assert speech_level(pauses, rate) == pytest.approx(-20.7, abs=0.5)
    assert speech_level(nothing(5, rate) + pauses, rate) == pytest.approx(speech_level(pauses, rate), abs=0.05)


def test_short_gaps_between_words_are_part_of_speech() -> None:
    syllables = (sine(-20, 0.1, 8000) + nothing(0.1, 8000)) * 20
    assert speech_level(syllables, 8000) == pytest.approx(-23, abs=0.3)


def test_a_soft_noise_in_the_pauses_changes_little() -> None:
    word, noise = sine(-20, 1, 8000), sine(-60, 3, 8000, 1234)
    assert speech_level(word + noise + word, 8000) == pytest.approx(-20.6, abs=0.5)


def test_half_as_loud_is_six_decibels_less() -> None:
    tone = sine(-20, 2, 8000) + nothing(1, 8000) + sine(-26, 1, 8000)
    half = array("h", (sample // 2 for sample in tone))
    assert speech_level(tone, 8000) - speech_level(half, 8000) == pytest.approx(6.02, abs=0.2)


def test_silence_has_no_level() -> None:
    assert speech_level(nothing(1, 8000), 8000) == -math.inf
    assert speech_level(array("h"), 8000) == -math.inf
    assert peak_level(nothing(1, 8000)) == -math.inf
    assert peak_level(array("h")) == -math.inf


def test_the_peak_is_the_highest_sample_of_either_sign() -> None:
    assert peak_level(array("h", [0, 16384, -1])) == pytest.approx(-6.02, abs=0.01)
    assert peak_level(array("h", [0, 100, -32768])) == 0


def test_silence_at_the_ends() -> None:
    clip = nothing(0.25, 8000) + sine(-20, 1, 8000) + nothing(0.5, 8000)
    assert silence(clip, 8000) == pytest.approx((0.25, 0.5), abs=0.001)
    assert silence(sine(-60, 1, 8000), 8000) == (1, 1)
    assert silence(sine(-60, 1, 8000), 8000, quiet=-70) == pytest.approx((0, 0), abs=0.001)
    assert silence(array("h"), 8000) == (0, 0)


def test_decibels_and_back() -> None:
    assert decibels(FULL) == 0
    assert magnitude(decibels(1234)) == pytest.approx(1234)
