"""`./wutong versions`, `publish` and `rollback`: what was published, publishing, going back."""

import json
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import AsJson, State, Yes, client_of, fail, folder_of, load_settings, minute, say, zone_of
from sentences.sentence import Sentence, joined, template

versions = typer.Typer(
    help="What was published: list it, show one version, write one into a folder.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

DAYS = 7
"""`publish` and `rollback` replay the calls of so many days, unless they are told otherwise."""

Note = Annotated[str, typer.Option("--note", help="Why, for people who read the list later.")]
Days = Annotated[
    int, typer.Option("--days", min=0, max=31, help="Say which callers of this many days would end elsewhere.")
]
Number = Annotated[int, typer.Argument(metavar="N", min=1, help="Number of the version.")]


def add_to(app: typer.Typer) -> None:
    """Make them commands of `./wutong`."""
    app.add_typer(versions, name="versions")
    app.command("publish")(publish)
    app.command("rollback")(rollback)


@versions.callback()
def list_(context: typer.Context, state: State = None, as_json: AsJson = False) -> None:
    """List what was published, the newest first."""
    if context.invoked_subcommand is not None:
        return
    found = client_of(state).versions()
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    zone = zone_of(folder_of(state))
    for version in found:
        say(_line(version, zone))
    if not found:
        say(Sentence("nothing was published yet"))


@versions.command()
def show(number: Number, state: State = None, as_json: AsJson = False) -> None:
    """Show a version: who published it, when and why, its recordings, lists of callers and files."""
    client = client_of(state)
    version, files = client.version(str(number))[0], client.version_files(str(number))
    if as_json:
        typer.echo(json.dumps({**version, "files": files}, ensure_ascii=False))
        return
    say(_line(version, zone_of(folder_of(state))))
    say(Sentence("version {digest}, SHA-256 {sha256}", digest=version["digest"], sha256=version["sha256"]))
    for each in (*(version.get("recordings") or ()), *(version.get("lists") or ())):
        words = "" if each.get("words") is None else f"  “{each['words']}”"
        lost = Sentence("  lost: see docs/publishing.md") if each["lost"] else ""
        say(
            Sentence(
                "{file}, {size:,} bytes{words}{lost}",
                file=each["file"],
                size=each["size"],
                words=words,
                lost=lost,
            )
        )
    for name, text in files.items():
        typer.echo(f"\n# ---- {name}\n{text.rstrip()}")


@versions.command()
def export(
    number: Number,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into; made if it is missing.")],
    state: State = None,
    yes: Yes = False,
) -> None:
    """Write a version into a folder: its files, recordings and lists of callers. Asks before it overwrites. Passwords
    that are there stay.
    """
    from publishing.store import VersionStore, write

    files, store = client_of(state).version_files(str(number)), VersionStore(load_settings(state).folder.versions)
    paths = None if store.of(number) is None else store.paths(number)
    for path in write(files, paths, folder.expanduser().absolute(), yes=yes):
        typer.echo(path)


def publish(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder of the draft; left out: that of the running hotline.")
    ] = None,
    note: Note = "",
    over: Annotated[
        bool,
        typer.Option("--over", help="Publish the folder even if nobody edited it since another version came into use."),
    ] = False,
    trial: Annotated[
        str | None,
        typer.Option("--trial", metavar="N%", help="Put it on trial: only this many of a hundred callers get it."),
    ] = None,
    to_all: Annotated[bool, typer.Option("--all", help="All callers get the version that is on trial.")] = False,
    days: Days = DAYS,
    yes: Yes = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Check, test and replay an edited hotline, tell what changes for callers, take it into use. Asks before."""
    from publishing.elsewhere import Callers
    from publishing.publish_commands import percent, to_all_callers
    from publishing.publish_commands import publish as go

    tried = None if trial is None else percent(trial)
    client, callers = client_of(state), Callers(days)  # ends the program if nothing runs
    if to_all:
        if folder is not None or tried is not None or over:
            fail(Sentence("--all publishes the version that is on trial: give no folder, --trial or --over with it"))
        to_all_callers(client, load_settings(state), note, callers=callers, yes=yes, as_json=as_json)
    else:
        settings = load_settings(state)
        go(client, settings, folder, note, over=over, trial=tried, callers=callers, yes=yes, as_json=as_json)


def rollback(
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="N",
            min=1,
            help="Version to go back to; left out: the one before, or, while one is on trial, the end of the trial.",
        ),
    ] = None,
    note: Note = "",
    days: Days = DAYS,
    yes: Yes = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Take an earlier version into use again, as a new one. Replays it, tells what changes for callers, asks before."""
    from publishing.elsewhere import Callers
    from publishing.publish_commands import rollback as go

    client = client_of(state)
    folder_of(state)
    go(client, load_settings(state), number, note, callers=Callers(days), yes=yes, as_json=as_json)


def _line(version: dict[str, Any], zone: tzinfo) -> str:
    at = minute(version["at"], zone)
    again = Sentence("version {number} again", number=version["from"])
    source = {"folder": "", "draft": Sentence("sent")}.get(version["from"], again)
    current = Sentence("← in use") if version["current"] else ""
    parts = (f"{version['number']:>4}", at, version["author"], version["digest"], source, version["note"])
    line = joined((part for part in (*parts, current) if part), template("{sentences}  {sentence}"))
    trial = version["trial"]
    return line if trial is None else Sentence("{version}\n      {trial}", version=line, trial=_trial(trial))


def _trial(trial: dict[str, Any]) -> str:
    """How the trial stands, or how it ended."""
    how = {
        "running": Sentence("on trial"),
        "taken-back": Sentence("trial taken back"),
        "for-all": Sentence("trial over, for all since"),
    }
    rest = trial["rest"]
    return Sentence(
        "{verdict} ({percent} % of callers): {given_up} of {calls} calls given up, {others_given_up} of {others} of "
        "the rest; evidence {evidence:g}, taken back at {limit:g}",
        verdict=how.get(trial["verdict"], Sentence("trial ended")),
        percent=trial["percent"],
        given_up=trial["given_up"],
        calls=trial["calls"],
        others_given_up=rest["given_up"],
        others=rest["calls"],
        evidence=trial["evidence"],
        limit=trial["limit"],
    )
