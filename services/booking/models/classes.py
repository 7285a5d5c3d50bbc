"""Classes: visits for many, with seats."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.domain.series import Repeat
from services.booking.models.base import Base, Id, one_of
from services.booking.models.catalogue import Service
from services.booking.models.places import Location
from services.booking.models.staff import StaffMember


class GroupClass(Base):
    """A time of a staff member, and of some rooms and devices, that many clients share.

    Its reservations take that time once; an appointment of the class takes none, only
    ``seats``. So of a class nobody has more seats than ``capacity`` because whoever gives
    some away has locked its row. ``wall_start`` and ``timezone`` are as of an appointment.
    Classes that were made of another one have its id as their ``series_id``, as it has itself.
    """

    __tablename__ = "classes"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        Index(None, "location_id", "starts_at"),
        Index(None, "staff_id", "starts_at"),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("classes.id"), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    wall_start: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    timezone: Mapped[str] = mapped_column(String(64))
    capacity: Mapped[int] = mapped_column(Integer)
    saved_over_busy: Mapped[bool] = mapped_column(default=False)

    comment: Mapped[str] = mapped_column(Text, default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    stream_link: Mapped[str] = mapped_column(Text, default="")
    color: Mapped[str] = mapped_column(String(20), default="")
    font_color: Mapped[str] = mapped_column(String(20), default="")
    label_ids: Mapped[list[int]] = mapped_column(default=list)

    created_by_user_id: Mapped[int | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    location: Mapped[Location] = relationship(lazy="raise")
    service: Mapped[Service] = relationship(lazy="raise")
    staff: Mapped[StaffMember] = relationship(lazy="raise")

    @property
    def length_seconds(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds())


class ClassResource(Base):
    """That a class takes this room or device; it has its time reserved as far as it was free."""

    __tablename__ = "class_resources"

    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    resource_instance_id: Mapped[int] = mapped_column(
        ForeignKey("resource_instances.id"), primary_key=True, index=True
    )


class SeriesContent(StrEnum):
    """What of a class its copies have."""

    CLASS = "class"
    APPOINTMENTS = "appointments"


class SeriesPlan(Base):
    """How classes of a location are repeated, under a name.

    ``pause`` is how many days, weeks, months or years are left out between two times;
    ``weekdays`` count from Monday, 0.
    """

    __tablename__ = "series_plans"
    __table_args__ = (CheckConstraint("pause >= 0", name="pause_not_negative"),)

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    repeat: Mapped[Repeat] = mapped_column(one_of(Repeat))
    weekdays: Mapped[list[int]] = mapped_column(default=list)
    pause: Mapped[int] = mapped_column(Integer, default=0)
    content: Mapped[SeriesContent] = mapped_column(one_of(SeriesContent))
    created_at: Mapped[datetime]
