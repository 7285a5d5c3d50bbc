"""Appointments that staff write: any time, any price, over a busy time only if they say so."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from services.booking.models import Client, Reservation
from tests.factories import a_client, a_wish, create_location
from tests.service.booking.conftest import Refused, Salon, a_person

ANN = {"name": "Ann", "phone": "+33612345678", "email": None}
NOBODY = ("client_id", "user_id", "contact")


def write(salon: Salon, *, viewer: dict[str, Any] | None = None, **changes: Any) -> Any:
    request = {
        "location_id": salon.location_id,
        "staff_id": salon.olga,
        "services": [{"id": salon.haircut}],
        "client": ANN,
        "starts_at": "2030-06-04T10:00:00",
    }
    return salon.do("create_appointment", viewer=viewer or salon.staff(), **request | changes)


def update(salon: Salon, appointment_id: int, **changes: Any) -> Any:
    names = {"location_id": salon.location_id, "appointment_id": appointment_id}
    return salon.do("update_appointment", viewer=salon.staff(), **names, **changes)


def kinds(salon: Salon) -> list[tuple[str, int]]:
    return [(event["type"], event["sequence"]) for event in salon.events()]


def test_staff_write_off_the_grid_in_the_past_and_at_their_own_price(salon: Salon) -> None:
    made = write(
        salon,
        starts_at="2030-05-31T10:07:00",
        services=[{"id": salon.haircut, "first_cost_minor": 4000, "discount_percent": 10}],
        duration_seconds=2700,
        comment="walked in",
    )
    assert made["starts_at"] == "2030-05-31T08:07:00Z"
    assert made["duration_seconds"] == 2700
    assert made["services"][0]["price_minor"] == 3600
    assert (made["is_online"], made["confirmed"], made["created_by"]) == (False, True, "staff")
    [event] = salon.events()
    assert event["type"] == "appointment_created"
    assert event["data"]["created_by"] == "staff"


def test_a_walk_in_need_not_leave_a_phone(salon: Salon) -> None:
    one = write(salon, client={"name": "Somebody", "phone": ""})
    other = write(salon, client={"name": "Somebody", "phone": ""}, starts_at="2030-06-04T12:00:00")
    assert one["client"]["phone"] is None
    assert one["client"]["id"] != other["client"]["id"]


def test_an_appointment_can_be_written_down_for_nobody_in_particular(salon: Salon) -> None:
    """It is read, listed, moved, marked and cancelled as any other, and is in nobody's hands."""
    made = write(salon, client=None)
    assert made["client"] is None
    assert salon.count(Client) == 0
    names = {"location_id": salon.location_id, "appointment_id": made["id"]}
    assert salon.see("get_appointment_for_staff", salon.staff(), **names) == made
    listed = salon.see("list_appointments", salon.staff(), location_id=salon.location_id)
    assert listed["items"] == [made]
    assert own(salon, a_person()) == []

    moved = update(salon, made["id"], starts_at="2030-06-04T15:10:00")
    assert (moved["client"], moved["starts_at"]) == (None, "2030-06-04T13:10:00Z")
    assert update(salon, made["id"], attendance="came")["client"] is None
    salon.do("delete_appointment", viewer=salon.staff(), **names)
    assert salon.count(Reservation) == 0
    assert kinds(salon) == [
        ("appointment_created", 1),
        ("appointment_moved", 2),
        ("attendance_marked", 3),
        ("appointment_cancelled", 4),
    ]
    told = [[event["data"][one] for one in NOBODY] for event in salon.events()]
    assert told == [[None, None, None]] * 4


def test_somebody_can_be_named_later_and_is_not_forgotten_by_naming_nobody(salon: Salon) -> None:
    made = write(salon, client=None)
    named = update(salon, made["id"], client=ANN)
    assert named["client"] == {"id": named["client"]["id"], **ANN}
    assert kinds(salon)[-1] == ("appointment_changed", 2)
    assert salon.events()[-1]["data"]["contact"] == ANN
    assert own(salon, a_person()) == [made["id"]]
    assert update(salon, made["id"], client=None)["client"] == named["client"]


def test_what_is_nobodys_is_opened_by_its_hash_at_most(salon: Salon, refused: Refused) -> None:
    made = write(salon, client=None)
    shown = salon.read({"appointment_id": made["id"], "hash": made["hash"]})
    assert shown["client"] is None
    assert salon.see("get_appointment_owner", {}, appointment_id=made["id"], hash=made["hash"]) == {
        "user_id": None
    }
    for viewer in (a_person(), a_person(7, None)):
        with refused("appointment_not_found"):
            salon.see("get_appointment", viewer, appointment_id=made["id"])


