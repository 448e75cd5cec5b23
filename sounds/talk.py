"""A talk as Asterisk has recorded it: its pieces become one FLAC file, the caller left and the agent right.

Asterisk may be another user. Whoever breaks into it may leave a link or a pipe where a piece should be. So files are
opened here, and only plain ones.
"""

import asyncio
import hashlib
import os
import stat
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from sentences.sentence import Sentence
from sounds.programs import MissingProgram, ProgramFailed, end, last_words, start

RATE = 8_000

FRAME = 4
"""Bytes of a sample of both sides."""

SECONDS = 300.0
"""For a talk of eight hours it takes 30."""

RAW = ("-t", "raw", "-r", str(RATE), "-e", "signed-integer", "-b", "16", "-c", "2")
"""What MixMonitor writes with `D`: the agent's phone is the first side, what it hears the second."""


async def packed(pieces: Sequence[Path], target: Path, beside: Sequence[tuple[Path, float]] = ()) -> str:
    """Write the FLAC file, to the disk. Returns its SHA-256. `beside`: what third ones say, each from so many seconds
    on; it is heard with the agent. Raises MissingProgram, ProgramFailed, OSError.
    """
    with ExitStack() as opened:
        sources = [opened.enter_context(await asyncio.to_thread(_plain, piece)) for piece in pieces]
        thirds = [opened.enter_context(await asyncio.to_thread(_plain, piece)) for piece, _ in beside]
        numbers = [source.fileno() for source in (*sources, *thirds)]
        inputs = [word for source in sources for word in (*RAW, f"/dev/fd/{source.fileno()}")]
        effects = ["remix", "2", "1"]
        if thirds:  # each is a program's output for sox: the talk, and silence before and beside each third one
            talk = " ".join(("|sox -V1 -D", *inputs, "-t", "sox", "-"))
            samples = sum(os.fstat(source.fileno()).st_size for source in sources) // FRAME
            effects += ["trim", "0", f"{samples}s"]
            inputs = ["-m", "-v", "1", talk]
            for third, (_, begins) in zip(thirds, beside, strict=True):
                program = ("|sox -V1 -D", *RAW, f"/dev/fd/{third.fileno()}", "-t sox - remix 1 0 pad", f"{begins:.3f}")
                inputs += ["-v", "1", " ".join(program)]
        try:
            process = await start(
                *("nice", "-n", "19", "sox", "-V1", "-D", *inputs, "-t", "flac", str(target), *effects),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=numbers,
            )
        except FileNotFoundError as error:
            raise MissingProgram("nice", Sentence("install the package sox")) from error
        try:
            async with asyncio.timeout(SECONDS):
                complaint = await last_words(process)
                status = await process.wait()
        except TimeoutError:
            raise ProgramFailed("sox", Sentence("took longer than {seconds:g} seconds", seconds=SECONDS)) from None
        finally:
            await end(process)
    if status != 0:
        raise ProgramFailed("sox", Sentence("ended with status {status}: {why}", status=status, why=complaint))
    return await asyncio.to_thread(_digest, target)


def _plain(piece: Path) -> BinaryIO:
    opened = open(os.open(piece, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")  # noqa: SIM115 - the caller's
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise OSError(Sentence("{file} is not a file", file=piece))
    return opened


def _digest(file: Path) -> str:
    with file.open("rb") as written:
        os.fsync(written.fileno())
        return hashlib.file_digest(written, "sha256").hexdigest()
