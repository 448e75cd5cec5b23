"""How loud speech is: its active level by ITU-T P.56, its peak, and the silence at its ends.

Levels are in dBFS: 0 is the mean power of a full-scale square wave, as in P.56's dBov; a full-scale sine has -3.01.
Samples are 16 bits, one channel. Pure; about 100 ns a sample.
"""

import math
import re
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

FULL = 32768
"""The magnitude that is 0 dBFS."""

QUIET = -45.0
"""dBFS: if every sample is below this, nothing is heard."""

# ITU-T P.56, method B: seconds of the envelope's smoothing and of the hangover, dB of the margin, and the thresholds
# for 16 bits.
_TIME_CONSTANT = 0.03
_HANGOVER = 0.2
_MARGIN = 15.9
_THRESHOLDS = tuple(2.0**power for power in range(15))
# A flat top: samples in a row at the end of the scale. A peak that just reaches it has one or two.
_ENDS = frozenset({32767, -32767, -32768})
_FLAT = re.compile(b"\x01{4,}")

_RATE = 1000
"""Envelope values a second, each the mean magnitude of a millisecond. The power is computed from all samples."""


def speech_level(samples: "array[int]", rate: int) -> float:
    """The active speech level: the mean power during speech, without pauses of more than 0.2 s.

    `rate` is samples a second, a multiple of 1,000. Minus infinity for silence.
    """
    power = sum(map(mul, samples, samples))
    if power == 0:
        return -math.inf
    block = rate // _RATE
    envelope = _envelope(samples, block)
    active = sorted(_held(envelope))
    levels: list[tuple[float, float]] = []
    for threshold in _THRESHOLDS:
        blocks = len(active) - bisect_left(active, threshold)
        if blocks == 0:
            break
        levels.append((decibels(math.sqrt(power / (blocks * block))), decibels(threshold)))
    return _crossing(levels)


def _envelope(samples: "array[int]", block: int) -> list[float]:
    """The magnitude, smoothed twice by a low-pass of 30 ms: P.56's q, one value a block."""
    means = [sum(map(abs, samples[at : at + block])) / block for at in range(0, len(samples) - block + 1, block)]
    keep = math.exp(-1 / (_RATE * _TIME_CONSTANT))
    once = accumulate(means, lambda before, now: keep * before + (1 - keep) * now, initial=0.0)
    twice = accumulate(once, lambda before, now: keep * before + (1 - keep) * now)
    return list(twice)[1:]


def _held(envelope: Sequence[float]) -> list[float]:
    """For each value the highest of the 0.2 s before it: speech counts as going on for so long."""
    hangover = math.ceil(_HANGOVER * _RATE)
    highest: deque[int] = deque()
    held = []
    for at, value in enumerate(envelope):
        while highest and envelope[highest[-1]] <= value:
            highest.pop()
        highest.append(at)
        if highest[0] < at - hangover:
            highest.popleft()
        held.append(envelope[highest[0]])
    return held


def _crossing(levels: Sequence[tuple[float, float]]) -> float:
    """The level that is P.56's margin above its own threshold, interpolated between two thresholds.

    `levels` has, for each threshold, the level of the samples above it, and the threshold.
    """
    before = margin_before = -math.inf
    for level, threshold in levels:
        margin = level - threshold
        if margin <= _MARGIN:
            if before == -math.inf:
                return level
            share = (margin_before - _MARGIN) / (margin_before - margin)
            return before + share * (level - before)
        before, margin_before = level, margin
    return before


def peak_level(samples: "array[int]") -> float:
    """The highest sample. Minus infinity for silence."""
    return decibels(max(max(samples), -min(samples))) if samples else -math.inf


def clipped(samples: "array[int]") -> float:
    """The share of the samples, 0 to 1, that are in flat tops: what was louder there is lost, and it crackles."""
    if not samples:
        return 0.0
    at_the_end = bytes(map(_ENDS.__contains__, samples))
    return sum(len(top.group()) for top in _FLAT.finditer(at_the_end)) / len(samples)


def silence(samples: "array[int]", rate: int, quiet: float = QUIET) -> tuple[float, float]:
    """Seconds at the start and at the end in which no sample reaches `quiet` dBFS; for silence twice the length."""
    least = magnitude(quiet)
    loud = [at for at, sample in enumerate(samples) if abs(sample) >= least]
    if not loud:
        return len(samples) / rate, len(samples) / rate
    return loud[0] / rate, (len(samples) - 1 - loud[-1]) / rate


def decibels(magnitude: float) -> float:
    """A magnitude of samples in dBFS, minus infinity for nothing."""
    return 20 * math.log10(magnitude / FULL) if magnitude > 0 else -math.inf


def magnitude(level: float) -> float:
    """The magnitude of samples for a level in dBFS."""
    return FULL * math.pow(10, level / 20)
