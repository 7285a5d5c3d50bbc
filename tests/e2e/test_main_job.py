"""The main job: sign in by phone, see, move and cancel visits, get messages and cashback."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.waiting import wait_for
from tests.installations import NEW_YORK, Installation, a_phone, a_record

Ask = Callable[..., Any]


def code_for(installation: Installation, phone: str) -> str:
    """Ask for a code, and read it in the message that brings it."""
    asked = installation.ask("POST", f"book_code/{installation.location_id}", json={"phone": phone})
    assert asked.status_code == 201, asked.text
    [message] = wait_for(
        lambda: [one for one in installation.messages(phone) if one["kind"] == "code"]
    )
    found = re.search(r"\b\d{6}\b", message["body"])
    assert found, message["body"]
    return found.group()


def signed_in(installation: Installation, token: str) -> Ask:
    """A front end of somebody who has signed in."""

    def ask(method: str, path: str, **options: Any) -> Any:
        own = {"Authorization": f"Bearer {installation.key}, User {token}"}
        headers = own | options.pop("headers", {})
        return installation.ask(method, path, headers=headers, **options)

    return ask


def sign_in(installation: Installation, phone: str) -> Ask:
    answer = installation.ask(
        "POST", "user/auth", json={"phone": phone, "code": code_for(installation, phone)}
    )
    assert answer.status_code == 201, answer.text
    return signed_in(installation, answer.json()["data"]["user_token"])


@pytest.fixture
def owner(installation: Installation) -> Ask:
    """A front end of the owner of the business."""
    answer = installation.ask("POST", "auth", json=installation.demo["owner"])
    assert answer.status_code in (200, 201), answer.text
    return signed_in(installation, answer.json()["data"]["user_token"])


def write_at_desk(
    installation: Installation, owner: Ask, phone: str, when: str, **more: Any
) -> dict[str, Any]:
    service, staff = installation.bookable()
    record = {
        "staff_id": staff,
        "services": [{"id": service}],
        "client": {"name": "Ann Clark", "phone": phone, "email": ""},
        "datetime": when,
        "save_if_busy": True,
    }
    answer = owner("POST", f"records/{installation.location_id}", json=record | more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["data"]
    return made


def kinds(installation: Installation, phone: str) -> set[str]:
    return {one["kind"] for one in installation.messages(phone)} - {"code"}


def test_a_client_sees_moves_and_cancels_what_was_booked_before_signing_in(
    installation: Installation, owner: Ask
) -> None:
    where, phone = installation.location_id, a_phone()
    service, staff = installation.bookable()
    slots = installation.slots(service, staff)
    record = a_record(service, staff, slots[-1], phone=phone)
    booked = installation.ask("POST", f"book_record/{where}", json=record)
    online = booked.json()["data"][0]["record_id"]
    by_staff = write_at_desk(installation, owner, phone, slots[-9])["id"]

    client = sign_in(installation, phone)
    mine = client("GET", "user/records").json()["data"]
    assert {one["id"] for one in mine} == {online, by_staff}

    to = installation.slots(service, staff)[0]
    moved = client("PUT", f"book_record/{where}/{online}", json={"datetime": to})
    assert moved.status_code == 200, moved.text
    assert to not in installation.slots(service, staff)
    assert client("DELETE", f"user/records/{online}").status_code == 200
    assert to in installation.slots(service, staff)

    told = {"appointment_created", "appointment_moved", "appointment_cancelled"}
    wait_for(lambda: kinds(installation, phone) == told)
    mine = {one["id"]: one["deleted"] for one in client("GET", "user/records").json()["data"]}
    assert mine == {online: True, by_staff: False}


def test_a_visit_marked_as_come_brings_cashback_and_the_mark_taken_back_takes_it(
    installation: Installation, owner: Ask
) -> None:
    where, phone = installation.location_id, a_phone()
    began = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT12:05:00")
    made = write_at_desk(installation, owner, phone, began)
    client = sign_in(installation, phone)
    cost = made["services"][0]["cost"]

    def balance() -> float:
        cards = client("GET", f"user/loyalty_cards/{installation.demo['group_id']}").json()["data"]
        return sum(card["balance"] for card in cards)

    assert balance() == 0
    for mark, expected in ((1, round(cost * 0.05, 2)), (0, 0), (1, round(cost * 0.05, 2))):
        marked = owner("PUT", f"record/{where}/{made['id']}", json={"attendance": mark})
        assert marked.status_code == 200, marked.text
        wait_for(lambda expected=expected: balance() == expected)


def test_of_twenty_guesses_at_once_five_count_and_the_code_is_then_worthless(
    installation: Installation,
) -> None:
    phone = a_phone()
    code = code_for(installation, phone)
    wrong = [f"{(int(code) + number) % 1_000_000:06d}" for number in range(1, 21)]

    def guess(text: str) -> int:
        answer = installation.ask("POST", "user/auth", json={"phone": phone, "code": text})
        return int(answer.status_code)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(guess, wrong)) == {422}
    assert guess(code) == 422


def test_of_many_who_sign_in_with_one_code_at_once_one_gets_in(
    installation: Installation,
) -> None:
    phone = a_phone()
    code = code_for(installation, phone)

    def enter(_number: int) -> int:
        answer = installation.ask("POST", "user/auth", json={"phone": phone, "code": code})
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(enter, range(8)))
    assert outcomes.count(201) == 1
    assert set(outcomes) == {201, 422}


def test_where_a_code_is_asked_for_a_time_lost_to_another_costs_no_second_one(
    installation: Installation,
) -> None:
    new_york = installation.demo["location_ids"][NEW_YORK]
    service, staff = installation.bookable(NEW_YORK)
    asked = {"service_ids[]": service}
    theirs = {**asked, "staff_id": staff}
    days = installation.data(f"book_dates/{new_york}", params=theirs)["booking_dates"]
    times = installation.data(f"book_times/{new_york}/0/{days[3]}", params=asked)
    own = installation.data(f"book_times/{new_york}/{staff}/{days[3]}", params=asked)
    assert times
    phones = ["+1212555" + a_phone()[-4:] for _ in range(2)]
    records = [a_record(service, staff, own[0]["datetime"], phone=phone) for phone in phones]

    without = installation.ask("POST", f"book_record/{new_york}", json=records[0])
    assert without.json()["errors"]["code"] == 432
    codes = [code_for(installation, phone) for phone in phones]
    first = installation.ask(
        "POST", f"book_record/{new_york}", json=records[0] | {"code": codes[0]}
    )
    assert first.status_code == 201, first.text
    lost = installation.ask("POST", f"book_record/{new_york}", json=records[1] | {"code": codes[1]})
    assert lost.json()["errors"]["code"] == 433
    later = a_record(service, staff, own[-1]["datetime"], phone=phones[1], code=codes[1])
    assert installation.ask("POST", f"book_record/{new_york}", json=later).status_code == 201


def test_signing_out_ends_the_token_within_a_second(installation: Installation) -> None:
    client = sign_in(installation, a_phone())
    assert client("GET", "user/records").status_code == 200
    assert client("DELETE", "user/session").status_code in (200, 204)
    wait_for(lambda: client("GET", "user/records").status_code == 401, patience=1.5)


def test_nobody_reads_or_changes_what_is_not_theirs(installation: Installation, owner: Ask) -> None:
    where, phone = installation.location_id, a_phone()
    service, staff = installation.bookable()
    when = installation.slots(service, staff)[-3]
    record = a_record(service, staff, when, phone=phone)
    booked = installation.ask("POST", f"book_record/{where}", json=record)
    one = booked.json()["data"][0]["record_id"]
    stranger = sign_in(installation, a_phone())

    assert stranger("GET", f"user/records/{one}").status_code == 404
    assert stranger("DELETE", f"user/records/{one}").status_code == 404
    assert stranger("PUT", f"book_record/{where}/{one}", json={"datetime": when}).status_code == 404
    assert stranger("GET", f"records/{where}").status_code == 403
    assert stranger("PUT", f"record/{where}/{one}", json={"attendance": 1}).status_code == 403
    assert installation.ask("GET", "user/records").status_code == 401
    assert owner("GET", f"record/{where}/{one}").json()["data"]["id"] == one
