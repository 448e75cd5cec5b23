"""The commands for stored data: backups, removal of personal data, the audit."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from commands.options import AsJson, State, Yes, client_of, folder_of, load_settings, say, step
from sentences.sentence import Sentence, joined, template


def add_to(app: typer.Typer) -> None:
    """Make them commands of `./wutong`."""
    for command in (backup, restore, purge, forget, export, audit):
        app.command()(command)


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File to write; left out: one in backups/ of the state folder."),
    ] = None,
    state: State = None,
) -> None:
    """Copy the database to a file, also while the service runs."""
    settings = load_settings(state)
    from privacy.backup import backup as copy
    from processes import users
    from processes.running import as_running

    if file is None:
        users.become_owner_of(settings.folder.root)
    made = copy(settings.database, settings.folder, None if file is None else file.expanduser().absolute())
    say(
        Sentence(
            "{made} ({bytes:,} bytes). It holds calls, their Records, people, the audit, and versions.",
            made=made,
            bytes=made.stat().st_size,
        )
    )
    say(
        Sentence(
            "Keep with it, elsewhere: {hotline}, {settings}, {secrets}, {messages}",
            hotline=as_running(settings).hotline,
            settings=settings.folder.settings,
            secrets=settings.folder.secrets,
            messages=settings.folder.messages,
        )
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    state: State = None,
) -> None:
    """Replace the database by a backup. Wutong must be down."""
    settings = load_settings(state)
    from privacy.backup import restore as put_back

    aside = put_back(settings.database, settings.folder, file.expanduser().absolute())
    say(
        Sentence("restored")
        if aside is None
        else Sentence("restored; the database that was there is now {aside}", aside=aside)
    )
    say(
        Sentence(
            "People, passwords, tokens, second factors and numbers of callers are as they were at the backup. If "
            "you have removed, revoked, changed or forgotten any since, do that again: ./wutong user list, "
            "./wutong token list"
        )
    )


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; nothing is removed.")] = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Remove data that is older than the settings `keep` say. The service does it once a day by itself."""
    from privacy.commands import purge as remove

    remove(client_of(state), dry_run=dry_run, as_json=as_json, show=say, progress=step)


def forget(
    number: Annotated[str, typer.Argument(help="A caller's number, with or without spaces, + or 00.")],
    yes: Yes = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Remove a caller's number from ended calls, their Records and the log files here. Asks before."""
    from privacy.commands import forget as remove

    remove(client_of(state), folder_of(state), number, yes=yes, as_json=as_json, show=say, progress=step)


def export(
    number: Annotated[str, typer.Argument(help="A caller's number, with or without spaces, + or 00.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File to write, which only its owner may read; left out: print them."),
    ] = None,
    state: State = None,
) -> None:
    """Write all calls and callbacks of a number with their stories, one JSON line each."""
    from privacy.commands import export as write

    write(client_of(state), number, file, show=partial(say, err=True))


def audit(
    actor: Annotated[str | None, typer.Option("--actor", help="Only entries of this actor, such as user:wang.")] = None,
    what: Annotated[str | None, typer.Option("--what", help="Only entries of this kind, such as call-read.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="Only entries since then: 2025-03-03, or 7d for a week."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="TIME", help="Only entries up to then; to go on, the time of the last entry shown."
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 100,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """List changes and reading of personal data, with their actors, the newest first."""
    from commands.options import exact, moment, zone_of

    zone = zone_of(folder_of(state))
    when = {name: moment(text, zone) for name, text in (("since", since), ("until", until)) if text is not None}
    given = {"actor": actor, "what": what, **when, "limit": str(limit)}
    entries = client_of(state).audit({name: value for name, value in given.items() if value is not None})
    if as_json:
        typer.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        status = entry["status"]
        refused = "" if status < 400 else Sentence("refused ({status})", status=status)
        said = (entry[name] for name in ("actor", "what", "target", "detail", "address"))
        words = exact(entry["at"], zone), *said, refused
        say(joined((word for word in words if word), template("{sentences}  {sentence}")))
