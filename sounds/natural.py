"""The natural voice: Kokoro-82M, in a program with its own environment (`sounds.speaker`).

The environment is installed at first use. The program loads the model once, then speaks text after text. It ends with
the build that started it, so that it uses no memory while calls are taken.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from sounds.companion import Companion, CompanionFailed
from sounds.environment import Environment, NoEnvironment
from sounds.numbers import UnknownLanguage
from sounds.programs import ProgramFailed
from sounds.reading import Segment, reading
from sounds.shipped import ShippedClip, shipped
from sounds.voice import Source
from sounds.voices import DEFAULTS, PACE, VOICES

MEGABYTES = 113
"""The download for installing the voice."""

MODEL = "kokoro-82m int8, reading 1"
"""Change it whenever the voice would speak the same words differently: it is in the name of every clip."""

INSTALL = "./wutong prompts install"

LOADING = 60.0
"""Seconds for loading the model."""
SECONDS = 600.0
"""Seconds for one text. 2,000 characters take about 150 on two cores, while nothing else runs."""

_LONGEST_ANSWER = 65_536


class NoVoice(Exception):
    """The natural voice cannot be used. The message says why and what to do."""


class NaturalVoice:
    """`chosen`: language → name of a voice, see `sounds.voices`. `pace`: 1 is the voice's own."""

    source = Source.VOICE

    def __init__(self, environment: Environment, chosen: Mapping[str, str] = DEFAULTS, pace: float = PACE) -> None:
        self.environment = environment
        self._chosen = {**DEFAULTS, **chosen}
        self._pace = pace
        self._program = Companion(environment, "sounds.speaker", limit=_LONGEST_ANSWER)
        self._turn = asyncio.Lock()

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
        """Why it cannot speak now, or None. It may still be installed by `obtain`."""
        return None if self.environment.ready() else f"the natural voice is not installed. Install it: {INSTALL}"

    async def obtain(self, progress: Callable[[str], None], *, install: bool = True) -> None:
        """Load the model; with `install`, first install what is missing. Raises `NoVoice`."""
        if not install and (why := self.missing()) is not None:
            raise NoVoice(why)
        try:
            await self.environment.obtain(progress)
        except NoEnvironment as problem:
            raise NoVoice(str(problem)) from problem
        async with self._turn:
            if not self._program.running:
                await self._start()

    async def speak(self, words: str, language: str, target: Path) -> None:
        segments = [self._order(segment) for segment in reading(words, language)]
        order = {"target": str(target), "pace": self._pace, "segments": segments}
        async with self._turn:
            try:
                if not self._program.running:
                    await self._start()
                answer = await self._program.ask(order, SECONDS)
            except (NoVoice, CompanionFailed) as problem:
                raise ProgramFailed("the natural voice", f"cannot speak: {problem}") from problem
        if (error := answer.get("error")) is not None:
            raise ProgramFailed("the natural voice", f"cannot speak this: {error}")

    def _order(self, segment: Segment) -> dict[str, Any]:
        name = self._chosen.get(segment.language)
        if name is None:
            raise UnknownLanguage(segment.language)
        voice = VOICES[name]
        return {
            "language": segment.language,
            "words": segment.words,
            "style": str(voice.style),
            "british": voice.british,
        }

    async def _start(self) -> None:
        """Raises `NoVoice`."""
        try:
            loaded = await self._program.start(LOADING)
        except CompanionFailed as problem:
            raise NoVoice(f"the program of the natural voice: {problem}") from problem
        if (error := loaded.get("error")) is not None:
            await self.close()
            raise NoVoice(f"{error}. Remove {self.environment.folder}, and it is installed anew at the next build")

    async def close(self) -> None:
        """End the program, if it runs."""
        await self._program.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
