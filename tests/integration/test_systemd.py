"""Both units' programs as systemd runs them: what they tell, and that a service which hangs misses its beats."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from base.folders import CHECKOUT, StateFolder
from base.process import Process
from lab.kept_sounds import share_sounds
from lab.patience import PATIENCE, patience
from lab.ports import free_base
from processes import running
from processes.asterisk import AsteriskProcess
from tests.integration.machine import installed

WUTONG = str(CHECKOUT / "wutong")

PERIOD = 1.0
"""Seconds of the watchdog here."""


class Manager:
    """systemd as a program sees it: a socket, and the process that it started."""

    def __init__(self, folder: Path, name: str) -> None:
        self.address = folder / f"{name}.notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.address))
        self._socket.setblocking(False)
        self._told: asyncio.Queue[list[str]] = asyncio.Queue()
        self.program: asyncio.subprocess.Process

    @asynccontextmanager
    async def runs(self, *command: str, **environment: str) -> AsyncIterator["Manager"]:
        """Run the command as a unit would."""
        self.program = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), "NOTIFY_SOCKET": str(self.address), **environment},
            stdin=asyncio.subprocess.DEVNULL,
        )
        loop = asyncio.get_running_loop()
        loop.add_reader(self._socket, self._read)  # as systemd does: a queue that nobody reads holds 10
        try:
            yield self
        finally:
            if self.program.returncode is None:
                self.program.kill()
            await self.program.wait()
            loop.remove_reader(self._socket)
            self._socket.close()

    def _read(self) -> None:
        self._told.put_nowait(self._socket.recv(4096).decode().split("\n"))

    async def told(self, within: float = PATIENCE) -> list[str]:
        """The lines of the next datagram."""
        async with patience("a datagram to systemd", within):
            return await self._told.get()

    async def until(self, line: str) -> list[str]:
        """Lines, up to that one."""
        seen: list[str] = []
        while line not in seen:
            seen += await self.told()
        return seen

    def forget(self) -> None:
        """What has come so far."""
        while not self._told.empty():
            self._told.get_nowait()


async def test_a_hotline_under_systemd(tmp_path: Path, hotline_folder: Path, sounds: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    share_sounds(folder, sounds)
    asterisk, service = Manager(tmp_path, "asterisk"), Manager(tmp_path, "service")
    serve = (WUTONG, "serve", "--state", str(folder.root), "--hotline", str(hotline_folder))
    async with AsyncExitStack() as units:
        # in any order: Asterisk waits for the configuration, the service for Asterisk
        await units.enter_async_context(
            asterisk.runs(sys.executable, "-P", "-m", "dialplan.foreground", str(folder.asterisk))
        )
        await units.enter_async_context(
            service.runs(
                *(*serve, "--ports", str(free_base())),
                WATCHDOG_USEC=str(int(PERIOD * 1_000_000)),
                WUTONG_SEPARATE_USERS="false",
            )
        )
        assert await service.told() == ["WATCHDOG=1", "STATUS=starting"]
        assert "READY=1" in await asterisk.until("READY=1")
        assert AsteriskProcess(installed(), folder.asterisk).running() == asterisk.program.pid
        seen = await service.until("READY=1")
        assert "STATUS=takes calls, 0 calls live" in seen
        assert await service.until("WATCHDOG=1")

        # one that hangs misses its beats, however long it is waited for
        service.program.send_signal(signal.SIGSTOP)
        await asyncio.to_thread(os.waitid, os.P_PID, service.program.pid, os.WSTOPPED | os.WNOWAIT)
        await asyncio.sleep(0)  # what it sent before is read
        service.forget()
        try:
            late = await service.told(within=2 * PERIOD)
        except TimeoutError:
            late = []
        assert late == []
        service.program.send_signal(signal.SIGCONT)
        assert "WATCHDOG=1" in await service.until("WATCHDOG=1")

        # and in order
        service.program.terminate()
        assert "STATUS=stopping" in await service.until("STOPPING=1")
        assert await service.program.wait() == 0
        assert Process.of(asterisk.program.pid) is not None  # with all its calls
        asterisk.program.terminate()
        async with patience("the end of Asterisk"):
            await asterisk.program.wait()
    shutil.rmtree(folder.asterisk, ignore_errors=True)


async def test_up_tells_that_it_is_ready_and_that_it_stops_and_nobody_tells_it_for_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    folder = StateFolder(tmp_path / "state")
    share_sounds(folder, sounds)
    up = (WUTONG, "up", "--state", str(folder.root), "--hotline", str(hotline_folder), "--ports", str(free_base()))
    async with Manager(tmp_path, "up").runs(*up, WATCHDOG_USEC="20000000", WUTONG_SEPARATE_USERS="false") as manager:
        assert await manager.told() == ["READY=1", "STATUS=up"]
        service = running.service(folder)
        assert service is not None
        assert service.ready
        manager.program.terminate()
        # of the service and Asterisk, which were started with no socket to tell it, there is nothing in between
        assert await manager.told() == ["STOPPING=1", "STATUS=stopping"]
        assert await manager.program.wait() == 0
    shutil.rmtree(folder.asterisk, ignore_errors=True)
