"""`./wutong picture` and `./wutong card`: the menu tree drawn, and what citizens get of it."""

import time
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer

from base.failure import NotDone
from commands.journal import asked
from commands.options import client_here, say
from drawing.card.model import content_of
from drawing.card.page import Page, modules, page_svg
from drawing.card.poster import poster as on_a4
from drawing.card.printing import printed
from drawing.card.wallet import sides, wallet
from drawing.card.web import web
from drawing.counting import traffic as counted
from drawing.making import graph_of
from drawing.model import Graph, compared
from drawing.sheets import Paper
from drawing.svg import html, svg, svg_pages
from drawing.traffic import Traffic, since, with_traffic
from drawing.words import say as words
from hotline.loader import load
from hotline.model import Hotline
from hotline.problem import Level
from publishing.store import Named, in_use, named, understood
from sentences.sentence import Sentence, lines
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
        say(
            Sentence(
                "{name} has errors, and what could be understood is drawn: ./wutong check {folder}",
                name=which.name,
                folder=which.folder,
            ),
            err=True,
        )
    texts = drawn(graph(hotline, language, before, days, settings), form, size)
    if output is None:
        if len(texts) > 1:
            raise NotDone(
                "the picture needs {count} sheets: give --output FILE.svg, or one page with --format html",
                count=len(texts),
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
        raise NotDone(
            "{option} {given} is not possible: give one of {names}",
            option=option,
            given=given,
            names=", ".join(choices),
        ) from None


def format_of(chosen: Format | None, output: Path | None) -> Format:
    """The format that was chosen, else that of the file's name, else SVG. Raises NotDone for an unknown name."""
    if chosen is not None or output is None:
        return chosen or Format.SVG
    named = _SUFFIXES.get(output.suffix.lower())
    if named is None:
        raise NotDone("{file}: end the file's name with .svg or .html, or give --format", file=output.name)
    return named


def graph(hotline: Hotline, language: str | None, before: str | None, days: int | None, settings: Settings) -> Graph:
    """What is drawn. Raises NotDone."""
    chosen = language or next(iter(hotline.languages), "zh")
    if hotline.languages and chosen not in hotline.languages:
        raise NotDone(
            "the hotline has no language {language}: give one of {names}",
            language=chosen,
            names=", ".join(hotline.languages),
        )
    made = graph_of(hotline, chosen)
    if before is not None:
        which = named(settings, before)
        earlier, _ = understood(which)
        name = (
            words("version", chosen, version=which.name)
            if which.given is not None
            else earlier.version[:12] or which.folder.name
        )
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


# `./wutong card`: the card, the poster and the web page for citizens.


def make(output: Path, folder: Path | None, language: str | None, *, poster: bool, settings: Settings) -> None:
    """The command. Raises NotDone."""
    form = output.suffix.lower()
    if form not in (".pdf", ".svg", ".html", ".htm"):
        raise NotDone("{file}: end the file's name with .pdf, .svg or .html", file=output.name)
    if poster and form.startswith(".htm"):
        raise NotDone(Sentence("--poster goes with .pdf and .svg; the web page is for all sizes"))
    hotline = heard(folder, settings)
    contents = [content_of(hotline, each) for each in _languages(hotline, language)]
    day = datetime.fromtimestamp(time.time(), hotline.zone).strftime("%Y-%m-%d")
    codes = [modules(content.tel) for content in contents]
    if form.startswith(".htm"):
        _write(output, web(contents, codes, day).encode())
        return
    pages: list[Page] = []
    for content, code in zip(contents, codes, strict=True):
        pages += on_a4(content, code, day) if poster else [wallet(content, code), *sides(content)]
    if form == ".pdf":
        _write(output, printed(pages))
        return
    for number, page in enumerate(pages, 1):
        name = output if len(pages) == 1 else output.with_name(f"{output.stem}-{number}{output.suffix}")
        _write(name, page_svg(page).encode())


def heard(folder: Path | None, settings: Settings) -> Hotline:
    """The draft in `folder`, or what callers hear: what was published, as long as it is what the service uses.

    Raises NotDone.
    """
    which = in_use(settings) if folder is None else Named(str(folder), folder.expanduser().absolute())
    loaded = load(which.folder, given=which.given, paths=which.paths)
    if loaded.hotline is None:
        errors = [problem.words for problem in loaded.problems if problem.level is Level.ERROR]
        raise NotDone(lines([*errors, Sentence("a card is made of a hotline without errors only")]))
    if folder is None:
        client = client_here(settings.folder)
        if client is not None:
            version = client.version_in_use()
            if version != loaded.hotline.version:
                raise NotDone(
                    "{name} was edited since, and callers hear version {version}: take it into use first (./wutong "
                    "reload), or name the folder for a card of the draft",
                    name=which.name,
                    version=version[:12],
                )
    return loaded.hotline


def _languages(hotline: Hotline, language: str | None) -> Sequence[str]:
    if language is None:
        return hotline.languages
    if language not in hotline.languages:
        raise NotDone(
            "the hotline has no language {language}: give one of {names}",
            language=language,
            names=", ".join(hotline.languages),
        )
    return (language,)


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    typer.echo(str(file))
