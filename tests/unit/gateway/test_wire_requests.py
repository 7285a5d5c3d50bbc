"""Requests as clients write them: names, arrays, flags, times, bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from marshmallow import ValidationError

from gateway.wire import times
from gateway.wire.bookings import BookCheckSchema, BookRecordSchema, booking_request
from gateway.wire.companies import CompaniesQuerySchema, locations_wanted
from gateway.wire.parameters import named, read_query
from gateway.wire.problems import flat, in_contract_words, reason_of, worded
from gateway.wire.slots import BookDatesQuerySchema, NearestSlotsQuerySchema, period


def query(*pairs: tuple[str, str]) -> dict:
    return BookDatesQuerySchema().load(read_query(pairs))


def a_form(**changes) -> dict:
    visit = {"id": 1, "services": [5], "staff_id": 3, "datetime": "2026-11-20T10:00:00+01:00"}
    return {"phone": "+33612345678", "fullname": "Camille", "appointments": [visit], **changes}


def a_visit(**changes) -> dict:
    return a_form()["appointments"][0] | changes


@pytest.mark.parametrize(
    "pairs",
    [
        [("service_ids[]", "1"), ("service_ids[]", "2")],
        [("service_ids[0]", "1"), ("service_ids[1]", "2")],
        [("service_ids", "1"), ("service_ids", "2")],
        [("service_ids", "1,2")],
        [("service_ids[]", "1,2"), ("service_ids[]", "")],
        [("serviceIds", "1,2")],
    ],
)
def test_an_array_may_be_written_in_every_way_that_clients_know(pairs):
    assert query(*pairs)["service_ids"] == [1, 2]


def test_one_id_is_an_array_of_one():
    assert query(("service_id", "7"))["service_ids"] == [7]


@pytest.mark.parametrize("name", ["staff_id", "master_id", "team_member_id", "staffId"])
def test_a_staff_member_has_many_names(name):
    assert query((name, "3"))["staff_id"] == 3


@pytest.mark.parametrize(
    "name", ["group_id", "chain_id", "company_group_id", "salon_group_id", "groupId"]
)
def test_a_chain_has_many_names(name):
    assert CompaniesQuerySchema().load(read_query([(name, "7")]))["group_id"] == 7


def test_a_name_that_was_given_itself_is_not_overwritten_by_an_alias():
    assert query(("master_id", "4"), ("staff_id", "3"))["staff_id"] == 3
    assert query(("staff_id", "3"), ("master_id", "4"))["staff_id"] == 3


def test_an_alias_fills_every_spelling_that_is_asked_for():
    asked = ["company_id", "location_id", "salon_id"]
    assert named({"salon_id": 5}, asked) == dict.fromkeys(asked, 5)


def test_a_parameter_without_a_value_counts_as_not_given():
    assert query(("staff_id", ""), ("date", " "))["staff_id"] == 0


def test_of_a_repeated_scalar_the_last_one_counts():
    assert query(("staff_id", "1"), ("staff_id", "2"))["staff_id"] == 2


@pytest.mark.parametrize(
    "value", ["abc", "1.5", "-1", "9223372036854775808", "1e3", "٣" * 25, "nan"]
)
def test_what_is_no_id_is_refused(value):
    with pytest.raises(ValidationError) as caught:
        query(("staff_id", value))
    assert flat(caught.value.messages) == {"staff_id": ["field_invalid"]}


@pytest.mark.parametrize("value", [True, 1.0, [1], {}, "1.0", "x"])
def test_in_a_body_only_integers_and_digits_are_ids(value):
    with pytest.raises(ValidationError):
        BookRecordSchema().load(a_form(appointments=[a_visit(staff_id=value)]))


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("true", True), ("0", False), ("false", False)]
)
def test_a_flag_is_a_word_or_a_digit(value, meant):
    found = CompaniesQuerySchema().load(read_query([("forBooking", value)]))
    assert locations_wanted(found)["with_next_slot"] is meant


@pytest.mark.parametrize("value", [True, False, 0, 1, "0", "1", None])
def test_a_flag_in_a_body_may_be_a_number_too(value):
    form = BookRecordSchema().load(a_form(isMobile=value))
    assert booking_request(1, form)["is_mobile"] is (value in (True, 1, "1"))


def test_a_page_is_never_so_large_or_so_far_that_a_database_chokes():
    found = CompaniesQuerySchema().load({"count": ["100000"], "page": ["9223372036854775807"]})
    wanted = locations_wanted(found)
    assert (wanted["page_size"], wanted["page"]) == (200, 1_000_000)
    found = CompaniesQuerySchema().load({"count": ["0"], "page": ["-3"]})
    wanted = locations_wanted(found)
    assert (wanted["page_size"], wanted["page"]) == (1, 1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20T10:00:00+01:00", "2026-11-20T10:00:00+01:00"),
        ("2026-11-20T10:00:00+0100", "2026-11-20T10:00:00+01:00"),
        ("2026-11-20T10:00:00 01:00", "2026-11-20T10:00:00+01:00"),
        ("2026-11-20 10:00", "2026-11-20T10:00:00"),
        ("2026-11-20 10:00 01:00", "2026-11-20T10:00:00+01:00"),
        ("2026-11-20T10:00:00.000-05:00", "2026-11-20T10:00:00-05:00"),
        ("2026-11-20T09:00:00Z", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T10:00", "2026-11-20T10:00:00"),
        ("2026-11-20 10:00:00", "2026-11-20T10:00:00"),
        ("2026-11-20T9:30", "2026-11-20T09:30:00"),
    ],
)
def test_a_wished_time_has_one_spelling_inside(written, meant):
    assert times.wished_time(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "tomorrow",
        "2026-11-20",
        "2026-13-01T10:00",
        "2026-02-30T10:00",
        "2026-11-20T25:00",
        "2026-11-20T10:00+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "20261120T100000",
        "2026-W47-5T10:00",
        "1763629200",
    ],
)
def test_what_is_no_time_is_refused(written):
    with pytest.raises(ValidationError) as caught:
        BookRecordSchema().load(a_form(appointments=[a_visit(datetime=written)]))
    assert flat(caught.value.messages) == {"appointments.0.datetime": ["time_malformed"]}


@given(some.text(max_size=40))
def test_any_text_is_a_time_or_refused(text):
    try:
        assert times.wished_time(times.wished_time(text)) == times.wished_time(text)
    except ValueError:
        pass


def test_the_nearest_slots_may_be_asked_for_by_day_or_by_time():
    load = NearestSlotsQuerySchema().load
    assert load({"datetime": ["2026-11-20"]})["datetime"] == "2026-11-20"
    assert load({"datetime": ["2026-11-20T10:00"]})["datetime"] == "2026-11-20T10:00:00"


@pytest.mark.parametrize(
    ("pairs", "meant"),
    [
        ([], (None, None)),
        ([("date", "2028-02-10")], ("2028-02-01", "2028-02-29")),
        (
            [("date_from", "2026-11-20"), ("date_to", "2026-12-01"), ("date", "2027-01-01")],
            ("2026-11-20", "2026-12-01"),
        ),
        ([("date_from", "2026-11-20"), ("date_to", "9999-01-01")], ("2026-11-20", "9998-12-31")),
        ([("date_from", "2026-11-20T00:00:00")], ("2026-11-20", None)),
    ],
)
def test_days_are_asked_for_by_month_or_by_period(pairs, meant):
    assert period(query(*pairs)) == meant


@pytest.mark.parametrize("day", ["2026-02-30", "today", "2026-1-1", "20260101", "1969-12-31"])
def test_what_is_no_day_is_refused(day):
    with pytest.raises(ValidationError) as caught:
        query(("date", day))
    assert flat(caught.value.messages) == {"date": ["day_malformed"]}


def test_a_check_may_be_the_bare_array():
    bare = BookCheckSchema().load([a_visit()])
    assert bare == BookCheckSchema().load({"appointments": [a_visit()]})


def test_numbers_may_come_as_texts_and_texts_as_numbers():
    form = BookRecordSchema().load(
        a_form(
            phone=33612345678,
            api_id=12,
            notify_by_sms="2",
            appointments=[a_visit(id="1", staff_id="3", services=["5", 6])],
        )
    )
    request = booking_request(1, form)
    assert request["client"]["phone"] == "33612345678"
    assert (request["api_id"], request["sms_reminder_hours"]) == ("12", 2)
    wanted = request["appointments"][0]
    assert (wanted["handle"], wanted["staff_id"], wanted["service_ids"]) == (1, 3, [5, 6])


def test_what_may_be_left_out_may_be_null():
    form = BookRecordSchema().load(
        a_form(
            phone=None,
            fullname=None,
            email=None,
            comment=None,
            code=None,
            notify_by_sms=None,
            appointments=[a_visit(staff_id=None, services=None, custom_fields=[])],
        )
    )
    request = booking_request(1, form)
    assert request["client"] == {"name": "", "phone": "", "email": None}
    assert request["appointments"][0]["staff_id"] == 0
    assert request["appointments"][0]["service_ids"] == []


def test_a_misspelt_name_field_is_understood():
    form = BookRecordSchema().load({"fulname": "Camille", "appointments": [a_visit()]})
    assert form["fullname"] == "Camille"


@pytest.mark.parametrize("missing", ["id", "staff_id", "datetime"])
def test_a_visit_needs_a_handle_a_person_and_a_time(missing):
    visit = {name: value for name, value in a_visit().items() if name != missing}
    with pytest.raises(ValidationError) as caught:
        BookRecordSchema().load(a_form(appointments=[visit]))
    assert flat(caught.value.messages) == {f"appointments.0.{missing}": ["field_missing"]}


@pytest.mark.parametrize("appointments", [None, [], {}, "x", [1], [a_visit()] * 21])
def test_there_must_be_some_visits_and_not_too_many(appointments):
    with pytest.raises(ValidationError):
        BookRecordSchema().load(a_form(appointments=appointments))


def test_complaints_are_told_in_the_contracts_words_and_the_readers_language():
    fields = {"appointments.0.starts_at": ["time_malformed"], "name": ["x"]}
    told = worded(in_contract_words(fields), "fr")
    assert set(told) == {"appointments.0.datetime", "fullname"}
    assert told["fullname"] == ["x"]
    assert "2026-11-20T10:00" in told["appointments.0.datetime"][0]


@pytest.mark.parametrize(
    ("subject", "ours", "theirs"),
    [
        ("settings", "language", "lang"),
        ("settings", "languages", "langs"),
        ("settings", "style.warn_palette", "style.warnPalette"),
        ("invitations", "name", "name"),
    ],
)
def test_a_subject_may_have_another_word_for_a_field(subject, ours, theirs):
    assert in_contract_words({ours: ["x"]}, subject) == {theirs: ["x"]}


def test_one_complaint_is_the_reason_and_several_are_a_failed_validation():
    assert reason_of({"a": ["time_malformed"], "b": ["time_malformed"]}) == "time_malformed"
    assert reason_of({"a": ["time_malformed"], "b": ["field_missing"]}) == "validation_failed"
