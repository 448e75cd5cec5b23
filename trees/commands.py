"""The commands of people who change menu trees: make one, check, try, compare, draw it."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.options import AsJson, Format, HotlineInUse, State, Yes, client_of, fail, load_settings, say
from publishing.prompt_commands import hotline_of
from sentences.sentence import Sentence


def add_to(app: typer.Typer) -> None:
    """Make them commands of `./wutong`."""
    for command in (init, check, walk, try_, replay, diff, picture, card, schema):
        app.command(command.__name__.rstrip("_"))(command)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    name: Annotated[
        list[str] | None, typer.Option("--name", help="The hotline's name; once for each language.", show_default=False)
    ] = None,
    languages: Annotated[str | None, typer.Option("--languages", help="Such as zh,en: the default one first.")] = None,
    number: Annotated[str | None, typer.Option("--number", help="The number that callers dial.")] = None,
    timezone: Annotated[str | None, typer.Option("--timezone", help="Such as Asia/Shanghai.")] = None,
    agents: Annotated[int | None, typer.Option("--agents", help="How many agents.")] = None,
    yes: Yes = False,
) -> None:
    """Write a small hotline to begin with, and overwrite nothing. Asks for what no option gives."""
    from sentences.languages import language_here
    from trees.beginning import Options, answered, write, zone_here

    def ask(question: str, default: str) -> str:
        return str(typer.prompt(question, default=default, err=True))

    words, options = language_here(), Options(name or (), languages, number, timezone, agents)
    asked = None if yes or not sys.stdin.isatty() else ask
    for path in write(
        folder.expanduser().absolute(), str(folder), answered(options, asked, words, here=zone_here()), words
    ):
        typer.echo(path)
    say(Sentence("Next: ./wutong check {folder}, then ./wutong up --hotline {folder}", folder=folder), err=True)


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Hotline folder.")],
    state: State = None,
    form: Annotated[
        Format, typer.Option("--format", help="text for people, json for programs, github for GitHub's workflows.")
    ] = Format.TEXT,
    as_json: AsJson = False,
) -> None:
    """List every problem of a hotline and its tests, with file, line and column. Exit status 1 if any is an error."""

    from hotline.treetests import covered, load_tested
    from sentences.languages import language_here
    from settings import settings
    from trees.findings import show, summary

    try:
        here = settings.load(state=state)
    except (ValueError, OSError):  # the other commands report what is wrong with them
        here = None
    loaded, report = load_tested(
        folder.expanduser().absolute(),
        datetime.now(UTC),
        language=language_here(),
        trunk=None if here is None else here.trunk is not None,
        exposed=here is not None and here.exposed,
    )
    problems = list(loaded.problems)
    if loaded.hotline is not None and here is not None:
        from publishing.speech import unvoiced

        problems += unvoiced(loaded.hotline, here)

    how = Format.JSON if as_json else form
    show(problems, folder, how, language_here())
    if how is not Format.JSON:
        if report is not None:
            typer.echo(covered(report, language_here()), err=True)
        typer.echo(summary(problems, folder, language_here()), err=True)
    raise typer.Exit(0 if loaded.hotline is not None else 1)


def walk(
    keys: Annotated[
        str | None,
        typer.Option("--keys", help="Keys to press, such as 1,2; `silence` for none. Left out: you press them."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="When, in the hotline's time zone: '2026-10-01 09:00', or 09:00."),
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NUMBER", help="The number that is dialled.")] = None,
    caller: Annotated[str, typer.Option("--from", metavar="NUMBER", help="The caller's number.")] = "",
    language: Annotated[str | None, typer.Option("--language", help="Begin in this language, such as en.")] = None,
    play: Annotated[bool, typer.Option("--play", help="Play what the caller hears on this machine.")] = False,
    hotline: HotlineInUse = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Walk the menus as a caller, without a call: what is heard, how long it takes, where it ends."""
    from sentences.languages import language_here
    from trees.walking import Caller, Tour, as_document, explore, go, key_typed, keys_asked

    settings, loaded = hotline_of(state, hotline)
    reader = language_here()
    tour = Tour(settings, loaded, Caller(at, to, caller, language), reader, datetime.now(UTC))
    given = None if keys is None else keys_asked(keys)
    if as_json:
        typed = given if given is not None else keys_asked(sys.stdin.read())
        typer.echo(json.dumps(as_document(tour, typed, play=play), ensure_ascii=False))
    elif given is None:
        explore(tour, play=play, show=typer.echo, ask=lambda: key_typed(reader))
    else:
        go(tour, given, play=play, show=typer.echo)


