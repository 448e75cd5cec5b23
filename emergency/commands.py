"""`./wutong emergency`: what callers hear before or instead of the menus, and who may switch it by phone."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from commands.options import AsJson, State, Yes, client_of, consent, fail, say
from sentences.languages import here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, listed

if TYPE_CHECKING:
    from commands.client import Client

app = typer.Typer(
    help="The emergency message: show it, switch it on and off. Without a command: show it.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
pins = typer.Typer(help="Who may switch a message on by phone: *90 and a PIN.", rich_markup_mode=None)
app.add_typer(pins, name="pin")

Where = Annotated[
    str | None,
    typer.Option(
        "--where", metavar="WHERE", help="For callers who come there only: queue:ID, sub_hotline:ID or menu:ID."
    ),
]
Name = Annotated[str, typer.Argument(help="The person's name, as in `./wutong user list`.")]


@app.callback()
def emergency(context: typer.Context, state: State = None, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is not None:
        return
    _show(client_of(state).emergency(), as_json=as_json)


@app.command()
def on(
    say: Annotated[
        list[str] | None,
        typer.Option(
            "--say", metavar="LANGUAGE=TEXT", help="The message's words, such as zh=…; once for each language."
        ),
    ] = None,
    recording: Annotated[
        list[str] | None,
        typer.Option("--recording", metavar="LANGUAGE=FILE", help="A recording of it: WAV, FLAC, Ogg Vorbis or MP3."),
    ] = None,
    where: Where = None,
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
    yes: Yes = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Switch a message on. Without --say and --recording: change the end of the one that is on.

    Asks first if only the draft voice can speak it, which callers hardly understand.
    """
    texts, files = _by_language("--say", say), _by_language("--recording", recording)
    sounds = {language: _read(Path(name)) for language, name in files.items()}
    client = client_of(state)
    order: dict[str, Any] = {"until": until, **({"where": where} if where else {})}
    if texts or sounds:
        takes = {language: client.keep_take(sound)["take"] for language, sound in sounds.items()}
        order |= {"mode": mode, "after": after, "texts": texts, "recordings": takes}
    answer = _switched_on(client, order, yes=yes)
    for warning in answer["warnings"]:
        typer.echo(warning, err=True)
    _show(answer, as_json=as_json)


def _switched_on(client: "Client", order: dict[str, Any], *, yes: bool) -> dict[str, Any]:
    """The service's answer. A person is asked before callers hear the draft voice."""
    from commands.client import Refused

    try:
        return client.switch_emergency_on(order)
    except Refused as refused:
        if "draft" not in refused.problem:
            raise
        names = ", ".join(refused.problem["draft"])
    loss = Sentence(
        "Nothing is on yet: on this machine only the draft voice can speak {names}, and callers hardly understand it. "
        "Better give --recording, dial *90 on a phone, or first ./wutong prompts install. If you go on, the draft "
        "voice is used.",
        names=names,
    )
    consent(loss, yes=yes)
    return client.switch_emergency_on(order | {"draft": True})


@app.command()
def off(where: Where = None, state: State = None) -> None:
    """Switch the message off, that of all callers or that of one menu, queue or sub-hotline."""
    client_of(state).switch_emergency_off(where or "")
    if where:
        say(Sentence("no emergency message is on at {where}", where=where))
    else:
        say(_none())


@pins.command("give")
def give(name: Name, state: State = None) -> None:
    """Make a PIN for a person, which replaces an older one, and print it."""
    given = client_of(state).give_pin(name)
    say(
        Sentence(
            "{name}: dial {code} on an agent's phone, then {pin}  (it is shown only now)",
            name=name,
            code=given["code"],
            pin=given["pin"],
        )
    )


@pins.command("list")
def list_(state: State = None, as_json: AsJson = False) -> None:
    """List the people who have a valid PIN."""
    names = client_of(state).pins()
    if as_json:
        typer.echo(json.dumps(names))
    else:
        say("\n".join(names) or Sentence("nobody has a PIN"))


@pins.command("remove")
def remove(name: Name, state: State = None) -> None:
    """Remove a person's PIN."""
    client_of(state).take_pin(name)
    say(Sentence("{name} has no PIN any more", name=name))


def _show(now: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(now, ensure_ascii=False))
        return
    messages = [*([now["emergency"]] if now["emergency"] else []), *now["places"]]
    if not messages:
        say(_none())
    for message in messages:
        _show_one(message, now)


def _show_one(message: dict[str, Any], now: dict[str, Any]) -> None:
    until = datetime.fromisoformat(message["until"]).astimezone(ZoneInfo(now["timezone"]))
    end, after, actor = until.isoformat(sep=" ", timespec="minutes"), message["after"], message["actor"]
    where = message["where"]
    if message["mode"] == "before":
        when = Sentence("at {where}", where=where) if where else Sentence("before the menus")
    else:
        menus = where or Sentence("the menus")
        when = Sentence("instead of {menus}, then {after}", menus=menus, after=after)
    say(Sentence("on until {end}, {when}, by {actor}", end=end, when=when, actor=actor))
    for spoken in message["spoken"]:
        words = spoken["words"] or here(Sentence("a recording"))
        language, seconds = spoken["language"], spoken["seconds"]
        say(Sentence("  {language}  {words}  ({seconds:.1f} s)", language=language, words=words, seconds=seconds))
    spoken_in = {spoken["language"] for spoken in message["spoken"]}
    if missing := [name for name in now["languages"] if name not in spoken_in]:
        typer.echo("  " + here(Sentence("nothing in {names}: those callers hear the others", names=listed(missing))))


def _none() -> str:
    return Sentence("no emergency message is on")


def _by_language(option: str, given: list[str] | None) -> dict[str, str]:
    """`zh=words` → zh: words."""
    found: dict[str, str] = {}
    for each in given or ():
        language, equals, value = each.partition("=")
        if not equals or not value:
            fail(Sentence("{option}: {given!r} has to be LANGUAGE=…, such as zh=…", option=option, given=each))
        if language in found:
            fail(Sentence("{option}: {language} is given twice", option=option, language=language))
        found[language] = value
    return found


def _read(file: Path) -> bytes:
    try:
        return file.expanduser().read_bytes()
    except OSError as error:
        fail(Sentence("{file} cannot be read: {why}", file=file, why=recognised(error.strerror)))
