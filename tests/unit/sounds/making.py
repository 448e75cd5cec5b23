"""Audio for tests, and a voice that needs no program."""

import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path

from sounds.programs import ProgramFailed


def tone(
    file: Path,
    *,
    seconds: float = 0.5,
    silence: float = 0.0,
    loudness: float = 0.5,
    rate: int = 8000,
    square: bool = False,
) -> Path:
    """1,000 Hz in two channels, between two silences of `silence` seconds."""
    gap = [0.0] * int(silence * rate)
    wave_form = [math.sin(2 * math.pi * 1000 * i / rate) for i in range(int(seconds * rate))]
    wanted = [loudness * (math.copysign(1, value) if square else value) for value in wave_form]
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as audio:
        audio.setnchannels(2)
        audio.setsampwidth(2)
        audio.setframerate(rate)
        audio.writeframes(b"".join(struct.pack("<hh", *[round(32767 * x)] * 2) for x in gap + wanted + gap))
    return file


def samples(file: Path) -> Sequence[float]:
    """Of a levelled clip, from -1 to 1."""
    with wave.open(str(file), "rb") as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (8000, 1, 2)
        count = audio.getnframes()
        return [value / 32768 for value in struct.unpack(f"<{count}h", audio.readframes(count))]


def leading_silence(audio: Sequence[float]) -> float:
    """Seconds until anything is above -45 dBFS."""
    return next(i for i, value in enumerate(audio) if abs(value) > 10 ** (-45 / 20)) / 8000


class FakeVoice:
    """Speaks a tone for every word, refuses those that it was told to."""

    identity = "fake"

    def __init__(self, refused: set[str] | None = None) -> None:
        self.spoken: list[tuple[str, str]] = []
        self._refused = refused or set()

    async def speak(self, words: str, language: str, target: Path) -> None:
        self.spoken.append((language, words))
        if words in self._refused:
            raise ProgramFailed("fake", "has a sore throat")
        tone(target)
