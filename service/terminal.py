"""What a person sees of `up` and `status`."""

import os
import signal
import subprocess
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.places import CHECKOUT, StateFolder, default_state
from service.report import PipeReport, Report, listen
from service.settings import Settings
from service.status import Status, look

REPORT_PIPE = "WUTONG_REPORT_PIPE"
"""Environment variable: the descriptor through which a detached `up` tells how it goes."""


class TerminalReport:
    """For the person before the terminal."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._out, self._errors = Console(highlight=False), Console(stderr=True, highlight=False)

    def step(self, text: str) -> None:
        self._out.print(Text(f"· {text}", style="dim"), soft_wrap=True)

    def problem(self, text: str) -> None:
        self._errors.print(Text(text, style="red"), soft_wrap=True)

    def ready(self, already: bool) -> None:
        folder = self._settings.folder
        found = look(folder)
        if already and found.pid is None:
            self.step(f"{folder.root} is up, but its service is being started again: see {folder.logs}")
            return
        if already:
            self._out.print(f"It is up already (process {found.pid}).")
        show_up(self._out, found, folder, self._settings)


def bring_up(settings: Settings, *, detach: bool) -> int:
    """`up` here, or, detached, in a process of its own; the exit status."""
    pipe = os.environ.pop(REPORT_PIPE, "")
    if pipe.isdecimal():
        os.set_inheritable(int(pipe), False)
        return _up(settings, PipeReport(int(pipe)))
    report = TerminalReport(settings)
    return _detached(settings, report) if detach else _up(settings, report)


def _up(settings: Settings, report: Report) -> int:
    from service.up import up

    return up(settings, report)


def _detached(settings: Settings, report: Report) -> int:
    """Start a supervisor that lives on, and pass on what it tells until it is ready."""
    folder = settings.folder
    folder.make()
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "service", "up"]
    command += ["--state", str(settings.state), "--hotline", str(settings.hotline), "--listen", str(settings.listen)]
    if settings.base_port is not None:
        command += ["--ports", str(settings.base_port)]
    with (folder.logs / "supervisor.err").open("ab") as errors:
        supervisor = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**os.environ, REPORT_PIPE: str(writing)},
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            pass_fds=(writing,),
            start_new_session=True,
        )
    os.close(writing)
    try:
        for line in listen(reading):
            match line.kind:
                case "ready":
                    report.ready(already=line.text == "already")
                    return 0
                case "problem":
                    report.problem(line.text)
                case _:
                    report.step(line.text)
        return supervisor.wait()
    except KeyboardInterrupt:
        supervisor.send_signal(signal.SIGTERM)
        return supervisor.wait()


def show_up(console: Console, found: Status, folder: StateFolder, settings: Settings) -> None:
    """Where everything is, and what to try next."""
    from hotline.loader import load

    hotline = load(settings.hotline).hotline
    state = "" if folder.root == default_state() else f" --state {folder.root}"
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("HTTP", f"{found.http}/docs   token: ./wutong status{state} --json")
    table.add_row("SIP", f"{found.sip}, UDP")
    if hotline is not None:
        number = hotline.numbers[0]
        agents = sorted(hotline.agents)
        table.add_row("Dial", f"sip:{number}@{found.sip}")
        table.add_row("Agents' phones", f"user {agents[0]} to {agents[-1]}" if agents else "none")
        table.add_row("Their passwords", f"agents.yaml, else {folder.secrets}")
        table.add_row("Hear it", f"./wutong call{state} {number} --keys 1")
    table.add_row("Logs", str(folder.logs))
    table.add_row("Stop", f"./wutong down{state}")
    console.print(table)


def show_status(found: Status, folder: StateFolder) -> None:
    console = Console(highlight=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    if found.pid is None:
        table.add_row("service", "down")
    else:
        table.add_row("service", f"process {found.pid}, " + ("takes calls" if found.ready else "starting"))
    table.add_row("Asterisk", f"process {found.asterisk_pid}" if found.asterisk_pid else "down")
    table.add_row("supervisor", f"process {found.supervisor_pid}" if found.supervisor_pid else "down")
    for name in ("http", "sip", "ami", "agi", "hotline"):
        value = getattr(found, name)
        if value is not None:
            table.add_row(name, value)
    table.add_row("state", str(folder.root))
    console.print(table)
