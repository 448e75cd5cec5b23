"""A program in a terminal of its own: what it draws, keys for it, another size, and what it leaves behind."""

import asyncio
import fcntl
import os
import re
import struct
import termios
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from rich.cells import cell_len

from lab.patience import patience

_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HOME = "\x1b[H"


class Terminal:
    """The outer end. `written`: all that the program wrote, with its codes; `fresh`: the modes before it began."""

    def __init__(self, outer: int, inner: int) -> None:
        self.written = ""
        self._outer, self._inner = outer, inner
        self._pending = b""
        self._news = asyncio.Event()
        self.fresh = self.modes
        self.process: asyncio.subprocess.Process

    @property
    def lines(self) -> list[str]:
        """The lines that were drawn last, without colours; a screen that is being drawn does not count."""
        whole = [part for part in self.written.split(_HOME)[1:] if part.endswith("\x1b[J") or "\x1b[J" in part]
        return [_CODES.sub("", line) for line in whole[-1].split("\r\n")] if whole else []

    @property
    def modes(self) -> list[Any]:
        """How the terminal treats keys and lines."""
        return termios.tcgetattr(self._inner)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._outer, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self._outer, keys.encode())

    async def shows(self, words: str, absent: str = "\0", least: int = 0, most: int = 10_000) -> list[str]:
        """Wait until the screen has these words and `absent` no more, and its longest line `least` to `most` cells;
        answers it.
        """

        def seen(lines: list[str]) -> bool:
            shown = "\n".join(lines)
            return words in shown and absent not in shown and least <= max(map(cell_len, lines)) <= most

        async with patience(f"{words!r} on the screen", evidence=lambda: "\n".join(self.lines)):
            while not seen(lines := self.lines):
                self._news.clear()
                await self._news.wait()
        return lines

    async def ends(self) -> int:
        async with patience("the program's end"):
            return await self.process.wait()

    def read(self) -> None:
        try:
            self._pending += os.read(self._outer, 65_536)
        except OSError:  # the program has ended
            return
        text = self._pending.decode(errors="ignore")
        whole = self._pending[: len(text.encode())]
        self.written += text
        self._pending = self._pending[len(whole) :]
        self._news.set()


@asynccontextmanager
async def terminal(command: Sequence[str], columns: int, rows: int, **variables: str) -> AsyncIterator[Terminal]:
    """Start the program as the one in the foreground of a new terminal; it is gone afterwards."""
    outer, inner = os.openpty()
    made = Terminal(outer, inner)
    made.resize(columns, rows)
    loop = asyncio.get_running_loop()
    loop.add_reader(outer, made.read)
    made.process = await asyncio.create_subprocess_exec(
        *("setsid", "--ctty", *command),
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={**os.environ, "TERM": "xterm-256color", **variables},
    )
    try:
        yield made
    finally:
        if made.process.returncode is None:
            made.process.kill()
            await made.process.wait()
        loop.remove_reader(outer)
        os.close(outer)
        os.close(inner)
