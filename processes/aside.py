"""Work in a program of its own, at the least priority: a thread would share the interpreter with the calls, and could
not be ended.

`aside` starts `python -m processes.aside`. It reads a function and what that gets, as the service pickled them, and
writes what came of it.
"""

import asyncio
import pickle
import sys
from collections.abc import Callable
from typing import TypeVar

import structlog

from base import own_program
from base.failure import NotDone
from base.folders import CHECKOUT
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.programs import end, start, write

log = structlog.get_logger(__name__)

PROGRAM = (sys.executable, "-P", "-m", "processes.aside")

MEMORY = 1024**3
"""Bytes of address space."""

Given = TypeVar("Given")
Made = TypeVar("Made")


async def aside(function: Callable[[Given], Made], given: Given, within: float) -> Made:
    """What the function makes of it, within so many seconds. Raises NotDone, as the function may. When this is
    cancelled, the program is ended.
    """
    try:
        process = await start(
            *PROGRAM,
            cwd=CHECKOUT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise NotDone("a program cannot be started: {why}", why=recognised(error.strerror or str(error))) from error
    try:
        async with asyncio.timeout(within):
            await write(process, pickle.dumps((function, given)))
            assert process.stdin is not None
            process.stdin.close()
            output, complaint = await process.communicate()
    except TimeoutError:
        raise NotDone("It took longer than {seconds:.0f} s.", seconds=within) from None
    finally:
        await end(process)
    if process.returncode != 0 or not output:
        why = complaint.decode(errors="replace")[-2000:]
        log.error("aside-failed", what=function.__qualname__, status=process.returncode, why=why)
        raise NotDone(Sentence("The program that was to do it failed; the log says why."))
    made: Made | NotDone = pickle.loads(output)  # noqa: S301 - our program wrote it
    if isinstance(made, NotDone):
        raise made
    return made


def main() -> None:
    """Raises `NotOurProgram`: it limits the process."""
    own_program.confine("processes.aside", MEMORY)
    function, given = pickle.load(sys.stdin.buffer)  # noqa: S301 - the service wrote it
    try:
        made = function(given)
    except NotDone as error:
        made = error
    sys.stdout.buffer.write(pickle.dumps(made))


if __name__ == "__main__":
    main()
