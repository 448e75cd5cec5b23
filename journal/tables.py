"""The journal's tables: Records, one row for each spool, snapshots, and how far old things were removed.

Times are seconds since the epoch as double precision, exactly as Records carry them, on SQLite and PostgreSQL alike.
No foreign keys: rows may be purged apart from each other, and other packages keep their tables to themselves.
"""

from sqlalchemy import JSON, BigInteger, Column, Double, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects import postgresql

from journal.records import AGENT_DAY

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

IS_NOTE = text("records.kind = 'note'")
"""Of a Record: whether it is a note. An index of only these Records counts where a query says it in these words."""

IS_RECORDING = text("records.kind IN ('recorded', 'recording-removed')")
"""The same of a Record about a recording."""

IS_OF_AGENT_DAY = text(f"records.kind IN ({', '.join(repr(kind.value) for kind in AGENT_DAY)})")
"""The same of a Record that says what an agent did."""

_RECORDINGS = text("kind IN ('recorded', 'recording-removed')")
_AGENT_DAY = text(IS_OF_AGENT_DAY.text.removeprefix("records."))

records = Table(
    "records",
    metadata,
    # Numbered by the one writer, in the order in which the Records were made.
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("kind", Text, nullable=False),
    Column("call", Text),
    Column("queue", Text),
    Column("agent", Text),
    Column("offer", Text),
    Column("actor", Text),  # NULL: the system, or written by a version without actors
    Column("data", JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    Index(None, "call", "seq"),
    Index(None, "at"),
    Index("ix_records_notes", "at", sqlite_where=text("kind = 'note'"), postgresql_where=text("kind = 'note'")),
    Index("ix_records_recordings", "at", sqlite_where=_RECORDINGS, postgresql_where=_RECORDINGS),
    # Not by kind: what an agent does in one call stands together then, and changes few pages.
    Index("ix_records_agent_day", "agent", "at", sqlite_where=_AGENT_DAY, postgresql_where=_AGENT_DAY),
)

spools = Table(
    "spools",
    metadata,
    # How far into a spool the Records here go: written in the transaction of every batch.
    Column("id", Text, primary_key=True),
    Column("written", BigInteger, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    # The state of the service on a node after the Record `seq`, as JSON.
    Column("node", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
)

removals = Table(
    "removals",
    metadata,
    # Of each thing that is removed once it is old: up to which Record that was done, and when.
    Column("what", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
)
