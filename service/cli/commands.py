"""The command line. Each command does its own imports, so that it starts fast."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from service.cli import prompts_commands, token_commands, tree_commands, user_commands, version_commands
from service.cli.options import (
    DOWN,
    AsJson,
    BasePort,
    Format,
    HotlineFolder,
    Listen,
    State,
    Yes,
    client_of,
    consent,
    fail,
    folder_of,
    load_settings,
)
from service.setup.failure import NotDone


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        """Run a command; a failure becomes a sentence."""
        try:
            return super().invoke(ctx)
        except NotDone as error:
            fail(str(error))


app = typer.Typer(
    name="wutong",
    cls=_Commands,
    help="Wutong (梧桐), a public-service hotline beside Asterisk. Begin with `./wutong up`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(prompts_commands.app, name="prompts")
app.add_typer(user_commands.app, name="user")
app.add_typer(token_commands.app, name="token")


def main() -> None:
    """The program."""
    try:
        app(prog_name="./wutong")
    except BrokenPipeError:  # `./wutong … | head`
        sys.stderr.close()
        raise SystemExit(1) from None
    except OSError as error:  # mostly the disk: full, read-only, another user's
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


@app.command()
def up(
    hotline: HotlineFolder = None,
    state: State = None,
    ports: BasePort = None,
    listen: Listen = None,
    detach: Annotated[bool, typer.Option("--detach", help="Return when it is ready, and let it run.")] = False,
    update_asterisk: Annotated[
        bool, typer.Option("--update-asterisk", help="Renew the private Asterisk first.", show_default=False)
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Publish what is saved in the hotline's folder, if it passes its checks.")
    ] = False,
) -> None:
    """Start Asterisk and the service, and keep them running until Ctrl-C."""
    settings = load_settings(state, hotline, ports, listen)
    if watch and detach:
        fail("--watch prints what is wrong in a saved file: give it without --detach")
    if update_asterisk:
        from service.cli.update import update

        update(settings, lambda line: typer.echo(f"· {line}"))
    from service.cli.terminal import bring_up

    raise typer.Exit(bring_up(settings, detach=detach, watch=watch))


@app.command()
def status(state: State = None, as_json: AsJson = False) -> None:
    """Tell whether Wutong is up, and where. Exit status 3 when it is down."""
    from service.cli.status import look

    folder = folder_of(state)
    found = look(folder)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        from service.cli.terminal import show_status

        show_status(found, folder)
    raise typer.Exit(0 if found.pid is not None else DOWN)


@app.command()
def down(state: State = None, yes: Yes = False) -> None:
    """Stop what `up` started. Asks while calls are live."""
    import asyncio

    from service.cli.down import at_stake
    from service.cli.down import down as stop

    folder = folder_of(state)
    if not yes and (calls := at_stake(folder)) is not None:
        consent(calls, yes=False)
    if asyncio.run(stop(folder, typer.echo)):
        typer.echo("down")
    else:
        typer.echo(f"nothing that `up` started runs on {folder.root}")


@app.command()
def serve(hotline: HotlineFolder = None, state: State = None, ports: BasePort = None, listen: Listen = None) -> None:
    """Run the service alone, for a supervisor or a container. Asterisk must run already, or be a remote one."""
    settings = load_settings(state, hotline, ports, listen)
    from service.app.standalone import run

    raise typer.Exit(run(settings))


@app.command()
def reload(state: State = None, as_json: AsJson = False) -> None:
    """Publish the hotline's folder without a question: check it and take it into use, whole or not at all."""
    from hotline.problem import Problem
    from hotline.translation import line, translated
    from service.cli.client import Refused
    from service.setup.language import language_here

    def show(problems: Iterable[dict[str, Any]]) -> None:
        for problem in problems:
            typer.echo(line(translated(Problem(**problem), language_here()), language_here()), err=True)

    client = client_of(state)
    from service.cli.prompts import build_before_reload

    build_before_reload(folder_of(state), lambda line: typer.echo(f"· {line}", err=True))
    try:
        answer = client.reload()
    except Refused as refused:
        if as_json:
            typer.echo(json.dumps(refused.problem, ensure_ascii=False))
        else:
            show(refused.problem.get("problems", []))
            # the sentence ends with the first problem, for readers who see nothing else
            typer.echo(refused.problem["detail"].partition("; the first: ")[0], err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    show(answer["problems"])
    for sentence in answer["removed"]:
        typer.echo(sentence, err=True)
    typer.echo(f"version {answer['version']} is in use" + ("" if answer["changed"] else ", as before"))


@app.command()
def restart(
    state: State = None,
    wait: Annotated[float, typer.Option("--wait", min=0, max=60, help="Seconds for calls in the menus.")] = 60,
) -> None:
    """Restart the service, also after an upgrade. Calls in the menus finish first; waiting callers and talks go on."""
    from service.cli.restart import restart as again

    again(client_of(state), folder_of(state), wait, typer.echo)


@app.command()
def drain(
    off: Annotated[bool, typer.Option("--off", help="Take new calls again.")] = False, state: State = None
) -> None:
    """Close the hotline for maintenance: new callers hear that, other calls go on. Restarts do not open it."""
    client_of(state).drain(not off)
    typer.echo("new calls are taken" if off else "new calls are turned away, until ./wutong drain --off")


@app.command()
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
    from service.cli.beginning import Options, answered, write, zone_here
    from service.setup.language import language_here

    def ask(question: str, default: str) -> str:
        return str(typer.prompt(question, default=default, err=True))

    words, options = language_here(), Options(name or (), languages, number, timezone, agents)
    asked = None if yes or not sys.stdin.isatty() else ask
    for path in write(
        folder.expanduser().absolute(), str(folder), answered(options, asked, words, here=zone_here()), words
    ):
        typer.echo(path)
    typer.echo(f"Next: ./wutong check {folder}, then ./wutong up --hotline {folder}", err=True)


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Hotline folder.")],
    state: State = None,
    form: Annotated[
        Format, typer.Option("--format", help="For people, for programs, or as annotations of GitHub's workflows.")
    ] = Format.TEXT,
    as_json: AsJson = False,
) -> None:
    """List every problem of a hotline and its tests, with file, line and column. Exit status 1 if any is an error."""

    from hotline.treetests import covered, load_tested
    from service.setup import settings
    from service.setup.language import language_here

    try:
        here = settings.load(state=state)
    except (ValueError, OSError):  # the other commands tell what is wrong with them
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
        from service.cli.unvoiced import unvoiced

        problems += unvoiced(loaded.hotline, here)
    from service.cli.findings import show, summary

    how = Format.JSON if as_json else form
    show(problems, folder, how, language_here())
    if how is not Format.JSON:
        if report is not None:
            typer.echo(covered(report, language_here()), err=True)
        typer.echo(summary(problems, folder, language_here()), err=True)
    raise typer.Exit(0 if loaded.hotline is not None else 1)


