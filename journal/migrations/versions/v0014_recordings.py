"""The Records about recordings are found without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    recordings = sa.text("kind IN ('recorded', 'recording-removed')")
    op.create_index("ix_records_recordings", "records", ["at"], sqlite_where=recordings, postgresql_where=recordings)
