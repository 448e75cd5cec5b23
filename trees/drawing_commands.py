"""`./wutong picture`: the menu tree of a hotline's folder, drawn."""

import time
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer

from base.failure import NotDone
from commands.journal import asked
from drawing.compare import compared
from drawing.counting import traffic as counted
from drawing.making import graph_of
from drawing.model import Graph
from drawing.sheets import Paper
from drawing.svg import html, svg, svg_pages
from drawing.traffic import Traffic, since, with_traffic
from hotline.model import Hotline
from publishing.naming import Named, in_use, named, understood
from settings.settings import Settings


class Format(StrEnum):
    """What the drawing is written as."""

    SVG = "svg"
    HTML = "html"


_SUFFIXES = {".svg": Format.SVG, ".html": Format.HTML, ".htm": Format.HTML}


def draw(
    folder: Path | None,
    output: Path | None,
    kind: str | None,
    language: str | None,
    before: str | None,
    days: int | None,
    paper: str | None,
    settings: Settings,
) -> None:
    """The command. Raises NotDone."""
    form = format_of(_one_of(Format, kind, "--format"), output)
    size = _one_of(Paper, paper, "--paper")
    which = in_use(settings) if folder is None else Named(str(folder), folder.expanduser().absolute())
    hotline, errors = understood(which)
    if errors:
        typer.echo(
            f"{which.name} has errors, and what could be understood is drawn: ./wutong check {which.folder}",
            err=True,
        )
    texts = drawn(graph(hotline, language, before, days, settings), form, size)
    if output is None:
        if len(texts) > 1:
            raise NotDone(
                f"the picture needs {len(texts)} sheets: give --output FILE.svg, or one page with --format html"
            )
        typer.echo(texts[0], nl=False)
        return
    for file, text in zip(files(output, len(texts)), texts, strict=True):
        file.write_text(text, encoding="utf-8")
        typer.echo(str(file))


_Choice = TypeVar("_Choice", bound=StrEnum)


def _one_of(choices: type[_Choice], given: str | None, option: str) -> _Choice | None:
    if given is None:
        return None
    try:
        return choices(given.lower())
    except ValueError:
        raise NotDone(f"{option} {given} is not possible: give one of {', '.join(choices)}") from None


def format_of(chosen: Format | None, output: Path | None) -> Format:
    """The format that was chosen, else that of the file's name, else SVG. Raises NotDone for an unknown name."""
    if chosen is not None or output is None:
        return chosen or Format.SVG
    named = _SUFFIXES.get(output.suffix.lower())
    if named is None:
        raise NotDone(f"{output.name}: end the file's name with .svg or .html, or give --format")
    return named


def graph(hotline: Hotline, language: str | None, before: str | None, days: int | None, settings: Settings) -> Graph:
    """What is drawn. Raises NotDone."""
    chosen = language or next(iter(hotline.languages), "zh")
    if hotline.languages and chosen not in hotline.languages:
        raise NotDone(f"the hotline has no language {chosen}: give one of {', '.join(hotline.languages)}")
    made = graph_of(hotline, chosen)
    if before is not None:
        which = named(settings, before)
        earlier, _ = understood(which)
        name = f"version {which.name}" if which.given is not None else earlier.version[:12] or which.folder.name
        made = compared(graph_of(earlier, chosen), made, name)
    return made if days is None else with_traffic(made, measured(hotline, days, settings))


def measured(hotline: Hotline, days: int, settings: Settings) -> Traffic:
    """The traffic of the last days, 0: of today, by the journal. Raises NotDone."""
    until = time.time()
    began = since(days, until, hotline.zone)
    return asked(settings.database, lambda connection: counted(connection, hotline, began, until))


def drawn(graph: Graph, kind: Format, paper: Paper | None) -> tuple[str, ...]:
    """The texts of the drawing: one, or one for each sheet of paper."""
    if kind is Format.HTML:
        return (html(graph, paper or Paper.A3),)
    return (svg(graph),) if paper is None else svg_pages(graph, paper)


def files(output: Path, count: int) -> tuple[Path, ...]:
    """The name of each sheet's file: `tree.svg`, or `tree-1.svg`, `tree-2.svg`, …"""
    if count == 1:
        return (output,)
    return tuple(output.with_name(f"{output.stem}-{page}{output.suffix}") for page in range(1, count + 1))
