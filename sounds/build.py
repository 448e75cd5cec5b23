"""The clips of a hotline: the missing ones unpacked, recorded or spoken, levelled, put in place in one step; unneeded
ones removed.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from base.hints import shortened
from sentences.sentence import Sentence
from sounds import audio
from sounds.audio import Inaudible
from sounds.catalogue import Catalogue, Clip
from sounds.environment import CompanionFailed
from sounds.model import NoSound, Unsayable
from sounds.phrases import LANGUAGES
from sounds.programs import ProgramFailed, on_all_cores
from sounds.recordings import Problem
from sounds.shipped import unpack
from sounds.voice import DraftVoice, Voice

_ENOUGH = 10
"""After so many failed clips the rest is not tried: the voice itself is broken."""


class BuildFailed(NoSound):
    """Some clips could not be made; all others are made. The message says which, and why, one a line."""


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
    catalogue: Catalogue,
    clips: Iterable[Clip],
    progress: Callable[[int, int], None],
    show: Callable[[str], None] = lambda line: None,
    *,
    install: bool = True,
) -> Report:
    """Make the missing clips of a catalogue, on all cores at once. `progress` gets (done, to do) at the start and after
    each clip, `show` lines about the voice.

    Its voice is made ready when there is something to speak, and with `install` also installed. When that fails, the
    draft voice speaks. Recordings that no clip uses become warnings.

    A clip appears complete or not at all; finished clips stay when this is cancelled or fails.
    Raises `BuildFailed`, `MissingProgram`, `DamagedClip`, `ProgramFailed`, `OSError`.
    """
    wanted = list({clip.path: clip for clip in clips}.values())
    missing = [clip for clip in wanted if not clip.built()]
    unpacked = [(clip.shipped, clip.path) for clip in missing if clip.shipped]
    spoken = [clip for clip in missing if clip.shipped is None]
    voice, drafts, why = catalogue.voice, list[Clip](), ""
    if any(clip.recording is None for clip in spoken):
        try:
            await voice.obtain(show, install=install)
        except CompanionFailed as problem:
            voice, why = DraftVoice(), str(problem)
            drafts = [catalogue.draft(clip) for clip in spoken if clip.recording is None]
            spoken = [clip for clip in spoken if clip.recording] + [clip for clip in drafts if not clip.built()]
    made = len(unpacked) + len(spoken)
    if made:
        progress(0, made)
    await unpack(unpacked, lambda done: progress(done, made))
    await _speak(spoken, voice, lambda done: progress(len(unpacked) + done, made))
    warnings = catalogue.recordings.unused((clip.language, clip.words) for clip in wanted)
    recorded = sum(clip.recording is not None for clip in wanted)
    return Report(made, len(wanted) - len(missing), recorded, tuple(warnings), tuple(drafts), why)


async def _speak(clips: Sequence[Clip], voice: Voice, progress: Callable[[int], None]) -> None:
    problems: list[str] = []
    done = 0

    async def make(clip: Clip) -> None:
        nonlocal done
        if len(problems) >= _ENOUGH:
            return
        try:
            await _make(clip, voice)
        except (ProgramFailed, Inaudible, Unsayable) as problem:
            problems.append(_complaint(clip, problem))
        done += 1
        progress(done)

    # An error that stops them all would hit every clip: a program is missing, the disk is full.
    await on_all_cores(clips, make)
    if problems:
        raise BuildFailed("\n".join(problems))


async def _make(clip: Clip, voice: Voice) -> None:
    if clip.recording:
        await audio.level(clip.recording.file, clip.path)
        return
    with tempfile.TemporaryDirectory(prefix="wutong-speak-") as folder:
        spoken = Path(folder, "spoken.wav")
        await voice.speak(clip.words, clip.language, spoken)
        await audio.level(spoken, clip.path)


def _complaint(clip: Clip, problem: Exception) -> str:
    if clip.recording:
        return Sentence("the recording {file} cannot be used: {why}", file=clip.recording.file, why=str(problem))
    return Sentence(
        "{words!r} in {language} cannot be spoken: {why}",
        words=shortened(clip.words),
        language=clip.language,
        why=str(problem),
    )


# Removing unneeded clips. They stay for a week, so that undoing an edit needs no new speech.


KEPT = 7 * 86_400.0
"""Seconds after its last need until a clip is removed."""


def sweep(folder: Path, needed: Iterable[Clip], now: float | None = None) -> int:
    """Note that `needed` are needed now, and remove clips not needed for `KEPT`. Answers how many were removed.

    A file's access time is when its clip was last needed; its modification time, the clip's age, stays unchanged.
    `needed` must contain every clip of every version in use.
    A clip that cannot be removed stays: it only costs room. `now` None: the wall clock.
    """
    now = time.time() if now is None else now
    keep = note(needed, now)
    removed = 0
    for language in LANGUAGES:
        for file in (folder / language).glob("*"):
            with suppress(OSError):
                times = file.stat()
                if file not in keep and file.is_file() and max(times.st_atime, times.st_mtime) < now - KEPT:
                    file.unlink()
                    removed += file.suffix == ".wav"
    return removed


def note(needed: Iterable[Clip], now: float | None = None) -> set[Path]:
    """Note that these clips are needed now: no sweep removes them for `KEPT`. Answers their files."""
    now = time.time() if now is None else now
    files = {file for clip in needed for file in (clip.path, audio.wide(clip.path))}
    for file in files:
        with suppress(OSError):  # not built, or another user's
            os.utime(file, (now, file.stat().st_mtime))
    return files
