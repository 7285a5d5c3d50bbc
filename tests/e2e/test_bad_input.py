"""Bad input: a clear 4xx with a stable code in the contract's shape, and nothing is changed."""

import re
from typing import Any

import pytest

from tests.installations import V2, Installation, a_record

YEAR_9000 = "9000-01-01T10:00:00"
NIGHT = "T03:00:00"


def visit(installation: Installation, **changes: Any) -> dict[str, Any]:
    service, staff = installation.bookable()
    when = installation.slots(service, staff)[0]
    return {"id": 4, "services": [service], "staff_id": staff, "datetime": when} | changes


def refused(installation: Installation, **options: Any) -> tuple[int, Any, str]:
    """(HTTP status, the contract's number, our code) of a refused booking that changed nothing."""
    before = installation.count_rows()
    answer = installation.ask("POST", f"book_record/{installation.location_id}", **options)
    assert installation.count_rows() == before
    body = answer.json()
    assert body["success"] is False
    assert body["data"] is None
    assert body["meta"]["message"]
    assert body["meta"]["errors"][0]["code"] == body["errors"]["code"]
    assert body["errors"]["message"]
    return answer.status_code, body["errors"]["code"], body["errors"]["reason"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"phone": "12"}, (422, 431, "phone_malformed")),
        ({"phone": "not a phone"}, (422, 431, "phone_malformed")),
        ({"fullname": ""}, (422, 435, "name_missing")),
        ({"fullname": None}, (422, 435, "name_missing")),
        ({"email": "nobody"}, (422, 400, "email_malformed")),
    ],
)
def test_who_comes_must_be_told_rightly(
    installation: Installation, change: dict[str, Any], told: tuple[int, int, str]
) -> None:
    record = a_record(0, 0, "", appointments=[visit(installation)])
    assert refused(installation, json=record | change) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"datetime": "2020-01-02T10:00:00"}, (422, 433, "slot_in_the_past")),
        ({"datetime": YEAR_9000}, (422, 433, "slot_outside_hours")),
        ({"datetime": "soon"}, (422, 422, "time_malformed")),
        ({"services": []}, (422, 422, "services_missing")),
        ({"services": [999_999]}, (422, 438, "service_not_found")),
        ({"staff_id": 999_999}, (404, 404, "staff_not_found")),
    ],
)
def test_what_is_wished_must_be_possible(
    installation: Installation, change: dict[str, Any], told: tuple[int, int, str]
) -> None:
    record = a_record(0, 0, "", appointments=[visit(installation, **change)])
    assert refused(installation, json=record) == told


def test_a_time_off_the_grid_or_at_night_is_not_to_be_had(installation: Installation) -> None:
    wished = visit(installation)
    off_grid = re.sub(r":\d\d:00", ":07:00", wished["datetime"], count=1)
    at_night = wished["datetime"][:10] + NIGHT
    for when, reason in ((off_grid, "slot_off_grid"), (at_night, "slot_outside_hours")):
        record = a_record(0, 0, "", appointments=[wished | {"datetime": when}])
        assert refused(installation, json=record) == (422, 433, reason)


def test_a_service_that_the_staff_member_does_not_give_is_refused(
    installation: Installation,
) -> None:
    where = installation.location_id
    services = {one["id"] for one in installation.data(f"book_services/{where}")["services"]}
    wished = visit(installation)
    given = installation.data(f"book_services/{where}", params={"staff_id": wished["staff_id"]})
    foreign = services - {one["id"] for one in given["services"]}

    record = a_record(0, 0, "", appointments=[wished | {"services": [min(foreign)]}])

    assert refused(installation, json=record) == (422, 438, "service_unavailable")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"[1, 2", 400),
        (b'"text"', 422),
        (b'{"phone": {}, "fullname": [], "appointments": 3}', 422),
        (b'{"appointments": [{"id": {}, "services": "x", "staff_id": -1}]}', 422),
        (b'{"phone": "+33612345678", "phone": "+33612345679"}', 400),
        (b'{"fullname": "a\\u0000b"}', 422),
        (b"\xff\xfe", 400),
    ],
)
def test_a_body_that_is_not_what_it_should_be_is_refused(
    installation: Installation, body: bytes, status: int
) -> None:
    told = refused(installation, data=body, headers={"Content-Type": "application/json"})
    assert 400 <= told[0] < 500
    assert told[0] in (status, 400, 422)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer unknown", "Basic abc", "Bearer a b c", "User x"]
)
def test_nobody_gets_in_without_a_partner_key(
    installation: Installation, header: str | None
) -> None:
    before = installation.count_rows()
    for method, path in (("GET", "companies"), ("POST", f"book_record/{installation.location_id}")):
        answer = installation.session.request(
            method,
            f"{installation.base_url}/api/v1/{path}",
            headers={"Accept": V2, **({} if header is None else {"Authorization": header})},
            json={} if method == "POST" else None,
            timeout=30,
        )
        assert answer.status_code == 401
        assert answer.json()["success"] is False
        assert answer.json()["errors"]["reason"] in ("partner_key_missing", "partner_key_unknown")
    assert installation.count_rows() == before


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("book_services/999999", {404}),
        ("book_staff/999999", {404}),
        ("book_times/999999/0/2030-01-01", {404}),
        ("book_services/99999999999999999999999", {404, 422}),
        ("book_times/{location}/0/tomorrow", {404, 422}),
        ("book_times/{location}/0/2030-02-30", {404, 422}),
        ("book_dates/{location}?service_ids=abc", {422}),
        ("book_dates/{location}?date_from=x&date_to=y", {422}),
        ("bookform/999999", {404}),
        ("company/999999", {404}),
        ("book_record/{location}/1/zzz", {404, 422}),
        ("nothing/at/all", {404}),
    ],
)
def test_unknown_and_malformed_paths_are_told_apart_from_defects(
    installation: Installation, path: str, statuses: set[int]
) -> None:
    answer = installation.ask("GET", path.format(location=installation.location_id))
    assert answer.status_code in statuses, answer.text
    assert answer.json()["success"] is False
