"""What a phone hears: keeps the received audio, and waits for a tone, a sound, silence or a recording."""

import asyncio
import math
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from lab.patience import PATIENCE
from lab.phone import audio

_WINDOW = 5 * audio.FRAME
"""Samples that are looked at together for a tone: 100 ms, which tells tones 10 Hz apart."""

_PATTERN = 2_000
"""Bytes of a recording that must be heard unchanged: 250 ms."""

_MIXED = 0.9
"""The share of a recording's loud packets that must be heard unchanged, where Asterisk mixes it into a talk."""


class NotHeard(AssertionError):
    """What the test waited to hear did not come in time."""


class _Listener(Protocol):
    def hear(self, frame: bytes) -> bool:
        """Whether this frame, after those before it, is what was waited for."""


class _Tone:
    """Three windows in a row in which one tone has at least a third of the energy (two others may talk too)."""

    def __init__(self, hertz: float) -> None:
        self._hertz = hertz
        self._pending = bytearray()
        self._found = 0

    def hear(self, frame: bytes) -> bool:
        self._pending += frame
        if len(self._pending) < _WINDOW:
            return False
        window = bytes(self._pending)
        self._pending.clear()
        loud = audio.loudness(window) >= audio.QUIET
        self._found = self._found + 1 if loud and audio.share(audio.decode(window), self._hertz) >= 0.33 else 0
        return self._found >= 3


class _Sound:
    """`frames` loud frames, at most half a second apart."""

    def __init__(self, frames: int) -> None:
        self._needed = frames
        self._loud = 0
        self._quiet = 0

    def hear(self, frame: bytes) -> bool:
        if audio.loudness(frame) >= audio.QUIET:
            self._loud += 1
            self._quiet = 0
        else:
            self._quiet += 1
            if self._quiet > 25:
                self._loud = 0
        return self._loud >= self._needed


