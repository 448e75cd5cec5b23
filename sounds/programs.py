"""Programs that make sound: started without a shell, limited in time, ended together with their children."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.model import NoSound

T = TypeVar("T")

_KEPT = 2000
"""Bytes that are kept of the end of a program's error output."""


class MissingProgram(NoSound):
    """A program is not installed. The message names the package or the setting."""

    def __init__(self, program: str, remedy: str) -> None:
        super().__init__(Sentence("{program} is not installed: {remedy}", program=program, remedy=remedy))


class ProgramFailed(NoSound):
    """A program failed or took too long."""

    def __init__(self, program: str, why: str) -> None:
        super().__init__(Sentence("{program} {why}", program=program, why=why))


async def start(*command: str, **how: Any) -> asyncio.subprocess.Process:
    """Start a program in a session of its own: a Ctrl-C goes to us only, and `end` finds its children. `how`: as
    `create_subprocess_exec` takes it. When this is cancelled the program is killed. Raises OSError.

    Python, cancelled while it starts a program, kills it without its children and waits for the ends of their pipes.
    So it is let finish first.
    """
    starting = asyncio.ensure_future(asyncio.create_subprocess_exec(*command, start_new_session=True, **how))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.shield(asyncio.ensure_future(_end_of(starting)))
        raise


async def _end_of(starting: asyncio.Future[asyncio.subprocess.Process]) -> None:
    with contextlib.suppress(OSError):
        await end(await starting)


async def run(arguments: Sequence[str], *, words: str = "", seconds: float, remedy: str) -> None:
    """Run a program with `words` on its standard input until it succeeds.

    Raises `MissingProgram` (`remedy` says what to install or change), `ProgramFailed` when it does not end with
    status 0 within `seconds`. When this is cancelled the program is killed.
    """
    program = arguments[0]
    if shutil.which(program) is None:
        raise MissingProgram(program, remedy)
    try:
        process = await start(
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as problem:
        raise ProgramFailed(
            program, Sentence("cannot be started: {why}", why=recognised(problem.strerror))
        ) from problem
    try:
        async with asyncio.timeout(seconds):
            await write(process, words.encode())
            assert process.stdin is not None
            process.stdin.close()
            complaint = await last_words(process)
            status = await process.wait()
    except TimeoutError:
        raise ProgramFailed(program, Sentence("took longer than {seconds:g} seconds", seconds=seconds)) from None
    finally:
        await end(process)
    if status != 0:
        raise ProgramFailed(program, Sentence("ended with status {status}: {why}", status=status, why=complaint))


async def answer_of(module: str, *arguments: str, name: str, seconds: float) -> dict[str, Any]:
    """What a program of ours, `python -m module`, prints as JSON. It gets no secret of the environment. `name`: for
    people. Raises ProgramFailed, OSError.
    """
    process = await start(
        *(sys.executable, "-P", "-m", module, *arguments),
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds):
            output, complaint = await process.communicate()
    except TimeoutError:
        raise ProgramFailed(name, Sentence("took longer than {seconds:g} seconds", seconds=seconds)) from None
    finally:
        await end(process)
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        why = complaint.decode(errors="replace").split("\n")[-2:]
        raise ProgramFailed(name, Sentence("failed: {why}", why=" ".join(why).strip())) from None
    return answer


async def write(process: asyncio.subprocess.Process, data: bytes) -> None:
    """Write to its standard input, which it may leave unread: only its status or its answer counts."""
    assert process.stdin is not None
    # RuntimeError: so uvloop, the loop of the service, refuses to write to a program that has ended
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, RuntimeError):
        process.stdin.write(data)
        await process.stdin.drain()


async def last_words(process: asyncio.subprocess.Process) -> str:
    """Read its standard error until that ends, so that a full pipe never blocks it. Gives the end, on one line."""
    assert process.stderr is not None
    complaint = b""
    while chunk := await process.stderr.read(4096):
        complaint = (complaint + chunk)[-_KEPT:]
    return " ".join(complaint.decode(errors="replace").split()) or Sentence("it gave no reason")


async def end(process: asyncio.subprocess.Process) -> None:
    """Kill it, if it still runs, and with it its children. It must have been started with `start_new_session`."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    unread = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    await asyncio.gather(process.wait(), *map(_drained, unread))


async def _drained(stream: asyncio.StreamReader) -> None:
    """Read what nobody wants any more. Of a pipe with much in it asyncio sees no end, and so none of the program's."""
    with contextlib.suppress(RuntimeError):  # somebody else reads it
        while await stream.read(65_536):
            pass


async def on_all_cores(items: Iterable[T], work: Callable[[T], Awaitable[None]]) -> None:
    """Do the work for each item, as many at once as there are processors. The first failure ends the rest."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in os.sched_getaffinity(0):
                group.create_task(worker())
    except* Exception as failures:
        raise failures.exceptions[0] from None
