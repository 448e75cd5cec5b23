"""The tables of people, second factors, tokens, sessions and the audit.

Times are seconds since the epoch as double precision, on SQLite and PostgreSQL alike.
"""

from sqlalchemy import JSON, BigInteger, Column, Double, Index, Integer, MetaData, Table, Text

from journal.tables import NAMES

metadata = MetaData(naming_convention=NAMES)


def _account() -> list[Column[object]]:
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
    *_account(),
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
    *_account(),
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
