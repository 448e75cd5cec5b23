"""The wrap-up code of a call; and the earlier calls of a number are found without reading all calls."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("calls", sa.Column("code", sa.Text()))
    op.create_index(op.f("ix_calls_caller_started"), "calls", ["caller", "started"])
