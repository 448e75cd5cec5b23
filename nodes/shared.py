"""What all machines of a hotline have beside its Records: what was published, with its recordings and lists of callers,
the emergency messages and the PINs for them, the line of news, and whether the hotline is drained.

Each machine has these as files of its state folder. The leader puts into the database what has changed, all of it or
nothing. A machine that stands by takes it from there. So a machine that takes over has it already, but for the changes
of the last two seconds, and for those that the former leader has made while the database was away. That machine keeps
them in `unshared/` of its state folder when it comes back, where a person can find them.
"""

import asyncio
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from base.files import replace
from base.folders import StateFolder
from journal.store import Refused
from journal.writer import UNAVAILABLE, Fence
from nodes.tables import shared

log = structlog.get_logger()

LOOK_S = 2.0
"""Seconds between two looks for changes: of the leader at its files, of the others at the database."""

ASIDE = "unshared"

NAMES = re.compile(r"versions/[0-9]{6}\.json|versions/contents/[0-9a-f]{64}(\.[a-z0-9]{1,5})?")
"""Of the files that are shared, in the state folder; and those of `_single`."""

_DIGESTS = TypeAdapter(dict[str, str])

Stamp = tuple[int, int, int]
"""When a file was written (ns), its inode and its bytes."""


class Shared:
    """Of this machine. `taken`, `given`: how many files it took from the database, and put there."""

    def __init__(self, engine: AsyncEngine, folder: StateFolder) -> None:
        self.taken = self.given = 0
        self._engine, self._folder = engine, folder
        self._single = {file.name for file in (folder.emergency, folder.emergency_pins, folder.notice, folder.drained)}
        self._known: dict[str, tuple[Stamp, str]] = {}  # name → stamp, and the digest that goes with it

    async def keep_giving(self, fence: Fence) -> None:
        """Put each change of the leader's files into the database, until cancelled. `fence`: see `nodes.fence`."""
        given: dict[str, Stamp] | None = None
        failed = False
        while True:
            if (stamps := await asyncio.to_thread(self._stamps)) != given:
                try:
                    await self.give(fence)
                    given, failed = stamps, False
                except (*UNAVAILABLE, Refused) as error:
                    if not failed:
                        log.warning("files-not-shared", why=str(error)[:200])
                    failed = True
            await asyncio.sleep(LOOK_S)

    async def give(self, fence: Fence) -> None:
        """Put into the database what differs there. Raises `UNAVAILABLE`, Refused; then nothing is changed there."""
        here = await asyncio.to_thread(self._digests)
        async with self._engine.begin() as connection:
            await fence(connection)
            there = await _there(connection)
            for name in _ordered(name for name, digest in here.items() if there.get(name) != digest):
                data = await asyncio.to_thread((self._folder.root / name).read_bytes)
                here[name] = hashlib.sha256(data).hexdigest()  # it may have been written meanwhile
                row = {"digest": here[name], "data": data, "at": self._written(name)}
                statement = insert(shared).values(name=name, **row)
                await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))
                self.given += 1
            if gone := there.keys() - here.keys():
                await connection.execute(delete(shared).where(shared.c.name.in_(gone)))
        await asyncio.to_thread(self._note, here)

    async def take(self) -> Sequence[str]:
        """Bring the files to what the database has, if another machine has changed that since this one has seen it
        last. Returns the names of those that have changed here. Raises `UNAVAILABLE`, OSError; then the next try does
        the rest.
        """
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            there = await _there(connection)
            had = await asyncio.to_thread(self._noted)
            if there in ({}, had):  # what differs here is newer: it was changed here since
                return []
            here = await asyncio.to_thread(self._digests)
            wanted = _ordered(name for name, digest in there.items() if here.get(name) != digest)
            gone = sorted(here.keys() - there.keys())
            if wanted or gone:
                await asyncio.to_thread(self._put_aside, here, had, {*wanted, *gone} & here.keys())
            for name in wanted:
                query = select(shared.c.data, shared.c.at).where(shared.c.name == name)
                data, at = (await connection.execute(query)).one()
                await asyncio.to_thread(self._write, name, data, there[name], at)
                self.taken += 1
        for name in gone:
            (self._folder.root / name).unlink(missing_ok=True)
        await asyncio.to_thread(self._note, there)
        return [*wanted, *gone]

    # -- the files here ---------------------------------------------------------------------------------------------

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        root = self._folder.root
        for folder in (root, self._folder.versions, self._folder.versions / "contents"):
            if folder.is_dir():
                for file in folder.iterdir():
                    name = str(file.relative_to(root))
                    if (name in self._single or NAMES.fullmatch(name)) and file.is_file():
                        yield name, file.stat()

    def _stamps(self) -> dict[str, Stamp]:
        try:
            return {name: (about.st_mtime_ns, about.st_ino, about.st_size) for name, about in self._files()}
        except FileNotFoundError:  # one went while they were looked at
            return self._stamps()

    def _digests(self) -> dict[str, str]:
        """Reads those that were written since the last time."""
        known = {}
        for name, stamp in self._stamps().items():
            before = self._known.get(name)
            if before is not None and before[0] == stamp:
                known[name] = before
                continue
            try:
                data = (self._folder.root / name).read_bytes()
            except FileNotFoundError:
                continue
            known[name] = stamp, hashlib.sha256(data).hexdigest()
        self._known = known
        return {name: digest for name, (_, digest) in known.items()}

    def _written(self, name: str) -> float:
        return (self._folder.root / name).stat().st_mtime

    def _write(self, name: str, data: bytes, digest: str, at: float) -> None:
        """Raises OSError: it is not what its digest says, or cannot be written."""
        if not (name in self._single or NAMES.fullmatch(name)) or hashlib.sha256(data).hexdigest() != digest:
            raise OSError(f"{name!r} of the database is damaged")
        file = self._folder.root / name
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(file, data)
        os.utime(file, (at, at))  # of `drained` its time counts

    def _put_aside(self, here: Mapping[str, str], had: Mapping[str, str], names: Iterable[str]) -> None:
        """Keep a copy of those of which the database has never had what is in them."""
        lost = sorted(name for name in names if had.get(name) != here[name])
        for name in lost:
            copy = self._folder.root / ASIDE / name
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(self._folder.root / name, copy)
        if lost:
            log.warning("unshared-files-put-aside", folder=str(self._folder.root / ASIDE), names=lost)

    def _noted(self) -> dict[str, str]:
        try:
            return _DIGESTS.validate_json(self._folder.shared.read_bytes())
        except (FileNotFoundError, ValidationError):
            return {}

    def _note(self, digests: Mapping[str, str]) -> None:
        if self._noted() != digests:
            replace(self._folder.shared, _DIGESTS.dump_json(dict(digests)))


async def _there(connection: AsyncConnection) -> dict[str, str]:
    """The digests that the database has, by name."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table(shared.name)):  # nobody has made it yet
        return {}
    return dict((await connection.execute(select(shared.c.name, shared.c.digest))).all())


def _ordered(names: Iterable[str]) -> list[str]:
    """Recordings and lists first: a version needs them."""
    return sorted(names, key=lambda name: (not name.startswith("versions/contents/"), name))
