"""Questions of a business's own, and answers that are held against them."""

from typing import Any

import pytest

from services.booking.models import Appointment
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Refused, Salon


def ask(salon: Salon, code: str, kind: str = "text", **more: Any) -> Any:
    request = {"entity": "appointment", "code": code, "title": code.title(), "kind": kind}
    here = {"location_id": salon.location_id}
    return salon.do("create_custom_field", viewer=salon.staff(), **here, **(request | more))


def asked(salon: Salon, entity: str = "appointment") -> Any:
    here = {"location_id": salon.location_id, "entity": entity}
    return salon.see("list_custom_fields", salon.staff(), **here)["custom_fields"]


def test_a_question_is_asked_changed_and_dropped(salon: Salon, refused: Refused) -> None:
    made = ask(salon, "pet", "select", choices=["cat", "dog"])
    assert asked(salon) == [made]
    assert asked(salon, "client") == []
    names = {
        "location_id": salon.location_id,
        "entity": "appointment",
        "field_id": made["id"],
    }
    changed = salon.do(
        "update_custom_field", viewer=salon.staff(), **names, title="Animal", choices=["cat"]
    )
    assert changed == made | {"title": "Animal", "choices": ["cat"]}
    with refused("custom_field_not_found"):
        wrong = names | {"entity": "client"}
        salon.do("update_custom_field", viewer=salon.staff(), **wrong, title="x")
    salon.do("delete_custom_field", viewer=salon.staff(), **names)
    assert asked(salon) == []


@pytest.mark.parametrize("entity", ["appointment", "client"])
def test_a_code_is_asked_once_for_each_thing(salon: Salon, refused: Refused, entity: str) -> None:
    ask(salon, "pet", entity=entity)
    with refused("custom_field_code_taken"):
        ask(salon, "pet", "number", entity=entity)
    ask(salon, "pet", entity={"appointment": "client", "client": "appointment"}[entity])


