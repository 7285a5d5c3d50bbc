"""The list of the app: what a person was told, for the clients as which they are known."""

from typing import Any

import pytest

from services.common.errors import Invalid, NotFound
from tests.service.notify.conftest import Notify, a_code_request, an_event

ANN, BOB, ANN_ELSEWHERE = 9, 10, 11


@pytest.fixture
def full(notify: Notify) -> Notify:
    """Ann has booked, moved and cancelled; she has booked elsewhere; Bob has booked."""
    life = ["appointment_created", "appointment_moved", "appointment_cancelled"]
    for version, kind in enumerate(life, start=1):
        notify.hear(an_event(kind, version, time=f"2030-06-03T06:0{version}:00Z"))
    for number, client_id in ((18, ANN_ELSEWHERE), (19, BOB)):
        data = {"client_id": client_id, "business_id": 2}
        notify.hear(an_event(number=number, data=data, time=f"2030-06-03T05:{number}:00Z"))
    return notify


def inbox(notify: Notify, *client_ids: int, **arguments: Any) -> dict[str, Any]:
    listed: dict[str, Any] = notify.worker().list_inbox(client_ids=list(client_ids), **arguments)
    return listed


def subjects(listed: dict[str, Any]) -> list[tuple[int, str]]:
    return [(one["appointment_id"], one["kind"]) for one in listed["items"]]


def ids(notify: Notify, *client_ids: int) -> list[int]:
    return [one["id"] for one in inbox(notify, *client_ids)["items"]]


def test_a_person_finds_what_happened_the_newest_first(full: Notify) -> None:
    listed = inbox(full, ANN, ANN_ELSEWHERE)

    assert subjects(listed) == [
        (17, "appointment_cancelled"),
        (17, "appointment_moved"),
        (17, "appointment_created"),
        (18, "appointment_created"),
    ]
    assert (listed["total"], listed["unread"]) == (4, 4)


def test_each_entry_says_what_it_is_and_where_it_leads(full: Notify) -> None:
    newest, *_ = inbox(full, ANN)["items"]

    assert newest == {
        "id": newest["id"],
        "kind": "appointment_cancelled",
        "category": "cancelled_appointment",
        "title": "Appointment cancelled",
        "body": "Your appointment at Salon on Thursday 4 June 2099 at 10:00"
        " has been cancelled: Haircut with Olga.",
        "business_id": 1,
        "appointment_id": 17,
        "action": "details",
        "created_at": "2030-06-03T06:03:00Z",
        "read_at": None,
    }


def test_nobody_sees_what_others_were_told(full: Notify) -> None:
    assert subjects(inbox(full, BOB)) == [(19, "appointment_created")]
    assert inbox(full, 12345) == {"items": [], "total": 0, "unread": 0}
    assert inbox(full) == {"items": [], "total": 0, "unread": 0}


def test_it_comes_in_pages_and_by_category(full: Notify) -> None:
    first = inbox(full, ANN, page_size=2)
    second = inbox(full, ANN, page_size=2, page=2)
    cancelled = inbox(full, ANN, category="cancelled_appointment")

    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert (second["total"], second["unread"]) == (3, 3)
    assert subjects(cancelled) == [(17, "appointment_cancelled")]
    assert (cancelled["total"], cancelled["unread"]) == (1, 3)
    assert inbox(full, ANN, page=99)["items"] == []
    assert inbox(full, ANN, category="news")["total"] == 0


def test_it_is_read_at_the_first_time(full: Notify) -> None:
    [newest, *_] = ids(full, ANN)
    worker = full.worker()
    first = worker.mark_read({"client_ids": [ANN], "message_id": newest})
    again = full.worker(now=full.clock()).mark_read({"client_ids": [ANN], "message_id": newest})

    assert first == again == {"id": newest, "read_at": "2030-06-03T06:00:00Z"}
    assert inbox(full, ANN)["items"][0]["read_at"] == "2030-06-03T06:00:00Z"
    assert inbox(full, ANN)["unread"] == 2


def test_all_is_read_but_not_what_others_were_told(full: Notify) -> None:
    worker = full.worker()

    assert worker.mark_all_read({"client_ids": [ANN, ANN_ELSEWHERE]}) == {"marked": 4}
    assert worker.mark_all_read({"client_ids": [ANN, ANN_ELSEWHERE]}) == {"marked": 0}
    assert inbox(full, ANN, ANN_ELSEWHERE)["unread"] == 0
    assert inbox(full, BOB)["unread"] == 1


def test_what_is_deleted_is_gone_for_good(full: Notify) -> None:
    [newest, *others] = ids(full, ANN)
    full.worker().delete_message({"client_ids": [ANN], "message_id": newest})

    listed = inbox(full, ANN)
    assert [one["id"] for one in listed["items"]] == others
    assert (listed["total"], listed["unread"]) == (2, 2)
    full.hear(an_event("appointment_cancelled", 3))
    assert ids(full, ANN) == others, "a late event does not bring it back"


@pytest.mark.parametrize("change", ["mark_read", "delete_message"])
def test_what_is_not_theirs_or_not_there_is_not_found(full: Notify, change: str) -> None:
    [of_bob] = ids(full, BOB)
    [deleted, *_] = ids(full, ANN)
    full.worker().delete_message({"client_ids": [ANN], "message_id": deleted})

    for client_ids, message_id in (([ANN], of_bob), ([], of_bob), ([ANN], deleted), ([ANN], 999)):
        with pytest.raises(NotFound, match=r"^message_not_found$"):
            request = {"client_ids": client_ids, "message_id": message_id}
            getattr(full.worker(), change)(request)
    assert inbox(full, BOB)["unread"] == 1
    assert inbox(full, ANN)["total"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"client_ids": None},
        {"client_ids": ["9"]},
        {"client_ids": [0]},
        {"client_ids": [2**63]},
        {"client_ids": [9.5]},
        {"client_ids": list(range(1, 1002))},
        {"client_ids": [9], "page": 0},
        {"client_ids": [9], "page": 10**9},
        {"client_ids": [9], "page_size": 201},
        {"client_ids": [9], "category": "x" * 31},
        {"client_ids": [9], "unknown": 1},
    ],
)
def test_nonsense_is_refused(notify: Notify, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=r"^validation_failed$"):
        notify.worker().list_inbox(**wrong)


@pytest.mark.parametrize("message_id", [None, 0, -1, 2**63, "1"])
def test_a_nonsensical_message_is_refused(notify: Notify, message_id: Any) -> None:
    for change in ("mark_read", "delete_message"):
        with pytest.raises(Invalid, match=r"^validation_failed$"):
            getattr(notify.worker(), change)({"client_ids": [9], "message_id": message_id})


def test_codes_never_appear(full: Notify) -> None:
    before = inbox(full, ANN, BOB)
    full.hear(a_code_request())

    assert inbox(full, ANN, BOB) == before


def test_the_stored_answer_of_a_command_quotes_no_message(full: Notify) -> None:
    [newest, *_] = ids(full, ANN)
    worker = full.worker(command_id="key:1")

    assert worker.mark_read({"client_ids": [ANN], "message_id": newest}).keys() == {"id", "read_at"}