tree_commands.add_to(app)
version_commands.add_to(app)


@app.command()
def picture(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Hotline folder; the one in use when left out.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write; left out: print it.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="svg, html, mermaid, dot; left out: as the file is called."),
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help="Of the texts; left out: the first one.")] = None,
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
    from service.cli.picture_command import draw

    draw(folder, output, kind, language, diff, traffic, paper, load_settings(state))


@app.command()
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
    from service.cli.card_command import make

    make(output, folder, language, poster=poster, settings=load_settings(state))


@app.command()
def schema(
    file: Annotated[str, typer.Argument(metavar="FILE", help="hotline.yaml or agents.yaml.")] = "hotline.yaml",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Write both schemas there, and print their paths.")
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
        fail(f"there is no schema of {file}: give hotline.yaml or agents.yaml")
    typer.echo(made[name], nl=False)


@app.command()
def call(
    number: Annotated[str, typer.Argument(help="The number to dial, such as 12319.")],
    keys: Annotated[str, typer.Option("--keys", help="Keys to press, such as 1,2; `silence` for none.")] = "",
    language: Annotated[str | None, typer.Option("--language", help="Begin in this language, such as en.")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=600, help="Hang up after so long.")] = 60,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Keep what the caller hears (.wav).")
    ] = None,
    yes: Yes = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Place a test call, and tell what the caller hears and what happens."""
    from service.cli.call_story import follow

    client = client_of(state)
    if record is not None and record.is_file():
        consent(f"{record} is there and will be overwritten.", yes=yes)
    raise typer.Exit(follow(client, number, keys, language, seconds, record, as_json=as_json))


@app.command()
def top(
    once: Annotated[bool, typer.Option("--once", help="Print one picture and end.")] = False,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Another machine's Wutong, such as https://hotline:8080.")
    ] = None,
    token: Annotated[
        str | None, typer.Option("--token", metavar="TOKEN", help="For --url; left out, it is asked for.")
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help="zh or en; left out: the terminal's.")] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Queues and agents as they change, in this terminal. `q` ends it."""
    from service.cli.wall.command import once as picture
    from service.cli.wall.command import stay
    from service.cli.wall.place import spoken, where

    if as_json and not once:
        fail("--json goes with --once: ./wutong top --once --json")
    watched, words = where(state, url, token), spoken(language)
    if once:
        picture(watched, words, as_json=as_json)
    else:
        stay(watched, words)