@pytest.mark.parametrize(
    ("code", "field", "refusal"),
    [
        ("yc_partner_public_key", {}, "custom_field_reserved"),
        ("a b", {}, "field_invalid"),
        ("1st", {}, "field_invalid"),
        ("pet", {"kind": "select", "choices": []}, "field_invalid"),
        ("pet", {"kind": "list", "choices": ["a", "a"]}, "field_invalid"),
        ("pet", {"kind": "colour"}, "validation_failed"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    salon: Salon, refused: Refused, code: str, field: dict[str, Any], refusal: str
) -> None:
    with refused(refusal):
        ask(salon, code, **field)


ANSWERS: list[tuple[str, Any, Any]] = [
    ("text", "Rex", "Rex"),
    ("text", 5, "5"),
    ("number", "12.5", 12.5),
    ("number", "7", 7),
    ("select", "cat", "cat"),
    ("list", ["cat", "dog"], ["cat", "dog"]),
    ("list", "cat", ["cat"]),
    ("date", "2030-06-04", "2030-06-04"),
    ("datetime", "2030-06-04 10:00", "2030-06-04 10:00:00"),
    ("text", "", None),
    ("date", None, None),
]
NO_ANSWERS: list[tuple[str, Any]] = [
    ("text", "x" * 256),
    ("text", {"a": 1}),
    ("text", True),
    ("number", "many"),
    ("number", "NaN"),
    ("number", [1]),
    ("select", "bird"),
    ("select", ["cat"]),
    ("list", ["cat", "bird"]),
    ("date", "04.06.2030"),
    ("date", "2030-02-30"),
    ("datetime", "2030-06-04"),
    ("datetime", "2030-06-04 25:00"),
]


def test_answers_are_kept_in_one_form(salon: Salon) -> None:
    for kind in ("text", "number", "select", "list", "date", "datetime"):
        ask(salon, f"q_{kind}", kind, choices=["cat", "dog"])
    for number, (kind, given, kept) in enumerate(ANSWERS):
        wish = a_wish(starts_at=f"2030-06-{4 + number:02}T10:00:00")
        [booked] = salon.book(wish | {"custom_fields": {f"q_{kind}": given}})
        expected = {} if kept is None else {f"q_{kind}": kept}
        assert salon.read(booked)["custom_fields"] == expected


def test_what_is_no_answer_is_refused_on_every_way(salon: Salon, refused: Refused) -> None:
    for kind in ("text", "number", "select", "list", "date", "datetime"):
        ask(salon, f"q_{kind}", kind, choices=["cat", "dog"])
    [booked] = salon.book(a_wish())
    names = {"location_id": salon.location_id, "appointment_id": booked["appointment_id"]}
    for kind, given in NO_ANSWERS:
        wrong = {f"q_{kind}": given}
        wish = a_wish(handle=5, starts_at="2030-06-05T10:00:00", custom_fields=wrong)
        with refused("custom_field_invalid", handle=5):
            salon.check(wish)
        with refused("custom_field_invalid", handle=5):
            salon.book(wish)
        with refused("custom_field_invalid"):
            salon.do("update_appointment", viewer=salon.staff(), **names, custom_fields=wrong)


def test_the_question_that_was_not_asked_is_named(salon: Salon) -> None:
    ask(salon, "pet")
    with pytest.raises(Exception, match="custom_field_unknown") as refusal:
        salon.book(a_wish(custom_fields={"pet": "Rex", "car": "red"}))
    assert refusal.value.fields == {"custom_fields": {"car": "unknown"}}  # type: ignore[attr-defined]


def test_clients_are_asked_for_the_whole_business(salon: Salon, refused: Refused) -> None:
    ask(salon, "shoe_size", "number", entity="client")
    here = {"location_id": salon.location_id}
    made = salon.do(
        "create_client",
        viewer=salon.staff(),
        **here,
        **a_client(1),
        custom_fields={"shoe_size": "38"},
    )
    assert made["custom_fields"] == {"shoe_size": 38}
    names = {**here, "client_id": made["id"]}
    with refused("custom_field_invalid"):
        salon.do("update_client", viewer=salon.staff(), **names, custom_fields={"shoe_size": "s"})


def test_an_answer_to_a_dropped_question_can_be_sent_back(salon: Salon) -> None:
    """Front ends read a record and send it back whole."""
    old = ask(salon, "pet")
    ask(salon, "car")
    [booked] = salon.book(a_wish(custom_fields={"pet": "Rex"}))
    names = {"location_id": salon.location_id, "entity": "appointment", "field_id": old["id"]}
    salon.do("delete_custom_field", viewer=salon.staff(), **names)
    at_desk = {"location_id": salon.location_id, "appointment_id": booked["appointment_id"]}
    changed = salon.do(
        "update_appointment",
        viewer=salon.staff(),
        **at_desk,
        custom_fields={"pet": "Rex", "car": "red"},
    )
    assert changed["custom_fields"] == {"pet": "Rex", "car": "red"}


def test_the_reserved_answer_says_for_whose_front_end_a_visit_counts(
    salon: Salon, refused: Refused
) -> None:
    ask(salon, "pet")
    told = {"yc_partner_public_key": "partner-of-ours", "pet": "Rex"}
    [booked] = salon.book(a_wish(custom_fields=told))
    assert salon.read(booked)["custom_fields"] == {"pet": "Rex"}
    with salon.database.read() as session:
        appointment = session.get_one(Appointment, booked["appointment_id"])
        assert appointment.attributed_to == "partner-of-ours"
    with refused("custom_field_invalid", handle=1):
        salon.check(a_wish(custom_fields={"yc_partner_public_key": 5}))


def test_who_may_not_change_the_settings_asks_nothing(salon: Salon, refused: Refused) -> None:
    here = {"location_id": salon.location_id, "entity": "client"}
    viewer = salon.staff(role="staff")
    salon.see("list_custom_fields", viewer, **here)
    with refused("permission_missing"):
        salon.do("create_custom_field", viewer=viewer, **here, code="a", title="A", kind="text")
