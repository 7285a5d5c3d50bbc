"""Create the tables of messages and of what people find in their list."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.common.migrations.chassis_v1 import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

# A migration runs under the code that is there before it, and waits for no lock longer
# than its users would. It imports nothing of the application.


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    create_chassis_tables()
    op.create_table(
        "subjects",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_subjects")),
    )
    op.create_table(
        "users",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notifications_enabled", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", BigId, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_table(
        "messages",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=True),
        sa.Column("client_id", BigId, nullable=True),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("medium", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("other_ways", Json, nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("stale_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsettled", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("next_attempt_at", Instant, nullable=True),
        sa.Column("sent_at", Instant, nullable=True),
        sa.Column("skipped_at", Instant, nullable=True),
        sa.Column("failed_at", Instant, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "subject",
            "version",
            "kind",
            "medium",
            "channel",
            "recipient",
            name="uq_messages_one_of_each",
        ),
        sa.CheckConstraint("medium IN ('sms', 'call', 'email')", name=op.f("ck_messages_medium")),
        sa.CheckConstraint(
            "CASE WHEN next_attempt_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN skipped_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN failed_at IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_messages_one_state"),
        ),
        sa.CheckConstraint(
            "next_attempt_at IS NULL OR recipient IS NOT NULL",
            name=op.f("ck_messages_due_to_somebody"),
        ),
    )
    op.create_index(
        "ix_messages_due",
        "messages",
        ["is_urgent", "next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_messages_recipient"), "messages", ["recipient"], unique=False)
    op.create_index(
        "ix_messages_codes",
        "messages",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'code'"),
        sqlite_where=sa.text("kind = 'code'"),
    )
    op.create_index(
        "ix_messages_with_recipient",
        "messages",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("recipient IS NOT NULL"),
        sqlite_where=sa.text("recipient IS NOT NULL"),
    )
    op.create_table(
        "notices",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("appointment_id", BigId, nullable=True),
        sa.Column("happened_at", Instant, nullable=False),
        sa.Column("read_at", Instant, nullable=True),
        sa.Column("deleted_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "subject", "version", "kind", "client_id", name="uq_notices_one_of_each"
        ),
    )
    op.create_index(
        "ix_notices_shown",
        "notices",
        ["client_id", "happened_at"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
        sqlite_where=sa.text("deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_notices_shown",
        table_name="notices",
        postgresql_where=sa.text("deleted_at IS NULL"),
        sqlite_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("notices")
    op.drop_index(
        "ix_messages_with_recipient",
        table_name="messages",
        postgresql_where=sa.text("recipient IS NOT NULL"),
        sqlite_where=sa.text("recipient IS NOT NULL"),
    )
    op.drop_index(
        "ix_messages_codes",
        table_name="messages",
        postgresql_where=sa.text("kind = 'code'"),
        sqlite_where=sa.text("kind = 'code'"),
    )
    op.drop_index(op.f("ix_messages_recipient"), table_name="messages")
    op.drop_index(
        "ix_messages_due",
        table_name="messages",
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.drop_table("messages")
    op.drop_table("users")
    op.drop_table("subjects")
    drop_chassis_tables()
