"""The program that reads a SQLite database for reports: `reports.reading` starts it, and ends it when nobody waits any
more.

It takes the file's name as its argument, and from its standard input one query after the other, each as a pickled pair
of SQL and parameters. It writes the rows of each in lists, and an empty list at the end, or SQLite's error; what it
writes is pickled, after its length. All is read in one transaction. It is a program of its own because a thread that
sorts and adds up rows would share the interpreter with the calls. It imports little: it starts with each report.

A query whose last column is TALLY has waits in texts, which this program adds up: SQLite would sort them one by one.
"""

import pickle
import sqlite3
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from base import own_program

MEMORY = 1024**3
"""Bytes of address space."""

BUSY_S = 5
"""Seconds that SQLite waits while another process has the file for itself."""

AT_ONCE = 200
"""Rows of one list: the service takes them in within two milliseconds."""

LENGTH = struct.Struct("!I")

TALLY = "tally"
"""A column with a text such as `120000001,124000003`: 1 in the bucket 120, 3 in 124."""

A_BUCKET = 1_000_000
"""More than a bucket has in an hour."""


def main(file: str) -> None:
    """Raises `NotOurProgram`: it limits the process."""
    own_program.confine("reports.reader", MEMORY)
    come, go = sys.stdin.buffer, sys.stdout.buffer
    try:
        database = sqlite3.connect(f"{Path(file).as_uri()}?mode=ro", BUSY_S, isolation_level=None, uri=True)
        database.execute("BEGIN")
        for statement, values in _queries(come):
            found = database.execute(statement, values)
            rows = iter(added_up(found) if found.description[-1][0] == TALLY else found)
            while some := list(islice(rows, AT_ONCE)):
                _write(go, some)
            _write(go, [])
    except sqlite3.Error as error:
        _write(go, error)


def added_up(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows that end with a tally → a row for each group, which ends with the whole count of each bucket."""
    tallies: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in rows:
        tallies[row[:-1]].append(row[-1])
    for group, texts in tallies.items():
        counts: dict[int, int] = {}
        for text, times in Counter(",".join(texts).split(",")).items():  # many hours have the same
            bucket, count = divmod(int(text), A_BUCKET)
            counts[bucket] = counts.get(bucket, 0) + count * times
        yield *group, counts


def _queries(come: BinaryIO) -> Iterator[tuple[str, tuple[Any, ...]]]:
    while True:
        try:
            yield pickle.load(come)  # noqa: S301 - the service wrote it
        except EOFError:
            return


def _write(go: BinaryIO, said: object) -> None:
    data = pickle.dumps(said)
    go.write(LENGTH.pack(len(data)) + data)
    go.flush()


if __name__ == "__main__":
    main(sys.argv[1])
