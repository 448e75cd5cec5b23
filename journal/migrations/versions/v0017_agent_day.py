"""The Records that say what an agent did are found by the agent, without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

KINDS = (
    "'agent-state', 'agent-phone', 'agent-call', 'offered', 'offer-failed', 'connected', 'held', 'unheld', "
    "'call-out-dialled'"
)


def upgrade() -> None:
    ours = sa.text(f"kind IN ({KINDS})")
    columns = ["agent", "at"]
    op.create_index("ix_records_agent_day", "records", columns, sqlite_where=ours, postgresql_where=ours)
