"""`./wutong top`: watch a hotline in a terminal, or print one picture."""

import asyncio
import json
import shutil
import sys
import time

from rich.console import Console

from base.failure import NotDone
from wall.board import Board
from wall.picture import Scene, draw
from wall.screen import Screen
from wall.server import Server
from wall.stream import watch

FIRST = 10.0
"""Seconds in which the first message must come for one picture."""


class _View:
    """What is on the screen, and how the stream changes it."""

    def __init__(self, server: Server, language: str) -> None:
        self.board = Board()
        self.came, self.ended = asyncio.Event(), asyncio.Event()
        self.why = ""
        self.screen: Screen | None = None
        self._server, self._language = server, language
        self._ahead = 0.0  # seconds by which the service's clock is ahead of ours
        self._lost: float | None = None

    def told(self, event: str, data: str) -> None:
        self.board.take(event, data)
        self._ahead = self.board.at - time.time()
        self._lost = None
        self.came.set()
        self.show()

    def lost(self, why: str) -> None:
        self.why = why
        self._lost = self._lost or time.time()
        self.show()

    def show(self) -> None:
        if self.screen is not None:
            self.screen.show(draw(self.scene(*self.screen.size)))

    def scene(self, width: int, height: int, *, hint: bool = True) -> Scene:
        # with the connection lost the figures stand still
        now = (self._lost or time.time()) + self._ahead
        return Scene(self.board, width, height, now, self._language, self._server.short, self._lost, hint)

    async def tick(self) -> None:
        """Waits grow between two messages."""
        while True:
            await asyncio.sleep(1.0 - time.time() % 1.0)
            self.show()


def once(server: Server, language: str, *, as_json: bool) -> None:
    """Print one picture, or what the service said. Raises NotDone."""
    view = asyncio.run(_first(server, language))
    if as_json:
        print(json.dumps(view.board.told, ensure_ascii=False))  # noqa: T201
        return
    width, height = shutil.get_terminal_size()
    console = Console(width=width, highlight=False)
    for line in draw(view.scene(width, height, hint=False)):
        console.print(line, no_wrap=True, overflow="crop")


async def _first(server: Server, language: str) -> _View:
    view = _View(server, language)
    watching = asyncio.create_task(watch(server.http, server.token, view, here=server.here, door=server.door))
    came = asyncio.create_task(view.came.wait())
    try:
        await asyncio.wait({watching, came}, timeout=FIRST, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()
        if not view.came.is_set():
            raise NotDone(f"{server.http} did not answer within {FIRST:.0f} s: {view.why}")
    finally:
        for task in (watching, came):
            task.cancel()
        await asyncio.wait({watching, came})
    return view


def stay(server: Server, language: str) -> None:
    """Show the wall until `q` or Ctrl-C. Raises NotDone."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NotDone("top needs a terminal; for a script, ./wutong top --once prints one picture")
    asyncio.run(_stay(server, language))


async def _stay(server: Server, language: str) -> None:
    view = _View(server, language)
    async with Screen(view.show, view.ended.set) as view.screen:
        view.show()
        tasks = {
            asyncio.create_task(watch(server.http, server.token, view, here=server.here, door=server.door)),
            asyncio.create_task(view.tick()),
            asyncio.create_task(view.ended.wait()),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
    for task in done:
        task.result()
