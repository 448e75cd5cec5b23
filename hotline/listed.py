"""Files with callers' numbers: one number a line. Pure."""

import re
from collections.abc import Iterator

from hotline.callers import SEPARATORS, bare
from hotline.problem import Problem, Spot, error
from sentences.sentence import Sentence

LARGEST = 5_000_000
"""Bytes of one file."""

MOST = 200_000
"""Numbers in one file."""

MOST_TOLD = 20
"""Wrong lines of one file that are told."""

_NUMBER = re.compile(r"\+?[0-9]{3,20}")


def read(data: bytes, file: str) -> tuple[frozenset[str], list[Problem]]:
    """The numbers of a list's file, bare: one a line, with separators or without; `#` begins a comment."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as wrong:
        spot = Spot(file, data[: wrong.start].count(b"\n") + 1, 1)
        return frozenset(), [
            error("bad-encoding", spot, Sentence("this is not UTF-8 text"), Sentence("save the file as UTF-8"))
        ]
    problems: list[Problem] = []
    found = frozenset(_numbers(lines, file, problems))
    if len(found) > MOST:
        message = Sentence("{count:,} numbers", count=len(found))
        problems.append(
            error("too-many", Spot(file, 1, 1), message, Sentence("use {count:,} at most in one list", count=MOST))
        )
    return found, problems


def _numbers(lines: list[str], file: str, problems: list[Problem]) -> Iterator[str]:
    for index, line in enumerate(lines, 1):
        written = SEPARATORS.sub("", line.partition("#")[0])
        if not written:
            continue
        if _NUMBER.fullmatch(written):
            yield bare(written)
        elif len(problems) < MOST_TOLD:
            spot = Spot(file, index, len(line) - len(line.lstrip()) + 1)
            message, hint = (
                Sentence("this line is not a telephone number"),
                Sentence("write one number of 3 to 20 digits a line"),
            )
            problems.append(error("bad-number", spot, message, hint))
