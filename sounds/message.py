"""A caller's message as Asterisk has recorded it: whether anything is to be heard in it; and its levelling.

Asterisk may be another user. Whoever breaks into it may leave a link or a pipe where the recording should be, or a file
of any size. The levelling is a program of its own, `python -m sounds.message`, at the least priority and with limits of
memory and time.
"""

import json
import math
import resource
import sys
from array import array
from operator import mul
from pathlib import Path

from base.files import plain
from base.own_program import give_way, limit
from sentences.sentence import Sentence
from sounds import audio
from sounds.audio import RATE
from sounds.levelling import FULL, levelled
from sounds.programs import answer_of

LONGEST = 600
"""Seconds of a message."""

LARGEST = (LONGEST + 10) * RATE * 2 + 4096
"""Bytes of its file."""

LOUD = -45.0
"""dBFS, the mean of a block: softer is the noise of a line."""

MOMENT = 0.1
"""Seconds of a block."""

BLOCKS = 3
"""So many blocks must be loud. A single one may be a knock, or the key that ended the recording."""

_HEAD = 4096
"""In so many bytes a .wav file names its samples."""

_WITHIN = 180.0
_MEMORY = 1024**3
_CPU = 120


def read(file: Path) -> "array[int]":
    """The samples, also of a recording that Asterisk could not end properly. Raises OSError."""
    with plain(file) as opened:
        sound = opened.read(LARGEST)
    begin = sound.find(b"data", 0, _HEAD)
    if not sound.startswith(b"RIFF") or begin < 0:
        raise OSError(Sentence("{file} is no recording", file=file))
    begin += len(b"data") + 4  # the length, which is not true of a recording that was broken off
    return array("h", sound[begin : begin + (len(sound) - begin) // 2 * 2])


def heard(samples: "array[int]") -> bool:
    """Whether somebody says something: in a few moments it is louder than a line's noise."""
    length, found = int(RATE * MOMENT), 0
    least = (FULL * 10 ** (LOUD / 20)) ** 2 * length
    for at in range(0, len(samples) - length + 1, length):
        block = samples[at : at + length]
        found += sum(map(mul, block, block)) >= least
        if found >= BLOCKS:
            return True
    return False


async def level(source: Path, target: Path) -> float | None:
    """Write the message to `target`, as loud as prompts are. Returns its seconds; None: nothing is to be heard in it,
    and nothing was written. Raises ProgramFailed, MissingProgram, OSError.
    """
    name = Sentence("the levelling of a message")
    said = await answer_of("sounds.message", str(source), str(target), name=name, seconds=_WITHIN)
    if "failure" in said:
        raise OSError(said["failure"])
    seconds: float | None = said["seconds"]
    return seconds


def copy(source: Path, target: Path) -> float | None:
    """The same without levelling. Raises OSError."""
    samples = read(source)
    if not heard(samples):
        return None
    audio.write(target, samples, RATE)
    return _seconds(samples)


def _seconds(samples: "array[int]") -> float:
    return math.ceil(len(samples) / RATE * 10) / 10


def main(source: str, target: str) -> None:
    """Prints JSON: `seconds`, null for silence; or the `failure` of the disk."""
    give_way()
    limit({resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_CPU: _CPU, resource.RLIMIT_CORE: 0})
    try:
        samples, seconds = read(Path(source)), None
        if heard(samples):
            seconds = _seconds(samples)
            audio.write(Path(target), levelled(samples, RATE), RATE)
        said: dict[str, object] = {"seconds": seconds}
    except OSError as failure:
        said = {"failure": str(failure)}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
