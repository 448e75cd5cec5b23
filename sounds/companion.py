"""Runs our voice or recogniser: a program in its own environment that answers lines of JSON with lines of JSON."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Mapping
from typing import Any

from sounds.environment import Environment

_COMPLAINT_BYTES = 2_000
"""Bytes that are kept of the end of its standard error."""


class CompanionFailed(Exception):
    """The program gave no answer and was ended. The message says why, such as "it ended with status 1: …"."""


class Companion:
    """The program, once it is started. One request at a time: wait for the answer before the next.

    module  what `python -m` runs, such as "sounds.speaker"
    limit   bytes of its longest answer
    """

    def __init__(self, environment: Environment, module: str, *, limit: int) -> None:
        self._environment = environment
        self._module = module
        self._limit = limit
        self._program: asyncio.subprocess.Process | None = None
        self._complaint = b""
        self._listening: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and has not been ended since, by `close` or after a failure."""
        return self._program is not None

    async def start(self, seconds: float) -> Mapping[str, Any]:
        """Start it; answers its first line, which must come within `seconds`. Raises `CompanionFailed`."""
        command, variables = self._environment.command(self._module)
        try:
            self._program = await asyncio.create_subprocess_exec(
                *command,
                env=variables,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,  # a Ctrl-C goes to us only: we end the program
                limit=self._limit,
            )
        except OSError as problem:
            raise CompanionFailed(f"it cannot be started: {problem.strerror}") from problem
        self._complaint = b""
        self._listening = asyncio.create_task(self._listen(self._program))
        return await self._answered(None, seconds)

    async def ask(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """Its answer, which must come within `seconds`. Raises `CompanionFailed`.

        When this fails or is cancelled the program is ended: a late answer must not count for a later request.
        """
        return await self._answered(request, seconds)

    async def _answered(self, request: Mapping[str, Any] | None, seconds: float) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(seconds):
                answer = await self._exchange(request)
        except TimeoutError:
            why = f"it took longer than {seconds:g} seconds"
        except (ValueError, TypeError):
            why = "it gave an answer that is none"
        except BaseException:
            await self.close()
            raise
        else:
            if not isinstance(answer, str):
                return answer
            why = answer
        await self.close()
        said = " ".join(self._complaint.decode(errors="replace").split())
        raise CompanionFailed(f"{why}: {said or 'it gave no reason'}")

    async def _exchange(self, request: Mapping[str, Any] | None) -> dict[str, Any] | str:
        """The answer, or why there is none (the program has ended)."""
        assert self._program is not None, "it is not running"
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        if request is not None:
            # Send only ASCII: the program's locale may differ, and a file's name may not be UTF-8.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has ended, and has said why
                self._program.stdin.write(json.dumps(request).encode() + b"\n")
                await self._program.stdin.drain()
        if line := await self._program.stdout.readline():
            return dict(json.loads(line))
        return f"it ended with status {await self._program.wait()}"

    async def _listen(self, program: asyncio.subprocess.Process) -> None:
        """Read its standard error, so that a full pipe never blocks it."""
        assert program.stderr is not None
        while chunk := await program.stderr.read(4096):
            self._complaint = (self._complaint + chunk)[-_COMPLAINT_BYTES:]

    async def close(self) -> None:
        """End the program if it runs; it has no work that could be left half done."""
        program, self._program = self._program, None
        if program is None:
            return
        if program.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
        await program.wait()
        if self._listening is not None:
            await self._listening
            self._listening = None
