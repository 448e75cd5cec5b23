"""What one call has heard, and when: of whom, of which prompts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from lab.chaos.voices import AGENT, Voices
from lab.phone import Call

GAP = 1.0
"""Seconds of something else after which the same voice is news again."""

MOST_NEWS = 1_000

BESIDE = 0.04
"""Seconds from a packet of an agent's voice in which nothing but the next one is to come."""


@dataclass(slots=True)
class Heard:
    """Seconds of the loop's clock."""

    first: float
    last: float
    frames: int = 0


class Hearing:
    """The ear of a call. `news` are labels, each time that one is heard again; `told` is shown them too."""

    def __init__(self, call: Call, voices: Voices, told: Callable[[str], None]) -> None:
        self.heard: dict[str, Heard] = {}
        self.news: asyncio.Queue[str] = asyncio.Queue(MOST_NEWS)
        self.beside = 0
        """Packets of nobody that came between an agent's: music that was not stopped."""
        self._agent_at = 0.0
        self._voices, self._told = voices, told
        self._clock = asyncio.get_running_loop().time
        call.media.ear.watch = self._hear

    def voices(self, prefix: str) -> set[str]:
        """Everybody of this kind who was ever heard: a stray packet at the end of another's talk is nobody."""
        return {label for label, heard in self.heard.items() if label.startswith(prefix) and heard.frames >= 3}

    def ago(self, label: str) -> float:
        """Seconds since it was heard last; without end if it never was."""
        heard = self.heard.get(label)
        return self._clock() - heard.last if heard is not None else float("inf")

    def _hear(self, frame: bytes) -> None:
        now, label = self._clock(), self._voices.who(frame)
        if not label:
            self.beside += now - self._agent_at < BESIDE
            return
        if label.startswith(AGENT):
            self._agent_at = now
        heard = self.heard.get(label)
        if heard is None:
            heard = self.heard[label] = Heard(now, now - 2 * GAP)
        if now - heard.last > GAP and not self.news.full():
            self._told(label)
            self.news.put_nowait(label)
        heard.last = now
        heard.frames += 1
