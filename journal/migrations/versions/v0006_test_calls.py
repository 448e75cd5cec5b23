"""Which calls are test calls. All that are there count as citizens' calls, as before."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("calls", sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false()))
