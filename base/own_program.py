"""Whether this process is one of Wutong's programs: only those may be changed as a whole, as by giving up root or time.

A program that imports Wutong, such as a test run, stays as it is. What the interpreter was started with decides that:
nothing that is set while the program runs can be forgotten there.
"""

import os
import resource
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sentences.sentence import Sentence

PACKAGES = ("dialplan", "lab", "processes", "reports", "service", "trees")
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


def confine(module: str, memory: int) -> None:
    """Change this program, which works for the service and was started with `-m module` in a session of its own: it
    gives way, and gets so many bytes of address space at most. Raises `NotOurProgram`.
    """
    require("time and memory would be limited", f"Start python -m {module}")
    give_way()
    session_gives_way()
    limit({resource.RLIMIT_AS: memory})


def limit(limits: Mapping[int, int]) -> None:
    """Limits of this process and of what it starts: of each resource so much at most, or less if less is allowed."""
    for kind, wanted in limits.items():
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(kind, (most, most))


def give_way() -> None:
    """This process, which works for the service, comes after all others: it has the least priority. Where memory ends,
    Linux ends it and not the service.
    """
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    with suppress(OSError):  # no /proc
        Path("/proc/self/oom_score_adj").write_text("1000")


def session_gives_way() -> None:
    """The session that this process leads gives way; nothing happens if it leads none. Linux makes a group of each
    session (autogroup), and a priority counts only within it. The group gets a tenth of the time of a processor that
    others want, and all that they leave. It gets no less: on a machine that never rests, the work has to end, too.
    """
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # no such groups; or, for who is not root, another one was changed just now
            Path("/proc/self/autogroup").write_text("10")


def is_ours() -> bool:
    """Whether the interpreter was started as a program of Wutong's."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return spec.name.partition(".")[0] in PACKAGES
    file = getattr(main, "__file__", None)
    # a link may lead to it, such as /usr/local/bin/wutong
    return file is not None and Path(file).resolve() == Path(sys.executable).with_name(INSTALLED).resolve()
