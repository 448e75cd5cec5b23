"""A talk as Asterisk has recorded it: its pieces become one FLAC file, the caller left and the agent right.

Asterisk may be another user. Whoever breaks into it may leave a link or a pipe where a piece should be. So files are
opened here, and only plain ones.
"""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from base.files import plain
from sentences.sentence import Sentence
from sounds.programs import MissingProgram, ProgramFailed, end, last_words, start

RATE = 8_000

SECONDS = 300.0
"""For a talk of eight hours it takes 30."""

RAW = ("-t", "raw", "-r", str(RATE), "-e", "signed-integer", "-b", "16", "-c", "1")
"""What MixMonitor writes."""


class Part(NamedTuple):
    """A file of one side: the agent's, with whoever else talks on that side, or the caller's. `begins`: seconds."""

    file: Path
    agent: bool
    begins: float


async def packed(parts: Sequence[Part], seconds: float, memory: BinaryIO) -> None:
    """Write the FLAC file, as long as this, into an open file that is in memory: sox does not notice a full disk.
    Raises MissingProgram, ProgramFailed, OSError.
    """
    with ExitStack() as opened:
        numbers, inputs = [], []
        for part in parts:  # each is a program's output for sox: silence before the part, and on the other side
            numbers.append(opened.enter_context(await asyncio.to_thread(plain, part.file)).fileno())
            sides = "0 1" if part.agent else "1 0"
            effects = f"-t sox - remix {sides} pad {part.begins:.6f}"
            inputs += ["-t", "sox", "-v", "1", " ".join(("|sox -V1 -D", *RAW, f"/dev/fd/{numbers[-1]}", effects))]
        mixes = ("-m",) if len(parts) > 1 else ()
        try:
            process = await start(
                *("nice", "-n", "19", "sox", "-V1", "-D", *mixes, *inputs),
                *("-t", "flac", "-b", "16", f"/dev/fd/{memory.fileno()}"),
                *("pad", "0", f"{seconds:.6f}", "trim", "0", f"{seconds:.6f}"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=[*numbers, memory.fileno()],
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
