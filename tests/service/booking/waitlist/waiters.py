"""A salon where people wait for time, and the loops that offer it to them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.booking.models import WaitlistEntry, WaitlistOffer
from services.booking.use_cases.holds import forget_holds
from services.booking.use_cases.waitlist_offers import expire_offers, offer_free_time
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import TUESDAY, Salon, a_person
from tests.service.conftest import NOW

LASTS = timedelta(minutes=15)


def waiter(number: int) -> dict[str, Any]:
    """Somebody signed in, with a phone of their own."""
    return a_person(100 + number, f"+336123457{number:02}")


class Waiters:
    """The salon with people in line, and what becomes of them."""

    def __init__(self, salon: Salon) -> None:
        self.salon = salon

    def join(self, number: int, *, now: datetime = NOW, **changes: Any) -> Any:
        """Their entry."""
        request = {
            "location_id": self.salon.location_id,
            "service_ids": [self.salon.haircut],
            "staff_id": None,
            "first_day": TUESDAY,
            "last_day": TUESDAY,
            "client": {"name": f"Waiter {number}", "phone": "", "email": None},
        }
        return self.salon.do(
            "join_waitlist", viewer=waiter(number), now=now, **{**request, **changes}
        )

    def fill(self, first: int = 9, last: int = 18, day: str = TUESDAY, **wish: Any) -> list[Any]:
        """Book the day out, hour by hour."""
        return [
            self.salon.book(
                a_wish(starts_at=f"{day}T{hour:02}:00:00", **wish), client=a_client(hour)
            )[0]
            for hour in range(first, last)
        ]

    def look(self, now: datetime = NOW) -> int:
        """What the loops do until there is nothing more to do; how often somebody looked."""
        looks = 0
        for step in (forget_holds, expire_offers):
            with self.salon.write() as session:
                step(session, now=now)
        while True:
            with self.salon.write() as session:
                if not offer_free_time(session, lasts=LASTS, now=now):
                    return looks
            looks += 1

    def see(self, number: int, now: datetime = NOW) -> Any:
        return self.salon.see("list_own_waitlist", waiter(number), now=now)["items"]

    def offered(self, number: int, now: datetime = NOW) -> str | None:
        """When the time is that they are offered, as UTC hours and minutes."""
        found = [entry["offer"] for entry in self.see(number, now) if entry["offer"]]
        return found[0]["starts_at"][11:16] if found else None

    def answer(self, how: str, number: int, *, now: datetime = NOW, **more: Any) -> Any:
        [entry] = self.entries(number)
        return self.salon.do(
            f"{how}_offer", viewer=waiter(number), now=now, entry_id=entry.id, **more
        )

    def leave(self, number: int) -> Any:
        [entry] = self.entries(number)
        return self.salon.do("leave_waitlist", viewer=waiter(number), entry_id=entry.id)

    def entries(self, number: int) -> list[WaitlistEntry]:
        with self.salon.database.read() as session:
            wanted = select(WaitlistEntry).where(WaitlistEntry.user_id == 100 + number)
            return list(session.scalars(wanted.order_by(WaitlistEntry.id)))

    def end(self, number: int) -> str | None:
        """Why they wait no longer."""
        return self.entries(number)[-1].end_reason

    def outcomes(self) -> list[str]:
        """Of all offers, in the order in which they were made."""
        with self.salon.database.read() as session:
            found = session.scalars(select(WaitlistOffer.outcome).order_by(WaitlistOffer.id))
            return [outcome.value for outcome in found]

    def told(self) -> list[dict[str, Any]]:
        """The events about offers."""
        return [one for one in self.salon.events() if one["type"] == "waitlist_offer_made"]


def day_after(days: int) -> str:
    return (date.fromisoformat(TUESDAY) + timedelta(days=days)).isoformat()
