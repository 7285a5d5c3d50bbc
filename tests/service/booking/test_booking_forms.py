"""Booking forms and settings, as administrators write them, and what clients see of it."""

from typing import Any

import pytest

from services.booking.models import Appointment, BookingForm
from tests.callers import a_right
from tests.factories import a_client, a_wish, create_business, create_form
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW, at_once


def make(salon: Salon, **changes: Any) -> Any:
    return salon.do(
        "create_booking_form", viewer=salon.staff(), location_id=salon.location_id, **changes
    )


def change(salon: Salon, form_id: int, **changes: Any) -> Any:
    names = {"location_id": salon.location_id, "form_id": form_id}
    return salon.do("update_booking_form", viewer=salon.staff(), **names, **changes)


def delete(salon: Salon, form_id: int) -> Any:
    names = {"location_id": salon.location_id, "form_id": form_id, "version": None}
    return salon.do("delete_booking_form", viewer=salon.staff(), **names)


def settle(salon: Salon, **changes: Any) -> Any:
    return salon.do(
        "update_location_settings", viewer=salon.staff(), location_id=salon.location_id, **changes
    )


def forms(salon: Salon) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = salon.see(
        "list_booking_forms", salon.staff(), location_id=salon.location_id
    )["forms"]
    return found


def defaults(salon: Salon) -> list[int]:
    return [form["id"] for form in forms(salon) if form["is_default"]]


def business_of(salon: Salon) -> int:
    right: dict[str, Any] = salon.staff()["rights"][0]
    return int(right["business_id"])


def test_the_first_form_is_the_default_and_another_takes_its_place(salon: Salon) -> None:
    first, second = make(salon, title="One"), make(salon, title="Two")
    assert (first["is_default"], second["is_default"]) == (True, False)
    assert change(salon, second["id"], is_default=True)["is_default"]
    assert defaults(salon) == [second["id"]]
    third = make(salon, title="Three", is_default=True)
    assert defaults(salon) == [third["id"]]


def test_the_only_default_stays(salon: Salon, refused: Refused) -> None:
    first, second = make(salon), make(salon)
    with refused("default_form_needed", kind="Conflict"):
        delete(salon, first["id"])
    with refused("default_form_needed", kind="Conflict"):
        change(salon, first["id"], is_default=False)
    delete(salon, second["id"])
    with refused("booking_form_not_found"):
        delete(salon, second["id"])


def test_without_a_default_of_its_own_a_location_has_its_businesss(salon: Salon) -> None:
    with salon.write() as session:
        common = create_form(session, business_of(salon), is_default=True).id
    own = make(salon)
    assert (own["is_default"], defaults(salon)) == (False, [common])
    change(salon, own["id"], is_default=True)
    assert defaults(salon) == [own["id"]]
    delete(salon, own["id"])
    assert defaults(salon) == [common]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_administrators_at_once_leave_one_default(salon: Salon) -> None:
    made = [make(salon)["id"] for _ in range(6)]
    answers = at_once(
        [
            *(lambda one=one: change(salon, one, is_default=True) for one in made),  # type: ignore[misc]
            *(lambda: make(salon, is_default=True) for _ in range(3)),
        ]
    )
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert len(defaults(salon)) == 1


def test_a_form_of_the_whole_business_is_for_who_may_change_all_of_it(
    salon: Salon, refused: Refused
) -> None:
    with salon.write() as session:
        common = create_form(session, business_of(salon), is_default=True).id
    here = a_right("administrator", business_id=business_of(salon), location_id=salon.location_id)
    names = {"location_id": salon.location_id, "form_id": common}
    with refused("permission_missing"):
        salon.do("update_booking_form", viewer=salon.staff(here), **names, title="Mine")
    assert change(salon, common, title="Ours")["title"] == "Ours"


def test_nobody_else_reads_or_writes_forms(salon: Salon, refused: Refused) -> None:
    form = make(salon)
    stranger = salon.staff(a_right(business_id=99))
    helper = salon.staff(a_right("staff", business_id=business_of(salon)))
    names = {"location_id": salon.location_id, "form_id": form["id"]}
    for viewer, code in ((stranger, "forbidden"), (helper, "permission_missing")):
        for command in ("update_booking_form", "delete_booking_form"):
            with refused(code):
                salon.do(command, viewer=viewer, **names)
        with refused(code):
            salon.do("update_location_settings", viewer=viewer, location_id=salon.location_id)


