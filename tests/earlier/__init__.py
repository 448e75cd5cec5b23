"""What a hotline of an earlier version left while calls were alive: README.md says how it was made."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from zlib import crc32

from base.folders import StateFolder
from journal.records import OLD_KINDS

HERE = Path(__file__).parent

_OLD = {kind.value: old for old, kind in OLD_KINDS.items()}


def told() -> Any:
    """What that version told over HTTP: the `agents` with their states, the `calls` by their callers, with stories, in
    which kinds have their names of today.
    """
    known = json.loads((HERE / "told.json").read_text(encoding="utf-8"))
    for call in known["calls"].values():
        for step in call["story"]:
            step["kind"] = OLD_KINDS.get(step["kind"], step["kind"])
    return known


def left_in(folder: Path) -> StateFolder:
    """The state folder that it left, made at `folder`."""
    shutil.copytree(HERE / "state", folder)
    script = folder / "wutong.sql"
    with closing(sqlite3.connect(folder / "wutong.db")) as database:
        database.executescript(script.read_text(encoding="utf-8"))
    script.unlink()
    return StateFolder(folder)


def spelled_as_before(state: StateFolder) -> int:
    """Give Records in the spool and the database of a stopped service the kinds' names that older versions wrote.
    Returns how many in the spool have one.
    """
    changed = 0
    for file in sorted(state.spool.glob("*.jsonl")):
        head, *lines = file.read_bytes().splitlines(keepends=True)
        for index, line in enumerate(lines):
            number, at, kind, *rest = json.loads(line.partition(b" ")[2])
            if kind in _OLD:
                changed += 1
                data = json.dumps([number, at, _OLD[kind], *rest]).encode()
                lines[index] = b"%08x %s\n" % (crc32(data), data)
        file.write_bytes(b"".join((head, *lines)))
    with closing(sqlite3.connect(state.root / "wutong.db")) as database, database:
        database.executemany("UPDATE records SET kind = ? WHERE kind = ?", [(_OLD[kind], kind) for kind in _OLD])
    return changed
