"""People, tokens, sessions, the audit; the sub-hotline that a call was put through to, and calls by agent."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _account() -> list[sa.Column[object]]:
    return [
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("agent", sa.Text()),
    ]


def upgrade() -> None:
    op.create_table(
        "people",
        *_account(),
        sa.Column("password", sa.Text()),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("password_set", sa.Double(), nullable=False),
        sa.Column("totp", sa.Text()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_people")),
    )
    op.create_table(
        "tokens",
        *_account(),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("expires", sa.Double(), nullable=False),
        sa.Column("used", sa.Double()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tokens")),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("began", sa.Double(), nullable=False),
        sa.Column("used", sa.Double(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    op.create_index(op.f("ix_audit_actor_at"), "audit", ["actor", "at"])
    op.add_column("calls", sa.Column("sub_hotline", sa.Text()))
    op.create_index(op.f("ix_calls_agent_started"), "calls", ["agent", "started"])
    op.create_index(op.f("ix_calls_sub_hotline_started"), "calls", ["sub_hotline", "started"])
