"""Numbers that agents have linked, as one citizen's."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "linked_numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("citizen", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_linked_numbers")),
    )
    op.create_index(op.f("ix_linked_numbers_citizen"), "linked_numbers", ["citizen"])
    op.create_index(op.f("ix_linked_numbers_at"), "linked_numbers", ["at"])
