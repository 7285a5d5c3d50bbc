"""A salon with a diary beside it, and the proof that the two agree."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from services.booking.models import Appointment, Location, Reservation
from services.common.db import Database
from tests.service.booking.conftest import Salon
from tests.service.booking.lives.diary import (
    DAY,
    DAYS,
    Diary,
    Hours,
    Kind,
    Member,
    Visit,
    stretches,
)

MIDNIGHT = datetime(2030, 6, 3, tzinfo=ZoneInfo("Europe/Paris"))
HOURS: Hours = ((9 * 60, 13 * 60),)


def moment(minute: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minute)


def minute_of(instant: datetime) -> int:
    return int((instant - MIDNIGHT).total_seconds()) // 60


def wall(minute: int) -> str:
    return moment(minute).strftime("%Y-%m-%dT%H:%M:%S")


class Place:
    """Olga and Ivan cut hair, colour it and give massages, for which there are ``rooms``.

    Zoe does not cut, and wants to be asked for herself.
    """

    def __init__(self, database: Database, *, rooms: int = 1) -> None:
        self.database = database
        self.diary = diary = Diary()
        self.salon = salon = Salon(database)
        salon.set_hours(salon.olga, 9, 13)
        colour = salon.add_service(salon.olga, duration_seconds=1800, buffer_seconds=900)
        massage = salon.add_service(salon.olga, duration_seconds=2700)
        self.services = all_of_them = [salon.haircut, colour, massage]
        ivan = salon.add_staff(*all_of_them, hours=(9, 13))
        zoe = salon.add_staff(colour, massage, hours=(9, 13), random_choice_allowed=False)
        self.staff = [salon.olga, ivan, zoe]
        saved = salon.do(
            "save_resource",
            viewer=salon.staff(),
            location_id=salon.location_id,
            title="Room",
            instances=[{"title": "a room"} for _ in range(rooms)],
            service_ids=[massage],
        )
        self.resource_id = saved["id"]
        diary.rooms = {one["id"] for one in saved["instances"]}
        diary.services = {
            salon.haircut: Kind(60),
            colour: Kind(30, buffer=15),
            massage: Kind(45, needs_room=True),
        }
        hours = dict.fromkeys(DAYS, HOURS)
        diary.members = {
            salon.olga: Member({*self.services}, {**hours}),
            ivan: Member({*self.services}, {**hours}),
            zoe: Member({colour, massage}, {**hours}, for_anybody=False),
        }
        with database.read() as session:
            self.business_id = session.get_one(Location, salon.location_id).business_id

    def who(self, number: int) -> int:
        return self.staff[number - 1] if number else 0

    def what(self, numbers: Sequence[int]) -> tuple[int, ...]:
        return tuple(self.services[number] for number in numbers)

    def compare_rows(self) -> None:
        """Appointments and reservations are those of the diary."""
        with self.database.read() as session:
            rows = session.scalars(
                select(Appointment).where(Appointment.business_id == self.business_id)
            ).all()
            taken = session.scalars(
                select(Reservation).where(
                    Reservation.business_id == self.business_id,
                    or_(
                        Reservation.held_until.is_(None),
                        Reservation.held_until > moment(self.diary.now),
                    ),
                )
            ).all()
        for row in rows:
            told, known = _told_of(row), _known_of(self.diary.visits[row.id])
            assert told == known, f"written: {told}, in the diary: {known}"
        assert len(rows) == len(self.diary.visits)
        told_taken, known_taken = sorted(map(_taking, taken)), sorted(self._takings())
        assert told_taken == known_taken, f"reserved: {told_taken}, in the diary: {known_taken}"

    def _takings(self) -> list[tuple[Any, ...]]:
        """The reservations that there must be."""
        return [
            (*owner[:2], *takes)
            for owner, holding in self.diary.holdings.items()
            for takes in (
                *((holding.staff, 0, *times) for times in stretches(holding.minutes)),
                *((0, room, holding.whole.start, holding.whole.stop) for room in holding.rooms),
            )
        ]

    def compare_offers(self, service: int, day: int) -> None:
        """What clients can have of this on that day is what is free."""
        kind = self.diary.services[service]
        if kind.is_archived or not kind.is_online:
            return
        for staff in [0, *self.diary.givers([service])]:
            found = self.salon.at_location(
                "list_free_slots",
                now=moment(self.diary.now),
                staff_id=staff,
                service_ids=[service],
                day=f"{moment(day * DAY):%Y-%m-%d}",
            )
            offered = [
                minute_of(datetime.fromisoformat(slot["starts_at"])) for slot in found["slots"]
            ]
            free = self.diary.offered(staff, [service], day)
            assert offered == free, f"of {staff}: offered {offered}, but free is {free}"


def _taking(row: Reservation) -> tuple[Any, ...]:
    owners = {"hold": row.hold_id, "class": row.class_id, "appointment": row.appointment_id}
    [owner] = [(name, one) for name, one in owners.items() if one is not None]
    whose = row.staff_id or 0, row.resource_instance_id or 0
    return (*owner, *whose, minute_of(row.starts_at), minute_of(row.ends_at))


def _told_of(row: Appointment) -> dict[str, Any]:
    start = minute_of(row.starts_at)
    return {
        "staff": row.staff_id,
        "start": start,
        "length": minute_of(row.ends_at) - start,
        "buffer": row.buffer_seconds // 60,
        "confirmed": row.confirmed,
        "attendance": row.attendance.value,
        "is_over_busy": row.saved_over_busy,
        "is_cancelled": row.is_cancelled,
        "version": row.version,
        "class": (row.class_id, row.seats),
    }


def _known_of(visit: Visit) -> dict[str, Any]:
    return {
        "staff": visit.staff,
        "start": visit.start,
        "length": visit.need.length,
        "buffer": visit.need.buffer,
        "confirmed": visit.confirmed,
        "attendance": visit.attendance,
        "is_over_busy": visit.is_over_busy,
        "is_cancelled": visit.is_cancelled,
        "version": visit.version,
        "class": (visit.class_id, visit.seats),
    }
