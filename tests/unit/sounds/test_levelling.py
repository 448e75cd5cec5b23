"""What is done to samples between two runs of sox."""

import math
import random
from array import array
from itertools import pairwise

import pytest

from sounds.levelling import (
    LEVEL,
    PEAK,
    amplified,
    cut,
    levelled,
    magnitude,
    peak_level,
    shorter,
    silence,
    silent_ends,
    speech_level,
)
from tests.unit.sounds.test_loudness import nothing, sine

RATE = 16000


def noise(level: float, seconds: float) -> "array[int]":
    """`level` is the mean power in dBFS."""
    chance, width = random.Random(5), magnitude(level) * math.sqrt(3)
    return array("h", (round(chance.uniform(-width, width)) for _ in range(int(seconds * RATE))))


@pytest.mark.parametrize("gap", [0.0, 0.01, 1.0])
def test_the_ends_have_their_paddings_whatever_was_there(gap: float) -> None:
    made = cut(nothing(gap, RATE) + sine(-30, 0.5, RATE) + nothing(gap, RATE), RATE)
    assert len(made) / RATE == pytest.approx(0.61, abs=0.011)
    before, after = silence(made, RATE)
    assert before == pytest.approx(0.03, abs=0.01)
    assert after == pytest.approx(0.08, abs=0.015)


def test_a_soft_beginning_and_a_soft_end_are_kept() -> None:
    """An h, an s and a breath are 30 dB below the vowel; silence is far below them."""
    soft = noise(-52, 0.08)
    spoken = noise(-90, 1) + soft + sine(-20, 0.5, RATE) + soft + noise(-90, 1)
    made = cut(spoken, RATE)
    assert len(made) / RATE == pytest.approx(0.5 + 2 * 0.08 + 0.11, abs=0.015)


def test_the_noise_of_a_recording_is_no_soft_beginning() -> None:
    spoken = noise(-55, 1) + sine(-20, 0.5, RATE) + noise(-55, 1)
    assert len(cut(spoken, RATE)) / RATE == pytest.approx(0.61, abs=0.015)


def test_ends_do_not_click() -> None:
    made = levelled(cut(sine(-20, 0.5, RATE), RATE), RATE)
    steps = [abs(after - before) for before, after in pairwise(made)]
    steady = max(steps[RATE // 8 : RATE // 4])
    assert max(steps) <= steady * 1.01


@pytest.mark.parametrize("level", [-60, -35, -10])
def test_nothing_is_left_of_what_is_too_soft_to_be_speech(level: float) -> None:
    assert len(cut(sine(level - 8, 1, RATE), RATE)) == (0 if level == -60 else pytest.approx(1.11 * RATE, abs=200))


@pytest.mark.parametrize("level", [-50, -21, -6])
def test_speech_gets_one_level(level: float) -> None:
    spoken = sine(level, 1, RATE) + nothing(1, RATE) + sine(level - 6, 1, RATE)
    assert speech_level(levelled(spoken, RATE), RATE) == pytest.approx(LEVEL, abs=0.1)


def test_what_has_no_high_peak_is_only_made_louder() -> None:
    spoken = sine(-30, 1, RATE)
    gain = 10 ** (7.5 / 20)
    assert amplified(spoken, 7.5, RATE, PEAK) == array("h", (round(sample * gain) for sample in spoken))


def test_peaks_are_held_and_the_level_is_reached() -> None:
    spoken = sine(-30, 2, RATE)
    for at in range(RATE // 4, len(spoken), RATE // 4):
        spoken[at : at + 16] = array("h", (round(30000 * math.sin(math.pi * step / 16)) for step in range(16)))
    made = levelled(spoken, RATE)
    assert peak_level(made) <= PEAK
    assert peak_level(made) == pytest.approx(PEAK, abs=0.3)
    assert speech_level(made, RATE) == pytest.approx(LEVEL, abs=0.1)


def test_a_peak_lowers_only_what_is_near_it() -> None:
    spoken = sine(-20, 1, RATE)
    spoken[RATE // 2] = 32000
    made = amplified(spoken, 3, RATE, PEAK)
    gain = 10 ** (3 / 20)
    changed = [at for at, sample in enumerate(made) if sample != round(spoken[at] * gain)]
    assert changed[0] > RATE // 2 - 0.03 * RATE
    assert changed[-1] < RATE // 2 + 0.03 * RATE


def test_silence_stays_silence() -> None:
    assert levelled(nothing(1, RATE), RATE) == nothing(1, RATE)
    assert cut(array("h"), RATE) == array("h")


def test_what_the_telephone_does_not_carry_is_no_long_silence() -> None:
    heard = nothing(0.4, 8000) + sine(-20, 0.5, 8000) + nothing(0.5, 8000)
    before, after = silent_ends(heard, 8000)
    assert (before, after) == pytest.approx((0.15, 0.25), abs=0.002)
    assert silence(shorter(heard, 8000, before, after), 8000) == pytest.approx((0.25, 0.25), abs=0.01)
    whole = nothing(1.4, RATE)
    assert len(shorter(whole, RATE, before, after)) == 2 * len(shorter(heard, 8000, before, after))
    assert shorter(whole, RATE, 0, 0) == whole
