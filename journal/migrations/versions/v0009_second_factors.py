"""Second factors, and who a person is at the OpenID provider."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("recovery", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_second_factors")),
    )
    op.add_column("people", sa.Column("subject", sa.Text()))
    op.drop_column("people", "totp")  # never released: a secret in clear, which the sealed one replaces
