"""Removing clips that nobody needs any more. They stay for a week: an edit that is undone speaks nothing anew."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sounds import audio
from sounds.catalogue import Clip
from sounds.phrases import LANGUAGES

KEPT = 7 * 86_400.0
"""Seconds since it was last needed after which a clip goes."""


def sweep(folder: Path, needed: Iterable[Clip], now: float | None = None) -> int:
    """Note that `needed` are needed now, and remove what has not been for `KEPT`. Answers how many clips went.

    When a clip was last needed is the access time of its file; the other time stays, which tells how old the clip is.
    `needed` must hold every clip of every version in use.
    What cannot be removed stays: it costs room, no call needs it gone. `now` is the wall clock's when left out.
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
    """Note that these clips are needed now: no sweep of the next `KEPT` removes them. Answers their files."""
    now = time.time() if now is None else now
    files = {file for clip in needed for file in (clip.path, audio.wide(clip.path))}
    for file in files:
        with suppress(OSError):  # not built, or another user's
            os.utime(file, (now, file.stat().st_mtime))
    return files
