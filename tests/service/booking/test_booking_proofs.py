"""Where a location asks for a code: a proven phone books, and each proof books once."""

import pytest

from services.booking.models import Appointment
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Refused, Salon, a_person

ANN = {"name": "Ann", "phone": "+33612345678", "email": None}
PROOF = {"phone": "+33612345678", "proof_id": "proof-1"}


@pytest.fixture(autouse=True)
def _codes_are_asked_for(salon: Salon) -> None:
    salon.change_location(phone_confirmation_required=True)


def test_without_a_proof_of_this_very_phone_nothing_is_booked(
    salon: Salon, refused: Refused
) -> None:
    with refused("code_incorrect"):
        salon.book(a_wish(), client=ANN)
    with refused("code_incorrect"):
        salon.book(a_wish(), client=ANN, proof=PROOF | {"phone": "+33612345699"})
    with refused("code_incorrect"):
        salon.book(a_wish(), client=ANN, call={"viewer": a_person(phone="+33612345699")})


def test_a_proof_books_once_and_an_event_says_which(salon: Salon, refused: Refused) -> None:
    salon.book(a_wish(starts_at="2030-06-04T10:00:00"), client=ANN, proof=PROOF)
    booked, used = salon.events()
    assert (used["type"], used["subject"], used["sequence"]) == ("proof_used", "proof/proof-1", 1)
    assert used["data"] == {"proof_id": "proof-1", "visit_id": booked["data"]["visit_id"]}
    with refused("code_incorrect"):
        salon.book(a_wish(starts_at="2030-06-04T14:00:00"), client=ANN, proof=PROOF)


def test_a_time_lost_to_somebody_else_costs_no_second_code(salon: Salon, refused: Refused) -> None:
    other = {"phone": "+33612340002", "proof_id": "proof-2"}
    salon.book(
        a_wish(starts_at="2030-06-04T10:00:00"),
        client={"name": "Ben", "phone": other["phone"]},
        proof=other,
    )
    with refused("slot_taken", handle=1):
        salon.book(a_wish(starts_at="2030-06-04T10:00:00"), client=ANN, proof=PROOF)
    assert salon.book(a_wish(starts_at="2030-06-04T14:00:00"), client=ANN, proof=PROOF)


def test_several_visits_of_one_request_cost_one_proof(salon: Salon) -> None:
    wishes = [a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-05T10:00:00")]
    assert len(salon.book(*wishes, client=ANN, proof=PROOF)) == 2
    assert [event["type"] for event in salon.events()].count("proof_used") == 1


def test_who_is_signed_in_with_the_phone_needs_no_code(salon: Salon) -> None:
    assert salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    assert [event["type"] for event in salon.events()] == ["appointment_created"]
    assert salon.count(Appointment) == 1


def test_the_first_answer_comes_again_though_its_proof_is_used(salon: Salon) -> None:
    first = salon.book(a_wish(), client=ANN, proof=PROOF)
    assert salon.book(a_wish(), client=ANN, proof=PROOF) == first


def test_where_no_code_is_asked_for_a_proof_does_no_harm(salon: Salon) -> None:
    salon.change_location(phone_confirmation_required=False)
    assert salon.book(a_wish(), client=a_client(4))
    assert salon.book(a_wish(starts_at="2030-06-04T15:00:00"), client=ANN, proof=PROOF)
