"""A salon with a class: Olga gives yoga (service 2, an hour) on Tuesday at 10, for four."""

from typing import Any

from services.booking.models import Reservation
from tests.factories import a_client
from tests.service.booking.conftest import Salon

SEATS = 4
AT = "2030-06-04T10:00:00"


class Yoga:
    """Its methods call the booking service as a client's front end or the desk would."""

    def __init__(self, salon: Salon, **changes: Any) -> None:
        self.salon = salon
        self.desk = salon.staff()
        self.service = salon.add_service(
            salon.olga, title="Yoga", price_min_minor=1500, price_max_minor=1500
        )
        salon.change_location(class_clients_online_max=3, class_clients_max=4)
        self.made = self.open(**changes)
        self.id: int = self.made["id"]

    def open(self, starts_at: str = AT, **changes: Any) -> Any:
        """One more class."""
        told = {
            "service_id": self.service,
            "staff_id": self.salon.olga,
            "starts_at": starts_at,
            "capacity": SEATS,
        }
        return self.do("create_class", **(told | changes))

    def do(self, command: str, **request: Any) -> Any:
        """A command of the desk."""
        viewer = request.pop("viewer", self.desk)
        now = {"now": request.pop("now")} if "now" in request else {}
        return self.salon.do(
            command, viewer=viewer, location_id=self.salon.location_id, **now, **request
        )

    def change(self, class_id: int | None = None, **changes: Any) -> Any:
        return self.do("update_class", class_id=class_id or self.id, **changes)

    def repeat(self, **request: Any) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = self.do("repeat_class", class_id=self.id, **request)["classes"]
        return made

    def book(self, client: int = 1, seats: int = 1, **changes: Any) -> dict[str, Any]:
        """As a client, online; {appointment_id, hash}."""
        call = {name: changes.pop(name) for name in ("now", "viewer") if name in changes}
        request = {"class_id": self.id, "client": a_client(client), "seats": seats} | changes
        booked: dict[str, Any] = self.salon.do(
            "book_class", location_id=self.salon.location_id, **call, **request
        )
        return booked

    def write(self, client: int | None = 1, seats: int = 1, **changes: Any) -> Any:
        """At the desk."""
        told = None if client is None else a_client(client)
        return self.do(
            "write_into_class", **{"class_id": self.id, "client": told, "seats": seats} | changes
        )

    def seats(self, class_id: int | None = None) -> int:
        """How many are taken."""
        taken: int = self.see(class_id)["seats_taken"]
        return taken

    def see(self, class_id: int | None = None) -> Any:
        return self.salon.see(
            "get_class",
            self.desk,
            location_id=self.salon.location_id,
            class_id=class_id or self.id,
        )

    def find(self, viewer: dict[str, Any] | None = None, **asked: Any) -> Any:
        """What a client finds, or somebody else."""
        return self.salon.see(
            "list_classes",
            viewer or {},
            **{"location_id": self.salon.location_id, "to_day": "2030-12-31"} | asked,
        )

    def told(self) -> list[dict[str, Any]]:
        """What the world is told of appointments."""
        about = "appointment", "attendance"
        return [one for one in self.salon.events() if one["type"].startswith(about)]

    def reserved(self) -> list[tuple[int | None, int | None, str, str]]:
        """(staff, instance, from, until) of all that is taken, on the clock of UTC."""
        with self.salon.database.read() as session:
            return sorted(
                (
                    one.staff_id or 0,
                    one.resource_instance_id or 0,
                    f"{one.starts_at:%m-%d %H:%M}",
                    f"{one.ends_at:%m-%d %H:%M}",
                )
                for one in session.query(Reservation)
            )
