"""The first form of the tables that every service has. Frozen: change them by a new migration."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Instant = sa.DateTime(timezone=True)
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def create_chassis_tables() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", BigId, sa.Identity(), nullable=False),
        sa.Column("event_type", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("envelope", Json, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("published_at", Instant),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
    )
    waiting = sa.text("published_at IS NULL")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["subject", "position"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("handler", sa.String(100), nullable=False),
        sa.Column("event_type", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("handled_at", Instant),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant),
        sa.Column("dead_at", Instant),
        sa.Column("reason", sa.Text()),
        sa.Column("envelope", Json),
        sa.PrimaryKeyConstraint("event_id", "handler", name="pk_inbox"),
    )
    due = sa.text("next_attempt_at IS NOT NULL")
    op.create_index(
        "ix_inbox_due",
        "inbox",
        ["next_attempt_at"],
        postgresql_where=due,
        sqlite_where=due,
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "commands",
        sa.Column("id", sa.String(320), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("answer", Json),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_commands"),
    )
    op.create_index("ix_commands_expires_at", "commands", ["expires_at"])


def drop_chassis_tables() -> None:
    for table in ("commands", "inbox", "outbox"):
        op.drop_table(table)
