"""What the names in braces of the table stand for: a place, people, free times, codes."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.waiting import wait_for
from tests.installations import NEW_YORK, Installation, a_phone

BETWEEN = timedelta(hours=2)


class World(dict[str, Any]):
    """Grows by what the answers say; some names are read when they are needed."""

    def __init__(self, here: Installation) -> None:
        service, staff = here.bookable()
        others = here.data(f"book_staff/{here.location_id}", params={"without_seances": 1})
        days = here.data(f"book_dates/{here.location_id}", params={"staff_id": staff})
        zone = ZoneInfo(here.data(f"company/{here.location_id}")["timezone_name"])
        today, day = datetime.now(zone).date(), date.fromisoformat(days["booking_dates"][1])
        super().__init__(
            {
                "location": here.location_id,
                "location that asks for codes": here.demo["location_ids"][NEW_YORK],
                "chain": here.demo["group_id"],
                "form": here.demo["bookform_id"],
                "login": here.demo["owner"]["login"],
                "owner's password": here.demo["owner"]["password"],
                "token of staff": here.staff_token(),
                "service": service,
                "staff": staff,
                "other staff": next(one["id"] for one in others if one["id"] != staff),
                "today": today.isoformat(),
                "compact today": f"{today:%Y%m%d}",
                "yesterday": (today - timedelta(days=1)).isoformat(),
                "day": day.isoformat(),
                "compact day": f"{day:%Y%m%d}",
                "far day": (today + timedelta(days=365)).isoformat(),
                "next day": (day + timedelta(days=1)).isoformat(),
                "phone": a_phone(),
                "other phone": a_phone(),
                "third phone": a_phone(),
                "fourth phone": a_phone(),
                "fifth phone": a_phone(),
                "blocked phone": a_phone(),
                "password": "correct horse battery",
                "code name": f"pet{a_phone()[-7:]}",
                "guest": f"guest{a_phone()[-7:]}@example.com",
            }
        )
        lone, giver = _given_by_one(here)
        # The last, since that person may be the one whose first times are booked meanwhile.
        self |= {"lone service": lone, "lone slot": here.slots(lone, giver, days=20)[-1]}
        self._here = here
        self._free = _apart(here.slots(service, staff, days=20))

    def __missing__(self, name: str) -> Any:
        if name == "slot":
            return next(self._free)
        if name == "free slot":
            return self._here.slots(self["service"], self["staff"], days=1)[-1]
        if name == "code":
            return self._code()
        raise KeyError(name)

    def _code(self) -> str:
        sent = wait_for(lambda: self._here.messages(self["phone"]))
        found = re.search(r"\b\d{6}\b", sent[0]["body"])
        assert found
        return found.group()


def _given_by_one(here: Installation) -> tuple[int, int]:
    """A service that only one person gives, and who that is."""
    for service in reversed(here.data(f"book_services/{here.location_id}")["services"]):
        asked = {"service_ids": service["id"], "without_seances": 1}
        people = here.data(f"book_staff/{here.location_id}", params=asked)
        if [one["bookable"] for one in people].count(True) == 1:
            return service["id"], next(one["id"] for one in people if one["bookable"])
    raise AssertionError("every service is given by several")


def _apart(slots: list[str]) -> Iterator[str]:
    """Times of which none touches another's visit."""
    last = None
    for slot in slots:
        starts_at = datetime.fromisoformat(slot)
        if last is None or starts_at - last >= BETWEEN:
            last = starts_at
            yield slot
