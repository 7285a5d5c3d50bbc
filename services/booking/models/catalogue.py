"""The catalogue: what a location offers, and who of its staff gives it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base, Id, one_of

ZERO, ONE = text("0"), text("1")


class Gender(StrEnum):
    ANY = "any"
    MALE = "male"
    FEMALE = "female"


class Prepayment(StrEnum):
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    REQUIRED = "required"


class ServiceCategory(Base):
    """A heading of the catalogue. Archived ones are kept: archived services stand under them."""

    __tablename__ = "service_categories"

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    weight: Mapped[int] = mapped_column(Integer, default=0)
    booking_title: Mapped[str] = mapped_column(String(255), default="", server_default="")
    gender: Mapped[Gender] = mapped_column(one_of(Gender), default=Gender.ANY)
    api_id: Mapped[str | None] = mapped_column(String(255))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=ONE)
    archived_at: Mapped[datetime | None]


class Service(Base):
    """What a client comes for. Prices are in the location's currency, in its smallest unit.

    ``booking_title`` is what clients read, where it is another. ``version`` rises with every
    change, also of who gives it. ``image`` is the name of a picture of ours, ``image_url`` a
    picture elsewhere. A visit takes an instance of each of ``resource_ids``, which are of the
    same location (``use_cases/resources.py`` keeps them). Archived services are kept, for
    appointments refer to them.
    """

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint("duration_seconds > 0", name="duration_positive"),
        CheckConstraint("buffer_seconds >= 0", name="buffer_not_negative"),
        CheckConstraint("price_min_minor >= 0", name="price_not_negative"),
        CheckConstraint("price_max_minor >= price_min_minor", name="price_range"),
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount"),
    )

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("service_categories.id"))
    title: Mapped[str] = mapped_column(String(255))
    booking_title: Mapped[str] = mapped_column(String(255), default="", server_default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    image: Mapped[str | None] = mapped_column(String(32), unique=True)
    image_url: Mapped[str] = mapped_column(Text, default="")
    duration_seconds: Mapped[int] = mapped_column(Integer)
    buffer_seconds: Mapped[int] = mapped_column(Integer, default=0, server_default=ZERO)
    resource_ids: Mapped[list[int]] = mapped_column(default=list)
    price_min_minor: Mapped[int] = mapped_column(default=0)
    price_max_minor: Mapped[int] = mapped_column(default=0)
    discount_percent: Mapped[int] = mapped_column(Integer, default=0)
    weight: Mapped[int] = mapped_column(Integer, default=0)
    gender: Mapped[Gender] = mapped_column(one_of(Gender), default=Gender.ANY)
    prepayment: Mapped[Prepayment] = mapped_column(one_of(Prepayment), default=Prepayment.FORBIDDEN)
    is_online: Mapped[bool] = mapped_column(default=True)
    is_membership_only: Mapped[bool] = mapped_column(default=False)
    api_id: Mapped[str | None] = mapped_column(String(255))
    repeat_after_days: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=ONE)
    archived_at: Mapped[datetime | None]

    @property
    def is_bookable(self) -> bool:
        return self.is_online and self.archived_at is None


class StaffService(Base):
    """That a staff member gives a service, perhaps at a length and price of their own."""

    __tablename__ = "staff_services"
    __table_args__ = (
        CheckConstraint("duration_seconds > 0", name="duration_positive"),
        CheckConstraint("price_min_minor >= 0", name="price_not_negative"),
        CheckConstraint("price_max_minor >= price_min_minor", name="price_range"),
        CheckConstraint(
            "(price_min_minor IS NULL) = (price_max_minor IS NULL)", name="both_prices_or_none"
        ),
    )

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True, index=True)
    duration_seconds: Mapped[int | None] = mapped_column(Integer)
    price_min_minor: Mapped[int | None]
    price_max_minor: Mapped[int | None]
