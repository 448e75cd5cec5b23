"""`./wutong report`: a report as a table, as JSON, CSV or XLSX; and all sums as Parquet, or counted anew."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from base.failure import NotDone
from commands.options import AsJson, State, client_of, fail, folder_of, load_settings, say
from sentences.languages import here, language_here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, listed

if TYPE_CHECKING:
    from commands.client import Client

REBUILD, DAY, EXPORT, SHEET = "rebuild", "day", "export", "sheet"

DAYS = {"workday": Sentence("workday"), "weekend": Sentence("weekend"), "holiday": Sentence("holiday")}

BAR = 20
"""Cells of the longest bar."""


def add_to(app: typer.Typer) -> None:
    """Make it a command of `./wutong`."""
    app.command()(report)


def report(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="queues, agents, breaks, transfers, calls, sub-hotlines, menus, scopes, sound, callbacks or surveys; "
            "day, an agent's; sheet, the page for the authority; export, which writes the sums as Parquet; or rebuild, "
            "which counts all Records anew.",
        ),
    ],
    which: Annotated[
        str | None,
        typer.Argument(
            metavar="AGENT",
            help="Of day: whose. Of sheet: the DAY, 2025-03-03; left out: yesterday. Of export: the folder, FOLDER.",
            show_default=False,
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day, 2025-03-03; left out: today.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day; left out: today.")] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="What it is split by, such as agent,hour; left out: the usual; '': nothing."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Only this queue, agent, …")] = None,
    every: Annotated[
        str | None, typer.Option("--every", help="A row for each 15min, hour, day, week, month or year.")
    ] = None,
    compare: Annotated[
        str | None, typer.Option("--compare", help="Also the days a week or a year before: week, year.")
    ] = None,
    service_levels: Annotated[
        bool, typer.Option("--service-levels", help="Each way to reckon the service level.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook for spreadsheets.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Of day: which, 2025-03-03; left out: today.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="zh|en", help="For `sheet`. Default: this terminal's language.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Of sheet: write it as PDF.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Of sheet: write it as HTML.")] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Figures of queues, agents, calls and more, over any days, and an agent's day. docs/reports.md defines each."""
    from reports.kinds import ReportKind

    kinds = (*ReportKind, DAY, SHEET, EXPORT, REBUILD)
    if kind not in kinds:
        fail(Sentence("There is no report {kind}; there are {names}.", kind=kind, names=listed(kinds)))
    if kind == SHEET or language or pdf or html:
        given = (first, last, by, name, every, compare, xlsx, date, service_levels or None, as_csv or None)
        if kind != SHEET or (pdf is None) is (html is None) or as_json or any(each is not None for each in given):
            fail(Sentence("Give --pdf FILE or --html FILE, not both. These options are only for `report sheet`."))
        _sheet(client_of(state), which, language, pdf, html)
        return
    others = (first, last, by, name, every, compare, service_levels or None, as_csv or None, xlsx)
    refused = (*others, date) if kind == EXPORT else others if kind == DAY else (date,)
    if (kind in (DAY, EXPORT)) is (which is None) or any(each is not None for each in refused):
        fail(
            Sentence(
                "It is ./wutong report day AGENT, with --date DATE and --json, or ./wutong report export FOLDER alone; "
                "other reports have none of these."
            )
        )
    if kind == REBUILD:
        _rebuild(state)
        return
    if which is not None and kind == EXPORT:
        _export(state, Path(which))
        return
    if which is not None:
        from reports import day_commands

        day_commands.show(client_of(state), which, date, as_json=as_json)
        return
    client = client_of(state)
    described = {each["kind"]: each for each in client.reports()}
    filters = {
        "from": first,
        "to": last,
        "by": described[kind]["by"][0] if by is None else by,
        "name": name,
        "every": every,
        "compare": compare,
        "service_levels": "all" if service_levels else "one",
        "format": "xlsx" if xlsx else "csv" if as_csv else "json",
    }
    asked = {key: value for key, value in filters.items() if value}
    if xlsx is not None:
        xlsx.write_bytes(client.report_file(kind, asked))
        typer.echo(str(xlsx))
        return
    if as_csv:
        typer.echo(client.report_file(kind, asked).decode(), nl=False)
        return
    made = client.report(kind, asked)
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False))
        return
    shown = [
        each for each in described[kind]["figures"] if each["id"] in made["total"] and (each["usual"] or service_levels)
    ]
    _print(made, shown)
    if made["before"] is not None:
        say(Sentence("Before: {first} to {last}", first=made["before"]["from"], last=made["before"]["to"]))
        _print(made["before"], shown)


