"""Levelling: any audio to what a telephone carries, all of it equally loud."""

import wave
from pathlib import Path

from sounds.programs import ProgramFailed, run

RECIPE = "1"
"""Changes whenever `level` would give other audio: it is in the name of every clip."""

RATE = 8000
"""Samples a second."""

_SECONDS = 120.0
_SHORTEST = 0.05
_PADDING = (0.03, 0.08)
"""Silence before and after, in seconds: clips that are played one after another read as one sentence."""

# What is quieter than -45 dBFS at both ends is silence. The fades keep the cuts from clicking, and espeak-ng, which
# ends its vowels as if with a knife.
_TRIM = ["silence", "1", "0.02", "-45d"]
_AT_START = [*_TRIM, "fade", "0.005", "reverse"]
_AT_END = [*_TRIM, "fade", "0.02", "reverse"]
_CHAIN = [
    *["gain", "-6"],  # headroom: a recording at full scale overshoots when it is resampled
    *["remix", "-", "rate", "-h", str(RATE), "sinc", "200-3400"],  # the telephone's band
    *["gain", "-n", "-3", *_AT_START, *_AT_END],
    # Lift the quiet and hold the loud: the loudest 50 ms of all clips then lie within 6 dB of each other.
    *["compand", "0.005,0.15", "6:-70,-55,-24,-14,0,-6", "-4", "-90", "0.02"],
    *["gain", "-n", "-3", "pad", *map(str, _PADDING)],
]


class Inaudible(ValueError):
    """There is nothing to be heard in the audio."""


async def level(source: Path, target: Path) -> None:
    """Write `source`, anything that sox reads, as a .wav of 8,000 samples a second, 16 bits, one channel.

    Silence at both ends is cut, the loudest sample is 3 dB below full scale. Both paths must be absolute, so that sox
    takes neither for an option, an address or a command. Raises `MissingProgram`, `ProgramFailed`, `Inaudible`.
    """
    assert source.is_absolute()
    assert target.is_absolute()
    await run(
        ["sox", "-D", "-R", "-V1", str(source), "-t", "wav", "-b", "16", "-e", "signed-integer", str(target), *_CHAIN],
        seconds=_SECONDS,
        remedy="install the package sox",
    )
    if length(target) < _SHORTEST + sum(_PADDING):
        raise Inaudible("there is nothing to be heard in it")


def length(file: Path) -> float:
    """The seconds of a levelled clip. Raises `ProgramFailed` if it is no such file."""
    try:
        with wave.open(str(file), "rb") as audio:
            form = (audio.getframerate(), audio.getnchannels(), audio.getsampwidth())
            frames = audio.getnframes()
    except (OSError, EOFError, wave.Error) as problem:
        raise ProgramFailed("sox", f"wrote no audio to {file}: {problem}") from problem
    if form != (RATE, 1, 2):
        raise ProgramFailed("sox", f"wrote {form} (rate, channels, bytes) to {file}, not ({RATE}, 1, 2)")
    return frames / RATE
