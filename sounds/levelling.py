"""Measuring, cutting and levelling of speech, in samples: what `sounds.audio` does between two runs of sox. Pure.

Samples are 16 bits, one channel; `rate` is samples a second, a multiple of 1,000.
"""

import math
import re
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import mul

# How loud speech is: its active level by ITU-T P.56, its peak, and the silence at its ends.
#
# Levels are in dBFS: 0 is the mean power of a full-scale square wave, as in P.56's dBov; a full-scale sine has
# -3.01. Samples are 16 bits, one channel. Pure; about 100 ns a sample.


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
    before = next((at for at, sample in enumerate(samples) if abs(sample) >= least), len(samples))
    after = next((at for at, sample in enumerate(reversed(samples)) if abs(sample) >= least), len(samples))
    return before / rate, after / rate


def decibels(magnitude: float) -> float:
    """A magnitude of samples in dBFS, minus infinity for nothing."""
    return 20 * math.log10(magnitude / FULL) if magnitude > 0 else -math.inf


def magnitude(level: float) -> float:
    """The magnitude of samples for a level in dBFS."""
    return FULL * math.pow(10, level / 20)


LEVEL = -21.0
"""dBFS: the active speech level of every clip, at both rates, to within `TOLERANCE`."""

TOLERANCE = 1.0
"""dB."""

PEAK = -3.0
"""dBFS: no sample is higher."""

PADDING = (0.03, 0.08)
"""Seconds before the first sound and after the last: clips in a row sound like one sentence."""

_HEARD = -66.0
"""dBFS: softer speech in a source counts as noise."""

# dB relative to the speech level: above _LOUD a sound is surely speech. Above _SOFT it may be the soft beginning or end
# of speech (an h, an s, a breath) if it is within _NEAR seconds (before, after) of sure speech.
_LOUD = -25.0
_SOFT = -40.0
_NEAR = (0.12, 0.15)
_ABOVE_NOISE = 6.0
"""dB by which a soft sound must exceed the recording's noise."""

_LONGEST_END = 0.25
"""Seconds of silence that may stay at an end. The rules allow 0.3."""

_BLOCK = 0.005
_FADES = (0.005, 0.02)
"""Seconds (in, out), against clicks: at the cuts, and from espeak-ng, which ends its vowels abruptly."""

# The limiter: seconds of a block, and the number of blocks before and after a peak over which the gain falls and rises.
_STEP = 0.002
_REACH = 6
# The search for a gain: rounds that each correct the last one, then steps in dB around the first guess.
_ROUNDS = 8
_CLOSE = 0.05
_SEARCH = 0.25
_SEARCHES = 13
_CLOSE_ENOUGH = 0.25


