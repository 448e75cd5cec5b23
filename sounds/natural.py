"""The natural voice: Kokoro-82M, in a program with its own environment (`sounds.speaker`).

The environment is installed at first use. The program loads the model once, then speaks text after text. It ends with
the build that started it, so that it uses no memory while calls are taken.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sentences.sentence import Sentence
from sounds.companion import Companion
from sounds.environment import CompanionFailed, Environment
from sounds.programs import ProgramFailed
from sounds.reading import Segment, reading
from sounds.shipped import ShippedClip, shipped
from sounds.voice import Voice
from sounds.voices import DEFAULTS, PACE, VOICES

MEGABYTES = 113
"""The download for installing the voice."""

MODEL = "kokoro-82m int8, reading 1"
"""Change it whenever the voice would speak the same words differently: it is in the name of every clip."""

INSTALL = "./wutong prompts install"

SECONDS = 600.0
"""Seconds for one text. 2,000 characters take about 150 on two cores, while nothing else runs."""


class NaturalVoice(Voice):
    """`chosen`: language → name of a voice, see `sounds.voices`. `pace`: 1 is the voice's own."""

    def __init__(self, environment: Environment, chosen: Mapping[str, str] = DEFAULTS, pace: float = PACE) -> None:
        self.environment = environment
        self._chosen = {**DEFAULTS, **chosen}
        self._pace = pace
        self._program = Companion(environment, "sounds.speaker")

    def identity(self, language: str) -> str:
        # A text may contain words in the other language, so both voices are part of the identity.
        others = " ".join(name for other, name in sorted(self._chosen.items()) if other != language)
        return f"{MODEL} {self._chosen.get(language, '')} {others} {self._pace:g}"

    def shipped(self, language: str) -> Mapping[str, ShippedClip]:
        """Clips ship only in the default voices, at the default pace."""
        if self._chosen != DEFAULTS or self._pace != PACE:
            return {}
        return shipped(language)

    def missing(self) -> str | None:
        return (
            None
            if self.environment.ready()
            else Sentence("the natural voice is not installed. Install it: {command}", command=INSTALL)
        )

    async def obtain(self, progress: Callable[[str], None], *, install: bool = True) -> None:
        if install:
            await self.environment.make(progress)
        elif why := self.missing():
            raise CompanionFailed(why)
        await self._program.load()

    async def speak(self, words: str, language: str, target: Path) -> None:
        segments = [self._order(segment) for segment in reading(words, language)]
        try:
            await self._program.ask({"target": str(target), "pace": self._pace, "segments": segments}, SECONDS)
        except CompanionFailed as problem:
            raise ProgramFailed(
                Sentence("the natural voice"), Sentence("cannot speak this: {why}", why=str(problem))
            ) from problem

    def _order(self, segment: Segment) -> dict[str, Any]:
        voice = VOICES[self._chosen[segment.language]]
        return {
            "language": segment.language,
            "words": segment.words,
            "style": str(voice.style),
            "british": voice.british,
        }

    async def close(self) -> None:
        await self._program.close()
