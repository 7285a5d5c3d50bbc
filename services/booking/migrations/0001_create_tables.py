"""Create the tables of places, catalogue, schedules and appointments."""

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
        "businesses",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("is_chain", sa.Boolean(), nullable=False),
        sa.Column("client_accounts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
    )
    op.create_table(
        "cities",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cities")),
    )
    op.create_table(
        "clients",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("surname", sa.String(length=255), nullable=False),
        sa.Column("patronymic", sa.String(length=255), nullable=False),
        sa.Column(
            "gender",
            sa.Enum(
                "unknown",
                "male",
                "female",
                name="ck_clients_client_gender",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "importance",
            sa.Enum(
                "none",
                "bronze",
                "silver",
                "gold",
                name="ck_clients_importance",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("discount_percent", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(length=255), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("wants_birthday_messages", sa.Boolean(), nullable=False),
        sa.Column("wants_mailings", sa.Boolean(), nullable=False),
        sa.Column("custom_fields", Json, nullable=False),
        sa.Column("api_id", sa.String(length=255), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant, nullable=True),
        sa.Column("deleted_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_clients_business_id")
        ),
        sa.CheckConstraint(
            "discount_percent BETWEEN 0 AND 100", name=op.f("ck_clients_discount_percent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
    )
    op.create_index("ix_clients_business_id_id", "clients", ["business_id", "id"], unique=False)
    op.create_index("uq_clients_api_id", "clients", ["business_id", "api_id"], unique=True)
    op.create_index(op.f("ix_clients_user_id"), "clients", ["user_id"], unique=False)
    op.create_index(
        "ix_clients_claimed_phone",
        "clients",
        ["business_id", "phone"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
        sqlite_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        "ix_clients_unclaimed_email",
        "clients",
        ["email"],
        unique=False,
        postgresql_where=sa.text("user_id IS NULL"),
        sqlite_where=sa.text("user_id IS NULL"),
    )
    op.create_table(
        "merged_users",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("into_user_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_merged_users")),
    )
    op.create_index(op.f("ix_merged_users_into_user_id"), "merged_users", ["into_user_id"])
    op.create_index(
        "uq_clients_unclaimed_phone",
        "clients",
        ["phone", "business_id"],
        unique=True,
        postgresql_where=sa.text("user_id IS NULL"),
        sqlite_where=sa.text("user_id IS NULL"),
    )
    op.create_table(
        "locations",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("public_title", sa.String(length=255), nullable=False),
        sa.Column("short_description", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("logo_url", sa.Text(), nullable=False),
        sa.Column("photo_urls", Json, nullable=False),
        sa.Column("phones", Json, nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("opening_hours_text", sa.Text(), nullable=False),
        sa.Column("city_id", BigId, nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("social", Json, nullable=False),
        sa.Column("business_type_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("promo_text", sa.Text(), nullable=True),
        sa.Column("api_id", sa.String(length=255), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("timetable_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("rating", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("votes_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("comments_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("closed_at", Instant, nullable=True),
        sa.Column("paused_at", Instant, nullable=True),
        sa.Column("grid_step_seconds", sa.Integer(), nullable=False),
        sa.Column("day_grids_enabled", sa.Boolean(), nullable=False),
        sa.Column("lead_seconds", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("phone_confirmation_required", sa.Boolean(), nullable=False),
        sa.Column("any_staff_allowed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column(
            "visit_kinds", sa.String(length=8), server_default=sa.text("'single'"), nullable=False
        ),
        sa.Column("class_clients_max", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "class_clients_online_max", sa.Integer(), server_default=sa.text("1"), nullable=False
        ),
        sa.Column("comment_required", sa.Boolean(), nullable=False),
        sa.Column("comment_label", sa.String(length=255), nullable=True),
        sa.Column("email_required", sa.Boolean(), nullable=False),
        sa.Column("booking_notice", sa.Text(), nullable=True),
        sa.Column("move_allowed", sa.Boolean(), nullable=False),
        sa.Column("move_notice_seconds", sa.Integer(), nullable=False),
        sa.Column("cancel_allowed", sa.Boolean(), nullable=False),
        sa.Column("cancel_notice_seconds", sa.Integer(), nullable=False),
        sa.Column("sms_reminders_enabled", sa.Boolean(), nullable=False),
        sa.Column("default_sms_reminder_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint("grid_step_seconds > 0", name=op.f("ck_locations_grid_step_positive")),
        sa.CheckConstraint("lead_seconds >= 0", name=op.f("ck_locations_lead_not_negative")),
        sa.CheckConstraint("horizon_days BETWEEN 1 AND 3660", name=op.f("ck_locations_horizon")),
        sa.CheckConstraint(
            "visit_kinds IN ('single', 'class', 'both')", name=op.f("ck_locations_visit_kinds")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_locations_business_id")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_locations_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
    )
    op.create_index(op.f("ix_locations_business_id"), "locations", ["business_id"], unique=False)
    op.create_table(
        "booking_forms",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("without_menu", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("languages", Json, nullable=False),
        sa.Column("style", Json, nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.Column("texts", Json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("analytics", Json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("allowed_origins", Json, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("paused_at", Instant, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_booking_forms_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_booking_forms_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_forms")),
    )
    op.create_index(
        op.f("ix_booking_forms_business_id"), "booking_forms", ["business_id"], unique=False
    )
    op.create_index(
        op.f("ix_booking_forms_location_id"), "booking_forms", ["location_id"], unique=False
    )
    op.create_index(
        "uq_booking_forms_default_of_location",
        "booking_forms",
        ["location_id"],
        unique=True,
        postgresql_where=sa.text("is_default AND location_id IS NOT NULL"),
        sqlite_where=sa.text("is_default AND location_id IS NOT NULL"),
    )
    op.create_index(
        "uq_booking_forms_default_of_business",
        "booking_forms",
        ["business_id"],
        unique=True,
        postgresql_where=sa.text("is_default AND location_id IS NULL"),
        sqlite_where=sa.text("is_default AND location_id IS NULL"),
    )
    op.create_table(
        "positions",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("archived_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_positions_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
    )
    op.create_index(op.f("ix_positions_location_id"), "positions", ["location_id"], unique=False)
    op.create_table(
        "service_categories",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("booking_title", sa.String(length=255), server_default="", nullable=False),
        sa.Column(
            "gender",
            sa.Enum(
                "any",
                "male",
                "female",
                name="ck_service_categories_gender",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("api_id", sa.String(length=255), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("archived_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_service_categories_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_categories")),
    )
    op.create_index(
        op.f("ix_service_categories_location_id"),
        "service_categories",
        ["location_id"],
        unique=False,
    )
    op.create_table(
        "visits",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=True),
        sa.Column("command_id", sa.String(length=320), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_visits_business_id")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_visits_client_id")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_visits_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_client_id"), "visits", ["client_id"], unique=False)
    op.create_table(
        "services",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("category_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("booking_title", sa.String(length=255), server_default="", nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("image", sa.String(length=32), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=False),
        sa.Column("duration_seconds", sa.Integer(), nullable=False),
        sa.Column("buffer_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("resource_ids", Json, nullable=False),
        sa.CheckConstraint("buffer_seconds >= 0", name=op.f("ck_services_buffer_not_negative")),
        sa.Column("price_min_minor", BigId, nullable=False),
        sa.Column("price_max_minor", BigId, nullable=False),
        sa.Column("discount_percent", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column(
            "gender",
            sa.Enum(
                "any",
                "male",
                "female",
                name="ck_services_gender",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "prepayment",
            sa.Enum(
                "forbidden",
                "allowed",
                "required",
                name="ck_services_prepayment",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("is_membership_only", sa.Boolean(), nullable=False),
        sa.Column("api_id", sa.String(length=255), nullable=True),
        sa.Column("repeat_after_days", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("archived_at", Instant, nullable=True),
        sa.CheckConstraint("discount_percent BETWEEN 0 AND 100", name=op.f("ck_services_discount")),
        sa.CheckConstraint("duration_seconds > 0", name=op.f("ck_services_duration_positive")),
        sa.CheckConstraint(
            "price_max_minor >= price_min_minor", name=op.f("ck_services_price_range")
        ),
        sa.CheckConstraint("price_min_minor >= 0", name=op.f("ck_services_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["service_categories.id"], name=op.f("fk_services_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_services_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("image", name=op.f("uq_services_image")),
    )
    op.create_index(op.f("ix_services_location_id"), "services", ["location_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("position_id", BigId, nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("specialization", sa.String(length=255), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("avatar", sa.String(length=32), nullable=True),
        sa.Column("avatar_url", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("random_choice_allowed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("rating_shown", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("votes_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("comments_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("api_id", sa.String(length=255), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("dismissal_reason", sa.String(length=255), server_default="", nullable=False),
        sa.Column("fired_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_staff_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name=op.f("fk_staff_position_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("avatar", name=op.f("uq_staff_avatar")),
    )
    op.create_index("uq_staff_user_at_location", "staff", ["location_id", "user_id"], unique=True)
    op.create_index(
        "ix_staff_leaving",
        "staff",
        ["last_day"],
        unique=False,
        postgresql_where=sa.text("last_day IS NOT NULL AND fired_at IS NULL"),
        sqlite_where=sa.text("last_day IS NOT NULL AND fired_at IS NULL"),
    )
    op.create_index(op.f("ix_staff_location_id"), "staff", ["location_id"], unique=False)
    create_tables_of_classes()
    op.create_table(
        "appointments",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=True),
        sa.Column("class_id", BigId, nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("buffer_seconds", sa.Integer(), nullable=False),
        sa.Column("resource_instance_ids", Json, nullable=False),
        sa.CheckConstraint("buffer_seconds >= 0", name=op.f("ck_appointments_buffer_not_negative")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_appointments_seats_positive")),
        sa.Column("wall_start", sa.DateTime(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("staff_requested", sa.Boolean(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("saved_over_busy", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=10), nullable=False),
        sa.Column("changed_by", sa.String(length=10), nullable=False),
        sa.Column("created_by_user_id", BigId, nullable=True),
        sa.Column(
            "attendance",
            sa.Enum(
                "waiting",
                "confirmed",
                "came",
                "no_show",
                name="ck_appointments_attendance",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("contact", Json, nullable=False),
        sa.Column("custom_fields", Json, nullable=False),
        sa.Column("label_ids", Json, nullable=False),
        sa.Column("color", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("attributed_to", sa.String(length=255), nullable=True),
        sa.Column("sms_reminder_hours", sa.Integer(), nullable=False),
        sa.Column("email_reminder_hours", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("api_id", sa.String(length=255), nullable=True),
        sa.Column("partner_id", BigId, nullable=True),
        sa.Column("form_id", BigId, nullable=True),
        sa.Column("source", sa.String(length=50), nullable=True),
        sa.Column("is_mobile", sa.Boolean(), nullable=False),
        sa.Column("referrer", sa.Text(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("cancelled_at", Instant, nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointments_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_appointments_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_appointments_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_appointments_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_appointments_location_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_appointments_staff_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_appointments_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("hash", name=op.f("uq_appointments_hash")),
    )
    op.create_index(
        "ix_appointments_came",
        "appointments",
        ["client_id", "starts_at"],
        unique=False,
        postgresql_where=sa.text("attendance = 'came' AND cancelled_at IS NULL"),
        sqlite_where=sa.text("attendance = 'came' AND cancelled_at IS NULL"),
    )
    op.create_index(op.f("ix_appointments_client_id"), "appointments", ["client_id"], unique=False)
    op.create_index(op.f("ix_appointments_class_id"), "appointments", ["class_id"], unique=False)
    op.create_index(
        op.f("ix_appointments_location_id_starts_at"),
        "appointments",
        ["location_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_appointments_staff_id_starts_at"),
        "appointments",
        ["staff_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_appointments_visit_id"), "appointments", ["visit_id"], unique=False)
    op.create_table(
        "date_hours",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=True),
        sa.Column("closes_minute", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'off') = (opens_minute IS NULL)", name=op.f("ck_date_hours_off_has_no_hours")
        ),
        sa.CheckConstraint("kind IN ('work', 'break', 'off')", name=op.f("ck_date_hours_kind")),
        sa.CheckConstraint(
            "(opens_minute IS NULL) = (closes_minute IS NULL)",
            name=op.f("ck_date_hours_both_or_none"),
        ),
        sa.CheckConstraint("closes_minute <= 2880", name=op.f("ck_date_hours_end")),
        sa.CheckConstraint(
            "opens_minute >= 0 AND opens_minute < closes_minute", name=op.f("ck_date_hours_order")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_date_hours_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_hours")),
    )
    op.create_index(
        op.f("ix_date_hours_staff_id_day"), "date_hours", ["staff_id", "day"], unique=False
    )
    op.create_table(
        "staff_services",
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("service_id", BigId, nullable=False),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.Column("price_min_minor", BigId, nullable=True),
        sa.Column("price_max_minor", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_staff_services_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_services_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", "service_id", name=op.f("pk_staff_services")),
        sa.CheckConstraint(
            "duration_seconds > 0", name=op.f("ck_staff_services_duration_positive")
        ),
        sa.CheckConstraint(
            "price_min_minor >= 0", name=op.f("ck_staff_services_price_not_negative")
        ),
        sa.CheckConstraint(
            "price_max_minor >= price_min_minor", name=op.f("ck_staff_services_price_range")
        ),
        sa.CheckConstraint(
            "(price_min_minor IS NULL) = (price_max_minor IS NULL)",
            name=op.f("ck_staff_services_both_prices_or_none"),
        ),
    )
    op.create_index(
        op.f("ix_staff_services_service_id"), "staff_services", ["service_id"], unique=False
    )
    op.create_table(
        "day_grids",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("base", sa.String(length=10), nullable=False),
        sa.Column("step_seconds", sa.Integer(), nullable=False),
        sa.Column("lead_seconds", sa.Integer(), nullable=True),
        sa.Column("first_minute", sa.Integer(), nullable=True),
        sa.Column("last_minute", sa.Integer(), nullable=True),
        sa.Column("start_minutes", Json, nullable=False),
        sa.Column("is_flexible", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(weekday IS NULL) != (day IS NULL)", name=op.f("ck_day_grids_weekday_or_date")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_day_grids_weekday")),
        sa.CheckConstraint("base IN ('shift', 'clock', 'list')", name=op.f("ck_day_grids_base")),
        sa.CheckConstraint("step_seconds > 0", name=op.f("ck_day_grids_step_positive")),
        sa.CheckConstraint("lead_seconds >= 0", name=op.f("ck_day_grids_lead_not_negative")),
        sa.CheckConstraint("first_minute BETWEEN 0 AND 2880", name=op.f("ck_day_grids_first")),
        sa.CheckConstraint("last_minute BETWEEN 0 AND 2880", name=op.f("ck_day_grids_last")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_day_grids_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_grids")),
    )
    for name, column, other in (
        ("uq_day_grids_weekday", "weekday", "day"),
        ("uq_day_grids_day", "day", "weekday"),
    ):
        op.create_index(
            name,
            "day_grids",
            ["location_id", column],
            unique=True,
            postgresql_where=sa.text(f"{other} IS NULL"),
            sqlite_where=sa.text(f"{other} IS NULL"),
        )
    op.create_table(
        "weekly_hours",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('work', 'break')", name=op.f("ck_weekly_hours_kind")),
        sa.CheckConstraint("closes_minute <= 2880", name=op.f("ck_weekly_hours_end")),
        sa.CheckConstraint(
            "opens_minute >= 0 AND opens_minute < closes_minute", name=op.f("ck_weekly_hours_order")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_weekly_hours_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(op.f("ix_weekly_hours_staff_id"), "weekly_hours", ["staff_id"], unique=False)
    op.create_table(
        "appointment_services",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("appointment_id", BigId, nullable=False),
        sa.Column("service_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("duration_seconds", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", BigId, nullable=False),
        sa.Column("price_min_minor", BigId, nullable=False),
        sa.Column("price_max_minor", BigId, nullable=False),
        sa.Column("discount_percent", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("prepayment", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_services_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_appointment_services_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_services")),
    )
    op.create_index(
        op.f("ix_appointment_services_appointment_id"),
        "appointment_services",
        ["appointment_id"],
        unique=False,
    )
    op.create_table(
        "used_proofs",
        sa.Column("proof_id", sa.String(length=64), nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("used_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_used_proofs_visit_id")),
        sa.PrimaryKeyConstraint("proof_id", name=op.f("pk_used_proofs")),
    )
    op.create_table(
        "resources",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("archived_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_resources_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
    )
    op.create_index(op.f("ix_resources_location_id"), "resources", ["location_id"])
    op.create_table(
        "resource_instances",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("resource_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("archived_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_resource_instances_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_instances")),
    )
    op.create_index(
        op.f("ix_resource_instances_resource_id"), "resource_instances", ["resource_id"]
    )
    create_table_of_class_resources()
    op.create_table(
        "labels",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column(
            "entity",
            sa.Enum(
                "common",
                "client",
                "appointment",
                "class",
                name="ck_labels_label_entity",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("color", sa.String(length=20), nullable=False),
        sa.Column("icon", sa.String(length=50), nullable=False),
        sa.Column("font_color", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_labels_business_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    op.create_index(op.f("ix_labels_business_id"), "labels", ["business_id"], unique=False)
    op.create_table(
        "blacklist",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("client_id", BigId, nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_by_user_id", BigId, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint(
            "(phone IS NULL) <> (client_id IS NULL)", name=op.f("ck_blacklist_phone_or_client")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_blacklist_business_id")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_blacklist_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blacklist")),
    )
    op.create_index(
        "uq_blacklist_business_id_phone", "blacklist", ["business_id", "phone"], unique=True
    )
    op.create_index("uq_blacklist_client_id", "blacklist", ["client_id"], unique=True)
    op.create_table(
        "client_comments",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_by_user_id", BigId, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_client_comments_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_client_comments_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_comments")),
    )
    op.create_index(
        op.f("ix_client_comments_client_id"), "client_comments", ["client_id"], unique=False
    )
    op.create_table(
        "client_labels",
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("label_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_client_labels_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name=op.f("fk_client_labels_label_id")
        ),
        sa.PrimaryKeyConstraint("client_id", "label_id", name=op.f("pk_client_labels")),
    )
    op.create_index(op.f("ix_client_labels_label_id"), "client_labels", ["label_id"], unique=False)
    op.create_table(
        "custom_fields",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=True),
        sa.Column(
            "entity",
            sa.Enum(
                "appointment",
                "client",
                name="ck_custom_fields_custom_field_entity",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "text",
                "number",
                "select",
                "list",
                "date",
                "datetime",
                name="ck_custom_fields_custom_field_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("choices", Json, nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_editable", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_custom_fields_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_custom_fields_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_fields")),
    )
    op.create_index(
        "uq_custom_fields_of_appointments",
        "custom_fields",
        ["location_id", "code"],
        unique=True,
        postgresql_where=sa.text("location_id IS NOT NULL"),
        sqlite_where=sa.text("location_id IS NOT NULL"),
    )
    op.create_index(
        "uq_custom_fields_of_clients",
        "custom_fields",
        ["business_id", "code"],
        unique=True,
        postgresql_where=sa.text("location_id IS NULL"),
        sqlite_where=sa.text("location_id IS NULL"),
    )
    op.create_table(
        "appointment_changes",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("appointment_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("changed_by", sa.String(length=10), nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("partner_id", BigId, nullable=True),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_changes_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_appointment_changes_business_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_changes")),
    )
    op.create_index(
        op.f("ix_appointment_changes_appointment_id_version"),
        "appointment_changes",
        ["appointment_id", "version"],
        unique=True,
    )
    create_tables_of_waitlists()
    create_table_of_holds()
    op.create_table(
        "reservations",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("resource_instance_id", BigId, nullable=True),
        sa.Column("appointment_id", BigId, nullable=True),
        sa.Column("class_id", BigId, nullable=True),
        sa.Column("hold_id", BigId, nullable=True),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("held_until", Instant, nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_reservations_ends_after_start")),
        sa.CheckConstraint(
            sa.extract("epoch", sa.column("ends_at")) - sa.extract("epoch", sa.column("starts_at"))
            <= 86400,
            name=op.f("ck_reservations_not_too_long"),
        ),
        sa.CheckConstraint(
            "(staff_id IS NULL) != (resource_instance_id IS NULL)",
            name=op.f("ck_reservations_of_one"),
        ),
        sa.CheckConstraint(
            "CASE WHEN appointment_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN class_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN hold_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_reservations_for_one"),
        ),
        sa.CheckConstraint(
            "(hold_id IS NULL) = (held_until IS NULL)", name=op.f("ck_reservations_holds_end")
        ),
        sa.ForeignKeyConstraint(
            ["resource_instance_id"],
            ["resource_instances.id"],
            name=op.f("fk_reservations_resource_instance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_reservations_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_reservations_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_reservations_business_id")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_reservations_hold_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reservations_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
    )
    op.create_index(
        op.f("ix_reservations_appointment_id"), "reservations", ["appointment_id"], unique=False
    )
    op.create_index(op.f("ix_reservations_class_id"), "reservations", ["class_id"])
    op.create_index(op.f("ix_reservations_hold_id"), "reservations", ["hold_id"], unique=False)
    op.create_index(
        op.f("ix_reservations_held_until"),
        "reservations",
        ["held_until"],
        unique=False,
        postgresql_where=sa.text("held_until IS NOT NULL"),
        sqlite_where=sa.text("held_until IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_reservations_resource_instance_id_starts_at"),
        "reservations",
        ["resource_instance_id", "starts_at"],
    )
    op.create_index(
        op.f("ix_reservations_staff_id_starts_at"),
        "reservations",
        ["staff_id", "starts_at"],
        unique=False,
    )
    create_tables_of_cabinets()
    create_tables_of_reviews()
    forbid_double_booking()


def create_tables_of_classes() -> None:
    op.create_table(
        "classes",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("service_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("series_id", BigId, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("wall_start", sa.DateTime(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("saved_over_busy", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("stream_link", sa.Text(), nullable=False),
        sa.Column("color", sa.String(length=20), nullable=False),
        sa.Column("font_color", sa.String(length=20), nullable=False),
        sa.Column("label_ids", Json, nullable=False),
        sa.Column("created_by_user_id", BigId, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("deleted_at", Instant, nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_classes_ends_after_start")),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_classes_capacity_positive")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_classes_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_classes_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_classes_service_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_classes_staff_id")),
        sa.ForeignKeyConstraint(["series_id"], ["classes.id"], name=op.f("fk_classes_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
    )
    for columns in (["location_id", "starts_at"], ["staff_id", "starts_at"], ["series_id"]):
        op.create_index(op.f(f"ix_classes_{'_'.join(columns)}"), "classes", columns)
    op.create_table(
        "series_plans",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column(
            "repeat",
            sa.Enum(
                "daily",
                "working_days",
                "mon_wed_fri",
                "tue_thu",
                "weekly",
                "monthly",
                "yearly",
                name="ck_series_plans_repeat",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("weekdays", Json, nullable=False),
        sa.Column("pause", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.Enum(
                "class",
                "appointments",
                name="ck_series_plans_seriescontent",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("pause >= 0", name=op.f("ck_series_plans_pause_not_negative")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_series_plans_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_plans")),
    )
    op.create_index(op.f("ix_series_plans_location_id"), "series_plans", ["location_id"])


def create_table_of_class_resources() -> None:
    op.create_table(
        "class_resources",
        sa.Column("class_id", BigId, autoincrement=False, nullable=False),
        sa.Column("resource_instance_id", BigId, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_class_resources_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_instance_id"],
            ["resource_instances.id"],
            name=op.f("fk_class_resources_resource_instance_id"),
        ),
        sa.PrimaryKeyConstraint(
            "class_id", "resource_instance_id", name=op.f("pk_class_resources")
        ),
    )
    op.create_index(
        op.f("ix_class_resources_resource_instance_id"), "class_resources", ["resource_instance_id"]
    )


def create_tables_of_waitlists() -> None:
    op.create_table(
        "waitlist_entries",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("service_ids", Json, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contact", Json, nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("partner_id", BigId, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "booked",
                "left",
                "removed",
                "over",
                "unanswered",
                name="ck_waitlist_entries_endreason",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_waitlist_entries_days_in_order")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)",
            name=op.f("ck_waitlist_entries_end_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_waitlist_entries_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_waitlist_entries_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_waitlist_entries_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_waitlist_entries_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entries")),
    )
    op.create_index(
        "ix_waitlist_entries_waiting",
        "waitlist_entries",
        ["location_id", "id"],
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_waitlist_entries_client_id"), "waitlist_entries", ["client_id"])
    op.create_index(op.f("ix_waitlist_entries_user_id_id"), "waitlist_entries", ["user_id", "id"])
    op.create_table(
        "waitlist_offers",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                name="ck_waitlist_offers_outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entries.id"], name=op.f("fk_waitlist_offers_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_waitlist_offers_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_offers")),
    )
    for name, columns, is_unique in (
        ("uq_waitlist_offers_open", ["entry_id"], True),
        ("ix_waitlist_offers_expires_at", ["expires_at"], False),
    ):
        op.create_index(
            name,
            "waitlist_offers",
            columns,
            unique=is_unique,
            postgresql_where=sa.text("outcome = 'open'"),
            sqlite_where=sa.text("outcome = 'open'"),
        )
    op.create_index(
        "uq_waitlist_offers_entry_id_starts_at",
        "waitlist_offers",
        ["entry_id", "starts_at"],
        unique=True,
    )
    op.create_table(
        "waitlists",
        sa.Column("location_id", BigId, autoincrement=False, nullable=False),
        sa.Column("looked_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_waitlists_location_id")
        ),
        sa.PrimaryKeyConstraint("location_id", name=op.f("pk_waitlists")),
    )
    op.create_table(
        "freed_times",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_freed_times_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_times")),
    )
    op.create_index(op.f("ix_freed_times_location_id"), "freed_times", ["location_id"])


def create_table_of_holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("partner_id", BigId, nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("offer_id", BigId, nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_holds_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_holds_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["waitlist_offers.id"], name=op.f("fk_holds_offer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_holds_token_digest")),
        sa.UniqueConstraint("holder", name=op.f("uq_holds_holder")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_holds_offer_id")),
    )
    op.create_index(op.f("ix_holds_origin"), "holds", ["origin"], unique=False)
    op.create_index(op.f("ix_holds_expires_at"), "holds", ["expires_at"], unique=False)


def create_tables_of_cabinets() -> None:
    op.create_table(
        "favourites",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_favourites_location_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "location_id", name=op.f("pk_favourites")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("partner_id", BigId, autoincrement=False, nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("business_ids", Json, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "partner_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feeds_token_digest")),
    )


def create_tables_of_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", BigId, sa.Identity(), nullable=False),
        sa.Column("business_id", BigId, nullable=False),
        sa.Column("location_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("appointment_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("hidden_at", Instant, nullable=True),
        sa.Column("hidden_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("answer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("answered_at", Instant, nullable=True),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating")),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_reason = '')",
            name=op.f("ck_reviews_hidden_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_reviews_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_reviews_business_id")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_reviews_client_id")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_reviews_location_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reviews_staff_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_reviews_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("uq_reviews_visit_of_staff", "reviews", ["visit_id", "staff_id"], unique=True)
    op.create_index(
        "uq_reviews_visit_of_location",
        "reviews",
        ["visit_id"],
        unique=True,
        postgresql_where=sa.text("staff_id IS NULL"),
        sqlite_where=sa.text("staff_id IS NULL"),
    )
    op.create_index(
        op.f("ix_reviews_location_id_created_at"), "reviews", ["location_id", "created_at"]
    )
    for column in ("staff_id", "appointment_id", "client_id"):
        op.create_index(op.f(f"ix_reviews_{column}"), "reviews", [column])
    op.create_table(
        "review_pauses",
        sa.Column("appointment_id", BigId, autoincrement=False, nullable=False),
        sa.Column("ask_again_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_review_pauses_appointment_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_review_pauses")),
    )


def forbid_double_booking() -> None:
    """Nobody and nothing is in two places: an exclusion, or on SQLite triggers of that name."""
    for name, column in (
        ("reservations_no_double_booking", "staff_id"),
        ("reservations_no_shared_resource", "resource_instance_id"),
    ):
        if op.get_bind().dialect.name == "postgresql":
            op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            op.execute(
                f"ALTER TABLE reservations ADD CONSTRAINT {name} EXCLUDE USING gist"
                f" ({column} WITH =, tstzrange(starts_at, ends_at) WITH &&)"
                f" WHERE ({column} IS NOT NULL)"
            )
            continue
        for moment in ("INSERT", "UPDATE"):
            op.execute(
                f"""
                CREATE TRIGGER {name}_{moment.lower()}
                BEFORE {moment} ON reservations
                WHEN EXISTS (
                    SELECT 1 FROM reservations AS other
                    WHERE other.{column} = NEW.{column} AND other.id IS NOT NEW.id
                      AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
                      AND other.starts_at > datetime(NEW.starts_at, '-1 day')
                ) BEGIN SELECT RAISE(ABORT, '{name}'); END
                """
            )


def downgrade() -> None:
    op.drop_table("review_pauses")
    op.drop_table("reviews")
    op.drop_table("calendar_feeds")
    op.drop_table("favourites")
    op.drop_index(op.f("ix_reservations_hold_id"), table_name="reservations")
    op.drop_index(op.f("ix_reservations_held_until"), table_name="reservations")
    op.drop_index(op.f("ix_reservations_resource_instance_id_starts_at"), table_name="reservations")
    op.drop_index(op.f("ix_reservations_staff_id_starts_at"), table_name="reservations")
    op.drop_index(op.f("ix_reservations_class_id"), table_name="reservations")
    op.drop_index(op.f("ix_reservations_appointment_id"), table_name="reservations")
    op.drop_table("reservations")
    op.drop_table("class_resources")
    op.drop_index(op.f("ix_holds_expires_at"), table_name="holds")
    op.drop_index(op.f("ix_holds_origin"), table_name="holds")
    op.drop_table("holds")
    for table in ("freed_times", "waitlists", "waitlist_offers", "waitlist_entries"):
        op.drop_table(table)
    op.drop_index(op.f("ix_resource_instances_resource_id"), table_name="resource_instances")
    op.drop_table("resource_instances")
    op.drop_index(op.f("ix_resources_location_id"), table_name="resources")
    op.drop_table("resources")
    op.drop_index(
        op.f("ix_appointment_changes_appointment_id_version"), table_name="appointment_changes"
    )
    op.drop_table("appointment_changes")
    op.drop_index(
        "uq_custom_fields_of_clients",
        table_name="custom_fields",
        postgresql_where=sa.text("location_id IS NULL"),
        sqlite_where=sa.text("location_id IS NULL"),
    )
    op.drop_index(
        "uq_custom_fields_of_appointments",
        table_name="custom_fields",
        postgresql_where=sa.text("location_id IS NOT NULL"),
        sqlite_where=sa.text("location_id IS NOT NULL"),
    )
    op.drop_table("custom_fields")
    op.drop_index(op.f("ix_client_labels_label_id"), table_name="client_labels")
    op.drop_table("client_labels")
    op.drop_index(op.f("ix_client_comments_client_id"), table_name="client_comments")
    op.drop_table("client_comments")
    op.drop_index("uq_blacklist_client_id", table_name="blacklist")
    op.drop_index("uq_blacklist_business_id_phone", table_name="blacklist")
    op.drop_table("blacklist")
    op.drop_index(op.f("ix_labels_business_id"), table_name="labels")
    op.drop_table("labels")
    op.drop_index(op.f("ix_appointment_services_appointment_id"), table_name="appointment_services")
    op.drop_table("appointment_services")
    op.drop_index("uq_day_grids_day", table_name="day_grids")
    op.drop_index("uq_day_grids_weekday", table_name="day_grids")
    op.drop_table("day_grids")
    op.drop_index(op.f("ix_weekly_hours_staff_id"), table_name="weekly_hours")
    op.drop_table("weekly_hours")
    op.drop_index(op.f("ix_staff_services_service_id"), table_name="staff_services")
    op.drop_table("staff_services")
    op.drop_index(op.f("ix_date_hours_staff_id_day"), table_name="date_hours")
    op.drop_table("date_hours")
    op.drop_index("ix_appointments_came", table_name="appointments")
    op.drop_index(op.f("ix_appointments_visit_id"), table_name="appointments")
    op.drop_index(op.f("ix_appointments_staff_id_starts_at"), table_name="appointments")
    op.drop_index(op.f("ix_appointments_location_id_starts_at"), table_name="appointments")
    op.drop_index(op.f("ix_appointments_class_id"), table_name="appointments")
    op.drop_index(op.f("ix_appointments_client_id"), table_name="appointments")
    op.drop_table("appointments")
    op.drop_table("series_plans")
    op.drop_table("classes")
    op.drop_index("ix_staff_leaving", table_name="staff")
    op.drop_index("uq_staff_user_at_location", table_name="staff")
    op.drop_index(op.f("ix_staff_location_id"), table_name="staff")
    op.drop_table("staff")
    op.drop_index(op.f("ix_services_location_id"), table_name="services")
    op.drop_table("services")
    op.drop_table("used_proofs")
    op.drop_index(op.f("ix_visits_client_id"), table_name="visits")
    op.drop_table("visits")
    op.drop_index(op.f("ix_service_categories_location_id"), table_name="service_categories")
    op.drop_table("service_categories")
    op.drop_index(op.f("ix_positions_location_id"), table_name="positions")
    op.drop_table("positions")
    for name in ("location", "business"):
        of_it = f"is_default AND location_id IS {'NOT ' if name == 'location' else ''}NULL"
        op.drop_index(
            f"uq_booking_forms_default_of_{name}",
            table_name="booking_forms",
            postgresql_where=sa.text(of_it),
            sqlite_where=sa.text(of_it),
        )
    op.drop_index(op.f("ix_booking_forms_location_id"), table_name="booking_forms")
    op.drop_index(op.f("ix_booking_forms_business_id"), table_name="booking_forms")
    op.drop_table("booking_forms")
    op.drop_index(op.f("ix_locations_business_id"), table_name="locations")
    op.drop_table("locations")
    op.drop_index(
        "uq_clients_unclaimed_phone",
        table_name="clients",
        postgresql_where=sa.text("user_id IS NULL"),
        sqlite_where=sa.text("user_id IS NULL"),
    )
    op.drop_table("merged_users")
    op.drop_index("uq_clients_api_id", table_name="clients")
    op.drop_index("ix_clients_business_id_id", table_name="clients")
    op.drop_index("ix_clients_unclaimed_email", table_name="clients")
    op.drop_index("ix_clients_claimed_phone", table_name="clients")
    op.drop_index(op.f("ix_clients_user_id"), table_name="clients")
    op.drop_table("clients")
    op.drop_table("cities")
    op.drop_table("businesses")
    drop_chassis_tables()
