"""Our voice and our recogniser: programs in environments of their own, which answer lines of JSON with lines of JSON.

This module is both ends of the protocol: `Companion` in the service, `serve` in the program.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any, Self

from base import own_program
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.environment import CompanionFailed, Environment
from sounds.programs import end, last_words, start, write

_LOADING = 120.0
"""Seconds until it can be asked, on a busy machine: it gives way to other work."""

_LONGEST_ANSWER = 8_000_000
"""Bytes."""

_PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}
"""The recogniser's threads sleep while they wait for each other. Otherwise they would turn in circles, and on a busy
machine they wait most of the time.
"""


class Companion:
    """The program, which starts with the first request: `async with Companion(…) as program`.

    `module`: what `python -m` runs, such as "sounds.speaker".
    """

    def __init__(self, environment: Environment, module: str) -> None:
        self.environment = environment
        self._module = module
        self._process: asyncio.subprocess.Process | None = None
        self._complaint: asyncio.Task[str]
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """Start it, unless it runs. Raises `CompanionFailed`."""
        async with self._turn:
            await self._loaded()

    async def ask(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """Its answer, which must come within `seconds`. Requests wait for each other. Raises `CompanionFailed`.

        When it gives no answer, or this is cancelled, the program is ended: a late answer must not count for a later
        request, which starts it again.
        """
        async with self._turn:
            await self._loaded()
            # Send only ASCII: the program's locale may differ, and a file's name may not be UTF-8.
            return await self._answered(json.dumps(request).encode() + b"\n", seconds)

    async def _loaded(self) -> None:
        if self._process is not None:
            return
        command, variables = self.environment.command(self._module)
        try:
            self._process = await start(
                *command,
                env={**variables, **_PATIENT},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_LONGEST_ANSWER,
            )
        except OSError as problem:
            raise self._failure(Sentence("cannot be started: {why}", why=recognised(problem.strerror))) from problem
        self._complaint = asyncio.create_task(last_words(self._process))
        try:
            await self._answered(b"", _LOADING)
        except CompanionFailed:
            await self.close()
            raise

    async def _answered(self, request: bytes, seconds: float) -> dict[str, Any]:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        answer: dict[str, Any] | None = None
        try:
            async with asyncio.timeout(seconds):
                await write(process, request)
                if line := await process.stdout.readline():
                    answer = dict(json.loads(line))
                else:
                    why = Sentence("ended with status {status}", status=await process.wait())
        except TimeoutError:
            why = Sentence("took longer than {seconds:g} seconds", seconds=seconds)
        except (ValueError, TypeError):
            why = Sentence("gave an answer that cannot be read")
        finally:
            if answer is None:
                await self.close()
        if answer is None:
            raise self._failure(Sentence("{what}: {why}", what=why, why=await self._complaint))
        if problem := answer.get("problem"):
            raise CompanionFailed(Sentence(problem, **answer["fields"]) if "fields" in answer else problem)
        return answer

    def _failure(self, why: str) -> CompanionFailed:
        return CompanionFailed(Sentence("the program of the {name} {why}", name=self.environment.name, why=why))

    async def close(self) -> None:
        """End the program if it runs; it has no work that could be left half done."""
        process, self._process = self._process, None
        if process is not None:
            await end(process)
            await self._complaint

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


Answer = Callable[[dict[str, Any]], dict[str, Any]]
_PROBLEMS = (ImportError, OSError, ValueError, subprocess.SubprocessError)


def serve(load: Callable[[], Answer]) -> None:
    """The program's side: load, say that it is loaded, then answer requests until the standard input ends.

    A problem ends it while it loads; later it is the answer to a request.
    """
    os.nice(10)  # calls come first: this may run beside the service and Asterisk
    own_program.session_gives_way()
    try:
        answer = load()
    except _PROBLEMS as problem:
        _say(_told(problem))
        sys.exit(1)
    _say({"ready": True})
    for line in sys.stdin:
        try:
            _say(answer(json.loads(line)))
        except _PROBLEMS as problem:
            _say(_told(problem))


def _told(problem: Exception) -> dict[str, Any]:
    """Of a sentence its template and its fields, so that it can still be put into a language."""
    words = str(problem)
    if isinstance(words, Sentence):
        return {"problem": words.template, "fields": {name: str(part) for name, part in words.fields.items()}}
    return {"problem": words}


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201
