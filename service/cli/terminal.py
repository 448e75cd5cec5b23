"""What `up` and `status` show on a terminal."""

import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from base.failure import NotDone
from base.folders import StateFolder, default_state
from commands.client import Client, Refused
from doctor.status import Status, closed, look, warned
from processes import obtaining, renewing, running, tools
from processes.report import REPORT_PIPE, PipeReport, Report, inherited, pass_on, started
from sentences.languages import here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, listed
from settings.settings import Settings

FIRST = "admin"
"""The name of the administrator that the first `up` makes."""


class TerminalReport:
    """A `Report` to the terminal."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._out, self._errors = Console(highlight=False), Console(stderr=True, highlight=False)

    def step(self, text: str) -> None:
        self._out.print(Text(f"· {here(text)}", style="dim"), soft_wrap=True)

    def problem(self, text: str) -> None:
        self._errors.print(Text(here(text), style="red"), soft_wrap=True)

    def ready(self, already: bool, number: str = "", agents: Sequence[str] = ()) -> None:
        folder = self._settings.folder
        found = look(folder)
        if already and found.pid is None:
            self.step(
                Sentence(
                    "{folder} is up, but its service is being started again: see {logs}",
                    folder=folder.root,
                    logs=folder.logs,
                )
            )
            return
        if already:
            self._out.print(here(Sentence("It is up already (process {process}).", process=found.pid)))
        show_up(self._out, found, folder, number, agents)
        if self._settings.listen.is_loopback and found.http is not None and found.token is not None:
            _print(self._out, first_administrator(Client(found.http, found.token, self._settings.folder.door)))


def bring_up(settings: Settings, *, detach: bool, watch: bool = False) -> int:
    """`up` in this process, or detached in another; the exit status. `watch`: what is saved is published."""
    pipe = inherited(REPORT_PIPE)
    if pipe is not None:
        return _up(settings, PipeReport(pipe))
    report = TerminalReport(settings)
    return _detached(settings, report) if detach else _up(settings, report, watch=watch)


def _up(settings: Settings, report: Report, *, watch: bool = False) -> int:
    from publishing.watching import keep_published
    from service.app.up import up

    return up(settings, report, partial(keep_published, settings) if watch else None)


def _detached(settings: Settings, report: Report) -> int:
    """Start a supervisor that outlives this process, and pass on its reports until it is ready."""
    folder = settings.folder
    folder.make()
    # the other `up` finds what is left out as this one would
    options = settings.as_options({"state", *settings.model_fields_set})
    command = [sys.executable, "-m", "service", "up", *options]
    supervisor, reading = started(command, folder.logs / "supervisor.err", REPORT_PIPE)
    try:
        if pass_on(reading, report):
            return 0
        return supervisor.wait()
    except KeyboardInterrupt:
        supervisor.send_signal(signal.SIGTERM)
        return supervisor.wait()


def show_up(console: Console, found: Status, folder: StateFolder, number: str, agents: Sequence[str]) -> None:
    """Show where everything is, and what to try next. `number`: what citizens dial; "": it is read from the hotline's
    folder, and the agents too.
    """
    if not number and found.hotline is not None:
        from hotline.loader import load  # half a second, in which most of the hotline's packages are imported

        if (hotline := load(Path(found.hotline)).hotline) is not None:
            number, agents = hotline.numbers[0], sorted(hotline.agents)
    state = "" if folder.root == default_state() else f" --state {folder.root}"
    rows = [
        *([] if found.stands_by is None else [(Sentence("service"), _stands_by(found))]),
        *_drain(folder),
        *_emergency(folder),
        (Sentence("Console"), f"{found.http}/"),
        ("HTTP", f"{found.http}/docs"),
        (Sentence("Its token"), f"./wutong status{state} --json"),
        ("SIP", f"{found.sip}, UDP"),
    ]
    if number:
        rows += [
            (Sentence("Dial"), f"sip:{number}@{found.sip}"),
            (Sentence("Agents' phones"), Sentence("user {names}", names=spans(agents)) if agents else Sentence("none")),
            (Sentence("Their passwords"), Sentence("agents.yaml, else {secrets}", secrets=folder.secrets)),
            (
                Sentence("Agents sign in"),
                Sentence("dial *45, or the console's desk; queues ring only agents who have signed in"),
            ),
            (
                Sentence("Test call"),
                f"./wutong call {number} --keys 0 --answer{state}",
            ),
        ]
    rows += [(Sentence("Logs"), str(folder.logs)), (Sentence("Stop"), f"./wutong down{state}")]
    _print(console, rows)


def first_administrator(client: Client) -> list[tuple[str, str]]:
    """Make somebody who may sign in, if there is nobody: what to show of it. `client`: of the service that came up.

    Where that cannot be done now, `./wutong user add` or the next `up` can do it later.
    """
    try:
        if client.people():
            return []
        added = client.add_person({"name": FIRST, "roles": ["administrator"]})
    except Refused:
        return [(Sentence("Sign in"), Sentence("accounts are not known now: ./wutong user list shows them later"))]
    return [
        (
            Sentence("Sign in"),
            Sentence("{name}, password {password} (it is shown only now)", name=FIRST, password=added["password"]),
        )
    ]


def spans(names: Sequence[str], most: int = 6) -> str:
    """Numbers in words: `1001 to 1012, 2200`. Consecutive numbers become a range."""
    runs: list[list[str]] = []
    for name in names:
        follows = bool(runs) and len(runs[-1][-1]) == len(name) and int(name) == int(runs[-1][-1]) + 1
        runs[-1].append(name) if follows else runs.append([name])
    shown = [
        run[0] if len(run) == 1 else Sentence("{first} to {last}", first=run[0], last=run[-1]) for run in runs[:most]
    ]
    return Sentence("{names} …", names=listed(shown)) if len(runs) > most else listed(shown)


def show_status(found: Status, folder: StateFolder) -> None:
    drain, down = _drain(folder), Sentence("down")
    does = Sentence("turns new callers away") if drain else Sentence("takes calls")
    if found.stands_by is not None:
        does = _stands_by(found)
    if not found.ready:
        does = Sentence("starting")
    service = down if found.pid is None else Sentence("{process}, {does}", process=_process(found.pid), does=does)
    elsewhere = (
        Sentence("at {address}, see {http}/readyz", address=found.asterisk_host, http=found.http)
        if found.asterisk_host
        else down
    )
    unwatched = Sentence("none") if found.pid else down
    rows = [
        (Sentence("service"), service),
        *drain,
        *_emergency(folder),
        ("Asterisk", _process(found.asterisk_pid) if found.asterisk_pid else elsewhere),
        (Sentence("supervisor"), _process(found.supervisor_pid) if found.supervisor_pid else unwatched),
        (Sentence("state"), str(folder.root)),
    ]
    for name in ("http", "sip", "ami", "agi", "hotline"):
        value = getattr(found, name)
        if value is not None:
            rows.append((name, value))
    _print(Console(highlight=False), rows)


def _stands_by(found: Status) -> Sentence:
    return Sentence("stands by: another machine leads, see {http}/readyz", http=found.http)


def _process(pid: int) -> Sentence:
    return Sentence("process {process}", process=pid)


def _drain(folder: StateFolder) -> list[tuple[str, str]]:
    """A row only while the hotline is closed: nobody must have to look for it."""
    sentence = closed(folder)
    return [] if sentence is None else [(Sentence("drain"), sentence)]


def _emergency(folder: StateFolder) -> list[tuple[str, str]]:
    """A row only while callers hear an emergency message."""
    sentence = warned(folder)
    return [] if sentence is None else [(Sentence("emergency"), sentence)]


def _print(console: Console, rows: Sequence[tuple[str, str]]) -> None:
    """Names and values. Not a table of rich's: that would wrap paths, and nobody could copy them."""
    for name, value in rows:
        console.print(Text.assemble((set_cell_size(here(name), 17), "bold"), here(value)), soft_wrap=True)


# `./wutong up --update-asterisk`: a newer private Asterisk.


def update(settings: Settings, show: Callable[[str], None]) -> None:
    """Make it, whole or not at all. One that runs goes on as it is. Raises `NotDone`."""
    if settings.asterisk is not None:
        raise NotDone("Asterisk is a remote one, at {host}: update it there", host=settings.asterisk.host)
    try:
        made = renewing.renew(obtaining.default_cache(), show)
    except (obtaining.NoAsterisk, tools.MissingTools, OSError) as error:
        raise NotDone(
            "Asterisk was not renewed, and the present one is as it was: {why}", why=recognised(error)
        ) from error
    show(Sentence("Asterisk {version} is there", version=made.version))
    process = running.asterisk(settings.folder)
    if process is not None:
        show(
            Sentence(
                "the Asterisk that runs (process {process}) goes on as it is, with its calls. To use the new one: "
                "./wutong down --state {folder}, then ./wutong up",
                process=process.pid,
                folder=settings.folder.root,
            )
        )