class Ear:
    """Keeps the last `keep` seconds that arrived, packet after packet; pauses in sending leave no gap."""

    def __init__(self, keep: float) -> None:
        self._limit = int(keep * audio.RATE)
        self._kept = bytearray()
        self._dropped = 0
        self._listened = 0
        self._listeners: dict[_Listener, asyncio.Future[None]] = {}
        self.watch: Callable[[bytes], None] = lambda frame: None
        """Called with every frame."""
        self.strays = 0
        """Packets from other senders; they are not heard."""

    @property
    def received(self) -> float:
        """Seconds of audio that arrived since the call began."""
        return (self._dropped + len(self._kept)) / audio.RATE

    def receive(self, frame: bytes) -> None:
        """One packet's ulaw."""
        self._kept += frame
        if len(self._kept) > 2 * self._limit:  # seldom, since it moves the rest
            surplus = len(self._kept) - self._limit
            del self._kept[:surplus]
            self._dropped += surplus
        self.watch(frame)
        for listener, found in self._listeners.items():
            if not found.done() and listener.hear(frame):
                found.set_result(None)

    def heard(self, seconds: float) -> "array[int]":
        """The samples of the last `seconds` that arrived, at most what is kept."""
        return audio.decode(bytes(self._kept[-int(seconds * audio.RATE) :])) if seconds > 0 else array("h")

    async def hears(self, what: float | Literal["sound", "silence"], timeout: float = PATIENCE) -> None:
        """Waits for a tone (hertz), for any sound (200 ms of it, music and speech too) or for half a second of silence.

        Only what arrives from now on counts. Raises NotHeard after `timeout` seconds.
        """
        if what == "silence":
            await self._silence(0.5, timeout)
            return
        listener = _Sound(10) if what == "sound" else _Tone(float(what))
        if not await self._listen(listener, timeout):
            wanted = "a sound" if what == "sound" else f"{what} Hz"
            raise NotHeard(f"{wanted} was not heard within {timeout} s; {self._summary()}")

    async def hears_recording(self, path: Path, timeout: float = PATIENCE) -> None:
        """Waits until the loudest quarter second of a recording was heard, bit by bit: Asterisk's ulaw is exact.

        `path` is a wave file, mono, 16 bit, 8 kHz, played unmixed and at its own level. Wait for recordings in the
        order of playing: each search begins where the last recording was found, the first at the start of the call.
        Raises NotHeard after `timeout` seconds.
        """
        pattern = _loudest(_read_wave(path))
        listener = _Recording(self, pattern)
        if not listener.hear(b"") and not await self._listen(listener, timeout):
            raise NotHeard(f"the recording {path.name} was not heard within {timeout} s; {self._summary()}")

    async def hears_mixed(self, path: Path, timeout: float = PATIENCE) -> None:
        """As `hears_recording`, of a recording that Asterisk mixes into a talk (ChanSpy) while both sides are silent.

        On a busy machine there are pauses between its packets. So this waits until nine of ten loud packets were heard,
        bit by bit.
        """
        packets = _loud(_read_wave(path))
        listener = _Mixed(packets, bytes(self._kept[max(0, self._listened - self._dropped) :]))
        if not listener.hear(b"") and not await self._listen(listener, timeout):
            heard = f"{len(packets) - listener.missing} of {len(packets)} loud packets"
            raise NotHeard(f"{heard} of the recording {path.name} were heard within {timeout} s; {self._summary()}")
        self._listened = self._dropped + len(self._kept)

    def find(self, pattern: bytes) -> bool:
        """Whether `pattern` arrived after the last find; if so, the next search begins behind it."""
        index = self._kept.find(pattern, max(0, self._listened - self._dropped))
        if index < 0:
            return False
        self._listened = self._dropped + index + len(pattern)
        return True

    def save_wav(self, path: Path) -> None:
        """What is kept, as a wave file (mono, 16 bit, 8 kHz)."""
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(audio.RATE)
            file.writeframes(audio.decode(bytes(self._kept)).tobytes())

    async def _silence(self, lasting: float, timeout: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while deadline - loop.time() >= lasting:
            if not await self._listen(_Sound(1), lasting):
                return
        raise NotHeard(f"{lasting} s of silence did not come within {timeout} s; {self._summary()}")

    async def _listen(self, listener: _Listener, timeout: float) -> bool:
        found: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listeners[listener] = found
        try:
            async with asyncio.timeout(timeout):
                await found
        except TimeoutError:
            return False
        finally:
            del self._listeners[listener]
        return True

    def _summary(self) -> str:
        last = bytes(self._kept[-audio.RATE :])
        strays = f", {self.strays} packets came from elsewhere" if self.strays else ""
        return (
            f"{self.received:.1f} s arrived in all, the last second's loudness was {audio.loudness(last):.0f}{strays}"
        )


class _Recording:
    """A stretch of bytes anywhere in what the ear keeps."""

    def __init__(self, ear: Ear, pattern: bytes) -> None:
        self._ear = ear
        self._pattern = pattern

    def hear(self, frame: bytes) -> bool:
        return self._ear.find(self._pattern)


class _Mixed:
    """Nine of ten of these packets, each anywhere."""

    def __init__(self, packets: list[bytes], heard: bytes) -> None:
        self._missing = [packet for packet in packets if packet not in heard]
        self._most = len(packets) - math.ceil(_MIXED * len(packets))
        self._last = heard[-audio.FRAME :]

    @property
    def missing(self) -> int:
        return len(self._missing)

    def hear(self, frame: bytes) -> bool:
        heard = self._last + frame  # packets need not begin where those of the recording do
        self._missing = [packet for packet in self._missing if packet not in heard]
        self._last = heard[-audio.FRAME :]
        return self.missing <= self._most


def _read_wave(path: Path) -> "array[int]":
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, audio.RATE):
            raise ValueError(f"{path} is not mono, 16 bit, 8 kHz")
        return array("h", file.readframes(file.getnframes()))


def _loud(samples: "array[int]") -> list[bytes]:
    """Its packets of 20 ms that are no silence, as ulaw."""
    ulaw = audio.encode(samples)
    packets = (ulaw[start : start + audio.FRAME] for start in range(0, len(ulaw) - audio.FRAME + 1, audio.FRAME))
    return [packet for packet in packets if audio.loudness(packet) >= audio.QUIET]


def _loudest(samples: "array[int]") -> bytes:
    """The loudest 250 ms, as ulaw; all of it where it is shorter."""
    ulaw = audio.encode(samples)
    starts = range(0, max(1, len(ulaw) - _PATTERN), _PATTERN // 4)
    start = max(starts, key=lambda index: audio.loudness(ulaw[index : index + _PATTERN]))
    return ulaw[start : start + _PATTERN]
