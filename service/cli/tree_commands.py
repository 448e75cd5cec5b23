"""The commands of people who change menu trees."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.options import AsJson, HotlineFolder, State, client_of, load_settings

if TYPE_CHECKING:
    from hotline.model import Hotline
    from service.setup.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Make them commands of `./wutong`."""
    app.command("walk")(walk)
    app.command("try")(try_)
    app.command("replay")(replay)
    app.command("diff")(diff)


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
    hotline: HotlineFolder = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Walk the menus as a caller, without a call: what is heard, how long it takes, where it ends."""
    from service.cli.walking import Caller, Tour, as_document, explore, go, key_typed, keys_asked
    from service.setup.language import language_here

    settings, loaded = _hotline(state, hotline)
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
        Path | None, typer.Argument(metavar="DIR", help="Hotline folder; left out: that of the running hotline.")
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
    from service.cli.tests_run import try_out
    from service.setup.inherited import as_told
    from service.setup.language import language_here

    settings = as_told(load_settings(state, folder))
    client = client_of(state) if call or heard else None
    passed = try_out(settings, client, only or "", language_here(), heard=heard, as_json=as_json, show=typer.echo)
    raise typer.Exit(0 if passed else 1)


def replay(
    draft: Annotated[
        str, typer.Argument(metavar="DRAFT", help="Folder of the edited hotline, or the number of a version.")
    ],
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Callers of so many days.")] = 7,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Tell who of the callers of the last days would have ended elsewhere under a draft."""
    from service.cli.naming import loaded, named
    from service.cli.replaying import document, replayed, told
    from service.setup.language import language_here

    settings = load_settings(state)
    past, found = replayed(settings, loaded(named(settings, draft)), days)
    if as_json:
        typer.echo(json.dumps(document(past, found, days, language_here()), ensure_ascii=False))
        return
    for line in told(past, found, days, language_here()):
        typer.echo(line)


def diff(
    old: Annotated[
        str,
        typer.Argument(metavar="A", help="A version's number, a folder, or `folder`: the running hotline's."),
    ],
    new: Annotated[str, typer.Argument(metavar="B", help="The other one, named so too.")],
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Tell what changes for a caller from A to B."""
    from service.cli.differing import between, document, nothing
    from service.setup.language import language_here

    found = between(load_settings(state), old, new, language_here())
    if as_json:
        typer.echo(json.dumps(document(found), ensure_ascii=False))
        return
    for difference in found:
        typer.echo(difference.sentence)
    if not found:
        typer.echo(nothing(language_here()))


def _hotline(state: Path | None, hotline: Path | None) -> "tuple[Settings, Hotline]":
    """The settings, and the hotline that they name; ends the program where it has errors."""
    from service.app.prepare import load_hotline
    from service.setup.inherited import as_told

    settings = as_told(load_settings(state, hotline))
    return settings, load_hotline(settings)
