"""Places: businesses, their locations, and the booking forms that lead to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.models.base import Base, Id

ONE_DEFAULT_OF_LOCATION = "uq_booking_forms_default_of_location"
ONE_DEFAULT_OF_BUSINESS = "uq_booking_forms_default_of_business"


class Business(Base):
    """Who owns locations and a client base; a chain, or one place's implicit owner.

    Without ``client_accounts`` nobody signs in there, and what was booked stands in
    nobody's lists; booking goes on as ever.
    """

    __tablename__ = "businesses"

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(255))
    is_chain: Mapped[bool] = mapped_column(default=False)
    client_accounts: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]


class City(Base):
    __tablename__ = "cities"

    id: Mapped[Id]
    country_code: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(255))


class Location(Base):
    """A place where people come, with its own clock, currency and rules."""

    __tablename__ = "locations"
    __table_args__ = (
        CheckConstraint("grid_step_seconds > 0", name="grid_step_positive"),
        CheckConstraint("lead_seconds >= 0", name="lead_not_negative"),
        CheckConstraint("horizon_days BETWEEN 1 AND 3660", name="horizon"),
        CheckConstraint("visit_kinds IN ('single', 'class', 'both')", name="visit_kinds"),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    public_title: Mapped[str] = mapped_column(String(255), default="")
    short_description: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    logo_url: Mapped[str] = mapped_column(Text, default="")
    photo_urls: Mapped[list[str]] = mapped_column(default=list)
    phones: Mapped[list[str]] = mapped_column(default=list)
    email: Mapped[str] = mapped_column(String(255), default="")
    site: Mapped[str] = mapped_column(Text, default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    opening_hours_text: Mapped[str] = mapped_column(Text, default="")
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    timezone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    language: Mapped[str] = mapped_column(String(8), default="en")
    social: Mapped[dict[str, Any]] = mapped_column(default=dict)
    business_type_id: Mapped[int] = mapped_column(Integer, default=0)
    weight: Mapped[int] = mapped_column(Integer, default=0)
    promo_text: Mapped[str | None] = mapped_column(Text)
    api_id: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    timetable_version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    rating: Mapped[float] = mapped_column(Float, default=0.0, server_default=text("0"))
    votes_count: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    comments_count: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    closed_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]

    grid_step_seconds: Mapped[int] = mapped_column(Integer, default=1800)
    day_grids_enabled: Mapped[bool] = mapped_column(default=False)
    lead_seconds: Mapped[int] = mapped_column(Integer, default=0)
    horizon_days: Mapped[int] = mapped_column(Integer, default=366)
    phone_confirmation_required: Mapped[bool] = mapped_column(default=False)
    any_staff_allowed: Mapped[bool] = mapped_column(default=True, server_default=true())
    visit_kinds: Mapped[str] = mapped_column(
        String(8), default="single", server_default=text("'single'")
    )
    class_clients_max: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    class_clients_online_max: Mapped[int] = mapped_column(
        Integer, default=1, server_default=text("1")
    )
    comment_required: Mapped[bool] = mapped_column(default=False)
    comment_label: Mapped[str | None] = mapped_column(String(255))
    email_required: Mapped[bool] = mapped_column(default=False)
    booking_notice: Mapped[str | None] = mapped_column(Text)
    move_allowed: Mapped[bool] = mapped_column(default=True)
    move_notice_seconds: Mapped[int] = mapped_column(Integer, default=0)
    cancel_allowed: Mapped[bool] = mapped_column(default=True)
    cancel_notice_seconds: Mapped[int] = mapped_column(Integer, default=0)
    sms_reminders_enabled: Mapped[bool] = mapped_column(default=True)
    default_sms_reminder_hours: Mapped[int] = mapped_column(Integer, default=0)

    business: Mapped[Business] = relationship(lazy="raise")
    city: Mapped[City] = relationship(lazy="raise")

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


class BookingForm(Base):
    """A way in for clients: which places it leads to, its steps and its looks.

    ``allowed_origins`` are the sites whose pages may use it in a browser.
    """

    __tablename__ = "booking_forms"
    __table_args__ = (
        Index(
            ONE_DEFAULT_OF_LOCATION,
            "location_id",
            unique=True,
            postgresql_where=text("is_default AND location_id IS NOT NULL"),
            sqlite_where=text("is_default AND location_id IS NOT NULL"),
        ),
        Index(
            ONE_DEFAULT_OF_BUSINESS,
            "business_id",
            unique=True,
            postgresql_where=text("is_default AND location_id IS NULL"),
            sqlite_where=text("is_default AND location_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    without_menu: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str] = mapped_column(String(8), default="en")
    languages: Mapped[list[str]] = mapped_column(default=list)
    style: Mapped[dict[str, Any]] = mapped_column(default=dict)
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    analytics: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    allowed_origins: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    paused_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    business: Mapped[Business] = relationship(lazy="raise")

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None
