"""`./wutong fuzz`: a long run that reports as it goes."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import typer

from dialplan import obtaining
from lab.bench.longrun import apart, bounded, first
from lab.fuzz.report import Report
from lab.fuzz.run import fuzz
from service.setup import log as logging_

LEFT = 900.0
"""Seconds in addition to the rounds after which a run is given up."""


def run(*, minutes: float, seed: int, only: Sequence[str], as_json: bool) -> int:
    """The exit status: 1 if anything failed, 2 if the run was not possible, 130 after a Ctrl-C."""
    apart()  # the run has its own settings
    folder = Path(tempfile.mkdtemp(prefix="wutong-fuzz-"))
    logging_.configure("info", file=folder / "fuzz.log")
    try:
        report = asyncio.run(_bounded(folder, minutes * 60, seed, only))
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
    if not report.good:
        typer.echo(f"Logs and configuration are left in {folder}", err=True)
        return 1
    shutil.rmtree(folder)
    return 0


async def _bounded(folder: Path, seconds: float, seed: int, only: Sequence[str]) -> Report:
    sounds = obtaining.default_cache() / "chaos-sounds"
    sounds.mkdir(parents=True, exist_ok=True)
    work = fuzz(folder / "state", sounds, seconds, seed, only, lambda line: typer.echo(line, err=True))
    return await bounded(seconds + LEFT, work)
