"""What the demo says: lines that stay, and on a terminal one below them that changes."""

import sys

import typer

CLEARED = "\r\x1b[K"


class Screen:
    """`status` overwrites its line on a terminal, elsewhere as a line like any other."""

    def __init__(self) -> None:
        self._over = sys.stdout.isatty()
        self._last = ""

    def tell(self, line: str) -> None:
        """Say a line that stays."""
        if self._over:
            typer.echo(f"{CLEARED}{line}\n{self._last}", nl=False)
        else:
            typer.echo(line)

    def show(self, status: str) -> None:
        """Say how it goes now."""
        if self._over:
            self._last = status
            typer.echo(f"{CLEARED}{status}", nl=False)
        else:
            typer.echo(status)
