"""Cutting and levelling of speech, in samples: what `sounds.audio` does between two runs of sox. Pure.

Samples are 16 bits, one channel; `rate` is samples a second, a multiple of 1,000.
"""

import math
from array import array
from collections.abc import Sequence
from itertools import pairwise
from operator import mul

from sounds.loudness import decibels, magnitude, silence, speech_level

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
