"""Calls are found by how they ended, and by the words of a note, without reading all calls and Records."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index(op.f("ix_calls_outcome_started"), "calls", ["outcome", "started"])
    notes = sa.text("kind = 'note'")
    op.create_index("ix_records_notes", "records", ["at"], sqlite_where=notes, postgresql_where=notes)
