"""Programs that make sound: started without a shell, limited in time, ended together with their children."""

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Sequence

_KEPT = 2000
"""Bytes that are kept of the end of a program's error output."""


class MissingProgram(Exception):
    """A program is not installed. The message names the package or the setting."""

    def __init__(self, program: str, remedy: str) -> None:
        self.program = program
        super().__init__(f"{program} is not installed: {remedy}")


class ProgramFailed(Exception):
    """A program failed or took too long."""

    def __init__(self, program: str, why: str) -> None:
        self.program = program
        super().__init__(f"{program} {why}")


async def run(arguments: Sequence[str], *, words: str = "", seconds: float, remedy: str) -> None:
    """Run a program with `words` on its standard input until it succeeds.

    Raises `MissingProgram` (`remedy` tells what to install or change), `ProgramFailed` when it does not end with
    status 0 within `seconds`. When this is cancelled the program is killed.
    """
    program = arguments[0]
    if shutil.which(program) is None:
        raise MissingProgram(program, remedy)
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # its own group: its children are killed with it
        )
    except OSError as problem:
        raise ProgramFailed(program, f"cannot be started: {problem.strerror}") from problem
    try:
        async with asyncio.timeout(seconds):
            complaint = await _talk(process, words.encode())
            status = await process.wait()
    except TimeoutError:
        raise ProgramFailed(program, f"took longer than {seconds:g} seconds") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if status != 0:
        raise ProgramFailed(program, f"ended with status {status}: {complaint or 'it gave no reason'}")


async def _talk(process: asyncio.subprocess.Process, data: bytes) -> str:
    assert process.stdin is not None
    assert process.stderr is not None
    # A program may leave its input unread: only its status counts.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()
    complaint = b""
    while chunk := await process.stderr.read(4096):
        complaint = (complaint + chunk)[-_KEPT:]
    return " ".join(complaint.decode(errors="replace").split())
