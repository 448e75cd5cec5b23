"""`./wutong purge`, `forget` and `export`: old data, and what is known of one caller."""

import json
import os
import sys
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from base.failure import NotDone
from base.folders import StateFolder
from commands.client import Client
from commands.options import consent
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, listed

THINGS = {
    "numbers": Sentence("numbers of callers"),
    "links": Sentence("links between numbers of a citizen"),
    "steps": Sentence("Records of what callers heard and pressed"),
    "calls": Sentence("calls"),
    "records": Sentence("other Records"),
    "snapshots": Sentence("states of the service"),
    "files": Sentence("files"),
}
"""What a purge removes, for people."""

Show = Callable[[str], object]

PIECE = 1024 * 1024
"""Bytes of a log file that are searched at a time."""


def purge(client: Client, *, dry_run: bool, as_json: bool, show: Show, progress: Show) -> None:
    """Remove what is old, until nothing is left of it. Raises NotDone."""
    removed: Tally[str] = Tally()
    more = True
    while more:
        answer = client.purge(dry_run=dry_run)
        more = answer.pop("more")
        removed.update(answer)
        if more:
            progress(Sentence("removed so far: {counted}", counted=_counted(removed)))
    if as_json:
        show(json.dumps({name: removed[name] for name in THINGS} | {"dry_run": dry_run}))
    else:
        counted = _counted(removed)
        show(
            Sentence("would remove: {counted}", counted=counted)
            if dry_run
            else Sentence("removed: {counted}", counted=counted)
        )


def forget(
    client: Client, folder: StateFolder, number: str, *, yes: bool, as_json: bool, show: Show, progress: Show
) -> None:
    """Remove the number wherever it can be reached, and say where it cannot. Raises NotDone."""
    found = client.forget(number, dry_run=True)
    calls = found["calls"]
    consent(
        Sentence(
            "{calls} and the log files here lose the number {number}, for good.", calls=_in_words(calls), number=number
        ),
        yes=yes,
    )
    removed, more = 0, True
    while more:
        found = client.forget(number, dry_run=False)
        removed += found["removed"]
        more = found["more"]
        if more:
            progress(Sentence("{count} of {all} calls", count=removed, all=calls))
    logs = overwrite(number, log_files(folder))
    left = [str(path) for path in copies(folder)]
    if as_json:
        others = {name: found[name] for name in ("live", "alike", "linked", "lists")}
        show(
            json.dumps(
                {"calls": removed, **others, "log_lines": logs.lines, "not_reached": [*logs.failed, *left]},
                ensure_ascii=False,
            )
        )
        return
    show(Sentence("calls that had the number and do not any more, with their Records: {removed}", removed=removed))
    show(Sentence("spots in log files here where it was overwritten: {lines}", lines=logs.lines))
    if found["live"]:
        show(
            Sentence(
                "calls that have not ended and keep it: {live}. Give the command again afterwards", live=found["live"]
            )
        )
    if found["alike"]:
        show(
            Sentence(
                "numbers that end alike and were not touched: {names}. Are they the same person's?",
                names=", ".join(found["alike"]),
            )
        )
    if found["linked"]:
        show(
            Sentence(
                "numbers that were linked to it and were not touched: {names}. Forget them as well?",
                names=", ".join(found["linked"]),
            )
        )
    if found["lists"]:
        named = ", ".join(found["lists"])
        show(
            Sentence(
                "lists of callers that have it: {named}. Take it out of them in the hotline's folder, and publish",
                named=named,
            )
        )
    for path in logs.failed:
        show(Sentence("not reached: {path}", path=path))
    for path in left:
        show(Sentence("may have it still: {path}", path=path))
    show(
        Sentence(
            "Not reached: earlier versions of the hotline, with their lists of callers; backups that you keep "
            "elsewhere; an Asterisk on another machine; the system's journal; the lists of calls in agents' "
            "phones; the telephone company."
        )
    )


def export(client: Client, number: str, file: Path | None, *, show: Show) -> None:
    """Write all calls of the number with their stories, one JSON line each. Raises NotDone, OSError."""
    count, after = 0, ""
    with _output(file) as out:
        while True:
            page = client.export(number, after)
            for call in page["calls"]:
                out.write(json.dumps(call, ensure_ascii=False) + "\n")
            count += len(page["calls"])
            after = page["after"]
            if after is None:
                break
    calls = _in_words(count)
    show(calls if file is None else Sentence("{calls} in {file}", calls=calls, file=file))
    if page["lists"]:
        show(Sentence("lists of callers that have it: {names}", names=", ".join(page["lists"])))
    if page["linked"]:
        show(Sentence("numbers that are linked to it and are not in it: {names}", names=", ".join(page["linked"])))
    if page["alike"]:
        show(
            Sentence(
                "numbers that end alike and are not in it: {names}. Are they the same person's?",
                names=", ".join(page["alike"]),
            )
        )


@contextmanager
def _output(file: Path | None) -> Iterator[IO[str]]:
    """The file, new and for its owner only, or standard output."""
    if file is None:
        yield sys.stdout
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise NotDone("{file} is there already: name another file", file=file) from None
    with open(descriptor, "w", encoding="utf-8") as out:
        yield out


def log_files(folder: StateFolder) -> list[Path]:
    """The log files that Wutong and its own Asterisk write here, older ones too."""
    found = [*folder.logs.glob("*"), *(folder.asterisk / "log").glob("*")]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def copies(folder: StateFolder) -> list[Path]:
    """Files here that nobody may change, and that may have the number."""
    root = folder.root
    found = [*(root / "backups").glob("*.db"), *root.glob("*.replaced-*"), *folder.spool.glob("*.damaged-*")]
    return sorted(found)


class Overwritten:
    """`lines`: spots where the number was; `failed`: files that could not be changed, with the reason."""

    def __init__(self) -> None:
        self.lines = 0
        self.failed: list[str] = []


def overwrite(number: str, files: Sequence[Path]) -> Overwritten:
    """Put asterisks over the number's digits in these files. Their length stays: a program may go on appending."""
    done = Overwritten()
    digits = "".join(sign for sign in number if sign.isdecimal()).lstrip("0").encode()
    if len(digits) < 7:  # it would hit ports, times and agents
        return done
    for path in files:
        try:
            with open(os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC), "r+b", buffering=0) as file:
                done.lines += _overwrite(file, digits)
        except OSError as error:
            with suppress(OSError):
                if _lacks(path, digits):
                    continue
            done.failed.append(Sentence("{file}: {why}", file=path, why=recognised(error.strerror)))
    return done


def _overwrite(file: IO[bytes], digits: bytes) -> int:
    found, position, rest = 0, 0, b""
    while piece := file.read(PIECE):
        text = rest + piece
        start = position - len(rest)
        at = text.find(digits)
        while at >= 0:
            os.pwrite(file.fileno(), b"*" * len(digits), start + at)
            found += 1
            at = text.find(digits, at + len(digits))
        position += len(piece)
        rest = text[-(len(digits) - 1) :]
    return found


def _lacks(path: Path, digits: bytes) -> bool:
    """Whether a file that cannot be changed does not have them anyway."""
    return digits not in path.read_bytes()


def _in_words(count: int) -> Sentence:
    return Sentence("1 call") if count == 1 else Sentence("{count} calls", count=count)


def _counted(removed: Any) -> str:
    there = (
        Sentence("{count:,} {what}", count=removed[name], what=what) for name, what in THINGS.items() if removed[name]
    )
    return listed(there) or Sentence("nothing at all")
