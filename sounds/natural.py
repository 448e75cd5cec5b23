"""The natural voice: Kokoro-82M, in a program and an environment of its own (`sounds.speaker`).

What it needs is installed at its first use. The program loads the model once, then speaks text after text; it ends with
the build that started it, so that nothing of it is in memory while calls are taken.
"""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from sounds.environment import Environment, NoEnvironment
from sounds.numbers import UnknownLanguage
from sounds.programs import ProgramFailed
from sounds.reading import Segment, reading
from sounds.shipped import ShippedClip, shipped
from sounds.voice import Source
from sounds.voices import DEFAULTS, PACE, VOICES

MEGABYTES = 113
"""What is fetched when the voice is installed."""

MODEL = "kokoro-82m int8, reading 1"
"""Changes whenever the same voice would speak the same words otherwise: it is in the name of every clip."""

INSTALL = "./wutong prompts install"

LOADING = 60.0
"""Seconds that the model has to load."""
SECONDS = 600.0
"""Seconds for one text. 2,000 characters take about 150 on two cores, while nothing else runs."""

_LONGEST_ANSWER = 65_536
_KEPT = 2_000


class NoVoice(Exception):
    """The natural voice cannot be used. The message says why and what to do."""


class NaturalVoice:
    """`chosen`: language → name of a voice, see `sounds.voices`. `pace`: 1 is the voice's own."""

    source = Source.VOICE

    def __init__(self, environment: Environment, chosen: Mapping[str, str] = DEFAULTS, pace: float = PACE) -> None:
        self.environment = environment
        self._chosen = {**DEFAULTS, **chosen}
        self._pace = pace
        self._program: asyncio.subprocess.Process | None = None
        self._complaint = b""
        self._complaining: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    def identity(self, language: str) -> str:
        # A text may hold words of the other language, so both voices are part of it.
        others = " ".join(name for other, name in sorted(self._chosen.items()) if other != language)
        return f"{MODEL} {self._chosen.get(language, '')} {others} {self._pace:g}"

    def shipped(self, language: str) -> Mapping[str, ShippedClip]:
        """The clips that ship are in the default voices."""
        if self._chosen != DEFAULTS or self._pace != PACE:
            return {}
        return shipped(language)

    def missing(self) -> str | None:
        """Why it cannot speak now, or None. It may still be installed by `obtain`."""
        return None if self.environment.ready() else f"the natural voice is not installed. Install it: {INSTALL}"

    async def obtain(self, progress: Callable[[str], None], *, install: bool = True) -> None:
        """Load the model; before that install what is missing, if that is wanted. Raises `NoVoice`."""
        if not install and (why := self.missing()) is not None:
            raise NoVoice(why)
        try:
            await self.environment.obtain(progress)
        except NoEnvironment as problem:
            raise NoVoice(str(problem)) from problem
        async with self._turn:
            if self._program is None:
                await self._start()

    async def speak(self, words: str, language: str, target: Path) -> None:
        segments = [self._order(segment) for segment in reading(words, language)]
        order = {"target": str(target), "pace": self._pace, "segments": segments}
        async with self._turn:
            try:
                if self._program is None:
                    await self._start()
                answer = await self._ask(order)
            except NoVoice as problem:
                raise ProgramFailed("the natural voice", str(problem)) from problem
            except asyncio.CancelledError:
                await self.close()  # its answer to this text must not be taken for the next one's
                raise
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

    # -- the program -------------------------------------------------------------------------------------------------

    async def _start(self) -> None:
        command, variables = self.environment.command("sounds.speaker")
        try:
            self._program = await asyncio.create_subprocess_exec(
                *command,
                env=variables,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,  # a Ctrl-C is ours to handle: it ends with us, not beside us
                limit=_LONGEST_ANSWER,
            )
        except OSError as problem:
            raise NoVoice(f"the program of the natural voice cannot be started: {problem.strerror}") from problem
        self._complaint = b""
        self._complaining = asyncio.create_task(self._listen(self._program))
        loaded = await self._read(LOADING)
        if (error := loaded.get("error")) is not None:
            await self.close()
            raise NoVoice(f"{error}. Remove {self.environment.folder}, and it is installed anew at the next build")

    async def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._program is not None
        assert self._program.stdin is not None
        # Only ASCII goes over: the program's locale may be another one, and a name of a file may not be UTF-8.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has ended, and says why
            self._program.stdin.write(json.dumps(order).encode() + b"\n")
            await self._program.stdin.drain()
        return await self._read(SECONDS)

    async def _read(self, seconds: float) -> dict[str, Any]:
        """One answer. When there is none the program is ended, and whoever speaks next starts another."""
        assert self._program is not None
        assert self._program.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                if line := await self._program.stdout.readline():
                    return dict(json.loads(line))
                why = f"it ended with status {await self._program.wait()}"
        except TimeoutError:
            why = f"it took longer than {seconds:g} seconds"
        except (ValueError, TypeError):
            why = "it gave an answer that is none"
        await self.close()
        said = " ".join(self._complaint.decode(errors="replace").split())
        raise NoVoice(f"{why}: {said or 'it gave no reason'}")

    async def _listen(self, program: asyncio.subprocess.Process) -> None:
        """Its complaints, so that it is never held up by a full pipe."""
        assert program.stderr is not None
        while chunk := await program.stderr.read(4096):
            self._complaint = (self._complaint + chunk)[-_KEPT:]

    async def close(self) -> None:
        """End the program, if it runs."""
        program, self._program = self._program, None
        if program is None:
            return
        if program.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)  # it holds nothing that could be half done
        await program.wait()
        if self._complaining is not None:
            await self._complaining
            self._complaining = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
