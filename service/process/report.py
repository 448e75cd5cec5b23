"""How `up` reports: to a terminal, or through a pipe to the `up --detach` that started it.

The service says through the same kind of pipe that it is ready, or why it cannot be.
"""

import json
import os
from typing import Protocol

REPORT_PIPE = "WUTONG_REPORT_PIPE"
"""Environment variable: the descriptor on which a detached `up` reports."""

READY_PIPE = "WUTONG_READY_PIPE"
"""Environment variable: the descriptor on which the service says that it takes calls, or why it cannot."""


class Report(Protocol):
    """Takes the reports of `up`. Every method returns at once."""

    def step(self, text: str) -> None:
        """Something that takes a while begins, or goes on."""

    def problem(self, text: str) -> None:
        """Something is wrong; the text says what to do."""

    def ready(self, already: bool) -> None:
        """All is up. `already`: it was up before."""


class PipeReport:
    """One JSON line for each report. `ready` closes the pipe; later reports are dropped."""

    def __init__(self, descriptor: int | None) -> None:
        """None: nobody listens."""
        self._descriptor = descriptor
        self.listened_to = descriptor is not None

    @classmethod
    def taken(cls, variable: str) -> "PipeReport":
        """To who started this process, through the descriptor in `variable`. Programs started by us do not get it."""
        number = os.environ.pop(variable, "")
        if not number.isdecimal():
            return cls(None)
        os.set_inheritable(int(number), False)
        return cls(int(number))

    def step(self, text: str) -> None:
        self._tell("step", text)

    def problem(self, text: str) -> None:
        self._tell("problem", text)

    def ready(self, already: bool) -> None:
        self._tell("ready", already)
        self._close()

    def _tell(self, method: str, argument: str | bool) -> None:
        if self._descriptor is None:
            return
        line = json.dumps([method, argument], ensure_ascii=False)
        try:
            os.write(self._descriptor, f"{line}\n".encode())
        except BrokenPipeError:  # the listener has gone; our work does not depend on it
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def pass_on(descriptor: int, report: Report) -> bool:
    """Give what a `PipeReport` tells at the other end of the pipe to `report`. True: all is up; False: it has ended."""
    with os.fdopen(descriptor, encoding="utf-8") as pipe:
        for line in pipe:
            method, argument = json.loads(line)
            getattr(report, method)(argument)
            if method == "ready":
                return True
    return False