def cut(samples: "array[int]", rate: int) -> "array[int]":
    """The speech with `PADDING` at its ends and nothing else; empty where there is none.

    The number of samples is even, so that half the rate has exactly half of them.
    """
    level = speech_level(samples, rate)
    if level < _HEARD:
        return array("h")
    length = int(_BLOCK * rate)
    blocks = [
        decibels(math.sqrt(sum(map(mul, part, part)) / len(part)))
        for part in (samples[at : at + length] for at in range(0, len(samples), length))
    ]
    noise = sorted(blocks)[len(blocks) // 20]
    soft = min(max(level + _SOFT, noise + _ABOVE_NOISE), level + _LOUD)
    first = _onset(blocks, level + _LOUD, soft, _NEAR[0]) * length
    last = len(samples) - _onset(blocks[::-1], level + _LOUD, soft, _NEAR[1]) * length
    # The padding is the recording's own sound there, or silence where the recording has nothing.
    before, after = (int(seconds * rate) for seconds in PADDING)
    begin, end = max(0, first - before), min(len(samples), last + after)
    kept = _faded(samples[begin:end], rate)
    lead, trail = before - (first - begin), after - (end - last)
    made = _silence(lead) + kept + _silence(trail)
    return made + _silence(len(made) % 2)


def silent_ends(samples: "array[int]", rate: int) -> tuple[float, float]:
    """Seconds without speech at the beginning and the end, beyond `_LONGEST_END`."""
    level = speech_level(samples, rate)
    # A clip may end up `TOLERANCE` softer than others; its ends are measured at that level.
    before, after = silence(samples, rate, level + _LOUD + 2 * TOLERANCE)
    return max(0.0, before - _LONGEST_END), max(0.0, after - _LONGEST_END)


def shorter(samples: "array[int]", rate: int, before: float, after: float) -> "array[int]":
    """The samples without `before` seconds at the beginning and `after` seconds at the end."""
    if before == after == 0:
        return samples
    # In steps of 1 ms, so that both rates lose the same time.
    begin, end = math.floor(before * 1000) * rate // 1000, len(samples) - math.floor(after * 1000) * rate // 1000
    return _faded(samples[begin:end], rate)


def _onset(blocks: Sequence[float], loud: float, soft: float, near: float) -> int:
    """The block in which the speech begins: its first loud one, or a soft one up to `near` seconds before."""
    sure = next((at for at, level in enumerate(blocks) if level >= loud), 0)
    earliest = max(0, sure - round(near / _BLOCK))
    return next((at for at in range(earliest, sure) if blocks[at] >= soft), sure)


def _faded(samples: "array[int]", rate: int) -> "array[int]":
    rise, fall = (min(int(seconds * rate), len(samples)) for seconds in _FADES)
    for at in range(rise):
        samples[at] = round(samples[at] * (0.5 - 0.5 * math.cos(math.pi * at / rise)))
    for at in range(fall):
        samples[-1 - at] = round(samples[-1 - at] * (0.5 - 0.5 * math.cos(math.pi * at / fall)))
    return samples


def _silence(count: int) -> "array[int]":
    return array("h", bytes(2 * count))


def levelled(samples: "array[int]", rate: int, *, peak: float = PEAK) -> "array[int]":
    """The same speech at `LEVEL`, its highest sample at most `peak` dBFS.

    A higher peak is lowered smoothly with the 12 ms around it; nothing else is compressed.
    """
    if not any(samples):
        return samples
    return amplified(samples, gain_to_level(samples, rate, peak=peak), rate, peak)


def gain_to_level(samples: "array[int]", rate: int, *, peak: float = PEAK) -> float:
    """The gain in dB that brings speech nearest to `LEVEL` when it is `amplified`.

    The first guess is nearly always close. But P.56 measures with thresholds 6 dB apart: if the softer part of a short
    clip is near one, 1 dB of gain can change the level by 3 dB. Then gains around the guess are tried.
    """
    first = gain = LEVEL - speech_level(samples, rate)
    best, least = gain, math.inf
    steps = (sign * step * _SEARCH for step in range(1, _SEARCHES) for sign in (1, -1))
    for round_ in range(_ROUNDS + 2 * _SEARCHES):
        off = LEVEL - speech_level(amplified(samples, gain, rate, peak), rate)
        if abs(off) < least:
            best, least = gain, abs(off)
        if least <= (_CLOSE if round_ < _ROUNDS else _CLOSE_ENOUGH):
            break
        gain = gain + off if round_ < _ROUNDS else first + next(steps, 0.0)
    return best


def amplified(samples: "array[int]", gain: float, rate: int, peak: float) -> "array[int]":
    """The samples `gain` dB louder, limited to `peak` dBFS."""
    factor = 10 ** (gain / 20)
    most = math.floor(magnitude(peak))
    if factor * max(max(samples), -min(samples)) <= most:
        return array("h", map(round, map(factor.__mul__, samples)))
    length = int(_STEP * rate)
    parts = [samples[at : at + length] for at in range(0, len(samples), length)]
    room = [min(1.0, most / max(1.0, factor * max(max(part), -min(part)))) for part in parts]
    nodes = _smooth(room)
    made = array("h")
    for part, (begin, end) in zip(parts, pairwise(nodes), strict=True):
        if begin == end == 1.0:
            made.extend(map(round, map(factor.__mul__, part)))
        else:
            step = factor * (end - begin) / length
            # int() rounds towards zero, so never above the peak
            made.extend(int(sample * (factor * begin + step * at)) for at, sample in enumerate(part))
    return made


def _smooth(room: Sequence[float]) -> list[float]:
    """Gains at the borders of blocks; none exceeds the `room` (at most 1) of the two blocks at its border."""
    count = len(room)
    # The least room near each border, and near virtual borders beyond the ends.
    least = [min(room[max(0, at - _REACH) : at + _REACH], default=1.0) for at in range(1 - _REACH, count + _REACH)]
    # The mean over the borders around each border: each of these minima includes the border's two blocks.
    width = 2 * _REACH - 1
    return [sum(least[at : at + width]) / width for at in range(count + 1)]
