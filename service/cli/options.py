"""What several commands have in common: options, the settings, and how they fail."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from service.setup.settings import Settings

State = Annotated[Path | None, typer.Option("--state", metavar="DIR", help="State folder.", show_default=False)]
HotlineFolder = Annotated[
    Path | None, typer.Option("--hotline", metavar="DIR", help="Hotline folder; the sample when left out.")
]
BasePort = Annotated[
    int | None,
    typer.Option("--ports", metavar="BASE", help="First of five ports: http, sip, ami, agi, Asterisk's http."),
]
Listen = Annotated[
    str | None, typer.Option("--listen", metavar="ADDRESS", help="Serve phones and HTTP there, not on loopback.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


def load_settings(
    state: Path | None, hotline: Path | None = None, ports: int | None = None, listen: str | None = None
) -> "Settings":
    """The settings from all sources. Ends the program, with a sentence for each, when some are wrong."""
    import os

    from service.cli.mistakes import explain, strangers
    from service.setup.settings import load

    given = {"state": state, "hotline": hotline, "base_port": ports, "listen": listen}
    for line in strangers(os.environ):
        typer.echo(line, err=True)
    try:
        return load(**given)
    except (ValueError, OSError) as error:
        fail("\n".join(explain(error, given)))


def fail(why: str, status: int = 1) -> NoReturn:
    """End the program with a sentence."""
    typer.echo(why, err=True)
    raise typer.Exit(status)
