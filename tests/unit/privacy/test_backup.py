"""Backups: complete, of one moment, of the right kind; restored all or nothing."""

import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from base.failure import NotDone
from base.folders import StateFolder
from hotline.extras import Extra
from journal import database
from privacy import backup as module
from privacy.backup import backup, restore
from processes import running
from publishing.store import VersionStore
from publishing.versions import Origin, Version, content


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path / "state")
    folder.make()
    return folder


@pytest.fixture
async def db(folder: StateFolder) -> AsyncEngine:
    """A database with two Records, closed."""
    engine = database.open(folder.database)
    await database.migrate(engine)
    await engine.dispose()
    add(folder.database, 1, 2)
    return engine


def add(path: Path, *numbers: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO records (seq, at, kind, data) VALUES (?, 1, 'said', '{}')", [(n,) for n in numbers]
        )


def numbers(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT seq FROM records ORDER BY seq")]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def writer(db: AsyncEngine, folder: StateFolder) -> Iterator[sqlite3.Connection]:
    """Another program in the middle of writing; its commits are only in the write-ahead log."""
    connection = sqlite3.connect(folder.database)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    with connection:
        connection.execute("INSERT INTO records (seq, at, kind, data) VALUES (3, 1, 'said', '{}')")
    connection.execute("INSERT INTO records (seq, at, kind, data) VALUES (4, 1, 'said', '{}')")
    yield connection
    connection.close()


def test_it_has_what_was_committed_and_goes_while_somebody_writes(
    writer: sqlite3.Connection, folder: StateFolder, tmp_path: Path
) -> None:
    made = backup(folder.database, folder, tmp_path / "copy.db")
    writer.commit()
    assert made == tmp_path / "copy.db"
    assert numbers(made) == [1, 2, 3]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert names(tmp_path) == {"state", "copy.db"}


def test_without_a_name_it_gets_one_with_the_date(db: AsyncEngine, folder: StateFolder) -> None:
    made = backup(folder.database, folder, None)
    assert made.parent == folder.root / "backups"
    assert made.name.startswith("wutong-20")
    assert numbers(made) == [1, 2]


def test_no_file_is_overwritten_and_a_damaged_database_is_told(
    db: AsyncEngine, folder: StateFolder, tmp_path: Path
) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(NotDone, match="is there already"):
        backup(folder.database, folder, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"
    os.truncate(folder.database, 5_000)
    with pytest.raises(NotDone, match=r"is damaged: .*restore"):
        backup(folder.database, folder, tmp_path / "other.db")
    with pytest.raises(NotDone, match="could not be written"):
        backup(folder.database, folder, tmp_path / "nowhere" / "other.db")
    assert names(tmp_path) == {"state", "copy.db"}
    folder.database.unlink()
    with pytest.raises(NotDone, match="there is no database"):
        backup(folder.database, folder, tmp_path / "other.db")


def test_a_backup_is_put_back_and_what_was_there_is_kept(
    writer: sqlite3.Connection, folder: StateFolder, tmp_path: Path
) -> None:
    made = backup(folder.database, folder, tmp_path / "copy.db")
    writer.commit()
    writer.close()
    add(folder.database, 5)
    aside = restore(folder.database, folder, made)
    assert numbers(folder.database) == [1, 2, 3]
    assert aside is not None
    assert numbers(aside) == [1, 2, 3, 4, 5]
    assert stat.S_IMODE(folder.database.stat().st_mode) == 0o600
    assert not (folder.root / "wutong.db-wal").exists()
    assert made.exists()


def test_a_session_of_the_backup_does_not_live_again(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    """The person may have signed out since, or got another password because somebody had the cookie."""
    with closing(sqlite3.connect(folder.database)) as connection, connection:
        connection.execute("INSERT INTO sessions VALUES ('digest', 'wang', 1, 2, '192.0.2.1')")
    made = backup(folder.database, folder, tmp_path / "copy.db")
    restore(folder.database, folder, made)
    with closing(sqlite3.connect(folder.database)) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    assert numbers(folder.database) == [1, 2]


def test_a_backup_from_before_there_were_sessions(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder.database)) as connection, connection:
        connection.execute("DROP TABLE sessions")
    made = backup(folder.database, folder, tmp_path / "copy.db")
    restore(folder.database, folder, made)
    assert numbers(folder.database) == [1, 2]


def test_a_damaged_database_and_its_log_make_room(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    made = backup(folder.database, folder, tmp_path / "copy.db")
    folder.database.write_bytes(b"\xff" * 10_000)
    (folder.root / "wutong.db-wal").write_bytes(b"old log")
    aside = restore(folder.database, folder, made)
    assert aside is not None
    assert aside.read_bytes() == b"\xff" * 10_000
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"old log"
    assert numbers(folder.database) == [1, 2]


def test_into_an_empty_state_folder(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    made = backup(folder.database, folder, tmp_path / "copy.db")
    other = StateFolder(tmp_path / "new")
    assert restore(other.database, other, made) is None
    assert numbers(other.database) == [1, 2]


def test_not_while_it_runs(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    made = backup(folder.database, folder, tmp_path / "copy.db")
    with running.lock(folder, "service"), pytest.raises(NotDone, match=r"stop it first, with \./wutong down"):
        restore(folder.database, folder, made)
    assert restore(folder.database, folder, made) is not None


def spoilt(path: Path, tmp_path: Path) -> Path:
    found = bytearray(path.read_bytes())
    found[4_096:12_000] = b"\xff" * (12_000 - 4_096)
    (tmp_path / "spoilt.db").write_bytes(found)
    return tmp_path / "spoilt.db"


def test_what_is_no_sound_backup_of_ours_changes_nothing(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    made = backup(folder.database, folder, tmp_path / "copy.db")
    newer = backup(folder.database, folder, tmp_path / "newer.db")
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    (tmp_path / "text.db").write_text("no database at all" * 100)
    (tmp_path / "empty.db").touch()
    before = names(folder.root)
    for source, why in (
        (spoilt(made, tmp_path), "is damaged"),
        (tmp_path / "text.db", "is damaged"),
        (tmp_path / "empty.db", "other tables"),
        (tmp_path / "other.db", "other tables"),
        (newer, "of a newer Wutong"),
        (tmp_path / "not-there.db", "there is no file"),
        (folder.database, "is the database itself"),
    ):
        with pytest.raises(NotDone, match=why):
            restore(folder.database, folder, source)
    assert names(folder.root) - before <= {"wutong.db-wal", "wutong.db-shm"}
    assert numbers(folder.database) == [1, 2]


def test_for_postgresql_it_says_how(folder: StateFolder, tmp_path: Path) -> None:
    url = "postgresql+asyncpg://wutong:hidden-word@db.example:5433/calls"
    with pytest.raises(NotDone) as told:
        backup(url, folder, None)
    said = str(told.value)
    assert "pg_dump --format=custom --file=wutong.dump 'postgresql://wutong@db.example:5433/calls'" in said
    assert "pg_restore" in said
    assert "hidden-word" not in said


def test_versions_are_in_a_backup_and_the_missing_ones_come_back(
    db: AsyncEngine, folder: StateFolder, tmp_path: Path
) -> None:
    folder.versions.mkdir()
    for number in (1, 2):
        (folder.versions / f"{number:06}.json").write_text(f"version {number}")
    made = backup(folder.database, folder, tmp_path / "copy.db")
    (folder.versions / "000001.json").unlink()
    (folder.versions / "000002.json").write_text("of this folder")
    (folder.versions / "000003.json").write_text("published since")
    restore(folder.database, folder, made)
    told = {file.name: file.read_text() for file in folder.versions.iterdir()}
    assert told == {"000001.json": "version 1", "000002.json": "of this folder", "000003.json": "published since"}
    with closing(sqlite3.connect(folder.database)) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept_versions'").fetchone()
    other = StateFolder(tmp_path / "other")
    restore(other.database, other, made)
    assert names(other.versions) == {"000001.json", "000002.json"}


def test_a_damaged_version_comes_back_from_a_backup(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    store, files = VersionStore(folder.versions), {"hotline.yaml": "a"}
    store.keep(store.write(Version(1, 1.0, "x", "", "", Origin.FOLDER, "/h", content(files)), files))
    whole = (folder.versions / "000001.json").read_bytes()
    made = backup(folder.database, folder, tmp_path / "copy.db")
    (folder.versions / "000001.json").write_bytes(whole[:40])
    restore(folder.database, folder, made)
    assert (folder.versions / "000001.json").read_bytes() == whole
    (folder.versions / "000001.json").write_bytes(whole[:40])
    worse = backup(folder.database, folder, tmp_path / "worse.db")
    other = StateFolder(tmp_path / "other")
    other.versions.mkdir(parents=True)
    (other.versions / "000001.json").write_bytes(whole)
    restore(other.database, other, worse)
    assert (other.versions / "000001.json").read_bytes() == whole, "a damaged one replaces none"


def test_recordings_of_versions_come_back_from_a_backup(db: AsyncEngine, folder: StateFolder, tmp_path: Path) -> None:
    store, files = VersionStore(folder.versions), {"hotline.yaml": "a"}
    said = tmp_path / "said.wav"
    said.write_bytes(b"sound")
    extras = {"prompts/zh/said.wav": Extra(hashlib.sha256(b"sound").hexdigest(), 5, "您好")}
    (at,) = store.put(extras, {"prompts/zh/said.wav": said}).values()
    made = Version(1, 1.0, "x", "", "", Origin.FOLDER, "/h", content(files), extras=extras)
    store.keep(store.write(made, files))
    saved = backup(folder.database, folder, tmp_path / "copy.db")
    size = folder.database.stat().st_size
    for damage in (None, b"noise"):
        if damage is None:
            at.unlink()
        else:
            at.write_bytes(damage)
        with pytest.raises(NotDone, match=r"Version 1 cannot be used: its prompts/zh/said\.wav is lost or damaged"):
            store.paths(1)
        restore(folder.database, folder, saved)
        assert store.paths(1) == {"prompts/zh/said.wav": at}
    assert folder.database.stat().st_size <= size
    other = StateFolder(tmp_path / "other")
    restore(other.database, other, saved)
    assert VersionStore(other.versions).lost(made) == []
    assert stat.S_IMODE((other.versions / "contents").stat().st_mode) == 0o700


def test_two_within_one_second(
    db: AsyncEngine, folder: StateFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "time", SimpleNamespace(strftime=lambda form: time.strftime(form, time.gmtime(0))))
    first, second = (backup(folder.database, folder, None) for _ in range(2))
    assert (first.name, second.name) == ("wutong-19700101-000000.db", "wutong-19700101-000000-2.db")
    asides = [restore(folder.database, folder, first) for _ in range(3)]
    assert [aside and aside.name.removeprefix(folder.database.name) for aside in asides] == [
        ".replaced-19700101-000000",
        ".replaced-19700101-000000-2",
        ".replaced-19700101-000000-3",
    ]
    assert numbers(folder.database) == [1, 2]
