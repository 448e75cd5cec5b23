"""The program that makes the PDF of one sheet: `daily.sheets` starts it, and ends it when nobody waits any more.

It reads the page from its standard input, as the service pickled it, and writes the PDF, or the sentence that says why
there is none. It is a program of its own because a thread that prints would share the interpreter with the calls.
"""

import pickle
import resource
import sys

from base import own_program
from base.failure import NotDone
from drawing.card.printing import printed
from sounds.programs import give_way

MEMORY = 1024**3
"""Bytes of address space."""


def main() -> None:
    """Raises `NotOurProgram`: it limits the process."""
    own_program.require("time and memory would be limited", "Start python -m daily.printer")
    give_way()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(hard, MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    page = pickle.load(sys.stdin.buffer)  # noqa: S301 - the service wrote it
    try:
        made: object = printed([page])
    except NotDone as error:
        made = error.args[0]
    sys.stdout.buffer.write(pickle.dumps(made))


if __name__ == "__main__":
    main()
