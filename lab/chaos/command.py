"""`./wutong chaos`: a long run that reports as it goes."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import typer

from dialplan import obtaining
from lab.bench.longrun import apart, bounded, first
from lab.chaos.load import Size
from lab.chaos.report import Report
from lab.chaos.run import storm
from lab.chaos.schedule import drawn
from service.setup import log as logging_

LEFT = 900.0
"""Seconds in addition to the storm after which a run is given up."""


def run(*, minutes: float, seed: int, as_json: bool) -> int:
    """The exit status: 1 if anything was lost, 2 if the run was not possible, 130 after a Ctrl-C."""
    apart()  # the run has its own settings
    folder = Path(tempfile.mkdtemp(prefix="wutong-chaos-"))
    logging_.configure("info", file=folder / "chaos.log")
    try:
        report = asyncio.run(_bounded(folder, minutes * 60, seed, lambda line: typer.echo(line, err=True)))
    except asyncio.CancelledError:
        typer.echo("broken off", err=True)
        return 130
    except (Exception, ExceptionGroup) as error:
        failure = first(error)
        typer.echo(f"{type(failure).__name__}: {failure}\nLogs and configuration are left in {folder}", err=True)
        return 2
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(report.lines()))
    if report.losses:
        typer.echo(f"Lost with --seed {seed}; logs and journal are left in {folder}", err=True)
        return 1
    shutil.rmtree(folder)
    return 0


async def _bounded(folder: Path, seconds: float, seed: int, tell: Callable[[str], None]) -> Report:
    sounds = obtaining.default_cache() / "chaos-sounds"
    sounds.mkdir(parents=True, exist_ok=True)
    work = storm(folder / "state", sounds, drawn(seed, seconds), seconds, seed, Size(), tell)
    return await bounded(seconds + LEFT, work)
