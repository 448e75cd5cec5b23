"""Backups of the SQLite file: made while the service runs, restored while it does not.

The hotline's versions are in it, with their recordings and lists of callers, as tables of their own. A backup does not
contain what else a hotline needs: `settings.toml`, `secrets.json` and the hotline's folder.
"""

import hashlib
import os
import re
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from base.failure import NotDone
from base.files import LockHeld, replace, sync
from base.folders import StateFolder
from journal import database
from journal.database import MIGRATIONS, Torn, file_of, without_password
from processes import running
from publishing.versions import CONTENTS, NAME, Damaged, decode, digest_of
from sentences.of_libraries import recognised

VERSIONS = "kept_versions"
"""The table of a backup that has the files of the versions: the database itself has none."""

RECORDINGS = "kept_recordings"
"""The table of a backup that has the recordings and lists of callers of the versions."""

_VERSION = re.compile(r"[0-9]{6,10}\.json")

SIDES = ("-wal", "-shm")
"""Suffixes of the files beside a database: its write-ahead log and the log's index."""


def backup(where: Path | str, folder: StateFolder, target: Path | None) -> Path:
    """Copy the database, as it is at one moment, to `target`. The copy is checked, and appears whole or not at all.

    `target` None: `backups/wutong-DATE.db` in the state folder. Answers where the copy is. Raises NotDone.
    """
    source = _file(where)
    if not source.is_file():
        raise NotDone("there is no database at {source}: nothing to back up", source=source)
    if target is None:
        target = _free(folder.root / "backups", time.strftime("wutong-%Y%m%d-%H%M%S"), ".db")
        target.parent.mkdir(mode=0o700, exist_ok=True)
    if target.exists():
        raise NotDone("{file} is there already: name another file", file=target)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _copy(source, draft)
        _add_versions(draft, folder.versions)
        os.link(draft, target)  # never replaces a file
    except Torn as error:
        raise NotDone(
            "{source} is damaged: {why}. Restore the last backup: ./wutong restore FILE", source=source, why=str(error)
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise NotDone("{target} could not be written: {why}", target=target, why=recognised(error)) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return target


def restore(where: Path | str, folder: StateFolder, source: Path) -> Path | None:
    """Replace the database by the backup `source`. Answers where the old database is now.

    All or nothing, and not while the service runs. Raises NotDone.
    """
    target = _file(where)
    if not source.is_file():
        raise NotDone("there is no file {source}", source=source)
    if target.exists() and target.samefile(source):
        raise NotDone("{source} is the database itself", source=source)
    if not folder.run.is_dir():
        folder.make()
    try:
        with running.lock(folder, "service"):
            # A supervisor counts too: it would start the service in the middle.
            if running.supervisor(folder) is not None:
                raise LockHeld("supervisor")
            return _replace(target, source, folder.versions)
    except LockHeld:
        stop = f"./wutong down --state {folder.root}"
        raise NotDone("Wutong runs on {folder}: stop it first, with {stop}", folder=folder.root, stop=stop) from None


def _replace(target: Path, source: Path, versions: Path) -> Path | None:
    draft = target.with_name(f".{target.name}.restored-{os.getpid()}")
    try:
        _copy(source, draft)
        _is_ours(draft, source)
        _end_sessions(draft)
        files = _take_versions(draft)
        _put_recordings(draft, versions / CONTENTS)
        _put_versions(files, versions)
        aside = _put_aside(target)
        draft.replace(target)
        sync(target.parent)
    except Torn as error:
        raise NotDone("{source} is damaged: {why}. Take another backup", source=source, why=str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise NotDone(
            "{source} could not be restored to {target}: {why}", source=source, target=target, why=recognised(error)
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return aside


def _put_aside(target: Path) -> Path | None:
    """Give the database a second name, and move its log to that name: beside the new file it would damage that.

    If the program dies after this, the old database lacks the end of its log. A second restore then goes on; a service
    started instead gets the missing part from the spool.
    """
    if not target.exists():
        for side in SIDES:
            target.with_name(target.name + side).unlink(missing_ok=True)
        return None
    aside = _free(target.parent, f"{target.name}.replaced-{time.strftime('%Y%m%d-%H%M%S')}")
    os.link(target, aside)
    for side in SIDES:
        with suppress(FileNotFoundError):
            target.with_name(target.name + side).rename(aside.with_name(aside.name + side))
    return aside


def _free(folder: Path, name: str, ending: str = "") -> Path:
    """A file of this name, or with a number behind it if there is one already: two may be made within one second."""
    found, number = folder / f"{name}{ending}", 1
    while found.exists():
        number += 1
        found = folder / f"{name}-{number}{ending}"
    return found


def _copy(source: Path, target: Path) -> None:
    """Copy through SQLite, which includes the write-ahead log; forced to the disk and checked completely."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    _to_owner(target)
    try:
        reading = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=database.BUSY_S)
        with closing(reading), closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)  # in one step: a writer in write-ahead mode does not wait for it
            writing.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, without a log beside it
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise Torn(recognised(error)) from error
    database.check(target, thorough=True, limit_s=None)
    sync(target)


def _is_ours(copy: Path, source: Path) -> None:
    """Refuse a database of another program, or of a newer Wutong."""
    from alembic.script import ScriptDirectory

    with closing(sqlite3.connect(copy)) as connection:
        tables = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"alembic_version", "records", "calls"} <= tables:
            raise NotDone("{source} is not a backup of Wutong's: it has other tables", source=source)
        version = str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    known = {script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()}
    if version not in known:
        raise NotDone(
            "{source} is of a newer Wutong (its tables have version {version}): restore it with that one",
            source=source,
            version=version,
        )


def _end_sessions(copy: Path) -> None:
    """People sign in again: a session that was ended since the backup must not live again."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sessions'").fetchone():
            connection.execute("DELETE FROM sessions")
    sync(copy)


def _add_versions(copy: Path, versions: Path) -> None:
    """Add the files of the versions, and their recordings and lists."""
    files = []
    for file in sorted(versions.glob("*.json")):
        with suppress(FileNotFoundError):  # it was the oldest, and somebody publishes meanwhile
            files.append((file.name, file.read_bytes()))
    if not files:
        return
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(f"CREATE TABLE {VERSIONS} (name TEXT PRIMARY KEY, data BLOB NOT NULL)")
        connection.executemany(f"INSERT INTO {VERSIONS} VALUES (?, ?)", files)  # noqa: S608 - a constant
        connection.execute(f"CREATE TABLE {RECORDINGS} (name TEXT PRIMARY KEY, data BLOB NOT NULL)")
        for file in sorted((versions / CONTENTS).glob("[0-9a-f]*")):
            with suppress(FileNotFoundError):  # as above
                pair = (file.name, file.read_bytes())
                connection.execute(f"INSERT INTO {RECORDINGS} VALUES (?, ?)", pair)  # noqa: S608
    sync(copy)


def _take_versions(copy: Path) -> list[tuple[str, bytes]]:
    """The files of the versions, and the table is gone. None are in a backup of an earlier Wutong."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSIONS,)).fetchone():
            return []
        files = connection.execute(f"SELECT name, data FROM {VERSIONS} ORDER BY name").fetchall()  # noqa: S608
        connection.execute(f"DROP TABLE {VERSIONS}")
    sync(copy)
    return [(str(name), bytes(data)) for name, data in files if _VERSION.fullmatch(str(name))]


def _put_recordings(copy: Path, contents: Path) -> None:
    """Put back the recordings and lists that are missing or damaged, and drop the table. A backup of an earlier Wutong
    has none.
    """
    with closing(sqlite3.connect(copy)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (RECORDINGS,)).fetchone():
            return
        for name, data in connection.execute(f"SELECT name, data FROM {RECORDINGS}"):  # noqa: S608
            known = NAME.fullmatch(str(name))
            if known is None or hashlib.sha256(data).hexdigest() != known[1]:
                continue
            path = contents / str(name)
            if not path.exists() or digest_of(path) != known[1]:
                _put(path, data)
        with connection:
            connection.execute(f"DROP TABLE {RECORDINGS}")
        connection.execute("VACUUM")  # the database no longer needs that room
    sync(copy)


def _put_versions(files: list[tuple[str, bytes]], versions: Path) -> None:
    """Put back those that are missing or damaged. What was published since stays, and stays in use."""
    for name, data in files:
        if _is_needed(versions / name, data):
            _put(versions / name, data)


def _put(path: Path, data: bytes) -> None:
    """Write a file of the versions, whole or not at all."""
    for folder in (path.parent.parent, path.parent):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            _to_owner(folder)
    replace(path, data)


def _is_needed(file: Path, data: bytes) -> bool:
    """Whether the version's file is not there, or is damaged and these bytes are not."""
    return not file.exists() or (_is_whole(data) and not _is_whole(file.read_bytes()))


def _is_whole(data: bytes) -> bool:
    """Whether a version's file is as it was written."""
    try:
        decode(data)
    except Damaged:
        return False
    return True


def _file(where: Path | str) -> Path:
    file = file_of(where)
    if file is None:
        raise NotDone(
            "the database is PostgreSQL, which has its own tools.\nBack up:  pg_dump --format=custom "
            "--file=wutong.dump '{url}'\nRestore, with Wutong stopped:  pg_restore --clean --if-exists "
            "--single-transaction --dbname='{url}' wutong.dump",
            url=without_password(str(where)),
        )
    return file


def _to_owner(path: Path) -> None:
    """Give the file to the owner of its folder: root makes files in a folder of the service's user."""
    if os.geteuid() == 0:
        os.chown(path, path.parent.stat().st_uid, -1, follow_symlinks=False)