def test_a_form_of_another_business_is_not_found_here(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        other = create_form(session, create_business(session).id).id
    with refused("booking_form_not_found"):
        change(salon, other, title="Mine now")


def test_what_a_form_says_is_kept_and_the_rest_stays(salon: Salon) -> None:
    form = make(
        salon,
        title="Web",
        style={"main_color": "#1F6f5c", "primary_palette": "deep-purple"},
        steps=[{"step": "staff", "title": "Who?"}, {"step": "service", "hidden": True}],
        languages=["de", "fr"],
        language="de",
        texts={"booking_notice": "Bitte pünktlich"},
        analytics={"google_analytics_id": "G-1"},
        allowed_origins=["https://Salon.example/", "http://localhost:3000"],
    )
    changed = change(salon, form["id"], style={"main_color": "#fff"}, version=form["version"])
    assert changed["style"] == {"main_color": "#fff", "primary_palette": "deep-purple"}
    assert changed["version"] == form["version"] + 1
    shown = salon.ask("get_booking_form", form_id=form["id"])
    assert [step["step"] for step in shown["steps"]] == [
        "staff",
        "service",
        "city",
        "location",
        "time",
        "contact",
        "confirm",
    ]
    assert (shown["language"], shown["languages"]) == ("de", ["de", "fr"])
    assert shown["booking_notice"] == "Bitte pünktlich"
    assert shown["analytics"]["google_analytics_id"] == "G-1"
    assert changed["allowed_origins"] == ["http://localhost:3000", "https://salon.example"]
    assert "allowed_origins" not in shown


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("colour_malformed", {"style": {"main_color": "red;}"}}),
        ("colour_malformed", {"style": {"warn_palette": "vermilion"}}),
        ("language_unknown", {"languages": ["fr", "tlh"]}),
        ("language_unknown", {"languages": []}),
        ("language_unknown", {"languages": ["fr"], "language": "de"}),
        ("steps_malformed", {"steps": [{"step": "service"}, {"step": "service"}]}),
        ("steps_malformed", {"steps": [{"step": "confirm"}, {"step": "service"}]}),
        ("steps_malformed", {"steps": [{"step": "contact", "hidden": True}]}),
        ("origin_malformed", {"allowed_origins": ["*"]}),
        ("title_missing", {"title": " "}),
        ("version_outdated", {"version": 99, "title": "New"}),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    salon: Salon, refused: Refused, code: str, wrong: dict[str, Any]
) -> None:
    form = make(salon)
    with refused(code):
        change(salon, form["id"], **wrong)


def test_while_booking_is_paused_what_is_booked_can_be_moved_and_cancelled(
    salon: Salon, refused: Refused
) -> None:
    [kept] = salon.book()
    [other] = salon.book(a_wish(starts_at="2030-06-04T15:00"), client=a_client(2))
    assert settle(salon, is_paused=True)["is_paused"]
    with refused("booking_paused", kind="Forbidden"):
        salon.book(a_wish(starts_at="2030-06-04T12:00"))
    assert salon.slots() == []
    known = {"appointment_id": kept["appointment_id"], "hash": kept["hash"]}
    moved = salon.do("move_appointment", **known, starts_at="2030-06-04T12:00")
    assert moved["starts_at"] == "2030-06-04T10:00:00Z"
    assert salon.cancel(other)["is_cancelled"]
    assert not settle(salon, is_paused=False)["is_paused"]
    assert salon.book(a_wish(starts_at="2030-06-04T15:00"))


def test_a_paused_form_refuses_and_the_others_go_on(salon: Salon, refused: Refused) -> None:
    paused, open_one = make(salon)["id"], make(salon)["id"]
    change(salon, paused, is_paused=True)
    assert salon.ask("get_booking_form", form_id=paused)["is_paused"]
    with refused("booking_paused"):
        salon.book(form_id=paused)
    [booked] = salon.book(form_id=open_one)
    with salon.database.read() as session:
        assert session.get_one(Appointment, booked["appointment_id"]).form_id == open_one


def test_a_form_that_does_not_lead_here_is_of_no_account(salon: Salon) -> None:
    with salon.write() as session:
        other = create_form(session, create_business(session).id, is_default=True)
        salon_form = session.get_one(BookingForm, other.id)
        salon_form.paused_at = salon_form.created_at
    for number, form_id in enumerate((other.id, 4711)):
        wish = a_wish(starts_at=f"2030-06-04T1{number * 2}:00")
        [booked] = salon.book(wish, form_id=form_id, client=a_client(number))
        with salon.database.read() as session:
            assert session.get_one(Appointment, booked["appointment_id"]).form_id is None


def test_the_settings_steer_booking(salon: Salon, refused: Refused) -> None:
    settle(salon, any_staff_allowed=False)
    with refused("staff_required", kind="Invalid", handle=1):
        salon.book(a_wish(staff_id=0))
    with refused("staff_required", kind="Invalid", handle=1):
        salon.check(a_wish(staff_id=0))
    settle(salon, lead_seconds=72 * 3600)
    with refused("slot_too_soon", handle=1):
        salon.book()
    settle(salon, lead_seconds=0, phone_confirmation_required=True)
    with refused("code_incorrect"):
        salon.book()
    settle(salon, phone_confirmation_required=False, cancel_allowed=False)
    [booked] = salon.book()
    with refused("cancel_not_allowed"):
        salon.cancel(booked)
    settle(salon, cancel_allowed=True, cancel_notice_seconds=30 * 24 * 3600)
    with refused("cancel_too_late"):
        salon.cancel(booked)


def test_settings_are_changed_by_one_who_has_seen_them(salon: Salon, refused: Refused) -> None:
    first = settle(salon, class_clients_max=12)
    assert settle(salon, class_clients_max=12)["version"] == first["version"]
    changed = settle(salon, visit_kinds="both", version=first["version"])
    assert (changed["visit_kinds"], changed["version"]) == ("both", first["version"] + 1)
    with refused("version_outdated"):
        settle(salon, visit_kinds="single", version=first["version"])


def test_the_sites_of_all_forms_are_told_with_their_business(salon: Salon) -> None:
    make(salon, allowed_origins=["https://a.example"])
    make(salon, allowed_origins=["https://a.example", "https://b.example"])
    business_id = business_of(salon)
    assert salon.ask("list_allowed_origins")["origins"] == [
        {"business_id": business_id, "origin": "https://a.example"},
        {"business_id": business_id, "origin": "https://b.example"},
    ]


def test_cities_are_those_with_an_open_location(salon: Salon) -> None:
    assert [city["title"] for city in salon.ask("list_cities")["cities"]] == ["Paris"]
    assert salon.ask("list_cities", country_code="DE")["cities"] == []
    salon.change_location(closed_at=NOW)
    assert salon.ask("list_cities")["cities"] == []
