"""What staff save over a busy time: it takes what is free then, and nothing of others."""

from services.booking.models import Reservation
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon
from tests.service.booking.test_booking_desk import write


def test_saved_over_a_busy_time_it_takes_only_what_was_free(salon: Salon) -> None:
    salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=a_client(2))
    over = write(salon, starts_at="2030-06-04T11:30:00", duration_seconds=7200, save_if_busy=True)
    assert over["saved_over_busy"] is True
    assert salon.count(Reservation) == 3
    assert salon.overlapping() == 0
    assert {"09:30", "10:00", "10:30", "11:00"} & set(salon.slots()) == set()

    cancelled = salon.do(
        "delete_appointment",
        viewer=salon.staff(),
        location_id=salon.location_id,
        appointment_id=over["id"],
    )
    assert cancelled["is_cancelled"]
    assert salon.count(Reservation) == 1


def test_what_becomes_free_beneath_it_is_on_offer_until_staff_block_it(salon: Salon) -> None:
    beneath = salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=a_client(2))[0]
    times = {"starts_at": "2030-06-04T12:00:00", "save_if_busy": True}
    assert write(salon, **times)["saved_over_busy"] is True
    salon.cancel(beneath)
    assert "10:00" in salon.slots()

    assert write(salon, **times, client=None)["saved_over_busy"] is False
    assert "10:00" not in salon.slots()
