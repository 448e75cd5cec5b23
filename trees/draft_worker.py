"""The program that works on drafts: `publishing.drafts` starts it, and ends it when a task takes too long.

It runs with the least priority, and its memory is limited. Each line of its input is a task, each line of its output
the answer. It ends with its input, or when nothing has come for a while.
"""

import json
import select
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from base import own_program
from base.failure import NotDone
from processes import users
from publishing.drafts import IDLE, IDLE_STATUS, Flawed, Unfit
from sentences.languages import said
from sentences.sentence import Sentence
from settings.settings import load
from trees.drafting import Drafts

REST = 60.0
"""Seconds without a task after which the voice is ended, and its memory is free again."""

MEMORY = 2 * 1024**3
"""Bytes of address space. The sample needs a third of it."""

LONGEST_TRACE = 8_000
"""Characters of a traceback that are reported: its end says most."""


def answer(drafts: Drafts, line: bytes) -> dict[str, Any]:
    """What is written for a line: the `answer`, or why there is none. A draft may hold anything: nothing is raised."""
    speak = "en"
    try:
        asked = json.loads(line)
        speak = asked["given"].get("speak", speak)
        return {"answer": drafts.do(asked["task"], asked["given"])}
    except Flawed as flawed:
        return {"problems": [asdict(problem) for problem in flawed.problems]}
    except Unfit as unfit:
        return {"unfit": said(str(unfit), speak), "fault": unfit.fault}
    except NotDone as failure:
        return {"failure": said(str(failure), speak)}
    except (MemoryError, RecursionError) as failure:
        return {
            "unfit": said(
                Sentence("The draft needs too much memory ({what}): make it smaller.", what=type(failure).__name__),
                speak,
            ),
            "fault": None,
        }
    except Exception:  # Wutong's mistake, which the service logs: the next task finds the program here
        return {"mistake": traceback.format_exc()[-LONGEST_TRACE:]}


def main(state: str) -> int:
    """Work until the input ends, or nothing has come for a while. Raises `NotOurProgram`: it limits the process."""
    own_program.confine("trees.draft_worker", MEMORY)
    users.become_owner_of(Path(state))  # a command of root started it: what is spoken belongs to the service
    drafts = Drafts(load(state=Path(state)))
    come, go = sys.stdin.buffer, sys.stdout.buffer
    try:
        return _work(drafts, come, go)
    finally:
        drafts.rest()


def _work(drafts: Drafts, come: BinaryIO, go: BinaryIO) -> int:
    """The exit status."""
    quiet = 0.0
    while quiet < IDLE:
        if not select.select([come], [], [], REST)[0]:
            drafts.rest()
            quiet += REST
            continue
        line, quiet = come.readline(), 0.0
        if not line:
            return 0
        _write(go, answer(drafts, line))
    return IDLE_STATUS


def _write(out: BinaryIO, said: dict[str, Any]) -> None:
    out.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
