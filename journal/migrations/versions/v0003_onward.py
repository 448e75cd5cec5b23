"""Where a call is sent on to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("calls", sa.Column("onward", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")))
