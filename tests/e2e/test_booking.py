"""A visit's life over HTTP: found, booked, confirmed by a message, read, cancelled."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.waiting import wait_for
from tests.installations import Installation, a_phone, a_record


@pytest.fixture
def offer(installation: Installation) -> tuple[int, int, str]:
    """A service, who gives it, and when that person is free."""
    service, staff = installation.bookable()
    return service, staff, installation.slots(service, staff)[3]


def test_a_booked_visit_can_be_read_by_its_hash_and_is_confirmed_by_one_message(
    installation: Installation, offer: tuple[int, int, str]
) -> None:
    where, (service, staff, when) = installation.location_id, offer
    record = a_record(service, staff, when)

    booked = installation.ask("POST", f"book_record/{where}", json=record)
    assert booked.status_code == 201
    [made] = booked.json()["data"]
    assert made["id"] == 1

    shown = installation.data(f"book_record/{where}/{made['record_id']}/{made['record_hash']}")
    assert shown["datetime"] == when
    assert shown["staff"]["id"] == staff
    assert [line["id"] for line in shown["services"]] == [service]
    assert shown["deleted"] is False
    [message] = wait_for(lambda: installation.messages(record["phone"]))
    assert message["subject"] == f"appointment/{made['record_id']}"


def test_a_held_time_is_its_holders_until_they_book_it(
    installation: Installation, offer: tuple[int, int, str]
) -> None:
    where, (service, staff, when) = installation.location_id, offer
    visits = a_record(service, staff, when)["appointments"]

    answer = installation.ask("POST", f"holds/{where}", json={"appointments": visits})
    assert answer.status_code == 201
    held = answer.json()["data"]
    assert held["appointments"] == [{"id": 1, "staff_id": staff}]
    assert 0 < held["expires_in"] <= 300
    assert when not in installation.slots(service, staff)
    other = installation.ask("POST", f"book_record/{where}", json=a_record(service, staff, when))
    assert (other.status_code, other.json()["errors"]["code"]) == (422, 433)

    mine = {"appointments": visits, "hold": held["hold"]}
    assert installation.ask("POST", f"book_check/{where}", json=mine).status_code == 201
    record = a_record(service, staff, when, hold=held["hold"])
    booked = installation.ask("POST", f"book_record/{where}", json=record)
    assert booked.status_code == 201
    late = installation.ask(
        "POST", f"book_record/{where}", json=a_record(service, staff, when, hold=held["hold"])
    )
    assert late.status_code == 422
    assert late.json()["errors"] | {"reason": "hold_expired", "code": 433} == late.json()["errors"]


def test_a_hold_that_is_given_back_frees_its_time(
    installation: Installation, offer: tuple[int, int, str]
) -> None:
    where, (service, staff, when) = installation.location_id, offer
    visits = a_record(service, staff, when)["appointments"]
    held = installation.ask("POST", f"holds/{where}", json={"appointments": visits})

    for _ in range(2):
        gone = installation.ask("DELETE", f"holds/{where}/{held.json()['data']['hold']}")
        assert gone.status_code == 204
    assert when in installation.slots(service, staff)


def test_a_cancelled_visit_gives_its_time_back(
    installation: Installation, offer: tuple[int, int, str]
) -> None:
    where, (service, staff, when) = installation.location_id, offer
    record = a_record(service, staff, when)
    booked = installation.ask("POST", f"book_record/{where}", json=record)
    [made] = booked.json()["data"]
    own = f"user/records/{made['record_id']}/{made['record_hash']}"
    assert when not in installation.slots(service, staff)

    cancelled = installation.ask("DELETE", own)
    again = installation.ask("DELETE", own)

    assert cancelled.status_code == again.status_code == 200
    assert when in installation.slots(service, staff)
    shown = installation.data(f"book_record/{where}/{made['record_id']}/{made['record_hash']}")
    assert shown["deleted"] is True
    rebooked = installation.ask("POST", f"book_record/{where}", json=record)
    assert rebooked.status_code == 201
    assert rebooked.json()["data"][0]["record_id"] != made["record_id"]


def test_a_wrong_hash_opens_and_cancels_nothing(
    installation: Installation, offer: tuple[int, int, str]
) -> None:
    where, (service, staff, when) = installation.location_id, offer
    booked = installation.ask("POST", f"book_record/{where}", json=a_record(service, staff, when))
    [made] = booked.json()["data"]
    wrong = "0" * 32

    assert (
        installation.ask("GET", f"book_record/{where}/{made['record_id']}/{wrong}").status_code
        == 404
    )
    assert (
        installation.ask("DELETE", f"user/records/{made['record_id']}/{wrong}").status_code == 404
    )
    shown = installation.data(f"book_record/{where}/{made['record_id']}/{made['record_hash']}")
    assert shown["deleted"] is False


def test_several_visits_of_one_request_are_booked_all_or_none(installation: Installation) -> None:
    where = installation.location_id
    service, staff = installation.bookable()
    slots = installation.slots(service, staff)
    visits = [
        {"id": 1, "services": [service], "staff_id": staff, "datetime": slots[0]},
        {"id": 2, "services": [service], "staff_id": staff, "datetime": slots[-1]},
    ]
    record = a_record(service, staff, "", appointments=visits)
    before = installation.count_rows()
    overlapping = [visits[0], {**visits[0], "id": 2}]

    refused = installation.ask(
        "POST", f"book_record/{where}", json={**record, "appointments": overlapping}
    )
    assert refused.status_code == 422
    assert refused.json()["errors"]["code"] == 437
    assert refused.json()["errors"]["id"] == 2
    assert installation.count_rows() == before

    booked = installation.ask("POST", f"book_record/{where}", json=record)
    assert [one["id"] for one in booked.json()["data"]] == [1, 2]


def test_the_same_key_gets_the_same_answer_and_one_booking(installation: Installation) -> None:
    where = installation.location_id
    service, staff = installation.bookable()
    record = a_record(service, staff, installation.slots(service, staff)[5])
    key = {"Idempotency-Key": f"test-{a_phone()}"}

    def book(_number: int) -> Any:
        return installation.ask("POST", f"book_record/{where}", json=record, headers=key)

    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(book, range(8)))
    later = book(9)

    assert {answer.status_code for answer in [*at_once, later]} == {201}
    assert {answer.text for answer in at_once} == {later.text}
    other = installation.ask(
        "POST", f"book_record/{where}", json={**record, "comment": "?"}, headers=key
    )
    assert other.status_code == 422
    assert other.json()["errors"]["reason"] == "idempotency_key_reused"


def test_a_second_click_without_a_key_books_nothing_more(
    installation: Installation, offer: tuple[int, int, str]
) -> None:
    where, (service, staff, when) = installation.location_id, offer
    record = a_record(service, staff, when)

    first = installation.ask("POST", f"book_record/{where}", json=record)
    second = installation.ask("POST", f"book_record/{where}", json=record)

    assert first.status_code == second.status_code == 201
    assert first.json()["data"] == second.json()["data"]