def _sheet(client: "Client", day: str | None, language: str | None, pdf: Path | None, html: Path | None) -> None:
    spoken = language or ("zh" if language_here() == "zh" else "en")
    wanted = {"language": spoken, "format": "html" if pdf is None else "pdf"}
    file = html or pdf
    assert file is not None, "one of both is given"
    file.write_bytes(client.daily_sheet(wanted if day is None else {**wanted, "day": day}))
    typer.echo(str(file))


def _print(made: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> None:
    """The last line is of all rows together. The bar is the first figure."""
    from rich.console import Console
    from rich.table import Table

    rows, first = made["rows"], shown[0]["id"]
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for each in shown:
        table.add_column(each["name"]["zh" if language_here() == "zh" else "en"], justify="right")
    table.add_column("")
    most = max((row["figures"][first] or 0 for row in rows), default=0)
    for row in rows:
        cells = [_cell(row["figures"][each["id"]], each["unit"]) for each in shown]
        share = (row["figures"][first] or 0) / most if most else 0
        table.add_row(_label(row, made["timezone"]), *cells, "█" * round(BAR * share))
    if len(rows) != 1:
        table.add_row("=", *(_cell(made["total"][each["id"]], each["unit"]) for each in shown), "")
    Console(highlight=False, markup=False, soft_wrap=True).print(table)


def _label(row: Mapping[str, Any], timezone: str) -> str:
    from zoneinfo import ZoneInfo

    begins = row["begins"] and datetime.fromisoformat(row["begins"]).astimezone(ZoneInfo(timezone))
    parts = (
        begins and f"{begins:%Y-%m-%d %H:%M}".removesuffix(" 00:00"),
        row["name"],
        row["hour"] is not None and f"{row['hour']:02}:00",
        row["weekday"],
        row["day_kind"] and here(DAYS[row["day_kind"]]),
        row["night"] is not None and ("22-6" if row["night"] else "6-22"),
    )
    return " ".join(str(part) for part in parts if part not in (None, False)) or "-"


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if unit == "percent":
        return f"{value:.1f} %"
    if unit == "milliseconds":
        return f"{value:,.1f} ms"
    return f"{value:,.1f} s" if unit == "seconds" else f"{value:,.10g}"


def _export(state: Any, folder: Path) -> None:
    """In this process, whether the service runs or not."""
    from commands.journal import asked
    from commands.options import zone_of
    from processes import users
    from reports.export import export

    settings = load_settings(state)
    users.become_owner_of(settings.folder.root)
    for file in asked(settings.database, lambda connection: export(connection, folder, zone_of(settings.folder))):
        typer.echo(str(file))


def _rebuild(state: Any) -> None:
    """Count anew, in this process: the service goes on."""
    import asyncio

    from rich.console import Console
    from rich.progress import Progress
    from sqlalchemy.exc import SQLAlchemyError

    from base.files import LockHeld, lock
    from commands.journal import expect
    from journal import database
    from processes import users
    from reports.counting import rebuild
    from reports.facts.model import DAY

    settings = load_settings(state)
    expect(settings.database)
    users.become_owner_of(settings.folder.root)

    async def count(progress: Progress) -> int:
        engine = database.open(settings.database)
        task = progress.add_task("")
        try:
            return await rebuild(
                engine,
                lambda all_, done: progress.update(task, total=all_, completed=done),
                settings.keep.numbers_days * DAY,
            )
        finally:
            await engine.dispose()

    try:
        with lock(folder_of(state).run / "report-rebuild.lock"), Progress(console=Console(stderr=True)) as progress:
            unread = asyncio.run(count(progress))
    except LockHeld:
        raise NotDone(Sentence("the reports are being counted anew already, by another process")) from None
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        why = recognised(getattr(error, "orig", None) or error)
        raise NotDone(Sentence("the reports were not counted anew, and are as before: {why}", why=why)) from error
    say(Sentence("counted anew"))
    if unread:
        say(Sentence("{count} Records could not be read, by a mistake of ours, and are in no report", count=unread))
