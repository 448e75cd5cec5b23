"""The commands of `./wutong prompts`."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import set_cell_size

from commands.options import AsJson, HotlineFolder, State, fail, load_settings, say, step
from sentences.languages import here
from sentences.sentence import Sentence

if TYPE_CHECKING:
    from hotline.model import Hotline
    from hotline.spoken import Entry
    from settings.settings import Settings

SOURCES = {"recording": Sentence("recording"), "voice": Sentence("voice"), "draft": Sentence("draft")}
"""Who speaks a text."""

app = typer.Typer(
    help="The texts that callers hear: list, build and play them, check how well they are understood.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(hotline: HotlineFolder = None, state: State = None, as_json: AsJson = False) -> None:
    """List every text that callers and agents hear: its speaker, its length, where it is used."""
    from publishing.prompts import entries

    settings, loaded = hotline_of(state, hotline)
    found = entries(settings, loaded)
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in found], ensure_ascii=False))
        return
    for entry in found:
        say(_line(entry))
    counted = Counter(str(entry.source) for entry in found)
    each = {source: counted[source] for source in ("recording", "voice", "draft")}
    say(Sentence("recording {recording}, voice {voice}, draft {draft}", **each), err=True)


@app.command()
def build(hotline: HotlineFolder = None, state: State = None, as_json: AsJson = False) -> None:
    """Make the sound of every text that has none. The natural voice is installed if it is needed."""
    from publishing.prompts import build as make

    settings, loaded = hotline_of(state, hotline)
    prompts = make(settings, loaded, step)
    report, draft = prompts.report, prompts.draft
    if as_json:
        done = {"made": report.made, "kept": report.kept, "recorded": report.recorded, "drafts": len(report.drafts)}
        typer.echo(json.dumps({**done, "why": report.why, "warnings": list(prompts.warnings)}, ensure_ascii=False))
        return
    for warning in prompts.warnings:
        say(warning, err=True)
    say(
        Sentence(
            "{made} made, {kept} were there, {recorded} of all are recordings",
            made=report.made,
            kept=report.kept,
            recorded=report.recorded,
        )
    )
    if draft is not None:
        say(draft, err=True)


@app.command()
def install(
    recogniser: Annotated[
        bool, typer.Option("--recogniser", help="Install the recogniser of `check`, too.", show_default=False)
    ] = False,
    state: State = None,
) -> None:
    """Install the natural voice now, so that a new text needs no download."""
    from publishing.prompts import install as make

    make(load_settings(state), step, with_recogniser=recogniser)
    say(Sentence("installed"))


@app.command()
def play(
    text: Annotated[str, typer.Argument(metavar="ID|TEXT", help="An id that `list` shows, or words to be spoken.")],
    language: Annotated[
        str | None, typer.Option("--language", help="Language of the words; left out: the hotline's first.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write a .wav file, and play nothing.")
    ] = None,
    hotline: HotlineFolder = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Play what callers hear, or speak other words now."""
    from publishing.prompts import play as hear

    settings, loaded = hotline_of(state, hotline)
    entry = hear(settings, loaded, text, language, to, step)
    if as_json:
        said = asdict(entry) if entry is not None else {"text": text, "language": language or loaded.languages[0]}
        typer.echo(json.dumps({**said, "to": None if to is None else str(to)}, ensure_ascii=False))
    elif entry is not None:
        say(_line(entry))


@app.command()
def check(
    everything: Annotated[
        bool, typer.Option("--all", help="Check Wutong's own phrases and numbers too.", show_default=False)
    ] = False,
    hotline: HotlineFolder = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Have a recogniser listen, and list what it does not understand. Exit status 1 if there is any."""
    from publishing.prompts import understood

    settings, loaded = hotline_of(state, hotline)
    judged = understood(settings, loaded, step, everything=everything)
    wrong = [(entry, heard) for entry, heard in judged if heard.errors]
    wrong.sort(key=lambda each: each[1].errors / max(each[1].length, 1), reverse=True)
    if as_json:
        typer.echo(json.dumps([{**asdict(entry), **asdict(heard)} for entry, heard in judged], ensure_ascii=False))
    else:
        for entry, heard in wrong:
            say(_line(entry))
            say(Sentence("          heard: {words}", words=heard.heard))
            for key in heard.keys:
                typer.echo(f"{' ' * 10}{key}")
        for language in loaded.languages:
            mine = [heard for entry, heard in judged if entry.language == language]
            errors, length = sum(heard.errors for heard in mine), sum(heard.length for heard in mine)
            unit = Sentence("characters") if language == "zh" else Sentence("words")
            say(
                Sentence(
                    "{language}: {errors} of {length} {unit} misunderstood, {percent:.1f} %",
                    language=language,
                    errors=errors,
                    length=length,
                    unit=unit,
                    percent=100 * errors / max(length, 1),
                )
            )
    raise typer.Exit(1 if wrong else 0)


@app.command()
def voices(
    play_: Annotated[str | None, typer.Option("--play", metavar="NAME", help="Play a sample of this one.")] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Write the sample there (.ogg).")] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """The natural voices: their names for the setting `voices`, and samples."""
    from publishing.prompts import sound
    from sounds.voices import VOICES

    settings = load_settings(state)
    used = {settings.voices.zh, settings.voices.en}
    if play_ is None:
        if to is not None:
            fail(Sentence("--to needs --play NAME"))
        if as_json:
            listed = [
                {"name": voice.name, "language": voice.language, "about": voice.about, "used": voice.name in used}
                for voice in VOICES.values()
            ]
            typer.echo(json.dumps(listed, ensure_ascii=False))
        else:
            for voice in VOICES.values():
                typer.echo(
                    f"{'*' if voice.name in used else ' '} {voice.language} {voice.name:<10} {here(voice.about)}"
                )
        return
    if play_ not in VOICES:
        fail(Sentence("there is no voice {name!r}; there are {names}", name=play_, names=", ".join(VOICES)))
    sound(VOICES[play_].sample, to)


def hotline_of(state: Path | None, hotline: Path | None) -> "tuple[Settings, Hotline]":
    """The settings, and the hotline that they name; ends the program where it has errors."""
    from processes.running import as_running
    from publishing.prepare import load_hotline

    settings = as_running(load_settings(state, hotline))
    return settings, load_hotline(settings)


def _line(entry: "Entry") -> str:
    seconds = "    -" if entry.seconds is None else f"{entry.seconds:5.1f}"
    source = set_cell_size(here(SOURCES[entry.source]), 9)
    said_by = f"{entry.id}  {entry.language}  {source} {seconds} s {_age(entry.age_s)}  {entry.text}"
    return Sentence("{entry}  ({where})", entry=said_by, where=_where(entry))


def _where(entry: "Entry") -> str:
    shown = ", ".join(entry.where[:3])
    return (
        shown
        if len(entry.where) <= 3
        else Sentence("{names} and {count} more", names=shown, count=len(entry.where) - 3)
    )


def _age(seconds: float | None) -> str:
    """The age of a sound, such as `  3 d`."""
    if seconds is None:
        return "     -"
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{seconds // length:4.0f} {unit}"
    return f"{max(seconds, 0):4.0f} s"
