"""Packs renderings into the clips that ship.

Each is cut, levelled and encoded, then decoded and measured, and made softer until the decoded audio keeps the rules.
"""

import asyncio
import hashlib
import json
import os
import shutil
import tempfile
from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from base.hints import shortened
from sounds import audio
from sounds.levelling import LEVEL, PEAK, gain_to_level, levelled, peak_level, speech_level
from sounds.model import sayable
from sounds.programs import on_all_cores
from sounds.shipped import FOLDER, ShippedClip, decode, read_index

SPEECH, MUSIC = "4", "6"
"""The quality of Ogg Vorbis, -1 to 10: 4 is about 30 kbit/s of speech."""

_NEAR = 0.8
"""dB by which a decoded clip may differ from the level; the rules allow 1."""

_ROUNDS = 12


class PackFailed(Exception):
    """A rendering cannot reach the level without exceeding the highest peak. The message has its words."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A clip, and its measurements after decoding, narrow and wide, in dBFS."""

    clip: ShippedClip
    levels: tuple[float, float]
    peaks: tuple[float, float]


async def pack(
    language: str, renderings: Path, entries: Mapping[str, str], *, keep: Collection[str] = (), into: Path = FOLDER
) -> None:
    """Make the clips of a language and their index from `entries`: words → file in `renderings`, any rate.

    `renderings` is absolute. Afterwards the index and the folder hold these clips, the earlier ones for words in
    `keep`, and no others. Raises `PackFailed`, `Inaudible`, `Unsayable`, `MissingProgram`, `ProgramFailed`; then
    nothing has changed.
    """
    named = {sayable(words): renderings / file for words, file in entries.items()}
    index = into / language / "clips.json"
    folder = index.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    packed: list[ShippedClip] = []
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".packing-") as beside:

        async def work(words: str) -> None:
            name = hashlib.sha256(words.encode()).hexdigest()[:16]
            made = await _pack(words, await _speech(named[words]), Path(beside, f"{name}.ogg"), SPEECH)
            packed.append(made.clip)

        await on_all_cores(named, work)
        for clip in packed:
            os.replace(clip.file, folder / clip.file.name)
    before = read_index(index, folder) if index.exists() else []
    kept = [clip for clip in before if clip.words in keep and clip.words not in named]
    clips = sorted([*kept, *packed], key=lambda clip: clip.words)
    _write_index(index, clips)
    names = {clip.file.name for clip in clips}
    for file in folder.glob("*.ogg"):
        if file.name not in names:
            file.unlink()


async def pack_music(pieces: Mapping[str, Path], *, into: Path = FOLDER / "music") -> list[Packed]:
    """Make the hold music from `pieces`: name → absolute path. Errors as in `pack`."""
    packed = [await _pack(name, await _music(pieces[name]), into / f"{name}.ogg", MUSIC) for name in sorted(pieces)]
    _write_index(into / "pieces.json", [each.clip for each in packed])
    return packed


def _write_index(index: Path, clips: Iterable[ShippedClip]) -> None:
    """One clip a line, so that a changed clip changes one line."""
    lines = [json.dumps({**asdict(clip), "file": clip.file.name}, ensure_ascii=False) for clip in clips]
    unfinished = index.with_suffix(".unfinished")
    unfinished.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    os.replace(unfinished, index)


async def _speech(source: Path) -> "array[int]":
    try:
        _, whole = await audio.speech(source)
    except audio.Inaudible as problem:
        raise audio.Inaudible(f"{source}: {problem}") from problem
    return whole


async def _music(source: Path) -> "array[int]":
    with tempfile.TemporaryDirectory(prefix="wutong-pack-") as folder:
        samples = await audio.wideband(source, Path(folder, "wide.raw"))
    return samples[: len(samples) // 2 * 2]


async def _pack(words: str, samples: "array[int]", target: Path, quality: str) -> Packed:
    """Lower the highest peak before encoding until the decoded audio, at both rates, keeps the rules."""
    with tempfile.TemporaryDirectory(prefix="wutong-pack-") as folder:
        raw, encoded = Path(folder, "wide.raw"), Path(folder, target.name)
        ceiling = PEAK
        for _ in range(_ROUNDS):
            whole = await asyncio.to_thread(levelled, samples, audio.WIDE_RATE, peak=ceiling)
            await asyncio.to_thread(raw.write_bytes, whole.tobytes())
            await audio.sox(["-r", str(audio.WIDE_RATE), *audio.RAW, str(raw), "-C", quality, str(encoded)])
            digest = hashlib.sha256(await asyncio.to_thread(encoded.read_bytes)).hexdigest()
            clip = ShippedClip(words, encoded, digest, len(whole), 1.0)
            made, narrow = await _measured(clip)
            # The telephone's band gets its own volume, as far as its peaks allow.
            gain = await asyncio.to_thread(gain_to_level, narrow, audio.RATE)
            gain = min(gain, PEAK - made.peaks[0] - 0.01)
            made, _ = await _measured(replace(clip, volume=round(10 ** (gain / 20), 4)))
            over = max(made.peaks) - PEAK
            short = LEVEL - made.levels[0]
            if over <= 0 and max(abs(LEVEL - level) for level in made.levels) <= _NEAR:
                await asyncio.to_thread(shutil.copyfile, encoded, target)
                return replace(made, clip=replace(made.clip, file=target))
            ceiling -= max(0.3, over, short - _NEAR)
        raise PackFailed(f"{shortened(words)!r} cannot be levelled: {made}")


async def _measured(clip: ShippedClip) -> tuple[Packed, "array[int]"]:
    """Measurements of the decoded clip, and the samples of its telephone band."""
    [(narrow, whole)] = await decode([clip])
    levels = speech_level(narrow, audio.RATE), speech_level(whole, audio.WIDE_RATE)
    return Packed(clip, levels, (peak_level(narrow), peak_level(whole))), narrow
