"""The clips that come with Wutong, already spoken and levelled: found by their words, unpacked with sox alone.

They are in `sounds/<language>/clips/*.ogg`, 16,000 samples a second; `clips.json` beside the folder has the words of
each. `sounds/music` has the hold music in the same form. `tools.packing` makes both.
"""

import asyncio
import hashlib
import json
import tempfile
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sentences.sentence import Sentence
from sounds import audio
from sounds.model import NoSound
from sounds.programs import ProgramFailed, on_all_cores

FOLDER = Path(__file__).resolve().parent

_AT_ONCE = 100
"""Clips of one run of sox, which opens all at once."""

_HALF = 0.5
_TWICE = ["gain", "6.0206"]
"""A clip is made softer before the filter, where it may overshoot, and louder by the same after it."""

MADE_FROM = "made-from"
"""File in the music folder: from which pieces the music was unpacked. Asterisk ignores it."""


class DamagedClip(NoSound):
    """Audio that comes with Wutong is missing or does not match the index. `files` has all such files."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.files = tuple(files)
        more = Sentence(" and {count} more", count=len(self.files) - 1) if len(self.files) > 1 else ""
        super().__init__(
            Sentence(
                "{file}{more} is missing or damaged: restore it with git -C {folder} checkout -- sounds",
                file=self.files[0],
                more=more,
                folder=FOLDER.parent,
            )
        )


@dataclass(frozen=True, slots=True)
class ShippedClip:
    """`file` says `words`. It has the digest `sha256` and `frames` samples, an even number.

    `volume` makes its telephone band as loud as the wideband clip.
    """

    words: str
    file: Path
    sha256: str
    frames: int
    volume: float


@cache
def shipped(language: str) -> Mapping[str, ShippedClip]:
    """The clips of a language by their words, as `sounds.model.sayable` gives them. Raises `DamagedClip`."""
    index = FOLDER / language / "clips.json"
    return MappingProxyType({clip.words: clip for clip in read_index(index, index.with_suffix(""))})


def read_index(index: Path, folder: Path) -> list[ShippedClip]:
    """What `index` says of the files in `folder`. Raises `DamagedClip`."""
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))
        return [ShippedClip(**{**entry, "file": folder / entry["file"]}) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise DamagedClip([index]) from problem


async def unpack(
    wanted: Sequence[tuple[ShippedClip, Path]], progress: Callable[[int], None] = lambda done: None
) -> None:
    """Make each target, a .wav, and its wideband version beside it.

    `progress` gets how many are done, after each hundred. A target appears complete or not at all, and only after all
    clips were found undamaged. Raises `DamagedClip`, `MissingProgram`, `ProgramFailed`, `OSError`.
    """
    await asyncio.to_thread(_check, [clip for clip, _ in wanted])
    for at in range(0, len(wanted), _AT_ONCE):
        part = wanted[at : at + _AT_ONCE]
        decoded = await decode([clip for clip, _ in part])
        await asyncio.to_thread(_put, [target for _, target in part], decoded)
        progress(at + len(part))


def _put(targets: Iterable[Path], decoded: Iterable[tuple["array[int]", "array[int]"]]) -> None:
    for target, (narrow, whole) in zip(targets, decoded, strict=True):
        audio.put(target, narrow, whole)


def _check(clips: Iterable[ShippedClip]) -> None:
    damaged = []
    for clip in clips:
        try:
            whole = hashlib.sha256(clip.file.read_bytes()).hexdigest() == clip.sha256
        except OSError:
            whole = False
        if not whole:
            damaged.append(clip.file)
    if damaged:
        raise DamagedClip(damaged)


async def decode(clips: Sequence[ShippedClip]) -> list[tuple["array[int]", "array[int]"]]:
    """The samples of each clip in the telephone's band and in wideband.

    Each of two runs of sox plays all clips into one file, which is then divided by the clips' lengths. Raises
    `MissingProgram`, `ProgramFailed`.
    """
    files = [str(clip.file) for clip in clips]
    softer = [word for clip in clips for word in ("-v", repr(clip.volume * _HALF), str(clip.file))]
    with tempfile.TemporaryDirectory(prefix="wutong-unpack-") as folder:
        narrow, whole = Path(folder, "narrow.raw"), Path(folder, "wide.raw")
        to_narrow = [*softer, *audio.RAW, str(narrow), *audio.TELEPHONE_BAND, *_TWICE]
        await on_all_cores([to_narrow, [*files, *audio.RAW, str(whole)]], audio.sox)
        return await asyncio.to_thread(_divided, clips, narrow, whole)


def _divided(clips: Sequence[ShippedClip], narrow: Path, whole: Path) -> list[tuple["array[int]", "array[int]"]]:
    frames = sum(clip.frames for clip in clips)
    low, high = audio.read_raw(narrow), audio.read_raw(whole)
    if (len(low), len(high)) != (frames // 2, frames):
        raise ProgramFailed(
            "sox", Sentence("made {count} samples of shipped clips that have {frames}", count=len(high), frames=frames)
        )
    divided = []
    at = 0
    for clip in clips:
        begin, at = at, at + clip.frames
        divided.append((low[begin // 2 : at // 2], high[begin:at]))
    return divided


async def music(folder: Path) -> None:
    """Put the hold music into `folder`, for both rates; does nothing when it is there already.

    A piece keeps its name when it is remade, so that a running Asterisk still finds it. Raises `DamagedClip`,
    `MissingProgram`, `ProgramFailed`, `OSError`.
    """
    pieces = read_index(FOLDER / "music" / "pieces.json", FOLDER / "music")
    made_from = "".join(f"{audio.RECIPE} {piece.sha256} {piece.volume} {piece.file.stem}\n" for piece in pieces)
    targets = [(piece, folder / f"{piece.file.stem}.wav") for piece in pieces]
    if await asyncio.to_thread(_made, folder, made_from, [target for _, target in targets]):
        return
    await unpack(targets)
    await asyncio.to_thread(_conclude, folder, made_from, {piece.file.stem for piece in pieces})


def _made(folder: Path, made_from: str, targets: Iterable[Path]) -> bool:
    note = folder / MADE_FROM
    if not note.is_file() or note.read_text() != made_from:
        return False
    return all(target.is_file() and audio.wide(target).is_file() for target in targets)


def _conclude(folder: Path, made_from: str, names: Collection[str]) -> None:
    """Remove pieces that no longer ship, and note what the rest was made from."""
    for file in folder.glob("*.wav*"):
        if file.stem not in names:
            file.unlink(missing_ok=True)
    (folder / MADE_FROM).write_text(made_from)
