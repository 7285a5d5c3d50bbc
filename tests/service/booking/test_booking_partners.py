"""What came through a partner's front end, as the staff see it who use it."""

from typing import Any

import pytest

from tests.factories import a_client, a_wish, create_location
from tests.service.booking.conftest import Refused, Salon
from tests.service.booking.test_booking_desk import write


def book(salon: Salon, hour: int, partner_id: int) -> int:
    call = {"viewer": {"partner_id": partner_id}}
    wish = a_wish(starts_at=f"2030-06-04T{hour}:00:00")
    [booked] = salon.book(wish, client=a_client(hour), call=call)
    return int(booked["appointment_id"])


def seen(salon: Salon, viewer: dict[str, Any], **asked: Any) -> Any:
    return salon.see("list_partner_appointments", viewer, **asked)


def test_staff_see_what_was_made_with_their_key(salon: Salon) -> None:
    mine, others = book(salon, 10, 1), book(salon, 12, 2)
    written = write(salon, starts_at="2030-06-04T15:00:00")["id"]
    found = seen(salon, salon.staff())
    assert ({one["id"] for one in found["items"]}, found["total"]) == ({mine, written}, 2)
    assert found["items"][0]["client_card"]["came_count"] == 0
    other = seen(salon, salon.staff() | {"partner_id": 2})
    assert [one["id"] for one in other["items"]] == [others]
    assert seen(salon, salon.staff() | {"partner_id": None})["total"] == 0
    paged = seen(salon, salon.staff(), page=2, page_size=1)
    assert (len(paged["items"]), paged["total"]) == (1, 2)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_they_see_it_only_where_they_may_see_appointments(salon: Salon, refused: Refused) -> None:
    book(salon, 10, 1)
    with salon.write() as session:
        place = create_location(session)
        elsewhere = {"business_id": place.business_id, "location_id": place.id}
    assert seen(salon, salon.staff(**elsewhere))["total"] == 0
    here = {"role": "staff", "location_id": salon.location_id}
    assert seen(salon, salon.staff(**here, permissions=["appointments_view"]))["total"] == 1
    with refused("permission_missing", kind="Forbidden"):
        seen(salon, salon.staff(**here, permissions=["clients_view"]))
    with refused("permission_missing", kind="Forbidden"):
        seen(salon, salon.staff() | {"partner_business_ids": [999]})
    with refused("forbidden", kind="Forbidden"):
        seen(salon, {"partner_id": 1, "kind": "client", "rights": []}, page=1)
