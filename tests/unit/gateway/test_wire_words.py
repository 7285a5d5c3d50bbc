"""Small words of the wire: money, countries, languages, times, texts, the two bodies."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.wire import times
from gateway.wire.countries import NUMBERS, country_id, country_of_phone, country_title
from gateway.wire.envelope import Failure, failure, success, wants_v2
from gateway.wire.languages import best, contract_code, contract_language
from gateway.wire.money import amount, plain_amount, symbol
from gateway.wire.texts import text
from gateway.wire.versions import version_in
from services.common.money import minor_units


@pytest.mark.parametrize(
    ("minor", "currency", "decimal"),
    [(4550, "EUR", 45.5), (1999, "USD", 19.99), (1500, "JPY", 1500), (1234, "KWD", 1.234)],
)
def test_money_has_the_digits_of_its_currency(minor, currency, decimal):
    assert amount(minor, currency) == decimal


def test_no_money_is_nothing():
    assert amount(None, "EUR") == 0


def test_a_currency_has_a_symbol():
    assert symbol("EUR", "fr") == "€"


def test_countries_have_their_iso_numbers():
    assert (country_id("FR"), country_id("US"), country_id("AF")) == (250, 840, 4)
    assert country_id("XX") == 0
    assert len(NUMBERS) == 249
    assert len(set(NUMBERS.values())) == 249


def test_countries_are_named_in_the_readers_language():
    assert country_title("US", "fr") == "États-Unis"
    assert country_title("US", "en") == "United States"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["fr-FR"], "fr"),
        (["fr_fr"], "fr"),
        (["FR"], "fr"),
        (["fr-CA", "en"], "fr"),
        (["pt-BR", "fr"], "fr"),
        (["ru-RU", "fr"], "ru"),
        (["de-AT"], "de"),
        (["en-US"], "en"),
        (["en_us"], "en"),
        (["pt-BR"], "en"),
        (["*"], "en"),
        (["../../etc/passwd"], "en"),
        ([], "en"),
    ],
)
def test_the_best_language_is_given_and_english_if_none_suits(wanted, given):
    assert best(wanted) == given


def test_languages_have_the_contracts_numbers_and_codes():
    assert contract_language("fr") == {"id": 8, "code": "fr-FR", "title": "Français"}
    assert contract_language("de")["id"] == 31
    assert contract_code("en") == "en-US"


def test_times_carry_the_numeric_offset_of_their_day_and_no_milliseconds():
    assert times.iso("2026-11-20T09:00:00Z", "Europe/Paris") == "2026-11-20T10:00:00+01:00"
    assert times.iso("2026-07-20T08:00:00Z", "Europe/Paris") == "2026-07-20T10:00:00+02:00"
    assert times.iso("2026-11-20T15:00:00Z", "America/New_York") == "2026-11-20T10:00:00-05:00"
    assert times.iso("2026-11-20T10:00:00Z", "UTC") == "2026-11-20T10:00:00+00:00"
    assert times.iso("2026-11-20T09:00:00.123Z", "Europe/Paris") == "2026-11-20T10:00:00+01:00"


def test_dates_of_creation_carry_an_offset_without_a_colon():
    written = times.iso_compact("2026-11-20T15:00:00Z", "America/New_York")
    assert written == "2026-11-20T10:00:00-0500"


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Europe/Paris", 1), ("America/New_York", -5), ("Asia/Kolkata", 5.5), ("UTC", 0)],
)
def test_a_zone_is_some_hours_ahead(zone, hours):
    assert times.offset_hours(zone, datetime(2026, 11, 20, tzinfo=UTC)) == hours


@pytest.mark.parametrize(
    ("accept", "is_v2"),
    [
        ("application/vnd.api.v2+json", True),
        ("application/vnd.yclients.v2+json", True),
        ("application/vnd.yclients.v2+json; charset=utf-8", True),
        ("APPLICATION/VND.API.V2+JSON;charset=utf-8", True),
        ("text/html, application/vnd.api.v2+json;q=0.9", True),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        (None, False),
    ],
)
def test_an_accept_header_chooses_the_body(accept, is_v2):
    assert wants_v2(accept) is is_v2


def test_meta_is_an_empty_array_when_there_is_nothing_to_say():
    assert success([1], v2=True) == {"success": True, "data": [1], "meta": []}
    assert success([1], v2=True, meta={"count": 1})["meta"] == {"count": 1}
    assert success([1], v2=False, meta={"count": 1}) == [1]


TAKEN = Failure(number=433, reason="slot_taken", message="Taken", handle=2)
ENTRY = {"code": 433, "message": "Taken", "id": 2, "reason": "slot_taken"}


def test_a_failure_stands_in_both_places_of_the_envelope():
    assert failure(TAKEN, v2=True) == {
        "success": False,
        "data": None,
        "meta": {"message": "Taken", "errors": [ENTRY]},
        "errors": ENTRY,
    }


def test_a_bare_failure_is_its_entry_alone():
    assert failure(TAKEN, v2=False) == {"errors": ENTRY}


def test_a_text_fills_its_gaps_and_does_without_what_it_was_not_told():
    assert "3\N{NO-BREAK SPACE}h" in (text("cancel_too_late", "en", {"hours": 3}) or "")
    assert text("cancel_too_late", "en", {}) is not None
    assert text("cancel_too_late", "fr") != text("cancel_too_late", "en")
    assert text("no_such_code", "en") is None


@pytest.mark.parametrize(
    ("main", "currency", "minor"),
    [
        ("45.5", "EUR", 4550),
        ("45.505", "EUR", 4551),
        ("45.504", "EUR", 4550),
        ("1E+3", "EUR", 100_000),
        ("4550", "JPY", 4550),
        ("0.5", "JPY", 1),
        ("1.0005", "KWD", 1001),
        ("0", "USD", 0),
    ],
)
def test_half_of_the_smallest_unit_is_rounded_up(main, currency, minor):
    assert minor_units(Decimal(main), currency) == minor


@given(some.integers(0, 10**11), some.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_comes_back_as_it_went(minor, currency):
    for told in (amount(minor, currency), plain_amount(minor, currency)):
        assert minor_units(Decimal(repr(told)), currency) == minor


def test_a_whole_amount_may_be_told_as_an_integer():
    assert [repr(plain_amount(minor, "EUR")) for minor in (4550, 4500, None)] == ["45.5", "45", "0"]


@given(some.text(max_size=12))
def test_any_tag_is_a_version_or_refused(tag):
    try:
        version = version_in(tag)
    except ValueError:
        return
    assert version is None or 0 <= version < 10**18


@pytest.mark.parametrize(
    ("phone", "number"),
    [("+33612345678", 250), ("+12125550143", 840), ("+79161234567", 643), ("+8835100", 0), ("", 0)],
)
def test_a_phone_says_of_which_country_it_is(phone, number):
    assert country_of_phone(phone) == number
