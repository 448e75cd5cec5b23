"""The sums of breaks that have a limit."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    for name in ("limited_breaks", "breaks_in_time"):
        op.add_column("report_sums", sa.Column(name, sa.BigInteger()))
