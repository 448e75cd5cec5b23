"""Audio for tests, and a voice that needs no program."""

import math
import struct
import wave
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sounds.environment import CompanionFailed
from sounds.programs import ProgramFailed
from sounds.shipped import ShippedClip
from sounds.voice import Voice


def tone(
    file: Path,
    *,
    seconds: float = 0.5,
    silence: float = 0.0,
    loudness: float = 0.5,
    rate: int = 8000,
    square: bool = False,
    hertz: Sequence[float] = (1000,),
    channels: int = 2,
) -> Path:
    """Tones (1,000 Hz), between two silences of `silence` seconds."""
    gap = [0.0] * int(silence * rate)
    wave_form = [
        sum(math.sin(2 * math.pi * tone * i / rate) for tone in hertz) / len(hertz) for i in range(int(seconds * rate))
    ]
    wanted = [loudness * (math.copysign(1, value) if square else value) for value in wave_form]
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as audio:
        audio.setnchannels(channels)
        audio.setsampwidth(2)
        audio.setframerate(rate)
        audio.writeframes(b"".join(struct.pack("<h", round(32767 * x)) * channels for x in gap + wanted + gap))
    return file


def samples(file: Path) -> Sequence[float]:
    """Of a levelled clip, from -1 to 1."""
    with wave.open(str(file), "rb") as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (8000, 1, 2)
        count = audio.getnframes()
        return [value / 32768 for value in struct.unpack(f"<{count}h", audio.readframes(count))]


class FakeVoice(Voice):
    """Speaks a tone for every word, and refuses given words. `ships`: its ready clips by their words."""

    def __init__(
        self, refused: set[str] | None = None, name: str = "fake", ships: Mapping[str, ShippedClip] | None = None
    ) -> None:
        self.spoken: list[tuple[str, str]] = []
        self._refused = refused or set()
        self._name = name
        self._ships = ships or {}

    def identity(self, language: str) -> str:
        return self._name

    def shipped(self, language: str) -> Mapping[str, ShippedClip]:
        return self._ships

    async def speak(self, words: str, language: str, target: Path) -> None:
        self.spoken.append((language, words))
        if words in self._refused:
            raise ProgramFailed("fake", "has a sore throat")
        tone(target)


class AbsentVoice(FakeVoice):
    """Is not installed, until it is."""

    absent = True

    def missing(self) -> str | None:
        return "the natural voice is not installed" if self.absent else None

    async def obtain(self, progress: Callable[[str], None], *, install: bool = True) -> None:
        if self.absent:
            raise CompanionFailed("the natural voice is not installed")
