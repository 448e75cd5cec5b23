"""Judging clips with the recogniser, which runs as a program in an environment of its own (`sounds.recogniser`)."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sounds.environment import CHECKOUT, Environment

MODULE = "sounds.recogniser"
MEGABYTES = 235
"""What its environment fetches."""

_START_SECONDS = 120.0
_SECONDS = 60.0
_SECONDS_A_CLIP = 30.0
"""Limits, on a machine that does other work too: the program gives way to it."""

_ANSWER_BYTES = 8_000_000
_COMPLAINT_BYTES = 2000


class RecogniserFailed(Exception):
    """The recogniser is not installed, ended, or took too long. The message says what and what to do."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recogniser heard of a clip, and how many of the `length` characters (Chinese) or words (English) of its
    text were misunderstood. `keys`: the keys and departments of a menu that were, each a sentence."""

    heard: str
    errors: int
    length: int
    keys: tuple[str, ...] = ()


def recogniser(cache: Path) -> Environment:
    """The recogniser's environment in this cache folder."""
    return Environment("recogniser", CHECKOUT / "locks" / "recogniser.txt", cache, MEGABYTES)


class Recogniser:
    """The program, started once: `async with Recogniser(environment) as recogniser`.

    It is killed when the block is left, and also when a judgement is cancelled or fails. One judgement at a time.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._complaints: asyncio.Task[str] | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Raises `RecogniserFailed`."""
        if not self._environment.ready():
            raise RecogniserFailed(
                f"the recogniser is not installed in {self._environment.folder}: ./wutong test does so"
            )
        argv, variables = self._environment.command(MODULE)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *argv,
                env=variables,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_ANSWER_BYTES,
                start_new_session=True,
            )
        except OSError as problem:
            raise RecogniserFailed(f"the recogniser cannot be started: {problem.strerror}") from problem
        self._complaints = asyncio.create_task(_last_words(self._process))
        try:
            await self._answer(_START_SECONDS)
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def judge(self, path: Path, language: str, words: str) -> Heard:
        """Listen to one clip, a file of any format and rate. Raises `RecogniserFailed`.

        A clip of a word or two cannot be judged well alone: give several to `judge_all`.
        """
        return (await self.judge_all(language, [(path, words)]))[0]

    async def judge_all(self, language: str, clips: Sequence[tuple[Path, str]]) -> list[Heard]:
        """Listen to several clips of texts in one language; the short ones are heard in a row, with pauses.

        Raises `RecogniserFailed`.
        """
        if not clips:
            return []
        request = {"language": language, "clips": [{"path": str(path), "words": words} for path, words in clips]}
        async with self._turn:
            try:
                process = self._running()
                assert process.stdin is not None
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # no answer will tell
                    process.stdin.write(json.dumps(request).encode() + b"\n")
                    await process.stdin.drain()
                answer = await self._answer(_SECONDS + _SECONDS_A_CLIP * len(clips))
            except BaseException:
                # its answer to this request must not be taken for the next one's
                await self._end()
                raise
        return [Heard(each["heard"], each["errors"], each["length"], tuple(each["keys"])) for each in answer["clips"]]

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RecogniserFailed("the recogniser is not running any more")
        return self._process

    async def _answer(self, seconds: float) -> Mapping[str, Any]:
        process = self._running()
        assert process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                line = await process.stdout.readline()
        except TimeoutError:
            raise RecogniserFailed(f"the recogniser took longer than {seconds:g} seconds") from None
        except ValueError as problem:
            raise RecogniserFailed(f"the recogniser's answer is longer than {_ANSWER_BYTES} bytes") from problem
        if not line:
            assert self._complaints is not None
            raise RecogniserFailed(f"the recogniser ended: {await self._complaints or 'it gave no reason'}")
        answer: Mapping[str, Any] = json.loads(line)
        if "problem" in answer:
            raise RecogniserFailed(f"the recogniser: {answer['problem']}")
        return answer

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        if self._complaints is not None:
            await self._complaints


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """The end of what it wrote to its standard error."""
    assert process.stderr is not None
    kept = b""
    while chunk := await process.stderr.read(4096):
        kept = (kept + chunk)[-_COMPLAINT_BYTES:]
    return " ".join(kept.decode(errors="replace").split())
