"""The terminal while the wall is on it. Whatever ends the program, the terminal is afterwards as it was."""

import asyncio
import os
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterable
from io import StringIO

from rich.console import Console
from rich.text import Text

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
"""The second screen, no cursor, no new line at the right edge: a terminal may take a mark for two cells."""

LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"

HOME, REST_OF_LINE, REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"


class Screen:
    """`async with` takes the terminal and gives it back. `redraw` is called after a change of size, `end` for `q`,
    Ctrl-C and the like.
    """

    def __init__(self, redraw: Callable[[], None], end: Callable[[], None]) -> None:
        self._redraw, self._end = redraw, end
        self._keys, self._out = sys.stdin.fileno(), sys.stdout.fileno()
        self._before = termios.tcgetattr(self._keys)

    async def __aenter__(self) -> "Screen":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGWINCH, self._redraw)
        loop.add_signal_handler(signal.SIGTSTP, self._pause)
        loop.add_reader(self._keys, self._key)
        self._take()
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._keys)
        self._give_back()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows now."""
        columns, rows = os.get_terminal_size(self._out)
        return columns or 80, rows or 24

    def show(self, lines: Iterable[Text]) -> None:
        """Draw over what is there: nothing flickers."""
        drawn = f"{REST_OF_LINE}\r\n".join(coloured(line, self.size[0]) for line in lines)
        self._write(HOME + drawn + REST_OF_LINE + REST_OF_SCREEN)

    def _key(self) -> None:
        pressed = os.read(self._keys, 64)
        if not pressed or pressed[:1] in (b"q", b"Q", b"\x03"):
            self._end()

    def _pause(self) -> None:
        """Ctrl-Z: the shell gets the terminal as it was; after `fg` the wall is back."""
        self._give_back()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._take()
        self._redraw()

    def _take(self) -> None:
        tty.setcbreak(self._keys)
        self._write(ENTER)

    def _give_back(self) -> None:
        self._write(LEAVE)
        termios.tcsetattr(self._keys, termios.TCSAFLUSH, self._before)

    def _write(self, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(self._out, data) :]


def coloured(line: Text, width: int) -> str:
    """The line with the terminal's own codes for its colours; without them where NO_COLOR asks for that."""
    out = StringIO()
    Console(file=out, force_terminal=True, width=width, highlight=False, legacy_windows=False).print(
        line, end="", no_wrap=True, overflow="crop"
    )
    return out.getvalue()
