"""Whether this process is one of Wutong's programs: only those may be changed as a whole, as by giving up root.

A program that imports Wutong, such as a test run, stays as it is. What the interpreter was started with decides that:
nothing that is set while the program runs can be forgotten there.
"""

import sys
from pathlib import Path

from sentences.sentence import Sentence

PACKAGES = ("daily", "dialplan", "drawing", "lab", "processes", "service", "trees")
"""Programs are modules of theirs, started with `python -m`."""

INSTALLED = "wutong"
"""The program that pip puts beside an environment's Python."""


class NotOurProgram(Exception):
    """A program that is not Wutong's called what would change the whole process. Nothing was changed."""


def require(change: str, instead: str) -> None:
    """Raise `NotOurProgram` unless this process is Wutong's own. `change`: what would be done to it. `instead`: what to
    do in a program that is not.
    """
    if not is_ours():
        raise NotOurProgram(
            Sentence(
                "{change} in this whole program ({program}), which is not Wutong's own: it only imports it. Nothing "
                "was done. {instead}",
                change=change,
                program=sys.argv[0] or sys.executable,
                instead=instead,
            )
        )


def is_ours() -> bool:
    """Whether the interpreter was started as a program of Wutong's."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return spec.name.partition(".")[0] in PACKAGES
    file = getattr(main, "__file__", None)
    # a link may lead to it, such as /usr/local/bin/wutong
    return file is not None and Path(file).resolve() == Path(sys.executable).with_name(INSTALLED).resolve()
