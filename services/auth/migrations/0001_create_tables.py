"""Create auth's tables."""

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
    _create_partner_keys()
    _create_users()
    _create_staff()
    _create_invitations()
    _create_challenges()
    _create_consents()
    _create_spending()


def _create_partner_keys() -> None:
    op.create_table(
        "partner_keys",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("business_ids", Json, nullable=True),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("rate_per_second", BigId, nullable=True),
        sa.Column("rate_per_minute", BigId, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_keys")),
    )
    op.create_table(
        "partner_secrets",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("key_id", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["partner_keys.id"], name=op.f("fk_partner_secrets_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_secrets")),
        sa.UniqueConstraint("digest", name=op.f("uq_partner_secrets_digest")),
    )
    op.create_index(op.f("ix_partner_secrets_key_id"), "partner_secrets", ["key_id"])


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("phone_proven_at", Instant, nullable=True),
        sa.Column("email_proven_at", Instant, nullable=True),
        sa.Column("photo", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("date_format", sa.String(length=10), nullable=True),
        sa.Column("time_format", sa.String(length=3), nullable=True),
        sa.Column("notifications_enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", BigId, server_default="1", nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("merged_into_id", BigId, nullable=True),
        sa.CheckConstraint("kind IN ('client', 'staff')", name=op.f("ck_users_kind")),
        sa.CheckConstraint(
            "kind <> 'client' OR (phone IS NULL) = (phone_proven_at IS NULL)",
            name=op.f("ck_users_clients_phones_are_proven"),
        ),
        sa.CheckConstraint(
            "email_proven_at IS NULL OR email IS NOT NULL", name=op.f("ck_users_proven_email")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["users.id"], name=op.f("fk_users_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("photo", name=op.f("uq_users_photo")),
    )
    op.create_index(op.f("ix_users_merged_into_id"), "users", ["merged_into_id"])
    op.create_index(
        "uq_users_proven_email",
        "users",
        ["email"],
        unique=True,
        postgresql_where=sa.text("kind = 'client' AND email_proven_at IS NOT NULL"),
        sqlite_where=sa.text("kind = 'client' AND email_proven_at IS NOT NULL"),
    )
    op.create_index(
        "uq_users_client_phone",
        "users",
        ["phone"],
        unique=True,
        postgresql_where=sa.text("kind = 'client'"),
        sqlite_where=sa.text("kind = 'client'"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("partner_id", BigId, nullable=False),
        sa.Column("device", sa.String(length=255), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("last_used_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])


def _create_staff() -> None:
    op.create_table(
        "staff_users",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("login", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("second_factor", sa.String(length=20), nullable=True),
        sa.Column("revoked_at", Instant, nullable=True),
        sa.CheckConstraint(
            "second_factor IN ('sms', 'call', 'email')", name=op.f("ck_staff_users_medium")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_staff_users_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_users")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_users_login")),
    )
    op.create_table(
        "staff_rights",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("permissions", Json, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'administrator', 'staff')", name=op.f("ck_staff_rights_role")
        ),
        sa.CheckConstraint(
            "role <> 'owner' OR (location_id IS NULL AND permissions IS NULL)",
            name=op.f("ck_staff_rights_owners_own_everything"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["staff_users.user_id"], name=op.f("fk_staff_rights_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_rights")),
        sa.UniqueConstraint(
            "user_id",
            "business_id",
            "location_id",
            name=op.f("uq_staff_rights_user_id_business_id_location_id"),
        ),
    )
    op.create_index(
        "uq_staff_rights_business",
        "staff_rights",
        ["user_id", "business_id"],
        unique=True,
        postgresql_where=sa.text("location_id IS NULL"),
        sqlite_where=sa.text("location_id IS NULL"),
    )
    op.create_index(op.f("ix_staff_rights_business_id"), "staff_rights", ["business_id"])


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("challenge_id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("permissions", Json, nullable=True),
        sa.Column("invited_by", BigId, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("closed_at", Instant, nullable=True),
        sa.CheckConstraint(
            "role IN ('owner', 'administrator', 'staff')", name=op.f("ck_invitations_role")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["staff_users.user_id"], name=op.f("fk_invitations_invited_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_challenge_id"), "invitations", ["challenge_id"])
    op.create_index(
        op.f("ix_invitations_business_id_email"), "invitations", ["business_id", "email"]
    )


def _create_challenges() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("partner_id", BigId, nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("medium", sa.String(length=20), nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("sends", BigId, nullable=False),
        sa.Column("guesses", BigId, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("proven_at", Instant, nullable=True),
        sa.Column("used_at", Instant, nullable=True),
        sa.Column("used_for", sa.String(length=20), nullable=True),
        sa.CheckConstraint("guesses BETWEEN 0 AND 5", name=op.f("ck_challenges_few_guesses")),
        sa.CheckConstraint(
            "used_for IN ('sign_in', 'booking', 'account')", name=op.f("ck_challenges_use")
        ),
        sa.CheckConstraint("medium IN ('sms', 'call', 'email')", name=op.f("ck_challenges_medium")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_challenges_user_id")),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_for IS NULL)",
            name=op.f("ck_challenges_used_for_something"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
    )
    op.create_index(
        op.f("ix_challenges_recipient_partner_id_created_at"),
        "challenges",
        ["recipient", "partner_id", "created_at"],
    )
    op.create_index(op.f("ix_challenges_user_id"), "challenges", ["user_id"])
    op.create_index(op.f("ix_challenges_expires_at"), "challenges", ["expires_at"])
    op.create_table(
        "sign_ups",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("challenge_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name=op.f("fk_sign_ups_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    op.create_index(op.f("ix_sign_ups_challenge_id"), "sign_ups", ["challenge_id"])
    op.create_table(
        "throttles",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("moments", Json, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttles")),
    )
    op.create_index(op.f("ix_throttles_last_at"), "throttles", ["last_at"])


def _create_consents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("location_id", BigId, nullable=True),
        sa.Column("version", BigId, nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sa.CheckConstraint(
            "kind IN ('privacy_policy', 'user_agreement')",
            name=op.f("ck_documents_documentkind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("version", "language", name=op.f("uq_documents_version_language")),
    )
    op.create_index(op.f("ix_documents_kind_location_id"), "documents", ["kind", "location_id"])
    op.create_table(
        "consents",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("document_id", BigId, nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=True),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("challenge_id", sa.String(length=36), nullable=True),
        sa.Column("sign_up_id", BigId, nullable=True),
        sa.Column("partner_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("given_at", Instant, nullable=False),
        sa.Column("proven_at", Instant, nullable=True),
        sa.CheckConstraint(
            "challenge_id IS NOT NULL OR sign_up_id IS NOT NULL OR user_id IS NOT NULL",
            name=op.f("ck_consents_given_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_consents_document_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consents_user_id")),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_ups.id"],
            name=op.f("fk_consents_sign_up_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint(
            "sign_up_id", "document_id", name=op.f("uq_consents_sign_up_id_document_id")
        ),
        sa.UniqueConstraint(
            "challenge_id", "document_id", name=op.f("uq_consents_challenge_id_document_id")
        ),
    )
    for column in ("document_id", "recipient", "user_id", "proven_at"):
        op.create_index(op.f(f"ix_consents_{column}"), "consents", [column])


def _create_spending() -> None:
    op.create_table(
        "destinations",
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("sent", BigId, nullable=False),
        sa.Column("used", BigId, nullable=False),
        sa.Column("paused_until", Instant, nullable=True),
        sa.Column("used_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_destinations")),
    )
    op.create_table(
        "spending",
        sa.Column("business_id", BigId, autoincrement=False, nullable=False),
        sa.Column("hour", Instant, nullable=False),
        sa.Column("sent", BigId, nullable=False),
        sa.Column("to_strangers", BigId, nullable=False),
        sa.PrimaryKeyConstraint("business_id", "hour", name=op.f("pk_spending")),
    )
    op.create_index(op.f("ix_spending_hour"), "spending", ["hour"])
    op.create_table(
        "code_decisions",
        sa.Column("hour", Instant, nullable=False),
        sa.Column("business_id", BigId, autoincrement=False, nullable=False),
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("count", BigId, nullable=False),
        sa.PrimaryKeyConstraint(
            "hour", "business_id", "prefix", "decision", name=op.f("pk_code_decisions")
        ),
    )


def downgrade() -> None:
    for table in (
        "code_decisions",
        "spending",
        "destinations",
        "consents",
        "documents",
        "throttles",
        "sign_ups",
        "challenges",
        "sessions",
        "invitations",
        "staff_rights",
        "staff_users",
        "users",
        "partner_secrets",
        "partner_keys",
    ):
        op.drop_table(table)
    drop_chassis_tables()
