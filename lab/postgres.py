"""A PostgreSQL 17 for the tests: on loopback, in its own folder, without fsync, stopped at the end."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from lab.testing import POSTGRES

PROGRAMS = Path(POSTGRES).parent
START_S = 60


class Postgres:
    """`start` and `stop` as often as a test wants; the data stays. `primary`: it becomes a standby of that server."""

    def __init__(self, folder: Path, primary: "Postgres | None" = None) -> None:
        self.folder = folder
        self.up = False
        self._names = count(1)
        self._password: str = secrets.token_urlsafe(12) if primary is None else primary._password
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        password = folder / "password"
        password.write_text(self._password)
        if os.geteuid() == 0:  # as root it refuses to run
            owner = pwd.getpwnam("postgres")
            for path in (folder, password):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        if primary is not None:
            there = primary.address("postgres")
            self._run("pg_basebackup", "-D", folder / "data", "-d", there, "-R", "-X", "stream", "-c", "fast")
            return
        self._run("initdb", "-D", folder / "data", "-U", "wutong", "--pwfile", password, "-A", "scram-sha-256", "-N")

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": 50,
            "shared_buffers": "16MB",
        }
        given = " ".join(f"-c {name}={value}" for name, value in options.items())
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.folder / "data", "-l", log, "-o", given, "-t", START_S, "-w", "start")
        self.up = True

    def stop(self, how: str = "immediate") -> None:
        """`immediate`: like a crash. `fast`: transactions are rolled back, connections closed."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", how, "-w", "stop")
        self.up = False

    def create(self, like: str = "template1") -> str:
        """A new database; its URL. `like`: the name of the one that it is a copy of; nobody may be connected to it."""
        name = f"wutong{next(self._names)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {like}")
        return f"postgresql://wutong:{self._password}@127.0.0.1:{self.port}/{name}"

    def promote(self) -> None:
        """The standby becomes a primary; returns when it takes writes."""
        self._run("pg_ctl", "-D", self.folder / "data", "-t", START_S, "-w", "promote")

    def address(self, database: str) -> str:
        """For PostgreSQL's own tools."""
        return f"host=127.0.0.1 port={self.port} user=wutong password={self._password} dbname={database}"

    def end_sessions(self, name: str) -> None:
        """Drop the sessions that are called so."""
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
        self.sql("postgres", f"{ended}'{name}'")

    def sql(self, database: str, statement: str) -> None:
        """Run a statement outside the service."""
        self._run("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", self.address(database), "-c", statement)

    def _run(self, program: str, *arguments: object) -> None:
        user = "postgres" if os.geteuid() == 0 else None
        with tempfile.TemporaryFile() as output:  # the server keeps inherited descriptors: a pipe would never close
            done = subprocess.run(
                [str(PROGRAMS / program), *map(str, arguments)],
                user=user,
                group=user,
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=START_S,
                check=False,
            )
            output.seek(0)
            assert done.returncode == 0, f"{program}: {output.read().decode(errors='replace')}"


@contextmanager
def running(primary: Postgres | None = None) -> Iterator[Postgres]:
    """One server for the time of the block; with `primary` a standby of it."""
    folder = Path(tempfile.mkdtemp(prefix="wutong-postgres-"))  # its user may not enter pytest's folders
    try:
        postgres = Postgres(folder, primary)
        postgres.start()
        try:
            yield postgres
        finally:
            if postgres.up:
                postgres.stop()
    finally:
        shutil.rmtree(folder)