def own(salon: Salon, viewer: dict[str, Any]) -> list[int]:
    found = salon.see("list_own_appointments", viewer)
    return sorted(one["id"] for one in found["items"])


def test_who_has_an_account_is_the_same_client_at_every_visit(salon: Salon) -> None:
    [booked] = salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    visits = [booked["appointment_id"]]
    for hour, name in ((12, "Ann"), (14, " ann "), (16, "ANN")):
        made = write(salon, client=ANN | {"name": name}, starts_at=f"2030-06-04T{hour}:00:00")
        assert made["client"]["id"] == salon.read(booked)["client"]["id"]
        visits.append(made["id"])
    assert own(salon, a_person()) == visits
    assert salon.count(Client) == 1


def test_what_somebody_with_an_account_booked_as_a_guest_is_shown_beside_the_rest(
    salon: Salon,
) -> None:
    """As another client of theirs; what comes later is the first one's."""
    [first] = salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    [guest] = salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=ANN)
    ids = [first["appointment_id"], guest["appointment_id"]]
    assert own(salon, a_person()) == ids

    made = write(salon, starts_at="2030-06-04T14:00:00")
    [later] = salon.book(
        a_wish(starts_at="2030-06-04T16:00:00"), client=ANN, call={"viewer": a_person()}
    )
    assert made["client"]["id"] == salon.read(later)["client"]["id"]
    assert made["client"]["id"] == salon.read(first)["client"]["id"]
    assert own(salon, a_person()) == [*ids, made["id"], later["appointment_id"]]
    assert len(salon.see("list_own_client_ids", a_person())["client_ids"]) == 2


def test_but_not_by_the_number_alone(salon: Salon) -> None:
    """Who has the number now is somebody else, and the account's owner sees nothing of theirs."""
    salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    before = own(salon, a_person())
    write(salon, client=ANN | {"name": "Ben"}, starts_at="2030-06-04T12:00:00")

    assert own(salon, a_person(7, None)) == before
    assert salon.count(Client) == 2


def test_of_two_accounts_that_had_a_number_the_newer_one_is_meant(salon: Salon) -> None:
    for hour, user_id in ((10, 7), (12, 8)):
        wish = a_wish(starts_at=f"2030-06-04T{hour}:00:00")
        salon.book(wish, client=ANN, call={"viewer": a_person(user_id)})
    made = write(salon, starts_at="2030-06-04T14:00:00")

    assert made["id"] in own(salon, a_person(8))
    assert made["id"] not in own(salon, a_person(7, None))


@pytest.mark.parametrize(
    ("is_claimed", "corrected"),
    [
        (True, {"name": "Anne"}),
        (True, {"email": "ann@example.com"}),
        (True, {"phone": "+33612345699"}),
        (True, {"name": "Anne", "phone": ""}),
        (False, {"name": "Anne"}),
        (False, {"email": "ann@example.com"}),
        (False, {"phone": ""}),
    ],
)
def test_a_correction_leaves_the_appointment_its_client(
    salon: Salon, is_claimed: bool, corrected: dict[str, Any]
) -> None:
    made = write(salon)
    if is_claimed:
        assert own(salon, a_person()) == [made["id"]]
    shown = update(salon, made["id"], client=ANN | corrected)["client"]

    assert shown["id"] == made["client"]["id"]
    assert (shown["name"], shown["phone"], shown["email"]) == (
        corrected.get("name", "Ann"),
        corrected.get("phone", ANN["phone"]) or None,
        corrected.get("email"),
    )
    assert own(salon, a_person()) == [made["id"]]


def test_another_name_with_another_phone_is_another_person(salon: Salon) -> None:
    made = write(salon)
    own(salon, a_person())
    shown = update(salon, made["id"], client={"name": "Ben", "phone": "+33612345699"})["client"]

    assert shown["id"] != made["client"]["id"]
    assert own(salon, a_person()) == []


