"""`./wutong emergency`: what callers hear before or instead of the menus, and who may switch it by phone."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from service.cli.options import AsJson, State, client_of, fail

app = typer.Typer(
    help="The emergency message: show it, switch it on and off. Without a command: show it.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
pins = typer.Typer(help="Who may switch a message on by phone: *90 and a PIN.", rich_markup_mode=None)
app.add_typer(pins, name="pin")

Name = Annotated[str, typer.Argument(help="The person's name, as in ./wutong user list.")]


@app.callback()
def emergency(context: typer.Context, state: State = None, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is not None:
        return
    _show(client_of(state).emergency(), as_json=as_json)


@app.command()
def on(
    say: Annotated[
        list[str] | None,
        typer.Option("--say", metavar="LANGUAGE=TEXT", help="What it says, such as zh=…; once for each language."),
    ] = None,
    recording: Annotated[
        list[str] | None,
        typer.Option("--recording", metavar="LANGUAGE=FILE", help="A recording of it: WAV, FLAC, Ogg Vorbis or MP3."),
    ] = None,
    mode: Annotated[str, typer.Option("--mode", help="before the menus, or instead of them (heard twice).")] = "before",
    after: Annotated[
        str,
        typer.Option("--after", help="With --mode instead: goodbye, person, queue:ID or sub_hotline:ID."),
    ] = "goodbye",
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            help="A time (06:00), how long (2h), or a date with a time; left out: as long as the setting `hours`.",
        ),
    ] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Switch a message on. Without --say and --recording: give the one that is on another end."""
    texts, files = _by_language("--say", say), _by_language("--recording", recording)
    sounds = {language: _read(Path(name)) for language, name in files.items()}
    client = client_of(state)
    order: dict[str, Any] = {"until": until}
    if texts or sounds:
        takes = {language: client.keep_take(sound)["take"] for language, sound in sounds.items()}
        order |= {"mode": mode, "after": after, "texts": texts, "recordings": takes}
    answer = client.switch_emergency_on(order)
    for warning in answer["warnings"]:
        typer.echo(warning, err=True)
    _show(answer, as_json=as_json)


@app.command()
def off(state: State = None) -> None:
    """Switch the message off."""
    client_of(state).switch_emergency_off()
    typer.echo("no emergency message is on")


@pins.command("give")
def give(name: Name, state: State = None) -> None:
    """Make a PIN for a person, in the place of an older one, and print it."""
    told = client_of(state).give_pin(name)
    typer.echo(f"{name}: dial {told['code']} on an agent's phone, then {told['pin']}  (it is shown only now)")


@pins.command("list")
def list_(state: State = None, as_json: AsJson = False) -> None:
    """List who has a PIN that counts."""
    names = client_of(state).pins()
    if as_json:
        typer.echo(json.dumps(names))
    else:
        typer.echo("\n".join(names) if names else "nobody has a PIN")


@pins.command("remove")
def remove(name: Name, state: State = None) -> None:
    """Take a person's PIN away."""
    client_of(state).take_pin(name)
    typer.echo(f"{name} has no PIN any more")


def _show(now: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(now, ensure_ascii=False))
        return
    message = now["emergency"]
    if message is None:
        typer.echo("no emergency message is on")
        return
    until = datetime.fromisoformat(message["until"]).astimezone(ZoneInfo(now["timezone"]))
    where = "before the menus" if message["mode"] == "before" else f"instead of the menus, then {message['after']}"
    typer.echo(f"on until {until.isoformat(sep=' ', timespec='minutes')}, {where}, by {message['actor']}")
    for spoken in message["spoken"]:
        words = spoken["words"] or "a recording"
        typer.echo(f"  {spoken['language']}  {words}  ({spoken['seconds']:.1f} s)")
    if now["missing"]:
        typer.echo(f"  nothing in {', '.join(now['missing'])}: those callers hear the others")


def _by_language(option: str, given: list[str] | None) -> dict[str, str]:
    """`zh=words` → zh: words."""
    found: dict[str, str] = {}
    for each in given or ():
        language, equals, value = each.partition("=")
        if not equals or not value:
            fail(f"{option}: {each!r} has to be LANGUAGE=…, such as zh=…")
        if language in found:
            fail(f"{option}: {language} is given twice")
        found[language] = value
    return found


def _read(file: Path) -> bytes:
    try:
        return file.expanduser().read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
