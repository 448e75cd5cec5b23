"""What several commands have in common: options, the settings, how they ask, and how they fail."""

import re
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from base.failure import NotDone
from base.folders import StateFolder
from sentences.languages import here
from sentences.sentence import Sentence, lines

if TYPE_CHECKING:
    from base.folders import StateFolder
    from commands.client import Client
    from settings.settings import Settings

DOWN = 3
"""Exit status of commands when the service is not up."""


class Format(StrEnum):
    """How `check` prints problems."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class Level(StrEnum):
    """How grave a line of the log is at least."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


State = Annotated[Path | None, typer.Option("--state", metavar="DIR", help="State folder.", show_default=False)]
HotlineFolder = Annotated[
    Path | None, typer.Option("--hotline", metavar="DIR", help="Hotline folder; the sample when left out.")
]
HotlineInUse = Annotated[
    Path | None,
    typer.Option("--hotline", metavar="DIR", help="Hotline folder; left out: the running hotline's, else the sample."),
]
BasePort = Annotated[
    int | None,
    typer.Option("--ports", metavar="BASE", help="First of five ports: http, sip, ami, agi, Asterisk's http."),
]
Listen = Annotated[
    str | None, typer.Option("--listen", metavar="ADDRESS", help="Serve phones and HTTP there, not on loopback.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def load_settings(
    state: Path | None, hotline: Path | None = None, ports: int | None = None, listen: str | None = None
) -> "Settings":
    """The settings from all sources. Ends the program, with a sentence for each, when some are wrong."""
    import os

    from commands.mistakes import explain, strangers
    from settings.settings import load

    given = {"state": state, "hotline": hotline, "base_port": ports, "listen": listen}
    for line in strangers(os.environ):
        say(line, err=True)
    try:
        return load(**given)
    except (ValueError, OSError) as error:
        fail(lines(explain(error, given)))


def consent(loss: str, *, yes: bool) -> None:
    """Go on only if a person wants it, or `yes` was given. Ends the program otherwise. `loss`: what is lost, in
    sentences.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        fail(Sentence("{loss} Nobody can be asked here: give --yes if that is meant", loss=loss))
    if question(Sentence("{loss} Go on? [y/N]: ", loss=loss), default="").strip().lower() not in ("y", "yes"):
        fail(Sentence("Nothing was done"))


def question(words: str, *, default: str | None = None, hidden: bool = False) -> str:
    """What a person types. `words`: a sentence and the mark after it. `default`: what an empty line means; None: the
    question is asked again. `hidden`: nobody is to read it.
    """
    given = typer.prompt(
        here(words), default=default, show_default=False, hide_input=hidden, prompt_suffix="", err=True
    )
    return str(given)


def say(words: str, *, err: bool = False) -> None:
    """Print a sentence, in the terminal's language. Other text stays as it is."""
    typer.echo(here(words), err=err)


def step(words: str, *, err: bool = True) -> None:
    """Print what the command does at this moment."""
    typer.echo(f"· {here(words)}", err=err)


def fail(why: str, status: int = 1) -> NoReturn:
    """End the program with a sentence, in the terminal's language."""
    say(why, err=True)
    raise typer.Exit(status)


def folder_of(state: Path | None) -> "StateFolder":
    """The state folder, read without the other settings: `status` and `down` must work when those are broken."""
    import os

    from base.folders import state_folder

    folder = state_folder(state)
    if folder.root.is_dir() and not os.access(folder.root, os.R_OK | os.X_OK):
        fail(
            Sentence(
                "{folder} is another user's, and its processes cannot be seen: give the command as its owner",
                folder=folder.root,
            )
        )
    return folder


def reached(folder: "StateFolder") -> tuple[str, str] | None:
    """Where the service on this state folder is reached, and its token; None: none runs. Raises NotDone."""
    from processes import running
    from settings import secrets

    service = running.service(folder)
    return None if service is None else (service.http, secrets.obtain(folder).token.get_secret_value())


def client_here(folder: "StateFolder") -> "Client | None":
    """A client of the service that runs on this state folder; None: there is none. Raises NotDone."""
    from commands.client import Client

    found = reached(folder)
    return None if found is None else Client(*found, folder.door)


def client_of(state: Path | None) -> "Client":
    """A client of the running service; ends the program when there is none."""
    from processes import running

    folder = folder_of(state)
    client = client_here(folder)
    if client is not None:
        return client
    if running.supervisor(folder) is not None:
        fail(
            Sentence(
                "the service on {folder} has ended and is being started again: try in a moment. Why it ended says "
                "its log in {logs}",
                folder=folder.root,
                logs=folder.logs,
            ),
            DOWN,
        )
    fail(Sentence("nothing runs on {folder}: start it with ./wutong up", folder=folder.root), DOWN)


_SPAN = re.compile(r"([0-9]{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds(text: str) -> float:
    """`90d` is 7,776,000. Raises NotDone."""
    parts = _SPAN.fullmatch(text)
    if parts is None:
        raise NotDone("{text!r} is not a span of time: write a number and s, m, h or d, such as 90d", text=text)
    return float(parts[1]) * _SECONDS[parts[2]]


def moment(text: str, zone: tzinfo) -> str:
    """ISO 8601, UTC: of a date or a time in `zone`, or of a span ago. Raises NotDone."""
    if _SPAN.fullmatch(text):
        return (datetime.now(UTC) - timedelta(seconds=seconds(text))).isoformat()
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):  # as the year 1 in a zone east of UTC
        raise NotDone(
            "{text!r} is not a time: write 2025-03-03, 2025-03-03T09:30, or a span such as 7d", text=text
        ) from None


def zone_of(folder: StateFolder) -> tzinfo:
    """The zone of the hotline that runs on this state folder, or ran last; this machine's where none is known."""
    with suppress(OSError, KeyError, ValueError):  # none was kept yet; no such zone
        return ZoneInfo(folder.timezone.read_text(encoding="utf-8"))
    return datetime.now().astimezone().tzinfo or UTC


def minute(moment: str, zone: tzinfo) -> str:
    """ISO 8601, as HTTP has it, to the minute in that zone: `2025-03-03 09:30+08:00`."""
    return datetime.fromisoformat(moment).astimezone(zone).isoformat(sep=" ", timespec="minutes")


def exact(moment: str, zone: tzinfo) -> str:
    """The same to the millisecond, as `--until` takes it: `2025-03-03T09:30:00.125+08:00`."""
    return datetime.fromisoformat(moment).astimezone(zone).isoformat(timespec="milliseconds")
