"""Sound in numbers: ulaw, tones, loudness, and finding a tone (Goertzel). Pure; 8,000 samples a second, 16 bit."""

import math
from array import array
from collections.abc import Sequence
from functools import cache

RATE = 8_000
FRAME = 160
"""Samples, and bytes of ulaw, of one packet: 20 ms."""

SILENCE = b"\xff" * FRAME

QUIET = 200
"""A mean absolute sample below this is silence (about -44 dB below full scale)."""


def _decoded(code: int) -> int:
    """ITU-T G.711, mu-law: one code as a sample."""
    code = ~code & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 0x07)) - 0x84
    return -magnitude if code & 0x80 else magnitude


def _encoded(sample: int) -> int:
    """ITU-T G.711, mu-law: one sample as a code."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32_635) + 0x84
    exponent = magnitude.bit_length() - 8
    return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0F)) & 0xFF


def _halves(samples: Sequence[int]) -> tuple[bytes, bytes]:
    """The first and the second byte of each code's sample, for `bytes.translate`: nothing is faster, and a phone hears
    fifty packets a second.
    """
    stored = array("h", samples).tobytes()
    return stored[::2], stored[1::2]


_SAMPLES = _halves([_decoded(code) for code in range(256)])
_MAGNITUDES = _halves([abs(_decoded(code)) for code in range(256)])


def _looked_up(ulaw: bytes, halves: tuple[bytes, bytes]) -> "array[int]":
    both = bytearray(2 * len(ulaw))
    both[::2], both[1::2] = map(ulaw.translate, halves)
    return array("h", bytes(both))


@cache
def _codes() -> bytes:
    """The code of every 16-bit sample, indexed by its two's complement.

    Asterisk's table ignores a sample's two lowest bits and takes the code of the highest of the four, so
    that what is sent here is, to the bit, what Asterisk makes of the same samples.
    """
    return bytes(_encoded(((value ^ 0x8000) - 0x8000) | 3) for value in range(65_536))


def encode(samples: Sequence[int]) -> bytes:
    """Samples (-32768 to 32767) as ulaw."""
    codes = _codes()
    return bytes(codes[sample & 0xFFFF] for sample in samples)


def decode(ulaw: bytes) -> "array[int]":
    """Ulaw as 16-bit samples."""
    return _looked_up(ulaw, _SAMPLES)


def loudness(ulaw: bytes) -> float:
    """The mean absolute sample; 0 for nothing at all."""
    return sum(_looked_up(ulaw, _MAGNITUDES)) / len(ulaw) if ulaw else 0.0


@cache
def tone(hertz: int, amplitude: int = 8_000) -> tuple[bytes, ...]:
    """One second of a sine as 50 frames of ulaw, which may be repeated without a click."""
    if not 0 < hertz < RATE // 2:
        raise ValueError(f"{hertz} Hz cannot be sent with {RATE} samples a second")
    step = 2 * math.pi * hertz / RATE
    ulaw = encode([round(amplitude * math.sin(step * index)) for index in range(RATE)])
    return tuple(ulaw[start : start + FRAME] for start in range(0, RATE, FRAME))


def share(samples: Sequence[int], hertz: float) -> float:
    """How much of the energy is in one tone: 1 for that tone alone, near 0 for silence and other tones.

    Goertzel's algorithm with a frequency that need not be a whole number of periods.
    """
    energy = sum(sample * sample for sample in samples)
    if not energy:
        return 0.0
    angle = 2 * math.pi * hertz / RATE
    coefficient = 2 * math.cos(angle)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + coefficient * last - before
    power = last * last + before * before - coefficient * last * before
    return 2 * power / (len(samples) * energy)
