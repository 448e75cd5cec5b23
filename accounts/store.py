"""People, second factors, tokens and sessions in the database, and their tables.

Every method raises StoreUnavailable when it cannot be asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import fields
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.model import Account, MachineToken, Person, SecondFactor, Session
from base.role import Role
from journal.database import transaction
from journal.tables import NAMES
from sentences.sentence import Sentence

# The tables of people, second factors, tokens, sessions and the audit.
#
# Times are seconds since the epoch as double precision, on SQLite and PostgreSQL alike.


metadata = MetaData(naming_convention=NAMES)


def _of_account() -> list[Column[object]]:
    return [
        Column("name", Text, primary_key=True),
        Column("roles", JSON, nullable=False),
        Column("queues", JSON, nullable=False),
        Column("departments", JSON, nullable=False),
        Column("agent", Text),
    ]


people = Table(
    "people",
    metadata,
    *_of_account(),
    Column("password", Text),  # its Argon2id hash; NULL: none
    Column("created", Double, nullable=False),
    Column("password_set", Double, nullable=False),
    Column("subject", Text),  # who the person is at the OpenID provider; NULL: nobody
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", Text, nullable=False),  # not readable without secrets.json
    Column("step", BigInteger, nullable=False),
    Column("recovery", JSON, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    *_of_account(),
    Column("digest", Text, nullable=False),
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("used", Double),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("began", Double, nullable=False),
    Column("used", Double, nullable=False),
    Column("address", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    # Rows are added, and removed once they are old enough. Nothing changes one, but that a number in it is forgotten.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Double, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Index(None, "at"),
    Index(None, "actor", "at"),
)


class StoreUnavailable(Exception):
    """The database does not answer, or refuses. `why`: the kind of the cause, which says more."""

    def __init__(self, why: str) -> None:
        super().__init__(Sentence("the database cannot be asked: {why}", why=why))
        self.why = why


class Known(NamedTuple):
    """All that is kept."""

    people: Sequence[Person]
    tokens: Sequence[MachineToken]
    sessions: Sequence[Session]
    factors: Sequence[SecondFactor]


class AccountStore:
    """The one who writes keeps all of it in memory too (`accounts.directory`): it is read only at a start. Every method
    raises StoreUnavailable.
    """

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database

    async def load(self) -> Known:
        kept = (people, tokens, sessions, second_factors)
        async with reaching(self._database) as connection:
            rows = [(await connection.execute(select(table))).mappings().all() for table in kept]
        return Known(
            [Person(**_account(row)) for row in rows[0]],
            [MachineToken(**_account(row)) for row in rows[1]],
            [Session(**row) for row in rows[2]],
            [SecondFactor(**{**row, "recovery": frozenset(row["recovery"])}) for row in rows[3]],
        )

    async def put_person(self, person: Person) -> None:
        """Add the person, or replace what is kept of this name."""
        await self._put(people, person)

    async def remove_person(self, name: str) -> None:
        """With the second factor and all sessions."""
        async with reaching(self._database) as connection:
            await connection.execute(delete(people).where(people.c.name == name))
            await connection.execute(delete(second_factors).where(second_factors.c.name == name))
            await connection.execute(delete(sessions).where(sessions.c.name == name))

    async def put_factor(self, factor: SecondFactor) -> None:
        """Add it, or replace what is kept of this name."""
        row = {"name": factor.name, "sealed": factor.sealed, "step": factor.step, "recovery": sorted(factor.recovery)}
        async with reaching(self._database) as connection:
            await connection.execute(delete(second_factors).where(second_factors.c.name == factor.name))
            await connection.execute(insert(second_factors), row)

    async def remove_factor(self, name: str) -> None:
        async with reaching(self._database) as connection:
            await connection.execute(delete(second_factors).where(second_factors.c.name == name))

    async def put_token(self, token: MachineToken) -> None:
        await self._put(tokens, token)

    async def remove_token(self, name: str) -> None:
        async with reaching(self._database) as connection:
            await connection.execute(delete(tokens).where(tokens.c.name == name))

    async def put_session(self, session: Session) -> None:
        """Add it, or replace what is kept of it: a first try may have been done though it seemed to fail."""
        row = {column.name: getattr(session, column.name) for column in sessions.c}
        async with reaching(self._database) as connection:
            await connection.execute(delete(sessions).where(sessions.c.digest == session.digest))
            await connection.execute(insert(sessions), row)

    async def remove_sessions(self, digests: Iterable[str]) -> None:
        async with reaching(self._database) as connection:
            await connection.execute(delete(sessions).where(sessions.c.digest.in_(list(digests))))

    async def note_use(self, of_sessions: Mapping[str, float], of_tokens: Mapping[str, float]) -> None:
        """When sessions (by digest) and tokens (by name) were used last."""
        async with reaching(self._database) as connection:
            for table, key, used in ((sessions, sessions.c.digest, of_sessions), (tokens, tokens.c.name, of_tokens)):
                if used:
                    query = update(table).where(key == bindparam("key")).values(used=bindparam("at"))
                    await connection.execute(query, [{"key": name, "at": at} for name, at in used.items()])

    async def _put(self, table: Table, account: Account) -> None:
        row = {field.name: getattr(account, field.name) for field in fields(account)}
        row |= {name: sorted(row[name]) for name in ("roles", "queues", "departments")}
        async with reaching(self._database) as connection:
            await connection.execute(delete(table).where(table.c.name == account.name))
            await connection.execute(insert(table), row)


def reaching(database: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection with a transaction around the block: all of it or nothing. Raises StoreUnavailable."""
    return transaction(database, StoreUnavailable)


def _account(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Roles of a newer version are left out: this one does not know what they may do."""
    known = set(Role)
    return {
        **row,
        "roles": frozenset(Role(role) for role in row["roles"] if role in known),
        "queues": frozenset(row["queues"]),
        "departments": frozenset(row["departments"]),
    }
