"""The sums of the report on the sound of phones."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

MEASURES = [
    "legs",
    "legs_poor",
    "mos_hundredths",
    "lost_hundredths",
    "jitter_us",
    "trips",
    "trip_us",
    "legs_silent",
]


def upgrade() -> None:
    for name in MEASURES:
        op.add_column("report_sums", sa.Column(name, sa.BigInteger()))
