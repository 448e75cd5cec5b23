"""The command line: what runs the hotline is here; `tree_commands`, `data_commands` and the like have the rest.

Each command does its own imports, so that it starts fast.
"""

import gc
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from accounts import commands as user_commands
from commands.options import (
    DOWN,
    AsJson,
    BasePort,
    HotlineFolder,
    Level,
    Listen,
    State,
    Yes,
    client_of,
    consent,
    fail,
    folder_of,
    load_settings,
    say,
    step,
)
from commands.program import Commands
from emergency import commands as emergency_commands
from nodes import commands as node_commands
from privacy import data_commands
from publishing import prompt_commands, version_commands
from reports import commands as report_commands
from selftest import commands as selftest_commands
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from trees import commands as tree_commands

app = typer.Typer(
    name="wutong",
    cls=Commands,
    help="Wutong (梧桐), a public-service hotline beside Asterisk. Begin with `./wutong up`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(prompt_commands.app, name="prompts")
app.add_typer(user_commands.app, name="user")
app.add_typer(user_commands.token_app, name="token")
app.add_typer(emergency_commands.app, name="emergency")
app.add_typer(node_commands.app, name="node")


def main() -> None:
    """The program."""
    try:
        app(prog_name="./wutong")
    except BrokenPipeError:  # `./wutong … | head`
        sys.stderr.close()
        raise SystemExit(1) from None
    except OSError as error:  # mostly the disk: full, read-only, another user's
        say(recognised(error), err=True)
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
        fail(Sentence("--watch prints what is wrong in a saved file: give it without --detach"))
    if update_asterisk:
        from service.cli.terminal import update

        update(settings, partial(step, err=False))
    from service.cli.terminal import bring_up

    raise typer.Exit(bring_up(settings, detach=detach, watch=watch))


@app.command()
def status(state: State = None, as_json: AsJson = False) -> None:
    """Tell whether Wutong is up, and where. Exit status 3 when it is down."""
    from doctor.status import look

    folder = folder_of(state)
    found = look(folder)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        from service.cli.terminal import show_status

        show_status(found, folder)
        if found.pid is None:
            say(Sentence("The service does not run: ./wutong up starts it, ./wutong logs says how it ended."), err=True)
    raise typer.Exit(0 if found.pid is not None else DOWN)


@app.command()
def down(state: State = None, yes: Yes = False) -> None:
    """Stop what `up` started. Asks while calls are live."""
    import asyncio

    from service.cli.stopping import at_stake
    from service.cli.stopping import down as stop

    folder = folder_of(state)
    if not yes and (calls := at_stake(folder)) is not None:
        consent(calls, yes=False)
    if asyncio.run(stop(folder, say)):
        say(Sentence("down"))
    else:
        say(Sentence("nothing that `up` started runs on {folder}", folder=folder.root))


@app.command()
def serve(hotline: HotlineFolder = None, state: State = None, ports: BasePort = None, listen: Listen = None) -> None:
    """Run the service alone, for a supervisor or a container. Asterisk must run already, or be a remote one."""
    settings = load_settings(state, hotline, ports, listen)
    gc.disable()  # modules stay: to look for garbage while they are loaded takes a fifth of the time
    from service.app.standalone import run

    gc.freeze()  # and to look for it in them until the service is up, a third of the time of a start
    gc.enable()
    # No pause may be long: to look at so many young objects takes 30 µs. Python's own 700 means thrice as many looks.
    gc.set_threshold(2_000)
    raise typer.Exit(run(settings))


@app.command()
def reload(state: State = None, as_json: AsJson = False) -> None:
    """Publish the hotline's folder without a question: check it and take it into use, whole or not at all."""
    from commands.client import Refused
    from hotline.problem import Problem

    def show(problems: Iterable[dict[str, Any]]) -> None:
        for problem in problems:
            say(Problem(**problem).words, err=True)

    client = client_of(state)
    from publishing.prompts import build_before_reload

    build_before_reload(folder_of(state), step)
    try:
        answer = client.reload()
    except Refused as refused:
        if as_json:
            typer.echo(json.dumps(refused.problem, ensure_ascii=False))
        else:
            show(refused.problem.get("problems", []))
            # the sentence ends with the first problem, for readers who see nothing else
            detail = refused.problem["detail"].partition("; the first: ")[0].partition("；第一个：")[0]
            say(detail, err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    show(answer["problems"])
    for sentence in (answer["taken_back"], *answer["removed"]):
        if sentence is not None:
            typer.echo(sentence, err=True)
    say(
        Sentence("version {version} is in use", version=answer["version"])
        if answer["changed"]
        else Sentence("version {version} is in use, as before", version=answer["version"])
    )


@app.command()
def restart(
    state: State = None,
    wait: Annotated[float, typer.Option("--wait", min=0, max=60, help="Seconds for calls in the menus.")] = 60,
) -> None:
    """Restart the service, also after an upgrade. Calls in the menus finish first; waiting callers and talks go on."""
    from service.cli.stopping import restart as again

    again(client_of(state), folder_of(state), wait, say)


@app.command()
def drain(
    off: Annotated[bool, typer.Option("--off", help="Take new calls again.")] = False, state: State = None
) -> None:
    """Close the hotline for maintenance: new callers hear that, other calls go on. Restarts do not open it."""
    client_of(state).drain(not off)
    say(Sentence("new calls are taken") if off else Sentence("new calls are turned away, until ./wutong drain --off"))


tree_commands.add_to(app)
version_commands.add_to(app)


@app.command()
def call(
    number: Annotated[str, typer.Argument(help="The number to dial, such as 12319.")],
    keys: Annotated[str, typer.Option("--keys", help="Keys to press, such as 1,2; `silence` for none.")] = "",
    language: Annotated[str | None, typer.Option("--language", help="Begin in this language, such as en.")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=600, help="Hang up after this long.")] = 60,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Keep what the caller hears (.wav).")
    ] = None,
    answer: Annotated[
        bool, typer.Option("--answer", help="In a queue a robot agent answers; no agent's phone is rung.")
    ] = False,
    yes: Yes = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Place a test call, and tell what the caller hears and what happens."""
    from calls.call_commands import follow

    client = client_of(state)
    if record is not None and record.is_file():
        consent(Sentence("{record} is there and will be overwritten.", record=record), yes=yes)
    raise typer.Exit(follow(client, number, keys, language, seconds, record, answer=answer, as_json=as_json))


@app.command()
def top(
    once: Annotated[bool, typer.Option("--once", help="Print one screen and end.")] = False,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Another machine's Wutong, such as https://hotline:8080.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            metavar="TOKEN",
            help="For --url. Others see it in `ps`: left out, it is WUTONG_TOP_TOKEN, or asked for.",
        ),
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help="zh or en; left out: the terminal's.")] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Queues and agents as they change, in this terminal. `q` ends it."""
    from wall.command import once as print_once
    from wall.command import spoken, stay, where

    if as_json and not once:
        fail(Sentence("--json goes with --once: ./wutong top --once --json"))
    watched, words = where(state, url, token), spoken(language)
    if once:
        print_once(watched, words, as_json=as_json)
    else:
        stay(watched, words)


@app.command()
def doctor(state: State = None, as_json: AsJson = False) -> None:
    """Find faults of this installation, and say what to do. Exit status 1 if there is any."""
    settings = load_settings(state)
    from doctor.findings import examine, show
    from processes.running import as_running

    findings = examine(as_running(settings))
    if as_json:
        typer.echo(json.dumps([finding.document() for finding in findings], ensure_ascii=False))
    else:
        show(findings)
    raise typer.Exit(1 if any(finding.level == "wrong" for finding in findings) else 0)


@app.command()
def logs(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="Only since then: 2h, 2025-03-03, 2025-03-03T09:30."),
    ] = None,
    level: Annotated[
        Level, typer.Option("--level", help="Only lines of this level or above.", case_sensitive=False)
    ] = Level.DEBUG,
    call: Annotated[str, typer.Option("--call", metavar="ID", help="Only lines that name this call.")] = "",
    lines: Annotated[int, typer.Option("--lines", min=1, max=10_000, help="How many at most, the last ones.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what comes, until Ctrl-C.")] = False,
    language: Annotated[str | None, typer.Option("--language", help="zh or en; left out: the terminal's.")] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Read the service's log: in words, with times of the hotline's zone."""
    from commands.options import moment, zone_of
    from logs.command import Wanted, show
    from wall.command import spoken

    folder = folder_of(state)
    begin = None if since is None else datetime.fromisoformat(moment(since, zone_of(folder)))
    wanted = Wanted(begin, level.value, call)
    words, zone = spoken(language), partial(zone_of, folder)
    show(folder.logs, wanted, lines, language=words, zone=zone, as_json=as_json, follow=follow)


data_commands.add_to(app)
report_commands.add_to(app)
selftest_commands.add_to(app)
