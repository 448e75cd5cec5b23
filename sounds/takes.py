"""Takes: audio that somebody recorded or sent, before it becomes a recording. Whatever it holds may be hostile.

`examine` has it decoded, judged and levelled by a program of its own, `python -m sounds.takes`, at the least priority
and with limits of memory, file size and time. sox inherits them. The recording is what sox has made of the take; the
take itself is never kept.
"""

import asyncio
import json
import resource
import sys
import wave
from array import array
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from base.own_program import give_way, limit
from sentences.sentence import Sentence
from sounds import audio
from sounds.audio import Inaudible
from sounds.levelling import clipped, speech_level
from sounds.model import NoSound
from sounds.programs import MissingProgram, ProgramFailed, answer_of

LARGEST = 8 * 1024 * 1024
"""Bytes of a take. A connection has 10 s to send them."""

LONGEST = 120
"""Seconds of a take."""

RATE = 24_000
"""Samples a second of a recording that was made of a take: more than any telephone carries."""

RECORDING, CLIP = "recording.wav", "clip.wav"
"""What `examine` makes: a file for the hotline's folder, and what calls hear (with its wideband version)."""

_SHORTEST = 0.2
"""Seconds of speech: less is a click."""

_QUIETEST = -50.0
"""dBFS, of the active speech. A muted microphone gives less, and levelling would bring up its noise."""

_CLIPPED = 0.0005
"""The share of samples in flat tops from which on it is heard."""

_FORMS = {b"RIFF": "wav", b"fLaC": "flac", b"OggS": "ogg", b"ID3": "mp3"}
"""How a file begins → its format as sox calls it. sox itself guesses nothing: it would follow playlists, too."""

_MP3 = (0xFF, 0xE0)
"""An MP3 without a title begins with 11 bits that are set."""

_HEADROOM = ["gain", "-3"]
"""Another rate makes a full-scale signal overshoot."""

_WITHIN = 60.0
_MEMORY = 1024**3
_FILE = 64 * 1024**2
_CPU = 60


class Fault(StrEnum):
    """Why a take does not do."""

    UNREADABLE = "unreadable"
    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"
    SILENT = "silent"
    CLIPPED = "clipped"


_EXAMINATION = Sentence("the examination of a recording")

WORDS = {
    Fault.UNREADABLE: Sentence(
        "It cannot be read as WAV, FLAC, Ogg Vorbis or MP3 (which needs the package libsox-fmt-mp3)."
    ),
    Fault.TOO_LONG: Sentence("It is longer than {seconds} s: divide the text.", seconds=LONGEST),
    Fault.TOO_SHORT: Sentence("It is over before anything can be understood: record it again."),
    Fault.SILENT: Sentence(
        "Nothing can be heard in it: look at the microphone and its mute switch, and record it again."
    ),
    Fault.CLIPPED: Sentence(
        "It is too loud and crackles: move away from the microphone or turn it down, and record it again."
    ),
}


class BadTake(NoSound):
    """The take does not do. The message says why, and what to do."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(WORDS[fault])


@dataclass(frozen=True, slots=True)
class Take:
    """A good take. `recording`: for the hotline's folder. `clip`: levelled, with its wideband version beside it.
    `seconds`: of the clip.
    """

    recording: Path
    clip: Path
    seconds: float


def form_of(beginning: bytes) -> str | None:
    """The format of a file that begins so, as sox calls it; None: none that is taken."""
    for mark, form in _FORMS.items():
        if beginning.startswith(mark):
            return form if form != "wav" or beginning[8:12] == b"WAVE" else None
    first, second = _MP3
    return "mp3" if len(beginning) > 1 and beginning[0] == first and beginning[1] & second == second else None


async def examine(source: Path, folder: Path) -> Take:
    """Make a recording and its clip in `folder`, which is empty and nobody else's.

    Raises `BadTake`, and `ProgramFailed` if that cannot be done.
    """
    found = await answer_of("sounds.takes", str(source), str(folder), name=_EXAMINATION, seconds=_WITHIN)
    if "failure" in found:
        raise ProgramFailed(_EXAMINATION, Sentence("failed: {why}", why=found["failure"]))
    if "fault" in found:
        raise BadTake(Fault(found["fault"]))
    return Take(folder / RECORDING, folder / CLIP, found["seconds"])


async def judge(source: Path, folder: Path) -> float:
    """What the program does. Answers the seconds of the clip. Raises `BadTake`, `MissingProgram`, `ProgramFailed`."""
    with source.open("rb") as file:
        form = form_of(file.read(12))
    if form is None:
        raise BadTake(Fault.UNREADABLE)
    native, recording, clip = folder / "native.wav", folder / RECORDING, folder / CLIP
    plain = ["-t", "wavpcm", "-b", "16", "-e", "signed-integer"]
    await _decoded(["-t", form, str(source), *plain, str(native), "trim", "0", str(LONGEST + 1)])
    seconds, loudest = _native(native)
    if seconds > LONGEST:
        raise BadTake(Fault.TOO_LONG)
    if seconds < _SHORTEST:
        raise BadTake(Fault.TOO_SHORT)
    if loudest > _CLIPPED:
        raise BadTake(Fault.CLIPPED)
    mono = ["remix", "-", "rate", "-h", str(RATE)]
    await _decoded(["-t", "wav", str(native), *plain, str(recording), *_HEADROOM, *mono])
    native.unlink()
    with wave.open(str(recording), "rb") as made:
        if speech_level(array("h", made.readframes(made.getnframes())), RATE) < _QUIETEST:
            raise BadTake(Fault.SILENT)
    try:
        await audio.level(recording, clip)
    except Inaudible:
        raise BadTake(Fault.SILENT) from None
    length = audio.length(clip)
    if length < _SHORTEST:
        raise BadTake(Fault.TOO_SHORT)
    return round(length, 3)


async def _decoded(arguments: list[str]) -> None:
    """Whatever sox does with a hostile file, its end included, says that the file cannot be read."""
    try:
        await audio.sox(arguments)
    except MissingProgram:
        raise
    except ProgramFailed:
        raise BadTake(Fault.UNREADABLE) from None


def _native(file: Path) -> tuple[float, float]:
    """The seconds of what sox decoded, and the largest share of flat tops of its channels."""
    try:
        with wave.open(str(file), "rb") as made:
            channels, rate, frames = made.getnchannels(), made.getframerate(), made.getnframes()
            samples = array("h", made.readframes(frames))
    except (wave.Error, EOFError, ValueError):  # as with a hundred channels
        raise BadTake(Fault.UNREADABLE) from None
    return len(samples) / channels / rate, max(clipped(samples[channel::channels]) for channel in range(channels))


def main(source: str, folder: str) -> None:
    """Prints JSON: `seconds`, or the `fault` of the take, or the `failure` of the programs."""
    give_way()
    limit(
        {
            resource.RLIMIT_AS: _MEMORY,
            resource.RLIMIT_FSIZE: _FILE,
            resource.RLIMIT_CPU: _CPU,
            resource.RLIMIT_CORE: 0,
        }
    )  # of sox, too
    try:
        said: dict[str, object] = {"seconds": asyncio.run(judge(Path(source), Path(folder)))}
    except BadTake as bad:
        said = {"fault": bad.fault}
    except (NoSound, OSError, MemoryError) as failure:
        said = {"failure": str(failure) or type(failure).__name__}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