def try_(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="Hotline folder; left out: the running hotline's, else the sample; by calls the version in use.",
        ),
    ] = None,
    call: Annotated[bool, typer.Option("--call", help="Call the running hotline for each test.")] = False,
    heard: Annotated[
        bool, typer.Option("--heard", help="Call, and have a recogniser listen to what the caller hears.")
    ] = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="WORDS", help="Only tests that have these words in their names.")
    ] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Run the tests of a hotline's menus (tests.yaml). Exit status 1 if one fails."""

    from processes.running import as_running
    from publishing.store import Named, in_use
    from sentences.languages import language_here
    from trees.trying import try_out

    settings = as_running(load_settings(state, folder))
    client = client_of(state) if call or heard else None
    # a call is answered by the version in use, whatever somebody has edited since
    called = client is not None and folder is None
    which = in_use(settings) if called else Named(str(settings.hotline), settings.hotline)
    passed = try_out(
        settings, which, client, only or "", language_here(), heard=heard, as_json=as_json, show=typer.echo
    )
    raise typer.Exit(0 if passed else 1)


def replay(
    draft: Annotated[
        str, typer.Argument(metavar="DRAFT", help="Folder of the edited hotline, or the number of a version.")
    ],
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Take the callers of this many days.")] = 7,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Say which callers of the last days would have ended elsewhere under a draft."""
    from publishing.comparing import document, replay_in_words, replayed
    from publishing.store import loaded, named
    from sentences.languages import language_here

    settings = load_settings(state)
    past, found = replayed(settings, loaded(named(settings, draft)), days)
    if as_json:
        typer.echo(json.dumps(document(past, found, days, language_here()), ensure_ascii=False))
        return
    for line in replay_in_words(past, found, days, language_here()):
        typer.echo(line)


def diff(
    old: Annotated[
        str,
        typer.Argument(metavar="A", help="A version's number, a folder, or `folder`: the running hotline's."),
    ],
    new: Annotated[str, typer.Argument(metavar="B", help="The other one, named in the same way.")],
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Tell what changes for a caller from A to B."""
    from publishing.comparing import between, differences_document, nothing
    from sentences.languages import language_here

    found = between(load_settings(state), old, new, language_here())
    if as_json:
        typer.echo(json.dumps(differences_document(found), ensure_ascii=False))
        return
    for difference in found:
        typer.echo(difference.sentence)
    if not found:
        typer.echo(nothing(language_here()))


def picture(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Hotline folder; left out: the version in use.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write; left out: print it.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="svg or html; left out: by the file's name."),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Language of the texts; left out: the hotline's first.")
    ] = None,
    diff: Annotated[
        str | None,
        typer.Option("--diff", metavar="VERSION", help="Mark what differs from that version, by number, or folder."),
    ] = None,
    traffic: Annotated[
        int | None, typer.Option("--traffic", metavar="DAYS", min=1, max=3_650, help="Count the calls of these days.")
    ] = None,
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="SIZE", help="a3 or a4: on as many sheets as it needs.")
    ] = None,
    state: State = None,
) -> None:
    """Draw the menu tree: menus, keys, queues, sub-hotlines, and what no call can reach."""
    from trees.drawing_commands import draw

    draw(folder, output, kind, language, diff, traffic, paper, load_settings(state))


def card(
    output: Annotated[
        Path, typer.Argument(metavar="FILE", help="File to write: .pdf, .svg, or .html for the web page.")
    ],
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Hotline folder of a draft; left out: what callers hear now.")
    ] = None,
    poster: Annotated[bool, typer.Option("--poster", help="A poster on A4, not a card for the wallet.")] = False,
    language: Annotated[str | None, typer.Option("--language", help="Only this one; left out: all of them.")] = None,
    state: State = None,
) -> None:
    """Make the card for citizens: the number, what each key reaches, direct numbers, a QR code."""
    from trees.drawing_commands import make

    make(output, folder, language, poster=poster, settings=load_settings(state))


def schema(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="hotline.yaml, agents.yaml or tests.yaml.")
    ] = "hotline.yaml",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Write all schemas there, and print their paths.")
    ] = None,
) -> None:
    """Print the JSON schema by which an editor completes and explains a hotline's file."""
    from hotline.schema import documents

    made = documents()
    if to is not None:
        for name, text in made.items():
            path = to.expanduser().absolute() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            typer.echo(path)
        return
    name = f"{file.removesuffix('.yaml')}.json"
    if name not in made:
        fail(Sentence("there is no schema of {file}: give hotline.yaml, agents.yaml or tests.yaml", file=file))
    typer.echo(made[name], nl=False)
