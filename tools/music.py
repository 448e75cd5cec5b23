"""Composes the hold music and packs it into sounds/music. Needs numpy, which the service does not.

    python -m tools.music

Two calm pieces for plucked strings, like a guzheng, over a soft pad. The strings are Karplus and Strong's (Computer
Music Journal 7/2, 1983). All notes lie above 290 Hz: a telephone carries little below. The same program makes the same
music, to the sample.
"""

import asyncio
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.packing import pack_music

RATE = 32_000
_NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_TAIL = 2.5
"""Seconds that the last notes ring on; the last half of them fades out."""


@dataclass(frozen=True)
class Piece:
    """`bars`: notes as `PITCH:BEATS`, `-` for a rest; `^` before a pitch slides up to it, as a guzheng's player does.

    `chords` has the pitches of each bar's accompaniment, `pattern` the order in which they are plucked.
    """

    pace: float
    beats: int
    bars: tuple[str, ...]
    chords: tuple[str, ...]
    pattern: tuple[int, ...]


_RAIN_A = (
    "F#5:1.5 E5:.5 D5:1 B4:1",
    "A4:2 B4:1 ^D5:1",
    "E5:1.5 F#5:.5 E5:1 D5:1",
    "^B4:3 -:1",
    "A4:1 B4:1 D5:1 E5:1",
    "^F#5:1.5 A5:.5 F#5:1 E5:1",
    "D5:1 E5:.5 D5:.5 B4:1 A4:1",
    "^D5:3 -:1",
)
_RAIN_B = (
    "A5:1.5 B5:.5 A5:1 F#5:1",
    "^E5:2 F#5:1 A5:1",
    "B5:1 A5:1 F#5:1 E5:1",
    "D5:1 E5:1 ^F#5:2",
    "E5:1.5 D5:.5 B4:1 D5:1",
    "^A4:2 B4:1 D5:1",
    "E5:1 F#5:.5 E5:.5 D5:1 B4:1",
    "A4:3 -:1",
)
_D, _BM, _ASUS = "D4 A4 D5 F#5", "D4 F#4 B4 D5", "E4 A4 B4 E5"
RAIN = Piece(
    pace=69,
    beats=4,
    bars=("-:4", "-:2 A4:1 D5:1", *_RAIN_A, *_RAIN_B, *_RAIN_A, "-:2 A4:2", "^D5:4"),
    chords=(
        *(_D, _D),
        *(_D, _ASUS, _ASUS, _BM, _D, _D, _BM, _D),
        *(_D, _ASUS, _D, _BM, _BM, _ASUS, _ASUS, _ASUS),
        *(_D, _ASUS, _ASUS, _BM, _D, _D, _BM, _D),
        *(_BM, _D),
    ),
    pattern=(0, 1, 2, 1, 3, 2, 1, 2),
)

_WIND_A = (
    "B4:2 D5:1",
    "^E5:2 D5:.5 B4:.5",
    "A4:2 G4:1",
    "^B4:3",
    "D5:2 E5:1",
    "^G5:1.5 E5:.5 D5:1",
    "B4:1 A4:1 G4:1",
    "^A4:3",
)
_WIND_B = (
    "E5:2 G5:1",
    "^A5:1.5 G5:.5 E5:1",
    "G5:2 E5:1",
    "^D5:3",
    "E5:1 D5:1 B4:1",
    "^A4:2 B4:1",
    "G4:1 A4:1 B4:1",
    "^G4:3",
)
_G, _EM, _AM, _DSUS = "D4 G4 B4 D5", "E4 G4 B4 E5", "E4 A4 B4 E5", "D4 A4 D5 E5"
WIND = Piece(
    pace=60,
    beats=3,
    bars=("-:3", "-:2 A4:1", *_WIND_A, *_WIND_B, *_WIND_A, "B4:1 A4:2", "^G4:3"),
    chords=(
        *(_G, _G),
        *(_G, _EM, _AM, _EM, _G, _EM, _G, _DSUS),
        *(_EM, _AM, _EM, _DSUS, _EM, _AM, _DSUS, _G),
        *(_G, _EM, _AM, _EM, _G, _EM, _G, _DSUS),
        *(_DSUS, _G),
    ),
    pattern=(0, 1, 2, 3, 2, 1),
)
PIECES = {"rain-on-the-wutong": RAIN, "evening-wind": WIND}


def hertz(pitch: str) -> float:
    """`F#5` as a frequency; A4 is 440 Hz."""
    half_tones = _NAMES[pitch[0]] + ("#" in pitch) + 12 * (int(pitch[-1]) - 4) - 9
    return float(440 * 2 ** (half_tones / 12))


