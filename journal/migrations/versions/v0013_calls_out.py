"""Which calls agents have made to citizens. All that are there came in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("calls", sa.Column("direction", sa.Text(), nullable=False, server_default="in"))
    op.create_index(op.f("ix_calls_direction_started"), "calls", ["direction", "started"])
