"""The keys that led callers through the menus, by which calls are found. Those that are there have none."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("calls", sa.Column("path", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_calls_path_started"), "calls", ["path", "started"])
