"""`./wutong` as a person uses it, on a state folder of its own: processes that are really there, and can be killed."""

import asyncio
import os
import shlex
import ssl
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from base.folders import CHECKOUT, StateFolder
from base.process import Process
from doctor.status import look
from lab.patience import PATIENCE, patience, until
from lab.ports import free_base
from settings import secrets

NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Whom clients of plain HTTP trust: to read all authorities of the machine takes 20 ms of a processor."""


class Wutong:
    """The command line on one state folder."""

    def __init__(
        self, state: Path, hotline: Path, *, separate_users: bool = False, within: tuple[str, ...] = ()
    ) -> None:
        """`separate_users`: as root, what is tested gives up root, as it does for everybody but most tests. `within`:
        what to put before each command, as to run it elsewhere. Nothing is fetched beside it: a test that wants that
        says so in `variables`.
        """
        self._within = within
        self.variables = {"PYTHONPATH": str(CHECKOUT), "WUTONG_SEPARATE_USERS": str(separate_users).lower()}
        self.variables["WUTONG_VOICES__FETCH"] = "false"
        self.folder = StateFolder(state)
        self.base = free_base()
        self.options = ["--hotline", str(hotline), "--ports", str(self.base)]

    async def start(self, command: str, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(*self._within, sys.executable, "-P", "-m", "service", *command.split()),
            *("--state", str(self.folder.root), *arguments),
            env={**os.environ, **self.variables},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def run(self, command: str, *arguments: str) -> tuple[int, str]:
        """Exit status and all that was printed."""
        process = await self.start(command, *arguments)
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def run_in(self, group: str, command: str, *arguments: str, typed: str = "") -> tuple[int, str]:
        """`./wutong GROUP COMMAND`, with `typed` as its input: exit status and all that was printed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "service", group, command, "--state", str(self.folder.root), *arguments),
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate(typed.encode())
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def up(self) -> None:
        status, output = await self.run("up", *self.options, "--detach")
        assert status == 0, output

    async def up_here(self) -> asyncio.subprocess.Process:
        """`up` without --detach, once all is up."""
        up = await self.start("up", *self.options)
        await told(up, "./wutong down")
        return up

    async def status(self) -> dict[str, Any]:
        """What `./wutong status --json` prints, found in this process: a program takes half a second to start."""
        return asdict(look(self.folder))

    async def get(self, path: str) -> Any:
        """What is said at `path`, below /api/v1 unless it begins with a slash."""
        return await self._ask("GET", path)

    async def text(self, path: str) -> str:
        """The same where it is not JSON."""
        return (await self._asked("GET", path)).text

    async def put(self, path: str, body: object) -> Any:
        return await self._ask("PUT", path, json=body)

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        return (await self._asked(method, path, **more)).json()

    async def _asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        token = secrets.obtain(self.folder).token.get_secret_value()
        url = f"http://127.0.0.1:{self.base}{path if path.startswith('/') else f'/api/v1/{path}'}"
        async with httpx.AsyncClient(timeout=PATIENCE, verify=NOBODY) as http:
            return await http.request(method, url, headers={"Authorization": f"Bearer {token}"}, **more)

    async def next_service(self, before: int) -> int:
        """Wait until another service than process `before` takes calls; its process id."""
        found = await until(
            f"a service after process {before} that takes calls",
            self.status,
            lambda found: found["pid"] not in (None, before) and found["ready"],
        )
        pid: int = found["pid"]
        return pid

    def password(self, agent_id: str) -> str:
        """Of the agent's phone."""
        return secrets.obtain(self.folder).agents[agent_id].get_secret_value()

    async def processes(self) -> list[Process]:
        """Supervisor, service, Asterisk: those that live."""
        found = await self.status()
        pids = [found[name] for name in ("supervisor_pid", "pid", "asterisk_pid") if found[name] is not None]
        return [process for pid in pids if (process := Process.of(pid)) is not None]


async def told(up: asyncio.subprocess.Process, words: str) -> None:
    """Wait until `up` prints a line with these words."""
    assert up.stdout is not None
    async with patience(f"a line of `up` with {words!r}"):
        while words not in (line := (await up.stdout.readline()).decode()):
            assert line, "it ended"


async def typed(line: str, folder: Path = CHECKOUT, **more: Any) -> tuple[int, str, str]:
    """A line of the shell, in that folder: exit status, and what it printed to its output and for people."""
    process = await asyncio.create_subprocess_exec(
        *shlex.split(line),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        **more,
    )
    output, complaints = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), complaints.decode()
