"""Building the clips that are missing: spoken or taken from a recording, levelled, put in place in one step."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sounds import audio
from sounds.audio import Inaudible
from sounds.catalogue import Clip
from sounds.model import Unsayable, shortened
from sounds.numbers import UnknownLanguage
from sounds.programs import ProgramFailed
from sounds.recordings import Problem, Recordings
from sounds.voice import Voice

_ENOUGH = 10
"""After so many clips that cannot be made the rest is not tried: it is the voice that is broken."""


class BuildFailed(Exception):
    """Some clips could not be made; all others are in place. The message and `problems` say which and why."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Report:
    """How many clips were made now, how many were there already, how many of all are recordings, and warnings."""

    made: int
    kept: int
    recorded: int
    warnings: tuple[Problem, ...] = ()


async def build(
    clips: Iterable[Clip],
    voice: Voice,
    progress: Callable[[int, int], None],
    *,
    recordings: Recordings | None = None,
) -> Report:
    """Make what is missing, on all cores at once. `progress` gets (done, to do) at the start and after each clip.

    With the catalogue's `recordings`, those that no clip uses become warnings. A clip appears complete or not at all;
    what was made stays when this is cancelled or fails. Raises `BuildFailed`, `MissingProgram`, `OSError`.
    """
    wanted = list({clip.path: clip for clip in clips}.values())
    missing = [clip for clip in wanted if not clip.built()]
    if missing:
        await _Builder(voice, progress, missing).run()
    warnings = recordings.unused((clip.language, clip.words) for clip in wanted) if recordings else []
    recorded = sum(clip.recording is not None for clip in wanted)
    return Report(len(missing), len(wanted) - len(missing), recorded, tuple(warnings))


class _Builder:
    def __init__(self, voice: Voice, progress: Callable[[int, int], None], clips: list[Clip]) -> None:
        self._voice = voice
        self._progress = progress
        self._waiting: Iterator[Clip] = iter(clips)
        self._total = len(clips)
        self._done = 0
        self._problems: list[str] = []

    async def run(self) -> None:
        self._progress(0, self._total)
        workers = min(len(os.sched_getaffinity(0)), self._total)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(self._work())
        except* Exception as failures:
            # A worker fails only for what no other clip would escape (a program or the disk): one reason is enough.
            raise _first(failures) from None
        if self._problems:
            raise BuildFailed(self._problems)

    async def _work(self) -> None:
        for clip in self._waiting:
            if len(self._problems) >= _ENOUGH:
                return
            try:
                await self._make(clip)
            except (ProgramFailed, Inaudible, Unsayable, UnknownLanguage) as problem:
                self._problems.append(_complaint(clip, problem))
            self._done += 1
            self._progress(self._done, self._total)

    async def _make(self, clip: Clip) -> None:
        clip.path.parent.mkdir(parents=True, exist_ok=True)
        # Beside its place, so that the last step is a rename on one file system.
        with tempfile.TemporaryDirectory(dir=clip.path.parent, prefix=".building-") as folder:
            if clip.recording:
                source = clip.recording.file
            else:
                source = Path(folder, "spoken.wav")
                await self._voice.speak(clip.words, clip.language, source)
            levelled = Path(folder, "levelled.wav")
            await audio.level(source, levelled)
            os.replace(levelled, clip.path)


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first


def _complaint(clip: Clip, problem: Exception) -> str:
    if clip.recording:
        return f"the recording {clip.recording.file} cannot be used: {problem}"
    return f"{shortened(clip.words)!r} in {clip.language} cannot be spoken: {problem}"