def string(frequency: float, seconds: float, chance: np.random.Generator, *, slide: bool, soft: float) -> np.ndarray:
    """A plucked string. `soft`, 0 to 1: how few overtones it has. `slide`: from a whole tone below, in 90 ms."""
    period = round(RATE / frequency)
    count = int((seconds + 0.5) * RATE)
    # Plucked at a fifth of its length, by a finger tip. Random phases keep overtones from adding up to a sharp peak.
    overtones = np.arange(1, int(6500 / frequency) + 1)
    strength = np.sin(np.pi * overtones / 5) / overtones ** (1.1 + soft)
    phase = chance.uniform(0, 2 * np.pi, len(overtones))
    turn = 2 * np.pi * np.arange(period)[:, None] * overtones / period
    burst = (strength * np.sin(turn + phase)).sum(axis=1)
    rows = [burst / np.sqrt((burst**2).mean()) / 4]
    keep = 10 ** (-3 / ((1.6 + 1.6 * min(1.0, 350 / frequency)) * frequency))  # falls to a thousandth in 1.6 s or more
    for _ in range(count // period + 1):
        last = rows[-1]
        rows.append(
            keep * (0.72 * last + 0.28 * np.concatenate((rows[-2][-1:] if len(rows) > 1 else [0.0], last[:-1])))
        )
    wave_form = np.concatenate(rows)
    # The period is a whole number of samples plus 0.28. Reading faster or slower gives the exact pitch, the slide and
    # a slow vibrato.
    time = np.arange(int(seconds * RATE)) / RATE
    cents = 6 * np.sin(2 * np.pi * 4.8 * time) * np.clip((time - 0.35) / 0.6, 0, 1)
    if slide:
        cents = cents - 200 * np.clip(1 - time / 0.09, 0, 1) ** 2
    speed = frequency * (period + 0.28) / RATE * 2 ** (cents / 1200)
    heard = np.interp(np.cumsum(speed), np.arange(len(wave_form)), wave_form)
    rise, fall = int(0.006 * RATE), min(len(heard), int(0.25 * RATE))
    heard[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    heard[-fall:] *= np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return heard


def pad(chords: tuple[str, ...], bar: float, count: int) -> np.ndarray:
    """Each bar's chord, swelling and fading across the bar lines."""
    made = np.zeros(count)
    for number, chord in enumerate(chords):
        length = int(2.2 * bar * RATE)
        begin = int((number * bar - 0.35 * bar) * RATE)
        time = np.arange(length) / RATE
        shape = np.sin(np.linspace(0, np.pi, length)) ** 2
        voice = sum(
            np.sin(2 * np.pi * frequency * detune * time + phase) + 0.2 * np.sin(4 * np.pi * frequency * detune * time)
            for index, frequency in enumerate(hertz(pitch) for pitch in chord.split()[1:])
            for detune, phase in ((0.9985, index), (1.0015, 2 * index))
        )
        _add(made, begin, voice * shape)
    return made


def room(dry: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """The body's warmth and a small hall."""
    count = int(1.8 * RATE)
    time = np.arange(count) / RATE
    echo = chance.normal(0, 1, count) * 10 ** (-3 * time / 1.6) * np.clip(time / 0.015, 0, 1)
    echo = np.convolve(echo, np.ones(6) / 6, "same")  # walls of wood
    echo /= np.sqrt((echo**2).sum())
    size = 1 << (len(dry) + count).bit_length()
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(echo, size), size)[: len(dry)]
    return dry + 0.45 * wet


def _add(whole: np.ndarray, begin: int, part: np.ndarray) -> None:
    first, last = max(0, begin), min(len(whole), begin + len(part))
    if last > first:
        whole[first:last] += part[first - begin : last - begin]


def play(piece: Piece) -> np.ndarray:
    """The whole piece, its loudest sample at 0.5."""
    chance = np.random.default_rng(12319)
    beat = 60 / piece.pace
    bar = piece.beats * beat
    count = int((len(piece.bars) * bar + _TAIL) * RATE)
    strings = np.zeros(count)
    for number, notes in enumerate(piece.bars):
        at = number * bar + 0.05
        for note in notes.split():
            pitch, _, beats = note.partition(":")
            if pitch != "-":
                frequency = hertz(pitch.removeprefix("^"))
                length = max(float(beats) * beat + 1.2, 2.0)
                early = chance.normal(0, 0.006)  # nobody plays like a clock
                loud = 0.6 + 0.06 * chance.uniform(-1, 1)
                heard = string(frequency, length, chance, slide=pitch.startswith("^"), soft=0.4)
                _add(strings, int((at + early) * RATE), loud * heard)
            at += float(beats) * beat
        pitches = piece.chords[number].split()
        last = number == len(piece.bars) - 1
        for index, index in enumerate((0, 1, 2, 3) if last else piece.pattern):
            moment = (
                number * bar + 0.05 + index * bar / len(piece.pattern) * (0.5 if last else 1) + chance.normal(0, 0.008)
            )
            loud = (0.38 if index == 0 else 0.3) * (1 + 0.15 * chance.uniform(-1, 1))
            _add(strings, int(moment * RATE), loud * string(hertz(pitches[index]), 2.2, chance, slide=False, soft=0.8))
    made = room(strings, chance) + 0.05 * pad(piece.chords, bar, count)
    rise, fade = int(0.04 * RATE), int(_TAIL / 2 * RATE)
    made[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    made[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    return made / np.abs(made).max() / 2


def write(file: Path, samples: np.ndarray) -> None:
    with wave.open(str(file), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        audio.writeframes((samples * 32767).round().astype("<i2").tobytes())


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wutong-music-") as folder:
        files = {}
        for name, piece in PIECES.items():
            files[name] = Path(folder, f"{name}.wav")
            write(files[name], play(piece))
        for packed in asyncio.run(pack_music(files)):
            sys.stdout.write(f"{packed}\n")


if __name__ == "__main__":
    main()
