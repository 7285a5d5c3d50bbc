"""The same booking sent again: one effect and one answer, or a clear refusal."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import Appointment
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW

KEY = {"command_id": "key:first"}


def after(seconds: float, **call: Any) -> dict[str, Any]:
    return {"now": NOW + timedelta(seconds=seconds), **call}


class TestWithAKey:
    def test_the_same_command_twice_is_one_booking_and_one_answer(self, salon: Salon) -> None:
        first = salon.book(call=KEY)
        assert salon.book(call=after(3600, **KEY)) == first
        assert salon.count(Appointment) == 1
        assert len(salon.events()) == 1

    def test_the_answer_is_given_again_although_the_slot_is_taken_since(self, salon: Salon) -> None:
        first = salon.book(call=KEY)
        salon.change_location(paused_at=NOW)
        assert salon.book(call=KEY) == first

    def test_the_answer_is_kept_for_a_day(self, salon: Salon, refused: Refused) -> None:
        first = salon.book(call=KEY)
        assert salon.book(call=after(86_399, **KEY)) == first
        with refused("slot_taken", handle=1):
            salon.book(call=after(86_400, **KEY))

    @pytest.mark.parametrize("is_moved_by_staff", [True, False])
    def test_who_has_moved_the_visit_books_the_time_anew(
        self, salon: Salon, is_moved_by_staff: bool
    ) -> None:
        [first] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
        request = {"appointment_id": first["appointment_id"], "starts_at": "2030-06-04T15:00:00"}
        if is_moved_by_staff:
            request["location_id"] = salon.location_id
            salon.do("update_appointment", viewer=salon.staff(), **request)
        else:
            salon.do("move_appointment", hash=first["hash"], **request)
        [second] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"), call=after(30))
        assert second["appointment_id"] != first["appointment_id"]
        assert salon.count(Appointment) == 2

    @pytest.mark.parametrize(
        "other",
        [
            {"comment": "Shorter"},
            {"client": a_client(2)},
            {"appointments": [a_wish(starts_at="2030-06-04T15:00:00")]},
        ],
    )
    def test_the_key_with_another_body_is_refused(
        self, salon: Salon, refused: Refused, other: dict[str, Any]
    ) -> None:
        salon.book(call=KEY)
        with refused("idempotency_key_reused", kind="Invalid"):
            salon.book(call=KEY, **other)

    def test_a_refusal_is_not_stored(self, salon: Salon, refused: Refused) -> None:
        salon.change_location(paused_at=NOW)
        with refused("booking_paused"):
            salon.book(call=KEY)
        salon.change_location(paused_at=None)
        [booked] = salon.book(call=KEY)
        assert salon.read(booked)["starts_at"] == "2030-06-04T08:00:00Z"

    def test_a_refused_key_may_come_with_another_body(self, salon: Salon, refused: Refused) -> None:
        with refused("slot_off_grid", handle=1):
            salon.book(a_wish(starts_at="2030-06-04T10:10:00"), call=KEY)
        assert salon.book(a_wish(starts_at="2030-06-04T10:00:00"), call=KEY)

    def test_another_key_is_another_command(self, salon: Salon, refused: Refused) -> None:
        salon.book(call=KEY)
        with refused("slot_taken", handle=1):
            salon.book(call={"command_id": "key:second"})

    def test_a_cancelled_booking_is_not_made_again_by_its_key(self, salon: Salon) -> None:
        [first] = salon.book(call=KEY)
        salon.cancel(first)
        assert salon.book(call=KEY) == [first]
        assert salon.count(Appointment) == 1


class TestWithoutAKey:
    """An impatient second click: the gateway's own command id is new each time."""

    def test_the_same_request_within_a_minute_gets_the_first_answer(self, salon: Salon) -> None:
        first = salon.book(call={"command_id": "0001"})
        assert salon.book(call=after(59, command_id="0002")) == first
        assert salon.count(Appointment) == 1
        assert len(salon.events()) == 1

    def test_after_a_minute_it_is_refused_like_anybodys(
        self, salon: Salon, refused: Refused
    ) -> None:
        salon.book()
        with refused("slot_taken", handle=1):
            salon.book(call=after(60))

    def test_from_another_partner_it_is_another_request(
        self, salon: Salon, refused: Refused
    ) -> None:
        salon.book(call={"viewer": {"partner_id": 1}})
        with refused("slot_taken", handle=1):
            salon.book(call={"viewer": {"partner_id": 2}})

    @pytest.mark.parametrize(
        "other",
        [
            {"client": a_client(2)},
            {"appointments": [a_wish(starts_at="2030-06-04T08:00:00Z")]},
            {"appointments": [a_wish(service_ids=[1, 1])]},
        ],
    )
    def test_another_request_is_no_second_click(
        self, salon: Salon, refused: Refused, other: dict[str, Any]
    ) -> None:
        salon.book()
        with refused("slot_taken", handle=1):
            salon.book(**other)

    @pytest.mark.parametrize(
        "other",
        [
            {"comment": "Shorter"},
            {"client": a_client(name="Bob")},
            {"appointments": [a_wish(staff_id=None)]},
        ],
    )
    def test_a_second_click_is_the_same_request_whatever_else_it_tells(
        self, salon: Salon, other: dict[str, Any]
    ) -> None:
        anybody: dict[str, Any] = {"appointments": [a_wish(staff_id=0)], "client": a_client()}
        first = salon.book(**anybody)
        assert salon.book(**(anybody | other)) == first

    def test_after_a_cancel_it_books_anew(self, salon: Salon) -> None:
        [first] = salon.book()
        salon.cancel(first)
        [second] = salon.book(call=after(20))
        assert second["appointment_id"] != first["appointment_id"]
        assert salon.read(second)["is_cancelled"] is False
        assert salon.book(call=after(30)) == [second]

    def test_a_late_second_cancel_does_not_undo_what_was_booked_anew(self, salon: Salon) -> None:
        [first] = salon.book()
        salon.cancel(first)
        second = salon.book(call=after(20))
        salon.cancel(first)
        assert salon.book(call=after(30)) == second

    def test_a_refusal_is_not_stored(self, salon: Salon, refused: Refused) -> None:
        salon.change_location(paused_at=NOW)
        with refused("booking_paused"):
            salon.book()
        salon.change_location(paused_at=None)
        assert salon.book(call=after(1))

    def test_a_key_makes_it_a_command_of_its_own(self, salon: Salon, refused: Refused) -> None:
        salon.book()
        with refused("slot_taken", handle=1):
            salon.book(call=KEY)


def test_a_cancel_with_a_key_answers_twice_the_same(salon: Salon) -> None:
    [booked] = salon.book()
    first = salon.cancel(booked)
    assert salon.cancel(booked, now=NOW + timedelta(seconds=5)) == first
