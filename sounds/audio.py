"""Levelling: turns any audio into what telephones carry, at two rates, all equally loud."""

import asyncio
import os
import tempfile
import wave
from array import array
from collections.abc import Sequence
from pathlib import Path

from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.levelling import cut, levelled, shorter, silent_ends
from sounds.model import NoSound
from sounds.programs import ProgramFailed, run

RECIPE = "2"
"""Change it whenever `level` would give other audio: it is in the name of every clip."""

RATE = 8000
"""Samples a second of a clip."""

WIDE_RATE = 16000
"""Samples a second of a clip's wideband version. Asterisk plays that where the channel has a codec for it."""

WIDEBAND = ["highpass", "50", "sinc", "-7000"]
TELEPHONE_BAND = ["rate", "-h", str(RATE), "sinc", "200", "sinc", "-3400"]  # "sinc 200-3400" turns the wave upside down
HEADROOM = ["gain", "-6"]
"""A full-scale signal overshoots in the filter."""

RAW = ["-t", "raw", "-b", "16", "-e", "signed-integer", "-L", "-c", "1"]

_SECONDS = 120.0
_SHORTEST = 0.05


class Inaudible(NoSound):
    """The audio is silent."""


def wide(clip: Path) -> Path:
    """The path of a clip's wideband version, beside it."""
    return clip.with_suffix(".wav16")


async def level(source: Path, target: Path) -> None:
    """Write `source`, anything that sox reads, as a clip: 8,000 samples a second, and 16,000 beside it (see `wide`).

    Both are .wav with 16 bits and one channel, at `levelling.LEVEL`, without silence at the ends. Both paths must be
    absolute, so that sox takes neither for an option, an address or a command. Raises `MissingProgram`,
    `ProgramFailed`, `Inaudible`.
    """
    assert source.is_absolute()
    assert target.is_absolute()
    narrow, whole = await speech(source)
    await asyncio.to_thread(lambda: put(target, levelled(narrow, RATE), levelled(whole, WIDE_RATE)))


async def speech(source: Path) -> tuple["array[int]", "array[int]"]:
    """The speech in `source`, with short ends, not levelled yet: in the telephone's band, and in wideband.

    Raises `MissingProgram`, `ProgramFailed`, `Inaudible`.
    """
    with tempfile.TemporaryDirectory(prefix="wutong-level-") as folder:
        raw, band = Path(folder, "wide.raw"), Path(folder, "band.raw")
        whole = await asyncio.to_thread(cut, await wideband(source, raw), WIDE_RATE)
        if len(whole) < _SHORTEST * WIDE_RATE:
            raise Inaudible(Sentence("there is nothing to be heard in it"))
        await asyncio.to_thread(raw.write_bytes, whole.tobytes())
        await sox(["-r", str(WIDE_RATE), *RAW, str(raw), *RAW, str(band), *HEADROOM, *TELEPHONE_BAND])
        narrow = await asyncio.to_thread(read_raw, band)
    # The telephone does not carry a long s or a hum. Its silent ends must be short too, so cut both by those.
    ends = silent_ends(narrow, RATE)
    return shorter(narrow, RATE, *ends), shorter(whole, WIDE_RATE, *ends)


async def wideband(source: Path, raw: Path) -> "array[int]":
    """The samples of a file, 16,000 a second, filtered to `WIDEBAND`, softer by `HEADROOM`; also written to `raw`."""
    to_wide = [*HEADROOM, "remix", "-", "rate", "-h", str(WIDE_RATE), *WIDEBAND]
    await sox([str(source), *RAW, str(raw), *to_wide])
    return await asyncio.to_thread(read_raw, raw)


async def sox(arguments: Sequence[str]) -> None:
    """Run sox with these arguments. Raises `MissingProgram`, `ProgramFailed`."""
    await run(["sox", "-D", "-R", "-V1", *arguments], seconds=_SECONDS, remedy=Sentence("install the package sox"))


def read_raw(file: Path) -> "array[int]":
    """The samples of a file that sox wrote as `RAW`."""
    return array("h", file.read_bytes())


def put(clip: Path, narrow: "array[int]", whole: "array[int]") -> None:
    """Write a clip and its wideband version. The clip comes last: it says that both are there."""
    write(wide(clip), whole, WIDE_RATE)
    write(clip, narrow, RATE)


def write(file: Path, samples: "array[int]", rate: int) -> None:
    """A .wav of these samples, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with wave.open(str(unfinished), "wb") as audio:
            audio.setnchannels(1)
            audio.setsampwidth(2)
            audio.setframerate(rate)
            audio.writeframes(samples.tobytes())
        os.replace(unfinished, file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def read(file: Path) -> "array[int]":
    """The samples of a clip, or of its wideband version. Raises `ProgramFailed` if it is neither."""
    try:
        with wave.open(str(file), "rb") as audio:
            form = (audio.getframerate(), audio.getnchannels(), audio.getsampwidth())
            data = audio.readframes(audio.getnframes())
    except (OSError, EOFError, wave.Error) as problem:
        raise ProgramFailed(
            "sox", Sentence("wrote no audio to {file}: {why}", file=file, why=recognised(problem))
        ) from problem
    wanted = (WIDE_RATE if file.suffix == ".wav16" else RATE, 1, 2)
    if form != wanted:
        raise ProgramFailed(
            "sox",
            Sentence(
                "wrote {form} (rate, channels, bytes) to {file}, not {wanted}", form=form, file=file, wanted=wanted
            ),
        )
    return array("h", data)


def length(file: Path) -> float:
    """The seconds of a clip, or of its wideband version. Raises `ProgramFailed` if it is neither."""
    return len(read(file)) / (WIDE_RATE if file.suffix == ".wav16" else RATE)