@app.command()
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File to write; left out: one in backups/ of the state folder."),
    ] = None,
    state: State = None,
) -> None:
    """Copy the database to a file, also while the service runs."""
    settings = load_settings(state)
    from service.setup import users
    from service.setup.inherited import as_told
    from service.storage.backup import backup as copy

    if file is None:
        users.become_owner_of(settings.folder.root)
    made = copy(settings.database, settings.folder, None if file is None else file.expanduser().absolute())
    typer.echo(
        f"{made} ({made.stat().st_size:,} bytes). It holds calls, their Records, people, the audit, and versions."
    )
    typer.echo(
        f"Keep with it, elsewhere: {as_told(settings).hotline}, {settings.folder.settings}, {settings.folder.secrets}"
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    state: State = None,
) -> None:
    """Put a backup in the place of the database. Wutong must be down."""
    settings = load_settings(state)
    from service.storage.backup import restore as put_back

    aside = put_back(settings.database, settings.folder, file.expanduser().absolute())
    typer.echo("restored" if aside is None else f"restored; the database that was there is now {aside}")
    typer.echo(
        "People, passwords, tokens, second factors and numbers of callers are as they were at the backup. If you have "
        "removed, revoked, changed or forgotten any since, do that again: ./wutong user list, ./wutong token list"
    )


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; nothing is removed.")] = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Remove data that is older than the settings `keep` say. The service does it once a day by itself."""
    from service.cli.privacy import purge as remove

    remove(client_of(state), dry_run=dry_run, as_json=as_json, tell=typer.echo, progress=_progress)


@app.command()
def forget(
    number: Annotated[str, typer.Argument(help="A caller's number, in any way of writing.")],
    yes: Yes = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Remove a caller's number from ended calls, their Records and the log files here. Asks before."""
    from service.cli.privacy import forget as remove

    remove(client_of(state), folder_of(state), number, yes=yes, as_json=as_json, tell=typer.echo, progress=_progress)


@app.command()
def export(
    number: Annotated[str, typer.Argument(help="A caller's number, in any way of writing.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File to write, which only its owner may read; left out: print them."),
    ] = None,
    state: State = None,
) -> None:
    """Write all calls of a number with their stories, one JSON line each."""
    from service.cli.privacy import export as write

    write(client_of(state), number, file, tell=_progress)


@app.command()
def doctor(state: State = None, as_json: AsJson = False) -> None:
    """Find faults of this installation, and say what to do. Exit status 1 if there is any."""
    settings = load_settings(state)
    from service.cli.doctor import examine, show
    from service.setup.inherited import as_told

    findings = examine(as_told(settings))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        show(findings)
    raise typer.Exit(1 if any(finding.level == "wrong" for finding in findings) else 0)


@app.command()
def audit(
    actor: Annotated[str | None, typer.Option("--actor", help="Only entries of this actor, such as user:wang.")] = None,
    what: Annotated[str | None, typer.Option("--what", help="Only entries of this kind, such as call-read.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="Only entries since then: 2025-03-03, or 7d for a week."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Only entries up to then: the last one shown, to go on after it."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 100,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """List changes and reading of personal data, with their actors, the newest first."""
    from service.cli.spans import moment

    when = {name: moment(text) for name, text in (("since", since), ("until", until)) if text is not None}
    given = {"actor": actor, "what": what, **when, "limit": str(limit)}
    entries = client_of(state).audit({name: value for name, value in given.items() if value is not None})
    if as_json:
        typer.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        refused = "" if entry["status"] < 400 else f"refused ({entry['status']})"
        words = *(entry[name] for name in ("at", "actor", "what", "target", "detail", "address")), refused
        typer.echo("  ".join(word for word in words if word))


def _progress(line: str) -> None:
    typer.echo(line, err=True)
