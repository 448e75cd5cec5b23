"""Which hotline is watched, and in which language: what the command line says of it."""

import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import typer

from base.language import language_here
from commands.mistakes import TOP_TOKEN as VARIABLE
from commands.options import DOWN, fail, folder_of, reached

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
            fail("--token goes with --url; the token of an installation here is in its state folder")
        folder = folder_of(state)
        found = reached(folder)
        if found is None:
            fail(f"nothing runs on {folder.root}: start it with ./wutong up, or give --url", DOWN)
        return Server(*found, here=True, door=folder.door)
    url = url.rstrip("/")
    if not _URL.fullmatch(url):
        fail(f"{url!r} is no address of a Wutong: give it as https://hotline.example or http://10.0.0.5:8080")
    if token is not None:
        typer.echo(
            f"--token shows the token to everybody on this machine (ps): put it into {VARIABLE} instead", err=True
        )
    token = token or os.environ.get(VARIABLE) or _asked()
    if not (token.isascii() and token.isprintable()):
        fail("the token has characters that no token has")
    return Server(url, token.strip(), here=False)


def _asked() -> str:
    """From the terminal; in a script it is the first line of the input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Token", hide_input=True, err=True))
    given = sys.stdin.readline(LONGEST).strip()
    if not given:
        fail(
            f"--url needs a token of that Wutong, which ./wutong token add makes there: in the variable {VARIABLE}, or "
            "as the first line of the input"
        )
    return given


def spoken(language: str | None) -> str:
    """`zh` or `en`: what was asked for, else the terminal's language."""
    if language not in (None, "zh", "en"):
        fail(f"--language is zh or en, not {language}")
    return language or language_here()
