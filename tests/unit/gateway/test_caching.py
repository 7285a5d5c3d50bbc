"""Answers about the catalogue and free time: kept for a moment, forgotten when they are untrue."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.caching import UNTOLD, Answers, Kept
from services.common.errors import NotFound
from services.common.events import Envelope, unseal
from tests import snapshots as a

TIMES = "/api/v1/book_times/1/0/2026-11-20"
BOOKED = {"appointments": [{"handle": 1, "appointment_id": 17, "hash": "ab" * 16}]}
BOOKING = {
    "phone": "+33612345678",
    "fullname": "Camille",
    "appointments": [
        {"id": 1, "services": [5], "staff_id": 3, "datetime": "2026-11-20T10:00:00+0100"}
    ],
}


@pytest.fixture
def asked(front: Any) -> Iterator[Callable[[], int]]:
    """How often booking was asked for free times, with answers that are kept for long."""
    slots = {"timezone": "Europe/Paris", "slots": [a.a_slot()]}
    front.answers("list_free_slots", lambda **_: slots)
    front.answers("book_appointments", lambda **_: BOOKED)
    before = front.app.extensions["answers"]
    front.app.extensions["answers"] = Answers(60.0)
    yield lambda: [call["method"] for call in front.booking.received].count("list_free_slots")
    front.app.extensions["answers"] = before


def test_the_same_question_is_asked_once(front: Any, asked: Callable[[], int]) -> None:
    first, second = front.get(TIMES), front.get(TIMES)

    assert asked() == 1
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert second.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/api/v1/book_times/1/0/2026-11-21"},
        {"path": "/api/v1/book_times/1/3/2026-11-20"},
        {"path": "/api/v1/book_times/2/0/2026-11-20"},
        {"path": f"{TIMES}?service_ids[]=5"},
        {"path": TIMES, "accept": "application/json"},
        {"path": TIMES, "headers": {"Accept-Language": "fr"}},
    ],
)
def test_another_question_is_another(
    front: Any, asked: Callable[[], int], other: dict[str, Any]
) -> None:
    front.get(TIMES)
    front.get(**other)

    assert asked() == 2


def test_who_has_the_body_is_told_that_it_is_the_same(front: Any, asked: Callable[[], int]) -> None:
    tag = front.get(TIMES).headers["ETag"]
    again = front.get(TIMES, headers={"If-None-Match": tag})
    old = front.get(TIMES, headers={"If-None-Match": '"something else"'})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert old.status_code == 200
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_a_refusal_is_not_kept(front: Any, asked: Callable[[], int]) -> None:
    def refuse(**_: Any) -> None:
        raise NotFound("location_not_found")

    slots = front.booking.methods["list_free_slots"]
    front.answers("list_free_slots", refuse)
    assert front.get(TIMES).status_code == 404
    front.answers("list_free_slots", slots)
    assert front.get(TIMES).status_code == 200


def test_what_this_process_books_is_seen_by_its_next_reader(
    front: Any, asked: Callable[[], int]
) -> None:
    front.get(TIMES)
    front.get("/api/v1/book_times/2/0/2026-11-20")
    assert front.post("/api/v1/book_record/1", json=BOOKING).status_code == 201
    front.get(TIMES)
    assert asked() == 3

    front.get("/api/v1/book_times/2/0/2026-11-20")
    assert asked() == 3, "another location has not changed"


def test_a_refused_write_changes_nothing(front: Any, asked: Callable[[], int]) -> None:
    front.get(TIMES)
    assert front.post("/api/v1/book_record/1", json={}).status_code == 422
    front.get(TIMES)

    assert asked() == 1


def test_without_seconds_nothing_is_kept(front: Any) -> None:
    front.answers("list_free_slots", lambda **_: {"timezone": "Europe/Paris", "slots": []})
    front.get(TIMES)
    front.get(TIMES)

    assert len(front.booking.received) == 2


def test_a_change_without_a_location_makes_all_untrue() -> None:
    answers, bodies = Answers(60.0), iter([b"1", b"2", b"3"])

    def ask() -> Kept:
        return Kept(next(bodies), "tag")

    assert answers.get(1, "when?", ask).body == b"1"
    answers.forget(2)
    assert answers.get(1, "when?", ask).body == b"1"
    answers.forget(None)
    assert answers.get(1, "when?", ask).body == b"2"


def test_an_answer_that_was_asked_for_before_a_change_is_not_kept_after_it() -> None:
    answers = Answers(60.0)

    def slow() -> Kept:
        answers.forget(1)  # somebody books while booking still reckons
        return Kept(b"old", "tag")

    assert answers.get(1, "when?", slow).body == b"old"
    assert answers.get(1, "when?", lambda: Kept(b"new", "tag")).body == b"new"


EVENTS = Path(__file__).parents[2] / "contract" / "events"


def example(name: str, **data: Any) -> Envelope:
    envelope = json.loads((EVENTS / f"{name}.json").read_text())
    envelope["data"] |= data
    return unseal(envelope)


@pytest.mark.parametrize("name", sorted(path.stem for path in EVENTS.glob("booking.*.json")))
def test_an_event_makes_the_answers_of_its_location_untrue(name: str) -> None:
    answers, asked = Answers(60.0), [0, 0]

    def ask(location_id: int) -> int:
        def look() -> Kept:
            asked[location_id - 1] += 1
            return Kept(b"", "")

        answers.get(location_id, "question", look)
        return asked[location_id - 1]

    ask(1), ask(2)
    answers.hear(example(name))

    assert ask(1) == (1 if name.split(".")[1] in UNTOLD else 2)
    assert ask(2) == 1


def test_an_event_that_names_no_location_makes_all_answers_untrue() -> None:
    answers = Answers(60.0)
    answers.get(1, "question", lambda: Kept(b"old", ""))
    event = example("booking.proof_used")

    answers.hear(replace(event, type="something_new"))

    assert answers.get(1, "question", lambda: Kept(b"new", "")).body == b"new"


def test_answers_are_kept_for_longer_while_changes_are_heard_of() -> None:
    now = [0.0]
    answers = Answers(1.0, told_seconds=5.0, clock=lambda: now[0])

    def age() -> float:
        return now[0] - float(
            answers.get(1, "question", lambda: Kept(str(now[0]).encode(), "")).body
        )

    def oldest() -> float:
        ages = []
        for _ in range(20):
            now[0] += 0.5
            ages.append(age())
        return max(ages)

    assert oldest() == 1.0
    answers.listening(True)
    assert age() == 0.0, "what came before may have been missed"
    assert oldest() == 5.0
    answers.listening(False)
    assert oldest() == 1.0
