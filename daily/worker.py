"""The program that prints one sheet or mails one: `daily.sheets` starts it, and ends it when nobody waits any more.

It reads what to do from its standard input, as the service pickled it, and writes what came of it, or the sentence that
says why nothing did. It is a program of its own because a thread that prints would share the interpreter with the
calls, and a thread that mails could not be ended with the service.
"""

import pickle
import sys

from base import own_program
from base.failure import NotDone
from daily.smtp import Delivery, delivered
from drawing.card.page import Page

MEMORY = 1024**3
"""Bytes of address space."""


def done(wanted: Page | Delivery) -> object:
    """The PDF of a page, or which receivers were refused."""
    try:
        if isinstance(wanted, Page):
            from drawing.card.printing import printed  # takes half a second, which a mail does without

            return printed([wanted])
        return delivered(wanted)
    except NotDone as error:
        return error.args[0]


def main() -> None:
    """Raises `NotOurProgram`: it limits the process."""
    own_program.confine("daily.worker", MEMORY)
    wanted = pickle.load(sys.stdin.buffer)  # noqa: S301 - the service wrote it
    sys.stdout.buffer.write(pickle.dumps(done(wanted)))


if __name__ == "__main__":
    main()
