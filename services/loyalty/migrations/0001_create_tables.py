"""Create the ledger, cards and programmes, and the table of visits."""

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
    create_ledger()
    forbid_changing_transfers()
    create_cards()
    create_visit_records()


def create_ledger() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance_minor", BigId, nullable=False),
        sa.Column("may_go_negative", sa.Boolean(), nullable=False),
        sa.Column("transfers_count", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint(
            "may_go_negative OR balance_minor >= 0", name=op.f("ck_accounts_not_below_zero")
        ),
        sa.CheckConstraint("kind IN ('card', 'programme')", name=op.f("ck_accounts_kind")),
        sa.CheckConstraint(
            "(kind = 'card') = (client_id IS NOT NULL)", name=op.f("ck_accounts_card_has_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "id", "business_id", "currency", name=op.f("uq_accounts_id_business_id_currency")
        ),
    )
    op.create_table(
        "transfers",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("debit_account_id", BigId, nullable=False),
        sa.Column("credit_account_id", BigId, nullable=False),
        sa.Column("amount_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("debit_balance_after", BigId, nullable=False),
        sa.Column("credit_balance_after", BigId, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_transfers_amount")),
        sa.CheckConstraint(
            "debit_account_id <> credit_account_id", name=op.f("ck_transfers_two_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["debit_account_id", "business_id", "currency"],
            ["accounts.id", "accounts.business_id", "accounts.currency"],
            name=op.f("fk_transfers_debit_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["credit_account_id", "business_id", "currency"],
            ["accounts.id", "accounts.business_id", "accounts.currency"],
            name=op.f("fk_transfers_credit_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("key", name=op.f("uq_transfers_key")),
    )
    op.create_index(op.f("ix_transfers_subject"), "transfers", ["subject"], unique=False)
    for side in ("debit", "credit"):
        op.create_index(
            op.f(f"ix_transfers_{side}_account_id_id"),
            "transfers",
            [f"{side}_account_id", "id"],
            unique=False,
        )


def forbid_changing_transfers() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION refuse_to_change_transfers() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'transfers are never changed or deleted'
                USING ERRCODE = 'integrity_constraint_violation',
                    CONSTRAINT = 'transfers_append_only';
            END $$
            """
        )
        for each, changes in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
            op.execute(
                f"CREATE TRIGGER transfers_append_only_{each.lower()} BEFORE {changes}"
                f" ON transfers FOR EACH {each} EXECUTE FUNCTION refuse_to_change_transfers()"
            )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"""
            CREATE TRIGGER transfers_append_only_{change.lower()} BEFORE {change} ON transfers
            BEGIN SELECT RAISE(ABORT, 'transfers_append_only'); END
            """
        )
    # INSERT OR REPLACE deletes without asking the trigger of DELETE.
    op.execute(
        """
        CREATE TRIGGER transfers_append_only_replace BEFORE INSERT ON transfers
        WHEN EXISTS (SELECT 1 FROM transfers WHERE id = NEW.id OR key = NEW.key)
        BEGIN SELECT RAISE(ABORT, 'uq_transfers_key'); END
        """
    )


def create_cards() -> None:
    op.create_table(
        "card_types",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_types")),
    )
    op.create_index(op.f("ix_card_types_business_id"), "card_types", ["business_id"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("card_type_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("percent_basis_points", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('cashback_static_paid')", name=op.f("ck_programmes_kind")),
        sa.CheckConstraint(
            "percent_basis_points BETWEEN 0 AND 10000", name=op.f("ck_programmes_percent")
        ),
        sa.ForeignKeyConstraint(
            ["card_type_id"], ["card_types.id"], name=op.f("fk_programmes_card_type_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_programmes_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("account_id", name=op.f("uq_programmes_account_id")),
    )
    op.create_index(op.f("ix_programmes_business_id"), "programmes", ["business_id"], unique=False)
    op.create_index(
        op.f("ix_programmes_card_type_id"), "programmes", ["card_type_id"], unique=False
    )
    op.create_table(
        "cards",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("card_type_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("length(number) BETWEEN 14 AND 16", name=op.f("ck_cards_number")),
        sa.ForeignKeyConstraint(
            ["card_type_id"], ["card_types.id"], name=op.f("fk_cards_card_type_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_cards_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint(
            "business_id", "client_id", "card_type_id", name="uq_cards_one_of_a_type"
        ),
        sa.UniqueConstraint("number", name=op.f("uq_cards_number")),
        sa.UniqueConstraint("account_id", name=op.f("uq_cards_account_id")),
    )
    op.create_index(op.f("ix_cards_card_type_id"), "cards", ["card_type_id"], unique=False)
    op.create_index(op.f("ix_cards_client_id"), "cards", ["client_id"], unique=False)


def create_visit_records() -> None:
    op.create_table(
        "visit_records",
        sa.Column("appointment_id", BigId, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=True),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("price_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("attendance", sa.String(length=20), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_visit_records")),
    )
    op.create_index(
        op.f("ix_visit_records_business_id_client_id"),
        "visit_records",
        ["business_id", "client_id"],
        unique=False,
    )


def downgrade() -> None:
    for table in (
        "visit_records",
        "cards",
        "programmes",
        "card_types",
        "transfers",
        "accounts",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_change_transfers()")
    drop_chassis_tables()
