"""Building the missing clips: unpacked, recorded or spoken, then levelled, and put in place in one step."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sounds import audio
from sounds.audio import Inaudible
from sounds.catalogue import Catalogue, Clip
from sounds.model import Unsayable, shortened
from sounds.natural import NoVoice
from sounds.numbers import UnknownLanguage
from sounds.programs import ProgramFailed
from sounds.recordings import Problem
from sounds.shipped import unpack
from sounds.voice import DraftVoice, Voice

_ENOUGH = 10
"""After so many failed clips the rest is not tried: the voice itself is broken."""


class BuildFailed(Exception):
    """Some clips could not be made; all others are in place. The message and `problems` say which, and why."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Report:
    """How many clips were made now, how many existed, how many of all are recordings, and warnings.

    `drafts`: clips that the draft voice speaks for now, because of `why`.
    """

    made: int
    kept: int
    recorded: int
    warnings: tuple[Problem, ...] = ()
    drafts: tuple[Clip, ...] = ()
    why: str = ""


async def build(
    clips: Iterable[Clip],
    voice: Voice,
    progress: Callable[[int, int], None],
    *,
    catalogue: Catalogue | None = None,
    obtain: Callable[[], Awaitable[None]] | None = None,
) -> Report:
    """Make the missing clips, on all cores at once. `progress` gets (done, to do) at the start and after each clip.

    `obtain` makes `voice` ready when there is something to speak. When it raises `NoVoice`, the draft voice speaks, and
    `catalogue` says where its clips are. Recordings in the catalogue that no clip uses become warnings.

    A clip appears complete or not at all; finished clips stay when this is cancelled or fails.
    Raises `BuildFailed`, `MissingProgram`, `DamagedClip`, `ProgramFailed`, `OSError`.
    """
    wanted = list({clip.path: clip for clip in clips}.values())
    missing = [clip for clip in wanted if not clip.built()]
    unpacked = [(clip.shipped, clip.path) for clip in missing if clip.shipped]
    spoken = [clip for clip in missing if clip.shipped is None]
    drafts: tuple[Clip, ...] = ()
    why = ""
    if obtain and any(clip.recording is None for clip in spoken):
        try:
            await obtain()
        except NoVoice as problem:
            assert catalogue is not None, "who can be without a voice says where the drafts are"
            voice, why = DraftVoice(), str(problem)
            drafts = tuple(catalogue.draft(clip) for clip in spoken if clip.recording is None)
            spoken = [clip for clip in spoken if clip.recording] + [clip for clip in drafts if not clip.built()]
    if unpacked or spoken:
        total = len(unpacked) + len(spoken)
        progress(0, total)
        await unpack(unpacked, lambda done, _: progress(done, total))
        if spoken:
            await _Builder(voice, lambda done, _: progress(len(unpacked) + done, total), spoken).run()
    warnings = catalogue.recordings.unused((clip.language, clip.words) for clip in wanted) if catalogue else []
    recorded = sum(clip.recording is not None for clip in wanted)
    made = len(unpacked) + len(spoken)
    return Report(made, len(wanted) - len(missing), recorded, tuple(warnings), drafts, why)


class _Builder:
    def __init__(self, voice: Voice, progress: Callable[[int, int], None], clips: list[Clip]) -> None:
        self._voice = voice
        self._progress = progress
        self._waiting: Iterator[Clip] = iter(clips)
        self._total = len(clips)
        self._done = 0
        self._problems: list[str] = []

    async def run(self) -> None:
        workers = min(len(os.sched_getaffinity(0)), self._total)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(self._work())
        except* Exception as failures:
            # A worker fails only for a reason that hits every clip (a program or the disk): one reason is enough.
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
        # In the target's folder, so that the last step is a rename on one file system.
        with tempfile.TemporaryDirectory(dir=clip.path.parent, prefix=".building-") as folder:
            if clip.recording:
                source = clip.recording.file
            else:
                source = Path(folder, "spoken.wav")
                await self._voice.speak(clip.words, clip.language, source)
            levelled = Path(folder, "levelled.wav")
            await audio.level(source, levelled)
            # The .wav last: it says that both are there.
            os.replace(audio.wide(levelled), audio.wide(clip.path))
            os.replace(levelled, clip.path)


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first


def _complaint(clip: Clip, problem: Exception) -> str:
    if clip.recording:
        return f"the recording {clip.recording.file} cannot be used: {problem}"
    return f"{shortened(clip.words)!r} in {clip.language} cannot be spoken: {problem}"
