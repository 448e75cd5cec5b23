"""Which voices and prompts one call has heard, and when."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from lab.chaos.voices import AGENT, CALLER, Voices
from lab.phone import Call

GAP = 1.0
"""Seconds without a voice after which it is news again."""

MOST_NEWS = 1_000

STRAY = 2
"""So many packets of another talk may come when two begin in one moment: who speaks is known after more than that."""

BESIDE = 0.04
"""Seconds after a packet of an agent's voice in which only the agent's next packet should come."""


@dataclass(slots=True)
class Heard:
    """Seconds of the loop's clock."""

    first: float
    last: float
    frames: int = 0
    news: int = 0
    """Packets since it was last news."""


@dataclass(slots=True)
class Spell:
    """An agent heard without another one between."""

    label: str
    frames: int = 0


class Hearing:
    """The ear of a call. `news` gets a label each time that it is heard again; so does `told`."""

    def __init__(self, call: Call, voices: Voices, told: Callable[[str], None]) -> None:
        self.heard: dict[str, Heard] = {}
        self.news: asyncio.Queue[str] = asyncio.Queue(MOST_NEWS)
        self.beside = 0
        """Packets from nobody between an agent's packets: music that was not stopped."""
        self._between = 0  # such packets since the last of an agent
        self._spells: list[Spell] = []
        self.last = ""
        """The label that was heard last."""
        self._agent_at = 0.0
        self._voices, self._told = voices, told
        self._clock = asyncio.get_running_loop().time
        call.media.ear.watch = self._hear

    def voices(self, prefix: str) -> set[str]:
        """All labels with this prefix that were heard. Stray packets do not count."""
        return {label for label, heard in self.heard.items() if label.startswith(prefix) and heard.frames > STRAY}

    def agents(self, but: str) -> list[str]:
        """The agents in the order in which they were heard, without `but`. Stray packets do not count, so agents
        who are heard at the same time come more than once.
        """
        labels = [spell.label for spell in self._spells if spell.frames > STRAY and spell.label != but]
        return [label for before, label in pairwise(["", *labels]) if label != before]

    def ago(self, label: str) -> float:
        """Seconds since the label was last heard; infinite if never."""
        heard = self.heard.get(label)
        return self._clock() - heard.last if heard is not None else float("inf")

    def _hear(self, frame: bytes) -> None:
        now, label = self._clock(), self._voices.who(frame)
        if not label:
            self._between += now - self._agent_at < BESIDE
            return
        if label.startswith(AGENT):
            self.beside += self._between if now - self._agent_at < GAP else 0  # else it came after the talk before
            self._agent_at = now
            if not self._spells or self._spells[-1].label != label:
                self._spells.append(Spell(label))
            self._spells[-1].frames += 1
        self._between = 0
        heard = self.heard.get(label)
        if heard is None:
            heard = self.heard[label] = Heard(now, now - 2 * GAP)
        # an agent after a prompt is news, too: the caller may be back with the same agent within a second
        if now - heard.last > GAP or (label.startswith(AGENT) and self.last != label):
            heard.news = 0
        heard.news += 1
        enough = STRAY + 1 if label.startswith((AGENT, CALLER)) else 1
        if heard.news == enough and not self.news.full():
            self._told(label)
            self.news.put_nowait(label)
        self.last, heard.last = label, now
        heard.frames += 1
