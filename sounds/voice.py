"""Voices turn words into audio: programs of the system, and the natural one. `sounds.audio` levels their output
afterwards.
"""

import re
import shlex
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from sentences.sentence import Sentence
from sounds.companion import Companion
from sounds.environment import CompanionFailed, Environment
from sounds.model import NoSound
from sounds.programs import ProgramFailed, run
from sounds.reading import Segment, reading
from sounds.shipped import ShippedClip, shipped
from sounds.voices import DEFAULTS, PACE, VOICES

SECONDS = 120.0
"""The time for one clip."""


class BadVoice(NoSound):
    """The setting `voice` is not a usable command line."""


class Source(StrEnum):
    """Where the audio of a clip comes from."""

    RECORDING = "recording"
    """A person."""
    VOICE = "voice"
    """The natural voice, or the administrator's own."""
    DRAFT = "draft"
    """espeak-ng, which callers do not understand."""


class Voice(ABC):
    """Something that speaks: `async with voice` ends afterwards what it has started.

    Clips of different identities are different files.
    """

    @abstractmethod
    def identity(self, language: str) -> str:
        """Changes whenever the same words of this language would sound different."""

    def shipped(self, language: str) -> Mapping[str, ShippedClip]:
        """Clips in this voice that ship with Wutong, by their words."""
        return {}

    def missing(self) -> str | None:
        """Why it cannot speak now, or None. `obtain` may still install it."""
        return None

    async def obtain(  # noqa: B027 - only one voice has something to do
        self, progress: Callable[[str], None], *, install: bool = True
    ) -> None:
        """Make it ready; with `install`, install what is missing. `progress` gets short lines.

        Raises `CompanionFailed`.
        """

    @abstractmethod
    async def speak(self, words: str, language: str, target: Path) -> None:
        """Write the words to `target`, a .wav of any rate.

        Raises `MissingProgram`, `ProgramFailed`, `UnknownLanguage`, `Unsayable`.
        """

    async def close(self) -> None:  # noqa: B027
        """End what it has started."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def in_words(words: str, language: str) -> str:
    """The words as any synthesiser reads them correctly: no markup, numbers written out.

    Raises `UnknownLanguage`, `Unsayable`.
    """
    return " ".join(segment.words for segment in reading(words, language))


class DraftVoice(Voice):
    """espeak-ng, from the distribution. It speaks where the natural voice is not installed.

    Measured (docs/prompts.md), callers understand one third of its Chinese and two thirds of its English.
    """

    # Words a minute as espeak-ng counts them: the pace of a careful reader, clear on a bad line.
    _VOICES = {"zh": ("cmn", 165), "en": ("en-gb", 150)}  # noqa: RUF012

    def identity(self, language: str) -> str:
        return f"espeak-ng 2 {language}"

    async def speak(self, words: str, language: str, target: Path) -> None:
        read = in_words(words, language)
        name, pace = self._VOICES[language]
        # The words go through standard input, where they cannot be options. -D: the same words always give the same
        # audio.
        await run(
            ["espeak-ng", "-v", name, "-s", str(pace), "-D", "--stdin", "-w", str(target)],
            words=read,
            seconds=SECONDS,
            remedy=Sentence("install the package espeak-ng"),
        )
        _check_written(target, "espeak-ng")


class CommandVoice(Voice):
    """The administrator's own synthesiser, such as `piper --model zh.onnx --output_file {target}`.

    It gets the words in UTF-8 on standard input and writes a file that sox can read. In its arguments `{target}` is
    that file and `{language}` the language. No shell reads the line.
    """

    def __init__(self, command: str) -> None:
        """Raises `BadVoice`."""
        try:
            self._arguments = shlex.split(command)
        except ValueError as problem:
            raise BadVoice(
                Sentence(
                    "the quotes in the setting `voice` have an error ({why}): {command}",
                    why=str(problem),
                    command=command,
                )
            ) from problem
        if not self._arguments:
            raise BadVoice(Sentence("the setting `voice` is empty: give a command line"))
        fields = {field for argument in self._arguments for field in re.findall(r"\{([a-z_]*)\}", argument)}
        if "target" not in fields:
            raise BadVoice(
                Sentence(
                    "the setting `voice` must say with {{target}} where the audio is written to: {command}",
                    command=command,
                )
            )
        if unknown := fields - {"target", "language"}:
            raise BadVoice(
                Sentence(
                    "the setting `voice` knows {{target}} and {{language}}, not {{{name}}}: {command}",
                    name=min(unknown),
                    command=command,
                )
            )

    def identity(self, language: str) -> str:
        return f"command, reading 1: {shlex.join(self._arguments)}"

    async def speak(self, words: str, language: str, target: Path) -> None:
        values = {"{target}": str(target), "{language}": language}
        arguments = [
            # In one pass: a target that contains "{language}" stays unchanged.
            re.sub(r"\{target\}|\{language\}", lambda match: values[match.group()], argument)
            for argument in self._arguments
        ]
        await run(
            arguments,
            words=in_words(words, language) + "\n",
            seconds=SECONDS,
            remedy=Sentence("install it, or correct the setting `voice`"),
        )
        _check_written(target, arguments[0])


def _check_written(target: Path, program: str) -> None:
    if not target.is_file() or target.stat().st_size == 0:
        raise ProgramFailed(program, Sentence("ended well but wrote nothing to {target}", target=target))


# The natural voice: Kokoro-82M, in a program with its own environment (`sounds.speaker`).
#
# The environment is installed at first use. The program loads the model once, then speaks text after text. It ends
# with the build that started it, so that it uses no memory while calls are taken.


MEGABYTES = 113
"""The download for installing the voice."""

MODEL = "kokoro-82m int8, reading 1"
"""Change it whenever the voice would speak the same words differently: it is in the name of every clip."""

INSTALL = "./wutong prompts install"

SECONDS_TO_SPEAK = 600.0
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
            await self._program.ask({"target": str(target), "pace": self._pace, "segments": segments}, SECONDS_TO_SPEAK)
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
