"""What the gateway makes of our snapshots is what its documentation promises."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from gateway.app import create_app
from gateway.wire import (
    accounts,
    agreements,
    bookforms,
    bookings,
    catalogue,
    categories,
    companies,
    desk_records,
    form_settings,
    loyalty,
    notifications,
    records,
    reference,
    repeats,
    resources,
    reviews,
    schedules,
    services,
    sessions,
    slots,
    staff,
    timetables,
)
from services.common.config import Settings
from tests import callers
from tests import snapshots as a

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def components() -> dict[str, Any]:
    app: Flask = create_app(Settings(amqp_uri="memory://", rate_limits=False))
    return {"components": app.extensions["openapi"]["components"]}


def a_company(location: dict[str, Any], **changes: Any) -> dict[str, Any]:
    wanted = {"locale": "en", "now": NOW, "show_groups": True, **changes}
    return companies.company(location, **wanted)


def a_record(**changes: Any) -> dict[str, Any]:
    return records.record(a.an_appointment(**changes), locale="en")


MADE: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("Company", lambda: a_company(a.a_location())),
    ("Company", lambda: a_company(a.a_bare_location())),
    ("Bookform", lambda: bookforms.bookform(a.a_booking_form(), [])),
    ("Bookform", lambda: bookforms.bookform(a.a_booking_form(), [a.a_document()])),
    ("BookingForm", lambda: form_settings.booking_form(a.a_form_for_staff())),
    ("OnlineSettings", lambda: form_settings.online_settings(a.some_settings())),
    ("TimetableSettings", lambda: form_settings.timetable_settings(a.some_settings())),
    ("Country", lambda: reference.countries("ru")[0]),
    ("City", lambda: reference.city({"id": 2, "title": "Paris", "country_code": "FR"})),
    ("PrivacyPolicy", lambda: agreements.privacy_policy([])),
    ("PrivacyPolicy", lambda: agreements.privacy_policy([a.a_document()])),
    ("OwnAgreement", lambda: agreements.own_agreement(a.a_document())),
    (
        "OwnAgreement",
        lambda: agreements.own_agreement(a.a_document(accepted_at="2026-11-20T09:00:00Z")),
    ),
    (
        "Bookform",
        lambda: bookforms.bookform(a.a_booking_form(location_id=1, comment_label="Why?"), []),
    ),
    ("BookServices", lambda: catalogue.book_services(a.a_catalogue())),
    ("BookServices", lambda: catalogue.book_services(a.a_catalogue(services=[], categories=[]))),
    ("BookStaff", lambda: catalogue.book_staff(a.a_staff_member(), "Europe/Paris")),
    ("BookStaff", lambda: catalogue.book_staff(a.a_bare_staff_member(), "Europe/Paris")),
    ("Seance", lambda: slots.seance(a.a_slot(), "Europe/Paris")),
    ("NearestSeances", lambda: slots.nearest_seances({"day": None, "slots": []}, "Europe/Paris")),
    ("BookDates", lambda: slots.book_dates(some_days())),
    ("BookDates", lambda: slots.book_dates({"free_days": [], "working_days": []})),
    ("Record", a_record),
    (
        "Record",
        lambda: a_record(
            location=a.a_bare_location(),
            staff=a.a_bare_staff_member(),
            is_cancelled=True,
            attendance="no_show",
            services=[],
        ),
    ),
    (
        "BookedRecord",
        lambda: bookings.booked_record({"handle": 1, "appointment_id": 17, "hash": "ab"}),
    ),
    ("MovedRecord", lambda: records.moved_record(a.an_appointment(), locale="en")),
    ("User", lambda: sessions.user(callers.signed_in(callers.a_client_user(name=None)))),
    ("StaffUser", lambda: sessions.staff_user(callers.signed_in(callers.a_staff_user()))),
    ("Profile", lambda: accounts.profile(a.a_profile(), {"custom_fields": {}}, token="t")),
    ("Profile", lambda: accounts.profile(a_full_profile(), {"custom_fields": {"a": 1}}, token="t")),
    ("DeskRecord", lambda: desk_records.desk_record(a.an_appointment())),
    ("DeskRecord", lambda: desk_records.desk_record(a.a_passers_by_appointment())),
    ("LoyaltyCard", lambda: loyalty.loyalty_card(a.a_loyalty_card())),
    ("LoyaltyCard", lambda: loyalty.loyalty_card(a.a_loyalty_card(programmes=[]))),
    ("Notification", lambda: notifications.notification(a.a_message())),
    ("Notification", lambda: notifications.notification(a_bare_message())),
    ("Resource", lambda: resources.resource(a.a_resource(), 1)),
    ("Comment", lambda: reviews.comment(a.a_review())),
    ("Comment", lambda: reviews.comment(a.a_review(staff_id=None, name="", answer="Thanks"))),
    ("DeskReview", lambda: reviews.desk_review(a.a_review(hidden_at="2026-11-20T12:00:00Z"))),
    ("ReviewForm", lambda: reviews.review_form(a.a_review_form(), locale="fr")),
    ("Repeat", lambda: repeats.repeat(a.a_repeat())),
    ("Timeslots", lambda: timetables.timeslots(a.some_grids())),
    ("TimetableSeance", lambda: timetables.seance(a.a_timetable()["times"][0], "Europe/Paris")),
    ("ScheduleDay", lambda: schedules.schedule_day(a_working_day())),
    (
        "ScheduleDay",
        lambda: schedules.schedule_day({"day": "2026-11-21", "is_working": False, "slots": []}),
    ),
]


ADMINISTERED: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("Service", lambda: services.service(a.a_service_at_desk())),
    ("Service", lambda: services.service(a.a_service_at_desk(image=None, staff=[]))),
    ("ServiceCategory", lambda: categories.category(a.a_category())),
    ("Staff", lambda: staff.staff_member(a.a_staff_member_at_desk())),
    (
        "Staff",
        lambda: staff.staff_member(
            a.a_staff_member_at_desk(
                position=None, user_id=None, avatar=None, links=[], last_day="2026-11-30"
            )
        ),
    ),
    ("Position", lambda: staff.position(a.a_position())),
]


def a_full_profile() -> dict[str, Any]:
    return a.a_profile(
        email="camille@example.com",
        is_email_proven=True,
        has_password=True,
        photo="ab" * 16,
        language="fr",
        date_format="dmy",
        time_format="24h",
        notifications_enabled=False,
    )


def a_bare_message() -> dict[str, Any]:
    return a.a_message(
        kind="birthday",
        category="news",
        title=None,
        appointment_id=None,
        action=None,
        read_at="2026-11-03T12:00:00Z",
    )


def a_working_day() -> dict[str, Any]:
    slots = [{"opens_minute": 540, "closes_minute": 1440}]
    return {"day": "2026-11-20", "is_working": True, "slots": slots}


def some_days() -> dict[str, Any]:
    return {
        "free_days": ["2026-11-20", "2026-12-01"],
        "working_days": ["2026-11-20", "2026-11-21", "2026-12-01"],
    }


@pytest.mark.parametrize(("name", "make"), MADE + ADMINISTERED)
def test_what_is_sent_is_what_is_documented(components, name, make):
    schema = {"$ref": f"#/components/schemas/{name}", **components}
    Draft202012Validator(schema).validate(make())


@pytest.mark.parametrize(("name", "make"), MADE + ADMINISTERED)
def test_a_check_against_the_documentation_would_notice_a_lost_field(components, name, make):
    schema = {"$ref": f"#/components/schemas/{name}", **components}
    made = make()
    made.pop(next(iter(components["components"]["schemas"][name]["required"])))
    assert not Draft202012Validator(schema).is_valid(made)


TWICE_NAMED = [
    ("company", "location"),
    ("attendance", "visit_attendance"),
    ("seance_length", "session_length"),
    ("seances", "sessions"),
    ("coordinate_lon", "coordinate_lng"),
    ("category", "categories"),
    ("gender", "sex"),
]


def objects_in(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in objects_in(inner))]
    if isinstance(value, list):
        return [found for inner in value for found in objects_in(inner)]
    return []


@pytest.mark.parametrize(("old", "new"), TWICE_NAMED)
def test_a_thing_with_two_names_has_both_everywhere(old, new):
    once_named = ("DeskRecord", "Notification")
    for_clients = [make() for name, make in MADE if name not in once_named]
    found = [part for made in for_clients for part in objects_in(made) if {old, new} & set(part)]
    assert found
    for part in found:
        assert part[old] == part[new]


def test_a_slot_is_told_on_the_locations_clock():
    assert slots.seance(a.a_slot(), "America/New_York") == {
        "time": "04:00",
        "seance_length": 4500,
        "session_length": 4500,
        "sum_length": 3600,
        "datetime": "2026-11-20T04:00:00-05:00",
    }


def test_days_are_grouped_by_month():
    told = slots.book_dates(some_days())
    assert told["booking_days"] == {"11": [20], "12": [1]}
    assert told["working_days"] == {"11": [20, 21], "12": [1]}
    assert told["booking_dates"] == ["2026-11-20", "2026-12-01"]


def test_a_lone_location_belongs_to_group_zero():
    company = a_company(a.a_bare_location())
    assert (company["main_group_id"], company["main_group"], company["groups"]) == (0, [], {})


def test_a_location_of_a_chain_names_its_group():
    company = a_company(a.a_location())
    group = {"id": 7, "title": "Maison Lumière"}
    assert (company["main_group_id"], company["main_group"]) == (7, group)
    assert company["groups"] == {"7": group}
    assert a_company(a.a_location(), show_groups=False)["groups"] == {}


def test_a_company_is_told_in_the_readers_language():
    company = a_company(a.a_location(), locale="fr")
    assert (company["country_id"], company["country"]) == (250, "France")
    assert (company["currency_short_title"], company["timezone"]) == ("€", 1)
    assert company["next_slot"] == "2026-11-20T10:00:00+01:00"


def test_a_form_of_a_chain_lets_people_choose_the_location():
    chain = bookforms.bookform(a.a_booking_form(), [])
    assert (chain["group_id"], chain["company_id"]) == (7, 1)
    single = bookforms.bookform(a.a_booking_form(location_id=2), [])
    assert (single["group_id"], single["company_id"]) == (0, 2)


def test_the_steps_of_a_form_have_the_contracts_names_and_numbers():
    steps = bookforms.bookform(a.a_booking_form(), [])["steps"]
    named = [(step["num"], step["step"]) for step in steps]
    words = ("city", "company", "service", "master", "datetime", "contact", "comfirm")
    assert named == list(enumerate(words, start=1))
    assert [step["default"] for step in steps] == [-1] * 7
    assert [step["step"] for step in steps if "time_default" in step] == ["datetime"]


def test_the_languages_of_a_form_have_the_contracts_numbers():
    form = bookforms.bookform(a.a_booking_form(), [])
    assert form["lang"] == "fr-FR"
    assert [language["id"] for language in form["langs"]] == [2, 8]


def test_a_staff_member_without_position_has_an_empty_array_for_it():
    told = catalogue.book_staff(a.a_bare_staff_member(), "Europe/Paris")
    assert (told["position"], told["seance_date"], told["seances"]) == ([], None, [])
    told = catalogue.book_staff(a.a_staff_member(), "Europe/Paris")
    assert told["position"]["title"] == "Senior stylist"
    assert (told["seance_date"], told["show_rating"]) == ("2026-11-20", 1)


def test_prices_are_decimals_of_the_locations_currency():
    first = catalogue.book_services(a.a_catalogue())["services"][0]
    assert (first["price_min"], first["price_max"]) == (45.5, 60.0)
    yen = catalogue.book_services(a.a_catalogue(currency="JPY"))["services"][0]
    assert yen["price_min"] == 4550


@pytest.mark.parametrize(
    ("ours", "number"), [("no_show", -1), ("waiting", 0), ("came", 1), ("confirmed", 2)]
)
def test_attendance_is_a_number(ours, number):
    assert a_record(attendance=ours)["attendance"] == number


def test_a_card_is_told_in_main_units_with_what_it_earns():
    card = loyalty.loyalty_card(a.a_loyalty_card())
    assert (card["balance"], card["paid_amount"], card["visits_count"]) == (2.27, 45.5, 1)
    assert (card["type"]["salon_group_id"], card["salon_group"]) == (7, {"id": 7, "title": ""})
    [program] = card["programs"]
    assert (program["value"], program["value_unit_id"]) == (5, 1)
    kind = program["loyalty_type"]
    assert (kind["is_cashback"], kind["is_static"], kind["is_discount"]) == (True, True, False)
    assert program["rules"][0]["value"] == 5


def test_a_message_is_told_in_the_words_of_the_api():
    told = notifications.notification(a.a_message())
    assert (told["type"], told["category"], told["record_id"]) == ("record_created", "record", 17)
    assert (told["create_date"], told["is_read"]) == ("2026-11-02T12:00:00+00:00", False)
    read = notifications.notification(a_bare_message())
    assert (read["is_read"], read["read_date"]) == (True, "2026-11-03T12:00:00+00:00")


def test_hours_after_midnight_are_told_as_those_of_the_next_day():
    slots = [{"opens_minute": 1320, "closes_minute": 1560}]
    told = schedules.schedule_day({"day": "2026-11-20", "is_working": True, "slots": slots})
    assert told["slots"] == [{"from": "22:00", "to": "02:00"}]
    assert schedules.schedule_day(a_working_day())["slots"] == [{"from": "09:00", "to": "24:00"}]


def test_a_record_is_told_on_the_clock_of_its_location():
    told = a_record(location=a.a_location(timezone="America/New_York"))
    assert told["datetime"] == told["date"] == "2026-11-20T04:00:00-05:00"
    assert told["create_date"] == "2026-10-30T08:00:00-0400"
    assert told["company"]["timezone"] == "-5"