def test_another_phone_of_somebody_without_an_account_is_another_client(salon: Salon) -> None:
    made = write(salon)
    shown = update(salon, made["id"], client=ANN | {"phone": "+33612345699"})["client"]

    assert shown["id"] != made["client"]["id"]
    assert own(salon, a_person()) == []
    assert own(salon, a_person(8, "+33612345699")) == [made["id"]]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_at": "2030-06-04T12:30:00"}, "slot_taken"),
        ({"starts_at": "2030-06-04T20:00:00"}, "slot_outside_hours"),
        ({"staff_id": 999}, "staff_not_found"),
        ({"services": [{"id": 999}]}, "service_not_found"),
        ({"services": []}, "duration_missing"),
        ({"client": {"name": " ", "phone": ""}}, "name_missing"),
        ({"client": {"name": "Ann", "phone": "12"}}, "phone_malformed"),
    ],
)
def test_what_cannot_be_written_changes_nothing(
    salon: Salon, refused: Refused, changes: dict[str, Any], code: str
) -> None:
    salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=a_client(2))
    with refused(code):
        write(salon, **changes)


def test_only_staff_of_the_business_and_place_get_in(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        elsewhere = create_location(session)
        foreign = salon.staff(business_id=elsewhere.business_id)
    made = write(salon)
    names = {"location_id": salon.location_id, "appointment_id": made["id"]}
    strangers = ({}, a_person(), foreign, salon.staff(role="staff", location_id=999))
    days = {"from_day": "2030-06-03", "to_day": "2030-06-04", "staff_id": salon.olga}
    for stranger in strangers:
        with refused("forbidden", kind="Forbidden"):
            write(salon, viewer=stranger or {"kind": None}, starts_at="2030-06-04T15:00:00")
        for command in ("update_appointment", "delete_appointment"):
            with refused("forbidden", kind="Forbidden"):
                salon.do(command, viewer=stranger, **names)
        for query, arguments in (
            ("list_appointments", {}),
            ("get_appointment_for_staff", {"appointment_id": made["id"]}),
            ("get_schedule", days),
        ):
            with refused("forbidden", kind="Forbidden"):
                salon.see(query, stranger, location_id=salon.location_id, **arguments)
    allowed = salon.staff(role="staff", location_id=salon.location_id)
    assert salon.see("list_appointments", allowed, location_id=salon.location_id)["total"] == 1


def test_an_appointment_of_another_place_is_not_found(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        elsewhere = create_location(session)
        session.flush()
        location_id, business_id = elsewhere.id, elsewhere.business_id
    made = write(salon)
    with refused("appointment_not_found"):
        salon.see(
            "get_appointment_for_staff",
            salon.staff(business_id=business_id),
            location_id=location_id,
            appointment_id=made["id"],
        )


def test_what_an_update_does_not_name_stays(salon: Salon) -> None:
    made = write(salon, comment="as before")
    moved = update(salon, made["id"], starts_at="2030-06-04T15:10:00")
    assert (moved["comment"], moved["duration_seconds"]) == ("as before", 3600)
    assert kinds(salon)[-1] == ("appointment_moved", 2)


@pytest.mark.parametrize("is_booked_online", [True, False])
def test_who_changes_nothing_makes_no_new_version(salon: Salon, is_booked_online: bool) -> None:
    """Front ends send a whole record back, of which often nothing is other than before."""
    if is_booked_online:
        [booked] = salon.book(a_wish(), client=a_client())
        made = salon.see(
            "get_appointment_for_staff",
            salon.staff(),
            location_id=salon.location_id,
            appointment_id=booked["appointment_id"],
        )
    else:
        made = write(salon, comment="as before")
    told = kinds(salon)
    [line] = made["services"]
    again = {
        "staff_id": made["staff"]["id"],
        "starts_at": made["starts_at"],
        "services": [{"id": line["id"], "cost_minor": line["price_minor"]}],
        "client": {name: made["client"][name] for name in ("name", "phone", "email")},
        "comment": made["comment"],
        "attendance": made["attendance"],
        "confirmed": made["confirmed"],
        "label_ids": [],
        "custom_fields": {},
        "duration_seconds": made["duration_seconds"],
    }
    for request in ({}, again, {"comment": made["comment"]}, {"save_if_busy": True}):
        assert update(salon, made["id"], **request) == made
    assert kinds(salon) == told
    assert update(salon, made["id"], version=1, comment="otherwise")["version"] == 2


def test_each_fact_of_an_update_is_told_with_one_version(salon: Salon) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    update(
        salon,
        booked["appointment_id"],
        starts_at="2030-06-05T10:00:00",
        confirmed=True,
        attendance="came",
    )
    assert kinds(salon)[1:] == [
        ("appointment_moved", 2),
        ("appointment_confirmed", 2),
        ("attendance_marked", 2),
    ]


def test_a_mark_can_be_set_and_taken_back(salon: Salon) -> None:
    made = write(salon)
    for mark in ("came", "came", "waiting", "no_show"):
        assert update(salon, made["id"], attendance=mark)["attendance"] == mark
    told = [event["data"]["attendance"] for event in salon.events()[1:]]
    assert told == ["came", "waiting", "no_show"]
    assert [kind for kind, _ in kinds(salon)[1:]] == ["attendance_marked"] * 3


def test_other_services_change_the_length_and_the_price(salon: Salon, refused: Refused) -> None:
    long = salon.add_service(
        salon.olga, duration_seconds=7200, price_min_minor=9000, price_max_minor=9000
    )
    made = write(salon)
    salon.book(a_wish(starts_at="2030-06-04T11:00:00"), client=a_client(2))
    with refused("slot_taken"):
        update(salon, made["id"], services=[{"id": long}])
    changed = update(salon, made["id"], services=[{"id": long}], duration_seconds=3600)
    assert [line["id"] for line in changed["services"]] == [long]
    assert changed["services"][0]["price_minor"] == 9000
    assert changed["duration_seconds"] == 3600


def test_staff_cancel_no_other_version_than_the_one_they_saw(
    salon: Salon, refused: Refused
) -> None:
    made = write(salon)
    update(salon, made["id"], comment="late")
    names = {"location_id": salon.location_id, "appointment_id": made["id"]}
    with refused("version_outdated", kind="Conflict"):
        salon.do("delete_appointment", viewer=salon.staff(), **names, version=1)
    for version in (2, 2, None):
        gone = salon.do("delete_appointment", viewer=salon.staff(), **names, version=version)
        assert (gone["is_cancelled"], gone["version"]) == (True, 3)


def test_an_appointment_keeps_its_colour(salon: Salon) -> None:
    made = write(salon, color="f44336")
    assert made["color"] == "f44336"
    assert update(salon, made["id"], comment="late")["color"] == "f44336"
    assert update(salon, made["id"], color="")["color"] == ""


def test_the_list_is_filtered_and_paged(salon: Salon) -> None:
    other = salon.add_staff()
    first = write(salon)
    second = write(salon, staff_id=other, starts_at="2030-06-05T10:00:00")
    third = write(
        salon, starts_at="2030-06-06T10:00:00", client={"name": "Ben", "phone": "+33612345600"}
    )
    salon.do(
        "delete_appointment",
        viewer=salon.staff(),
        location_id=salon.location_id,
        appointment_id=third["id"],
    )

    def ids(**filters: Any) -> list[int]:
        found = salon.see(
            "list_appointments", salon.staff(), location_id=salon.location_id, **filters
        )
        return [one["id"] for one in found["items"]]

    assert ids() == [first["id"], second["id"]]
    assert ids(with_cancelled=True) == [first["id"], second["id"], third["id"]]
    assert ids(staff_id=other) == [second["id"]]
    assert ids(client_id=third["client"]["id"], with_cancelled=True) == [third["id"]]
    assert ids(from_day="2030-06-05") == [second["id"]]
    assert ids(to_day="2030-06-04") == [first["id"]]
    assert ids(created_from="2030-06-03", created_to="2030-06-03") == [first["id"], second["id"]]
    assert ids(changed_after="2030-06-04") == []
    assert ids(page=2, page_size=1) == [second["id"]]


def test_hours_of_a_date_are_set_and_read(salon: Salon, refused: Refused) -> None:
    names = {"location_id": salon.location_id, "staff_id": salon.olga}
    days = [
        {
            "day": "2030-06-04",
            "slots": [
                {"opens_minute": 600, "closes_minute": 720},
                {"opens_minute": 780, "closes_minute": 840},
            ],
        },
        {"day": "2030-06-05", "is_working": False},
    ]
    for _ in range(2):
        assert salon.do("set_schedule", viewer=salon.staff(), **names, days=days) == {}
    shown = salon.see(
        "get_schedule", salon.staff(), **names, from_day="2030-06-03", to_day="2030-06-05"
    )["days"]
    assert shown == [
        {
            "day": "2030-06-03",
            "is_working": True,
            "slots": [{"opens_minute": 540, "closes_minute": 1080}],
        },
        {**days[0], "is_working": True},
        {"day": "2030-06-05", "is_working": False, "slots": []},
    ]
    slots = salon.slots(service_ids=[salon.haircut])
    assert slots == ["08:00", "08:30", "09:00", "11:00"]
    told = [event for event in salon.events() if event["type"] == "timetable_changed"]
    assert [event["sequence"] for event in told] == [2, 3]
    assert told[0]["data"]["staff_ids"] == [salon.olga]
    overlapping = [
        {"opens_minute": 600, "closes_minute": 720},
        {"opens_minute": 700, "closes_minute": 800},
    ]
    inverted = [{"opens_minute": 700, "closes_minute": 600}]
    for slots in (overlapping, inverted):
        with refused("schedule_malformed"):
            salon.do(
                "set_schedule",
                viewer=salon.staff(),
                **names,
                days=[{"day": "2030-06-04", "slots": slots}],
            )
    with refused("schedule_malformed"):
        salon.do("set_schedule", viewer=salon.staff(), **names, days=[days[0], days[0]])


def test_staff_do_at_the_desk_what_they_may(salon: Salon, refused: Refused) -> None:
    made = write(salon)
    here = {"location_id": salon.location_id, "appointment_id": made["id"]}
    days = {"from_day": "2030-06-03", "to_day": "2030-06-04", "staff_id": salon.olga}
    asked: dict[str, Callable[[dict[str, Any]], Any]] = {
        "appointments_view": lambda viewer: salon.see("get_appointment_for_staff", viewer, **here),
        "appointments_edit": lambda viewer: salon.do(
            "update_appointment", viewer=viewer, **here, comment="late"
        ),
        "appointments_delete": lambda viewer: salon.do("delete_appointment", viewer=viewer, **here),
        "schedules_view": lambda viewer: salon.see(
            "get_schedule", viewer, location_id=salon.location_id, **days
        ),
    }
    for permission, ask in asked.items():
        others = [one for one in asked if one != permission]
        without = salon.staff(role="staff", location_id=salon.location_id, permissions=others)
        with refused("permission_missing", kind="Forbidden"):
            ask(without)
    for permission, ask in asked.items():
        only = salon.staff(role="staff", location_id=salon.location_id, permissions=[permission])
        assert ask(only)


def test_a_key_for_other_businesses_opens_nothing_here(salon: Salon, refused: Refused) -> None:
    made = write(salon)
    booked = salon.see(
        "get_appointment_for_staff",
        salon.staff(),
        location_id=salon.location_id,
        appointment_id=made["id"],
    )
    other = {"partner_id": 1, "partner_business_ids": [999]}
    with refused("location_outside_key", kind="Forbidden"):
        salon.see("get_location", other, location_id=salon.location_id)
    with refused("location_outside_key", kind="Forbidden"):
        salon.see("list_appointments", salon.staff() | other, location_id=salon.location_id)
    with refused("location_outside_key", kind="Forbidden"):
        write(salon, viewer=salon.staff() | other, starts_at="2030-06-04T15:00:00")
    with refused("appointment_not_found"):
        salon.see("get_appointment", other, appointment_id=made["id"], hash=booked["hash"])
    assert salon.see("list_locations", other)["total"] == 0
    own = other | {"partner_business_ids": [salon.staff()["rights"][0]["business_id"], 999]}
    assert salon.see("list_locations", own)["total"] == 1
    assert salon.see("get_appointment", own, appointment_id=made["id"], hash=booked["hash"])


def test_what_takes_longer_than_a_day_is_taken_in_pieces_without_a_gap(
    salon: Salon, refused: Refused
) -> None:
    night = {"duration_seconds": 86_400, "buffer_seconds": 3600, "save_if_busy": True}
    made = write(salon, starts_at="2030-06-04T10:00:00", **night)
    with salon.database.read() as session:
        taken = session.execute(select(Reservation.starts_at, Reservation.ends_at)).all()
    moments = sorted(moment.strftime("%d %H:%M") for piece in taken for moment in piece)
    assert moments == ["04 08:00", "05 08:00", "05 08:00", "05 09:00"]
    for clock in ("09:00", "10:30"):
        with refused("slot_taken"):
            write(salon, starts_at=f"2030-06-05T{clock}:00")
    write(salon, starts_at="2030-06-05T11:00:00")
    names = {"location_id": salon.location_id, "appointment_id": made["id"]}
    salon.do("delete_appointment", viewer=salon.staff(), **names)
    assert salon.count(Reservation) == 1
