"""What `./wutong chaos` and `./wutong fuzz` have in common: a folder and a log, a report, an exit status."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import typer

from base import log as logging_
from lab.bench.longrun import apart, bounded, first
from lab.kept_sounds import kept_sounds

LEFT = 900.0
"""A run is given up so many seconds after its wanted end."""

Work = Callable[[Path, Path, Callable[[str], None]], Awaitable["Report"]]
"""Gets the state folder, the folder of sounds, and what tells a line."""


class Report(Protocol):
    """What a run has found."""

    @property
    def good(self) -> bool: ...

    def as_json(self) -> dict[str, Any]: ...

    def lines(self) -> list[str]: ...


def run(name: str, work: Work, *, seconds: float, seed: int, as_json: bool) -> int:
    """The exit status: 1 if the report is not good, 2 if the run was not possible, 130 after a Ctrl-C."""
    apart()  # the run has its own settings
    folder = Path(tempfile.mkdtemp(prefix=f"wutong-{name}-"))
    logging_.configure("info", file=folder / f"{name}.log")
    try:
        report = asyncio.run(_bounded(work, folder, seconds))
    except asyncio.CancelledError:
        typer.echo("broken off", err=True)
        return 130
    except (Exception, ExceptionGroup) as error:
        failure = first(error)
        typer.echo(f"{type(failure).__name__}: {failure}\nLogs and configuration are left in {folder}", err=True)
        return 2
    told: Sequence[str] = [json.dumps(report.as_json(), indent=2, ensure_ascii=False)] if as_json else report.lines()
    typer.echo("\n".join(told))
    if not report.good:
        typer.echo(f"Failed with --seed {seed}; logs and configuration are left in {folder}", err=True)
        return 1
    shutil.rmtree(folder)
    return 0


async def _bounded(work: Work, folder: Path, seconds: float) -> Report:
    return await bounded(seconds + LEFT, work(folder / "state", kept_sounds(), lambda line: typer.echo(line, err=True)))
