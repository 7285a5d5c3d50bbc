"""What became of an appointment, with who and when; and visits by days."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from services.booking.models import Appointment, AppointmentChange
from tests.factories import a_client, a_wish, create_location
from tests.service.booking.conftest import Refused, Salon, a_person

ANN = {"name": "Ann Clark", "phone": "+33612345678", "email": "ann@example.com"}


def history(salon: Salon, appointment_id: int) -> Any:
    names = {"location_id": salon.location_id, "appointment_id": appointment_id}
    return salon.see("get_appointment_history", salon.staff(role="staff"), **names)["changes"]


def update(salon: Salon, appointment_id: int, **changes: Any) -> Any:
    names = {"location_id": salon.location_id, "appointment_id": appointment_id}
    return salon.do("update_appointment", viewer=salon.staff(), **names, **changes)


def live(salon: Salon) -> int:
    """Everything that can happen to an appointment; its id."""
    colour = salon.add_service(salon.olga, title="Colour")
    [booked] = salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    own = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    salon.do("move_appointment", viewer=a_person(), **own, starts_at="2030-06-04T11:00:00")
    salon.do("move_appointment", viewer=a_person(), **own, comment="blue, please")
    salon.do("confirm_appointment", viewer=a_person(), **own)
    update(salon, own["appointment_id"], services=[{"id": colour}])
    update(salon, own["appointment_id"], confirmed=True)
    update(salon, own["appointment_id"], attendance="came")
    names = {"location_id": salon.location_id, "appointment_id": own["appointment_id"]}
    salon.do("delete_appointment", viewer=salon.staff(), **names)
    return int(own["appointment_id"])


def test_every_change_is_told_with_who_and_when(salon: Salon) -> None:
    told = history(salon, live(salon))
    assert [(one["version"], one["kind"], one["changed_by"], one["user_id"]) for one in told] == [
        (1, "created", "client", 7),
        (2, "moved", "client", 7),
        (3, "changed", "client", 7),
        (4, "confirmed", "client", 7),
        (5, "changed", "staff", 70),
        (6, "confirmed", "staff", 70),
        (7, "marked", "staff", 70),
        (8, "cancelled", "staff", 70),
    ]
    made, moved, _, confirmed, changed, _, marked, cancelled = told
    assert made["after"]["starts_at"] == "2030-06-04T08:00:00Z"
    assert made["after"]["services"][0]["title"] == "Haircut"
    assert (moved["before"]["starts_at"], moved["after"]["starts_at"]) == (
        "2030-06-04T08:00:00Z",
        "2030-06-04T09:00:00Z",
    )
    assert confirmed["after"] == {"attendance": "confirmed"}
    assert changed["after"]["services"][0]["title"] == "Colour"
    assert marked["before"] == {"attendance": "confirmed"}
    assert cancelled["after"] == {"is_cancelled": True}


def test_nothing_personal_is_in_the_history(salon: Salon) -> None:
    told = json.dumps(history(salon, live(salon)))
    assert not any(secret in told for secret in ("612345678", "Ann", "ann@", "blue"))


def test_every_version_has_its_entry_whatever_way_it_came_about(salon: Salon) -> None:
    live(salon)
    with salon.database.read() as session:
        versions = session.scalar(select(func.sum(Appointment.version - 1)))
        assert versions == session.scalar(select(func.count()).select_from(AppointmentChange))


def test_what_was_refused_or_changed_nothing_leaves_no_entry(
    salon: Salon, refused: Refused
) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    own = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    salon.do("move_appointment", **own, starts_at="2030-06-04T10:00:00")
    with refused("slot_outside_hours"):
        update(salon, booked["appointment_id"], starts_at="2030-06-04T03:00:00")
    salon.cancel(booked)
    salon.cancel(booked)
    assert [one["kind"] for one in history(salon, booked["appointment_id"])] == [
        "created",
        "cancelled",
    ]


def test_it_is_shown_where_the_appointment_is(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book(a_wish())
    with salon.write() as session:
        elsewhere = create_location(session, title="Elsewhere")
    names = {"location_id": elsewhere.id, "appointment_id": booked["appointment_id"]}
    with refused("appointment_not_found"):
        salon.see(
            "get_appointment_history", salon.staff(business_id=elsewhere.business_id), **names
        )


def test_a_visit_is_read_and_marked(salon: Salon, refused: Refused) -> None:
    one, other = salon.book(
        a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-04T12:00:00"), client=ANN
    )
    visit_id = salon.read(one)["visit_id"]
    visit = salon.see("get_visit", salon.staff(), visit_id=visit_id)
    ids = [one["appointment_id"], other["appointment_id"]]
    assert [each["id"] for each in visit["appointments"]] == ids
    marked = salon.do(
        "mark_visit",
        viewer=salon.staff(),
        visit_id=visit_id,
        appointment_id=ids[1],
        attendance="came",
    )
    assert marked["attendance"] == "came"
    assert salon.read(one)["attendance"] == "waiting"
    [foreign] = salon.book(a_wish(starts_at="2030-06-05T12:00:00"), client=a_client(2))
    with refused("appointment_not_found"):
        salon.do(
            "mark_visit",
            viewer=salon.staff(),
            visit_id=visit_id,
            appointment_id=foreign["appointment_id"],
            attendance="came",
        )
    names = {"appointment_id": foreign["appointment_id"], "visit_id": visit_id}
    with refused("visit_not_found"):
        salon.see("get_visit_details", salon.staff(), location_id=salon.location_id, **names)
    for viewer in (salon.staff(business_id=99), a_person(), {}):
        with refused("visit_not_found"):
            salon.see("get_visit", viewer, visit_id=visit_id)
    with refused("location_outside_key"):
        viewer = salon.staff() | {"partner_business_ids": [99]}
        salon.see("get_visit", viewer, visit_id=visit_id)


def visits(salon: Salon, **wanted: Any) -> Any:
    here = {"location_id": salon.location_id}
    return salon.see("list_client_visits", salon.staff(), **here, **wanted)


def test_a_clients_visits_are_read_by_whole_days(salon: Salon) -> None:
    for day in (4, 5, 6):
        for hour in (10, 12):
            salon.book(a_wish(starts_at=f"2030-06-{day:02}T{hour}:00:00"), client=ANN)
    seen, cursor = [], {}
    for _ in range(3):
        page = visits(salon, phone="06 12 34 56 78", page_size=1, **cursor)
        seen.append([one["starts_at"][8:13] for one in page["items"]])
        assert page["pages"]["current"]["count"] == 2
        if page["pages"]["next"]:
            cursor = {name: page["pages"]["next"][name] for name in ("from_day", "to_day")}
    assert seen == [["06T10", "06T08"], ["05T10", "05T08"], ["04T10", "04T08"]]
    assert page["pages"]["next"] is None
    assert page["pages"]["previous"] == {
        "from_day": "2030-06-05",
        "to_day": "2030-06-05",
        "count": 2,
    }


@pytest.mark.parametrize(
    ("wanted", "count"),
    [({"attendance": "came"}, 0), ({"attendance": "waiting"}, 1), ({"from_day": "2031-01-01"}, 0)],
)
def test_visits_are_narrowed_down(salon: Salon, wanted: dict[str, Any], count: int) -> None:
    salon.book(a_wish(), client=ANN)
    assert len(visits(salon, client_id=1, **wanted)["items"]) == count


def test_whose_visits_must_be_said(salon: Salon, refused: Refused) -> None:
    with refused("field_missing"):
        visits(salon)
    with refused("client_not_found"):
        visits(salon, client_id=99)


def test_a_chains_clients_are_found_by_digits(salon: Salon, refused: Refused) -> None:
    salon.book(a_wish(), client=ANN)
    found = salon.see("list_chain_clients", salon.staff(), business_id=1, phone="45678")
    assert [one["name"] for one in found["clients"]] == ["Ann Clark"]
    with refused("permission_missing"):
        salon.see("list_chain_clients", salon.staff(role="staff"), business_id=1)
    with refused("chain_not_found"):
        salon.see("list_chain_clients", salon.staff(), business_id=99)
