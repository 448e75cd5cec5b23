"""Removing unneeded clips. They stay for a week, so that undoing an edit needs no new speech."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sounds import audio
from sounds.catalogue import Clip
from sounds.phrases import LANGUAGES

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
