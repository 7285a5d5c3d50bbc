"""Create the table of visits."""

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
        "visit_records",
        sa.Column("appointment_id", BigId, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("price_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
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
    op.drop_index(op.f("ix_visit_records_business_id_client_id"), table_name="visit_records")
    op.drop_table("visit_records")
    drop_chassis_tables()
