"""A salon whose staff share rooms."""

from typing import Any

from services.booking.models import Reservation
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon


class Rooms:
    """A salon where as many ``people`` share ``rooms`` for massages."""

    def __init__(self, salon: Salon, *, people: int = 3, rooms: int = 2) -> None:
        self.salon = salon
        self.staff = [salon.olga, *(salon.add_staff() for _ in range(people - 1))]
        self.massage = salon.add_service(*self.staff, duration_seconds=3600)
        self.saved = self.save(
            title="Massage room",
            instances=[{"title": f"Room {number}"} for number in range(1, rooms + 1)],
            service_ids=[self.massage],
        )
        self.rooms = [one["id"] for one in self.saved["instances"]]

    def save(self, *, viewer: dict[str, Any] | None = None, **changes: Any) -> Any:
        return self.salon.do(
            "save_resource",
            viewer=viewer or self.salon.staff(),
            location_id=self.salon.location_id,
            **changes,
        )

    def change(self, **changes: Any) -> Any:
        return self.save(resource_id=self.saved["id"], **changes)

    def wish(self, staff: int | None, at: str = "10:00", **more: Any) -> dict[str, Any]:
        return a_wish(
            service_ids=[self.massage], staff_id=staff, starts_at=f"2030-06-04T{at}:00", **more
        )

    def book(self, staff: int | None, at: str = "10:00", client: int = 1) -> Any:
        [booked] = self.salon.book(self.wish(staff, at), client=a_client(client))
        return booked

    def taken(self) -> list[tuple[int, str]]:
        """Which room is taken from when, as UTC hours and minutes."""
        with self.salon.database.read() as session:
            rows = session.query(Reservation).filter(Reservation.staff_id.is_(None)).all()
            return sorted((row.resource_instance_id or 0, f"{row.starts_at:%H:%M}") for row in rows)
