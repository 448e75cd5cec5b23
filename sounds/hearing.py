"""Judging clips with the recogniser, a program in its own environment (`sounds.recogniser`)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sounds.companion import Companion, CompanionFailed
from sounds.environment import CHECKOUT, Environment

MODULE = "sounds.recogniser"
MEGABYTES = 235
"""The download of its environment."""

_START_SECONDS = 120.0
_SECONDS = 60.0
_SECONDS_A_CLIP = 30.0
"""Limits for a busy machine: the program gives way to other work."""

_ANSWER_BYTES = 8_000_000


class RecogniserFailed(Exception):
    """The recogniser is not installed, ended, or took too long. The message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recogniser heard of a clip, and how many of the `length` characters (Chinese) or words (English) of its
    text it misunderstood. `keys`: a sentence for each misunderstood key or department of a menu."""

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
        self._program = Companion(environment, MODULE, limit=_ANSWER_BYTES)
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Raises `RecogniserFailed`."""
        if not self._environment.ready():
            raise RecogniserFailed(
                f"the recogniser is not installed in {self._environment.folder}: ./wutong test does so"
            )
        try:
            _look(await self._program.start(_START_SECONDS))
        except (CompanionFailed, RecogniserFailed) as problem:
            await self._program.close()
            raise RecogniserFailed(f"the recogniser: {problem}") from problem
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._program.close()

    async def judge(self, path: Path, language: str, words: str) -> Heard:
        """Listen to one clip, a file of any format and rate. Raises `RecogniserFailed`.

        A clip of one or two words cannot be judged well alone: give several to `judge_all`.
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
            if not self._program.running:
                raise RecogniserFailed("the recogniser is not running any more")
            try:
                answer = await self._program.ask(request, _SECONDS + _SECONDS_A_CLIP * len(clips))
                _look(answer)
            except (CompanionFailed, RecogniserFailed) as problem:
                raise RecogniserFailed(f"the recogniser: {problem}") from problem
        return [Heard(each["heard"], each["errors"], each["length"], tuple(each["keys"])) for each in answer["clips"]]


def _look(answer: Mapping[str, Any]) -> None:
    """Raises `RecogniserFailed` if the answer is a problem."""
    if "problem" in answer:
        raise RecogniserFailed(str(answer["problem"]))
