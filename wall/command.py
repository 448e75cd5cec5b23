"""`./wutong top`: watch a hotline in a terminal, or print one screen."""

import asyncio
import json
import os
import re
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from base.failure import NotDone
from commands.mistakes import TOP_TOKEN as VARIABLE
from commands.options import DOWN, fail, folder_of, question, reached, say
from sentences.languages import language_here
from sentences.sentence import Sentence
from wall.board import Board
from wall.scene import Scene, draw
from wall.screen import Screen
from wall.stream import watch

# Which hotline is watched, and in which language: what the command line says of it.


LONGEST = 1_000
"""Characters of a line that could be a token."""

_URL = re.compile(r"https?://[^\s/?#@]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Server:
    """`http`: the service's address. `here`: it is the one of a state folder on this machine, and `door` the socket
    there.
    """

    http: str
    token: str = field(repr=False)
    here: bool
    door: Path | None = None

    @property
    def short(self) -> str:
        """The address without its scheme."""
        return self.http.partition("://")[2]


def where(state: Path | None, url: str | None, token: str | None) -> Server:
    """The hotline of the state folder, or the one at `url`. Ends the program with a sentence if there is none."""
    if url is None:
        if token is not None:
            fail(Sentence("--token goes with --url; the token of an installation here is in its state folder"))
        folder = folder_of(state)
        found = reached(folder)
        if found is None:
            fail(
                Sentence("nothing runs on {folder}: start it with ./wutong up, or give --url", folder=folder.root), DOWN
            )
        return Server(*found, here=True, door=folder.door)
    url = url.rstrip("/")
    if not _URL.fullmatch(url):
        fail(
            Sentence(
                "{url!r} is not an address of a Wutong: give it as https://hotline.example or http://10.0.0.5:8080",
                url=url,
            )
        )
    if token is not None:
        say(
            Sentence(
                "--token shows the token to everybody on this machine (ps): put it into {variable} instead",
                variable=VARIABLE,
            ),
            err=True,
        )
    token = token or os.environ.get(VARIABLE) or _asked()
    if not (token.isascii() and token.isprintable()):
        fail(Sentence("the token has characters that no token has"))
    return Server(url, token.strip(), here=False)


def _asked() -> str:
    """From the terminal; in a script it is the first line of the input."""
    if sys.stdin.isatty():
        return question(Sentence("Token: "), hidden=True)
    given = sys.stdin.readline(LONGEST).strip()
    if not given:
        fail(
            Sentence(
                "--url needs a token of that Wutong, which ./wutong token add makes there: in the variable "
                "{variable}, or as the first line of the input",
                variable=VARIABLE,
            )
        )
    return given


def spoken(language: str | None) -> str:
    """`zh` or `en`: what was asked for, else the terminal's language."""
    if language not in (None, "zh", "en"):
        fail(Sentence("--language is zh or en, not {language}", language=language))
    return language or language_here()


FIRST = 10.0
"""Seconds in which the first message must come for one screen."""


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

    def heard(self, event: str, data: str) -> None:
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
    """Print one screen, or what the service said. Raises NotDone."""
    view = asyncio.run(_first(server, language))
    if as_json:
        print(json.dumps(view.board.as_sent, ensure_ascii=False))  # noqa: T201
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
            raise NotDone(
                "{address} did not answer within {seconds:.0f} s: {why}",
                address=server.http,
                seconds=FIRST,
                why=view.why,
            )
    finally:
        for task in (watching, came):
            task.cancel()
        await asyncio.wait({watching, came})
    return view


def stay(server: Server, language: str) -> None:
    """Show the wall until `q` or Ctrl-C. Raises NotDone."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NotDone(Sentence("top needs a terminal; for a script, ./wutong top --once prints one screen"))
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
