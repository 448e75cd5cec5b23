"""Voices: what turns words into audio. What they write is levelled by `sounds.audio` afterwards."""

import re
import shlex
from pathlib import Path
from typing import Protocol

from sounds.model import sayable
from sounds.numbers import UnknownLanguage, digits, spoken
from sounds.programs import ProgramFailed, run

SECONDS = 120.0
"""The time for one clip."""


class BadVoice(ValueError):
    """The setting `voice` is no command line that can be used. The message says why."""


class Voice(Protocol):
    """Something that speaks. Clips of different identities are different files."""

    @property
    def identity(self) -> str:
        """Changes whenever the same words would sound different."""

    async def speak(self, words: str, language: str, target: Path) -> None:
        """Write the words to `target`, a .wav of any rate.

        Raises `MissingProgram`, `ProgramFailed`, `UnknownLanguage`, `Unsayable`.
        """


def voice(setting: str) -> Voice:
    """The voice that the setting `voice` asks for: empty is espeak-ng, anything else a command line.

    Raises `BadVoice`.
    """
    return CommandVoice(setting) if setting.strip() else EspeakVoice()


def readable(words: str, language: str) -> str:
    """The words as a synthesiser reads them rightly: no markup, and Chinese numbers written out.

    - Brackets are taken out: espeak-ng takes `[[…]]` for phonemes, and others know markup in angle brackets.
    - Five or more digits in a row, or several that begin with 0, are a telephone number and said one by one.
    - espeak-ng misreads Chinese numbers (105 becomes 一百五), so they are written out. Decimals are left to it.
    Raises `Unsayable`.
    """
    plain = re.sub(r"[\[\]<>{}]+", " ", sayable(words))

    def said(match: re.Match[str]) -> str:
        row = match.group()
        if len(row) >= 5 or (len(row) > 1 and row[0] == "0"):
            return digits(row, language)
        return "".join(spoken(int(row), language)) if language == "zh" else row

    return re.sub(r"(?<![0-9.,])[0-9]+(?![.,]?[0-9])", said, plain)


class EspeakVoice:
    """espeak-ng, from the distribution: clear, plain, and in every language at once."""

    # Words a minute in espeak-ng's own counting: a careful reader's pace, to be understood on a bad line.
    _VOICES = {"zh": ("cmn", 165), "en": ("en-gb", 150)}  # noqa: RUF012

    @property
    def identity(self) -> str:
        return "espeak-ng 1"

    async def speak(self, words: str, language: str, target: Path) -> None:
        if language not in self._VOICES:
            raise UnknownLanguage(language)
        name, pace = self._VOICES[language]
        # The words go through standard input, where nothing in them can be an option. -D: the same words always
        # give the same audio.
        await run(
            ["espeak-ng", "-v", name, "-s", str(pace), "-D", "--stdin", "-w", str(target)],
            words=readable(words, language),
            seconds=SECONDS,
            remedy="install the package espeak-ng, or name another program in the setting `voice`",
        )
        _check_written(target, "espeak-ng")


class CommandVoice:
    """A synthesiser of the administrator's, such as `piper --model zh.onnx --output_file {target}`.

    It gets the words in UTF-8 on standard input and writes a file that sox can read. In its arguments `{target}` is
    that file and `{language}` the language. No shell reads the line.
    """

    def __init__(self, command: str) -> None:
        """Raises `BadVoice`."""
        try:
            self._arguments = shlex.split(command)
        except ValueError as problem:
            raise BadVoice(f"the setting `voice` has an error in its quotes ({problem}): {command}") from problem
        if not self._arguments:
            raise BadVoice("the setting `voice` is empty: give a command line")
        places = {place for argument in self._arguments for place in re.findall(r"\{([a-z_]*)\}", argument)}
        if "target" not in places:
            raise BadVoice(f"the setting `voice` must say with {{target}} where the audio is written to: {command}")
        if unknown := places - {"target", "language"}:
            raise BadVoice(f"the setting `voice` knows {{target}} and {{language}}, not {{{min(unknown)}}}: {command}")

    @property
    def identity(self) -> str:
        return f"command {shlex.join(self._arguments)}"

    async def speak(self, words: str, language: str, target: Path) -> None:
        values = {"{target}": str(target), "{language}": language}
        arguments = [
            # In one pass: a target that itself holds "{language}" stays as it is.
            re.sub(r"\{target\}|\{language\}", lambda match: values[match.group()], argument)
            for argument in self._arguments
        ]
        await run(
            arguments,
            words=readable(words, language) + "\n",
            seconds=SECONDS,
            remedy="install it, or correct the setting `voice`",
        )
        _check_written(target, arguments[0])


def _check_written(target: Path, program: str) -> None:
    if not target.is_file() or target.stat().st_size == 0:
        raise ProgramFailed(program, f"ended well but wrote nothing to {target}")
