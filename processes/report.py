"""How `up` reports: to a terminal, or through a pipe to the `up --detach` that started it."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from base.folders import CHECKOUT
from sentences.languages import here

REPORT_PIPE = "WUTONG_REPORT_PIPE"
"""Environment variable: the descriptor on which a detached `up` reports."""


class Report(Protocol):
    """Takes the reports of `up`. Every method returns at once."""

    def step(self, text: str) -> None:
        """Something that takes a while begins, or goes on."""

    def problem(self, text: str) -> None:
        """Something is wrong; the text says what to do."""

    def ready(self, already: bool, number: str = "", agents: Sequence[str] = ()) -> None:
        """All is up. `already`: it was up before. `number`: what citizens dial, "" where `up` has not read the hotline;
        `agents`: their ids.
        """


class PipeReport:
    """One JSON line for each report, in the language of whoever started it. `ready` closes the pipe; later reports are
    dropped.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def step(self, text: str) -> None:
        self._tell("step", here(text))

    def problem(self, text: str) -> None:
        self._tell("problem", here(text))

    def ready(self, already: bool, number: str = "", agents: Sequence[str] = ()) -> None:
        self._tell("ready", already, number, [*agents])
        self._close()

    def _tell(self, method: str, *arguments: object) -> None:
        if self._descriptor is None:
            return
        line = json.dumps([method, *arguments], ensure_ascii=False)
        try:
            os.write(self._descriptor, f"{line}\n".encode())
        except BrokenPipeError:  # the listener has gone; our work does not depend on it
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def started(
    command: Sequence[str], output: Path, pipe: str, environment: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[bytes], int]:
    """Start a process that outlives this one and reports through a pipe: the process, and the end of the pipe to read.

    `output`: the file to which its own output is added, such as a traceback. `pipe`: the environment variable with the
    other end, see `inherited`. Raises OSError.
    """
    reading, writing = os.pipe()
    try:
        with open(output, "ab", opener=_not_through_links) as file:
            process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env={**os.environ, **(environment or {}), pipe: str(writing)},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                pass_fds=(writing,),
                start_new_session=True,  # a Ctrl-C in the terminal goes to us only: we stop things in order
            )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return process, reading


def _not_through_links(path: str, flags: int) -> int:
    """The folder is the service's, and root may be writing."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o640)


def inherited(variable: str) -> int | None:
    """The pipe that the process was `started` with. Programs started by us do not get it."""
    number = os.environ.pop(variable, "")
    if not number.isdecimal():
        return None
    os.set_inheritable(int(number), False)
    return int(number)


def pass_on(descriptor: int, report: Report) -> bool:
    """Give what a `PipeReport` says at the other end of the pipe to `report`. True: all is up; False: it has ended."""
    with os.fdopen(descriptor, encoding="utf-8") as pipe:
        for line in pipe:
            method, *arguments = json.loads(line)
            getattr(report, method)(*arguments)
            if method == "ready":
                return True
    return False
