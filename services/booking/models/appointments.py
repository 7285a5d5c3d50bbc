"""Who comes when: visits, their appointments, and the reservations that make them safe."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    column,
    extract,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.models.base import Base, Id, one_of
from services.booking.models.clients import Client
from services.booking.models.places import Location
from services.booking.models.staff import StaffMember
from services.common.db import PERSONAL, Json, table_of

CAME = "attendance = 'came' AND cancelled_at IS NULL"
NO_DOUBLE_BOOKING = "reservations_no_double_booking"
NO_SHARED_RESOURCE = "reservations_no_shared_resource"
LONGEST_RESERVATION = timedelta(days=1)


def one_owner(*columns: str) -> str:
    """The condition that exactly one of these columns says whose a row is."""
    told = (f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return f"{' + '.join(told)} = 1"


class Attendance(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CAME = "came"
    NO_SHOW = "no_show"


class Visit(Base):
    """One coming of one client: the appointments of one request that fall on one day.

    ``command_id`` is the command that booked it, forgotten when it is undone.
    """

    __tablename__ = "visits"

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    command_id: Mapped[str | None] = mapped_column(String(320))
    created_at: Mapped[datetime]

    client: Mapped[Client | None] = relationship(lazy="raise")


class Appointment(Base):
    """A time with a staff member, for one or more services in a row.

    Behind ``ends_at`` the staff member has ``buffer_seconds`` to themselves.

    ``starts_at`` is the instant; ``wall_start`` and ``timezone`` are what the
    client agreed to, kept because zone laws change. ``version`` rises with every
    change. ``contact`` holds what the client typed on this occasion. Staff may write
    down an appointment without a client; then it is empty. ``attributed_to``
    is whose front end the visit counts for, where that is another than ``partner_id``.
    One of a class takes ``seats`` of it, at its time and with no reservation of its own.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("buffer_seconds >= 0", name="buffer_not_negative"),
        CheckConstraint("seats > 0", name="seats_positive"),
        Index(None, "location_id", "starts_at"),
        Index(None, "staff_id", "starts_at"),
        Index(
            "ix_appointments_came",
            "client_id",
            "starts_at",
            postgresql_where=text(CAME),
            sqlite_where=text(CAME),
        ),
    )

    id: Mapped[Id]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("classes.id"), index=True)
    seats: Mapped[int] = mapped_column(Integer, default=1)
    hash: Mapped[str] = mapped_column(String(32), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    buffer_seconds: Mapped[int] = mapped_column(Integer, default=0)
    resource_instance_ids: Mapped[list[int]] = mapped_column(default=list)
    wall_start: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    timezone: Mapped[str] = mapped_column(String(64))

    staff_requested: Mapped[bool]
    is_online: Mapped[bool]
    confirmed: Mapped[bool] = mapped_column(default=False)
    saved_over_busy: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(String(10), default="client")
    changed_by: Mapped[str] = mapped_column(String(10), default="client")
    created_by_user_id: Mapped[int | None]
    attendance: Mapped[Attendance] = mapped_column(one_of(Attendance), default=Attendance.WAITING)
    comment: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    contact: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PERSONAL)
    custom_fields: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PERSONAL)
    label_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    color: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    attributed_to: Mapped[str | None] = mapped_column(String(255))
    sms_reminder_hours: Mapped[int] = mapped_column(Integer, default=0)
    email_reminder_hours: Mapped[int] = mapped_column(Integer, default=0)
    locale: Mapped[str] = mapped_column(String(20), default="en")

    api_id: Mapped[str | None] = mapped_column(String(255))
    partner_id: Mapped[int | None]
    form_id: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(50))
    is_mobile: Mapped[bool] = mapped_column(default=False)
    referrer: Mapped[str | None] = mapped_column(Text)

    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    location: Mapped[Location] = relationship(lazy="raise")
    staff: Mapped[StaffMember] = relationship(lazy="raise")
    client: Mapped[Client | None] = relationship(lazy="raise")
    visit: Mapped[Visit] = relationship(lazy="raise")
    services: Mapped[list["AppointmentService"]] = relationship(
        lazy="raise", order_by="AppointmentService.position", cascade="all, delete-orphan"
    )

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def free_again_at(self) -> datetime:
        """When the staff member can begin something else."""
        return self.ends_at + timedelta(seconds=self.buffer_seconds)


class AppointmentService(Base):
    """A line of an appointment: the service as it was when it was booked."""

    __tablename__ = "appointment_services"

    id: Mapped[Id]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(255))
    duration_seconds: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int]
    price_min_minor: Mapped[int]
    price_max_minor: Mapped[int]
    discount_percent: Mapped[int] = mapped_column(Integer, default=0)
    amount: Mapped[int] = mapped_column(Integer, default=1)
    prepayment: Mapped[str] = mapped_column(String(20))


class Reservation(Base):
    """That the time of a staff member or of a resource's instance is taken.

    What makes a double booking impossible.

    It is owned by an appointment, a class or a hold. The row goes when the time is given back, so
    every row counts; but one of a hold counts until ``held_until`` only, and as the constraint
    knows no clock, whoever takes the time after that deletes the row first. What an administrator
    saved over a busy time has rows for what was still free, perhaps none. None lasts longer than
    ``LONGEST_RESERVATION``: what does has several.
    SQLite knows no EXCLUDE, but has one writer at a time: there a trigger of the same
    name, in the migrations, is as safe.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint(
            extract("epoch", column("ends_at")) - extract("epoch", column("starts_at"))
            <= LONGEST_RESERVATION.total_seconds(),
            name="not_too_long",
        ),
        ExcludeConstraint(
            (column("staff_id"), "="),
            (func.tstzrange(column("starts_at"), column("ends_at")), "&&"),
            where=column("staff_id").is_not(None),
            name=NO_DOUBLE_BOOKING,
        ).ddl_if(dialect="postgresql"),
        ExcludeConstraint(
            (column("resource_instance_id"), "="),
            (func.tstzrange(column("starts_at"), column("ends_at")), "&&"),
            where=column("resource_instance_id").is_not(None),
            name=NO_SHARED_RESOURCE,
        ).ddl_if(dialect="postgresql"),
        CheckConstraint("(staff_id IS NULL) != (resource_instance_id IS NULL)", name="of_one"),
        CheckConstraint(one_owner("appointment_id", "class_id", "hold_id"), name="for_one"),
        CheckConstraint("(hold_id IS NULL) = (held_until IS NULL)", name="holds_end"),
        Index(None, "staff_id", "starts_at"),
        Index(None, "resource_instance_id", "starts_at"),
        Index(
            None,
            "held_until",
            postgresql_where=text("held_until IS NOT NULL"),
            sqlite_where=text("held_until IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    resource_instance_id: Mapped[int | None] = mapped_column(ForeignKey("resource_instances.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("classes.id"), index=True)
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    held_until: Mapped[datetime | None]


class UsedProof(Base):
    """That a proof of a phone number has paid for a booking: each does so once."""

    __tablename__ = "used_proofs"

    proof_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    used_at: Mapped[datetime]


VISITS = table_of(Visit)
APPOINTMENTS = table_of(Appointment)
LINES = table_of(AppointmentService)
RESERVATIONS = table_of(Reservation)
