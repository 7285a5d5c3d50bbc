"""Booking forms, settings and reference data, between the contract's words and ours."""

import pytest

from services.common.languages import LANGUAGES
from tests import snapshots as a

FORMS = "/api/v1/company/1/booking_forms"
ONLINE = "/api/v1/company/1/settings/online"


def test_a_form_is_made_in_our_words(front):
    front.answers("create_booking_form", lambda request: a.a_form_for_staff())
    body = {
        "title": "Web",
        "is_default": 1,
        "without_menu": "0",
        "steps": [{"step": "master", "title": "Who?", "hidden": 0}, {"step": "comfirm"}],
        "style": {"main_color": "#fff", "primaryPalette": "teal", "main_color_theme": "dark"},
        "lang": "de-DE",
        "langs": [{"id": 31, "code": "de-DE"}, "fr-FR", 10, "ru"],
        "comment_input_name": "Wish",
        "google_analytics_id": "G-1",
        "allowed_origins": ["https://salon.example"],
    }
    response = front.post(FORMS, user="staff", json=body)
    assert response.status_code == 201
    assert response.headers["ETag"] == '"1"'
    assert front.last_request == {
        "location_id": 1,
        "title": "Web",
        "is_default": True,
        "without_menu": False,
        "steps": [{"step": "staff", "title": "Who?", "hidden": False}, {"step": "confirm"}],
        "style": {"main_color": "#fff", "primary_palette": "teal", "theme": "dark"},
        "language": "de",
        "languages": ["de", "fr", "es", "ru"],
        "texts": {"comment_label": "Wish"},
        "analytics": {"google_analytics_id": "G-1"},
        "allowed_origins": ["https://salon.example"],
    }
    told = response.json["data"]
    assert (told["lang"], told["is_default"]) == ("fr-FR", True)
    assert told["steps"][3]["step"] == "master"


def test_a_change_names_the_version_that_it_was_decided_on(front):
    front.answers("update_booking_form", lambda request: a.a_form_for_staff(version=5))
    front.patch(f"{FORMS}/4", user="staff", json={"is_paused": 1}, headers={"If-Match": '"4"'})
    assert front.last_request == {
        "location_id": 1,
        "form_id": 4,
        "version": 4,
        "is_paused": True,
    }


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"lang": "tlh"}, "language_unknown"),
        ({"langs": ["pt-PT"]}, "language_unknown"),
        ({"steps": [{"step": "payment"}]}, "field_invalid"),
        ({"style": {"logo": "javascript:alert(1)"}}, "web_address_malformed"),
        ({"google_analytics_id": "');alert(1)//"}, "field_invalid"),
        ({"allowed_origins": "x"}, "field_invalid"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_here(front, body, reason):
    response = front.post(FORMS, user="staff", json=body)
    assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)
    assert front.booking.received == []


def test_settings_are_told_and_changed_in_the_contracts_words(front):
    front.answers("get_location_settings", lambda **_: a.some_settings())
    front.answers("update_location_settings", lambda request: a.some_settings())
    assert front.get(ONLINE, user="staff").json["data"] == {
        "confirm_number": False,
        "any_master": True,
        "seance_delay_step": 60,
        "activity_online_record_clients_count_max": 2,
        "is_paused": False,
        "allow_change_record": True,
        "allow_change_record_delay_step": 7200,
        "allow_delete_record": True,
        "allow_delete_record_delay_step": 0,
    }
    front.patch(ONLINE, user="staff", json={"any_master": 0, "seance_delay_step": "1380"})
    assert front.last_request == {
        "location_id": 1,
        "version": None,
        "any_staff_allowed": False,
        "lead_seconds": 82_800,
    }
    path = "/api/v1/company/1/settings/timetable"
    front.patch(path, user="staff", json={"record_type": 2})
    assert front.last_request["visit_kinds"] == "both"
    assert front.get(path, user="staff").json["data"] == {
        "record_type": 0,
        "activity_record_clients_count_max": 12,
    }


@pytest.mark.parametrize("minutes", [-30, 15, 1381, 1410, "soon"])
def test_the_lead_is_in_half_hours_and_below_a_day(front, minutes):
    response = front.patch(ONLINE, user="staff", json={"seance_delay_step": minutes})
    assert response.status_code == 422
    assert front.booking.received == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_countries_are_told_in_every_language(front, language):
    told = front.get("/api/v1/countries", headers={"Accept-Language": language}).json["data"]
    assert len(told) == len({one["id"] for one in told}) == 249
    france = next(one for one in told if one["id"] == 250)
    assert (france["phone_code"], france["phone_template"], france["currency"]) == (
        "33",
        "+33 # ## ## ## ##",
        "EUR",
    )
    assert all(one["title"] for one in told)


def test_countries_have_the_name_that_the_reader_knows(front):
    titles = {}
    for language in ("es", "de", "ru"):
        told = front.get("/api/v1/countries", headers={"Accept-Language": language}).json["data"]
        titles[language] = next(one["title"] for one in told if one["code"] == "DE")
    assert titles == {"es": "Alemania", "de": "Deutschland", "ru": "Германия"}


def test_cities_are_asked_for_by_country_and_location(front):
    rows = [{"id": 2, "title": "Paris", "country_code": "FR"}]
    front.answers("list_cities", lambda **_: {"cities": rows})
    found = front.get("/api/v1/cities?country_id=250&salon_id=1").json["data"]
    assert found == [{"id": 2, "country_id": 250, "title": "Paris"}]
    assert front.last_call["arguments"] == {"country_code": "FR", "location_id": 1}
    assert front.get("/api/v1/cities?country_id=999").json["data"] == []


@pytest.mark.parametrize(
    ("phone", "is_valid"),
    [("+33612345678", True), ("33612345678", True), ("123", False), ("abc", False)],
)
def test_a_phone_is_looked_at(front, phone, is_valid):
    response = front.get(f"/api/v1/validation/validate_phone/{phone}")
    assert response.json["data"] == {"is_valid": is_valid}
