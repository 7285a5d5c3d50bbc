"""The client base as staff keep it."""

from typing import Any

import pytest

from services.booking.models import Client, ClientComment
from services.booking.service import BookingService
from services.common.rights import Permission
from tests.factories import a_client, a_wish, create_location
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import a_worker, at_once, tally

ANN = {"name": "Ann", "phone": "+33612345678", "email": "ann@example.com"}


def add(salon: Salon, **client: Any) -> Any:
    request = {"location_id": salon.location_id, **ANN, **client}
    return salon.do("create_client", viewer=salon.staff(), **request)


def change(salon: Salon, client_id: int, **changes: Any) -> Any:
    names = {"location_id": salon.location_id, "client_id": client_id}
    return salon.do("update_client", viewer=salon.staff(), **names, **changes)


def remove(salon: Salon, client_id: int) -> Any:
    names = {"location_id": salon.location_id, "client_id": client_id}
    return salon.do("delete_client", viewer=salon.staff(), **names)


def get(salon: Salon, client_id: int) -> Any:
    here = {"location_id": salon.location_id}
    return salon.see("get_client", salon.staff(), **here, client_id=client_id)


def listed(salon: Salon, **wanted: Any) -> list[int]:
    found = salon.see("list_clients", salon.staff(), location_id=salon.location_id, **wanted)
    return [one["id"] for one in found["items"]]


def told(salon: Salon) -> list[dict[str, Any]]:
    return [each["data"] for each in salon.events() if each["type"] == "client_changed"]


def test_a_client_is_kept_with_everything_that_is_known(salon: Salon) -> None:
    here = {"location_id": salon.location_id, "entity": "client"}
    label = salon.do("create_label", viewer=salon.staff(), **here, title="VIP", color="#f00")
    card = {
        "surname": "Clark",
        "patronymic": "Maria",
        "gender": "female",
        "importance": "gold",
        "discount_percent": 10,
        "card": "A-17",
        "birth_date": "1950-02-28",
        "comment": "Likes tea",
        "wants_birthday_messages": True,
        "wants_mailings": False,
        "custom_fields": {"pet": "Rex"},
    }
    made = add(salon, **card, label_ids=[label["id"]])
    assert {name: made[name] for name in card} == card
    assert made["labels"] == [label]
    assert (made["visits_count"], made["sold_minor"], made["version"]) == (0, 0, 1)
    assert get(salon, made["id"]) == made
    [event] = told(salon)
    assert event["contact"] == ANN
    assert event["label_ids"] == [label["id"]]
    assert "Likes tea" not in str(salon.events()) and "A-17" not in str(salon.events())


def test_what_a_change_does_not_name_stays(salon: Salon) -> None:
    made = add(salon, card="A-17", comment="Likes tea")
    changed = change(salon, made["id"], comment="Likes coffee", name="Anne")
    assert (changed["card"], changed["comment"], changed["name"]) == (
        "A-17",
        "Likes coffee",
        "Anne",
    )
    assert changed["version"] == 2
    assert listed(salon, fullname="anne") == [made["id"]]
    assert [event["contact"]["name"] for event in told(salon)] == ["Ann", "Anne"]


def test_a_change_that_was_decided_on_an_old_state_is_refused(
    salon: Salon, refused: Refused
) -> None:
    made = add(salon)
    change(salon, made["id"], version=1, comment="one")
    with refused("version_outdated"):
        change(salon, made["id"], version=1, comment="other")


def test_nobody_is_added_twice(salon: Salon, refused: Refused) -> None:
    add(salon)
    with refused("client_exists", kind="Conflict"):
        add(salon, name="Somebody else")
    other = add(salon, name="Ben", phone="+33612345699")
    with refused("client_exists"):
        change(salon, other["id"], phone=ANN["phone"])


def test_fifty_who_add_the_same_client_at_once_add_one(salon: Salon) -> None:
    answers = at_once([lambda: add(salon) for _ in range(8)])
    assert tally(answers) == {"done": 1, "client_exists": 7}
    assert salon.count(Client) == 1


def test_who_has_the_number_of_an_account_may_be_somebody_else(
    salon: Salon, refused: Refused
) -> None:
    salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    with refused("client_exists"):
        add(salon, name=" ann ")
    assert add(salon, name="Ben")["name"] == "Ben"


@pytest.mark.parametrize(
    "change_of", [{"phone": "+33612345699"}, {"phone": ""}, {"email": "other@example.com"}]
)
def test_phone_and_address_of_an_account_are_its_owners(
    salon: Salon, refused: Refused, change_of: dict[str, Any]
) -> None:
    salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    [client_id] = listed(salon)
    with refused("contact_of_an_account"):
        change(salon, client_id, **change_of)
    same = change(salon, client_id, phone="06 12 34 56 78", email="ANN@example.com", name="Anna")
    assert (same["name"], same["phone"], same["has_account"]) == ("Anna", ANN["phone"], True)


def test_nobody_is_born_after_tomorrow(salon: Salon, refused: Refused) -> None:
    with refused("field_invalid"):
        add(salon, birth_date="2030-06-10")
    made = add(salon)
    with refused("field_invalid"):
        change(salon, made["id"], birth_date="2099-01-01")


def test_who_never_came_is_gone_when_deleted(salon: Salon) -> None:
    made = add(salon, card="A-17")
    remove(salon, made["id"])
    assert salon.count(Client) == 0
    assert told(salon)[-1]["is_deleted"] is True


def test_of_who_came_stays_what_the_books_need(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    [client_id] = listed(salon)
    change(salon, client_id, comment="Likes tea", birth_date="1950-02-28", importance="gold")
    here = {"location_id": salon.location_id, "client_id": client_id}
    salon.do("add_client_comment", viewer=salon.staff(), **here, text="Was late")
    remove(salon, client_id)
    assert remove(salon, client_id) == {}
    assert listed(salon) == []
    with refused("client_not_found"):
        get(salon, client_id)
    assert salon.count(ClientComment) == 0
    assert salon.read(booked)["client"] == {"id": client_id, **ANN}

    salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=ANN)
    back = get(salon, client_id)
    assert (back["name"], back["comment"], back["birth_date"]) == ("Ann", "", None)
    assert back["importance"] == "none"
    assert [event["is_deleted"] for event in told(salon)] == [False, True, False]


def test_who_was_deleted_is_added_as_who_they_were(salon: Salon) -> None:
    salon.book(a_wish(), client=ANN)
    [client_id] = listed(salon)
    remove(salon, client_id)
    assert add(salon, name="Anna")["id"] == client_id


def test_deleting_hides_nothing_from_the_client(salon: Salon) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    remove(salon, listed(salon)[0])
    own = salon.see("list_own_appointments", a_person())["items"]
    assert [one["id"] for one in own] == [booked["appointment_id"]]


def test_of_many_clients_those_are_added_who_can_be(salon: Salon) -> None:
    rows = [ANN, ANN, {"name": "Ben", "phone": "1"}, {"name": "Cleo", "phone": ""}]
    made = salon.do(
        "create_clients", viewer=salon.staff(), location_id=salon.location_id, clients=rows
    )
    assert [one["name"] for one in made["clients"]] == ["Ann", "Cleo"]
    assert [(error["row"], error["code"]) for error in made["errors"]] == [
        (1, "client_exists"),
        (2, "phone_malformed"),
    ]
    assert listed(salon) == [one["id"] for one in made["clients"]]
    assert len(told(salon)) == 2


def test_comments_are_noted_and_taken_back(salon: Salon, refused: Refused) -> None:
    made = add(salon)
    here = {"location_id": salon.location_id, "client_id": made["id"]}
    for text in ("Was late", "Was early"):
        salon.do("add_client_comment", viewer=salon.staff(), **here, text=text)
    found = salon.see("list_client_comments", salon.staff(), **here)["comments"]
    assert [one["text"] for one in found] == ["Was early", "Was late"]
    assert found[0]["created_by_user_id"] == 70
    gone = {**here, "comment_id": found[0]["id"]}
    salon.do("delete_client_comment", viewer=salon.staff(), **gone)
    with refused("comment_not_found"):
        salon.do("delete_client_comment", viewer=salon.staff(), **gone)


def test_a_label_is_for_what_it_is_for(salon: Salon, refused: Refused) -> None:
    here = {"location_id": salon.location_id}
    of_clients = salon.do(
        "create_label", viewer=salon.staff(), **here, entity="client", title="VIP"
    )
    of_visits = salon.do(
        "create_label", viewer=salon.staff(), **here, entity="appointment", title="First"
    )
    with refused("label_not_found"):
        add(salon, label_ids=[of_visits["id"]])
    found = salon.see("list_labels", salon.staff(), **here, entity=None)["labels"]
    assert found == [of_clients, of_visits]
    made = add(salon, label_ids=[of_clients["id"], of_clients["id"]])
    names = {**here, "entity": "client", "label_id": of_clients["id"]}
    salon.do("update_label", viewer=salon.staff(), **names, title="Regular")
    assert get(salon, made["id"])["labels"][0]["title"] == "Regular"
    salon.do("delete_label", viewer=salon.staff(), **names)
    assert get(salon, made["id"])["labels"] == []
    found = salon.see("list_labels", salon.staff(), **here, entity="appointment")["labels"]
    assert found == [of_visits]


def test_a_label_stands_on_an_appointment(salon: Salon, refused: Refused) -> None:
    here = {"location_id": salon.location_id}
    label = salon.do(
        "create_label", viewer=salon.staff(), **here, entity="appointment", title="First"
    )
    [booked] = salon.book(a_wish())
    names = {**here, "appointment_id": booked["appointment_id"]}
    changed = salon.do("update_appointment", viewer=salon.staff(), **names, label_ids=[label["id"]])
    assert changed["labels"] == [label]
    with refused("label_not_found"):
        salon.do("update_appointment", viewer=salon.staff(), **names, label_ids=[99])


def test_an_appointment_tells_the_labels_of_its_client(salon: Salon) -> None:
    here = {"location_id": salon.location_id}
    label = salon.do("create_label", viewer=salon.staff(), **here, entity="client", title="VIP")
    [booked] = salon.book(a_wish())
    names = {**here, "appointment_id": booked["appointment_id"]}
    client_id = salon.see("get_appointment_for_staff", salon.staff(), **names)["client"]["id"]
    change = {**here, "client_id": client_id, "label_ids": [label["id"]]}
    salon.do("update_client", viewer=salon.staff(), **change)
    shown = salon.see("get_appointment_for_staff", salon.staff(), **names)
    assert shown["client_card"]["labels"] == [label]
    less = salon.staff(role="staff", location_id=salon.location_id)
    assert salon.see("get_appointment_for_staff", less, **names)["client_card"]["labels"] == []


NEEDS = {
    "get_client": Permission.CLIENTS_VIEW,
    "list_clients": Permission.CLIENTS_VIEW,
    "search_clients": Permission.CLIENTS_VIEW,
    "list_client_comments": Permission.CLIENTS_VIEW,
    "list_blacklist": Permission.CLIENTS_VIEW,
    "list_client_visits": Permission.CLIENTS_VIEW,
}


@pytest.mark.parametrize("query", NEEDS)
def test_the_client_base_is_for_whom_it_is_shown_to(
    salon: Salon, refused: Refused, query: str
) -> None:
    made = add(salon)
    arguments: dict[str, Any] = {"location_id": salon.location_id}
    if "client" in query.split("_")[1:]:
        arguments["client_id"] = made["id"]
    salon.see(query, salon.staff(), **arguments)
    with refused("permission_missing"):
        salon.see(query, salon.staff(role="staff"), **arguments)
    for viewer in (salon.staff(business_id=99), a_person(), {}):
        with refused("forbidden"):
            salon.see(query, viewer, **arguments)


@pytest.mark.parametrize("command", ["update_client", "delete_client", "add_client_comment"])
def test_what_is_anothers_is_not_found(salon: Salon, refused: Refused, command: str) -> None:
    made = add(salon)
    with salon.write() as session:
        elsewhere = create_location(session, title="Elsewhere")
    viewer = salon.staff(business_id=elsewhere.business_id)
    request = {"location_id": elsewhere.id, "client_id": made["id"]}
    if command == "add_client_comment":
        request["text"] = "mine now"
    with refused("client_not_found"):
        salon.do(command, viewer=viewer, **request)


def test_staff_without_the_permission_see_names_alone(salon: Salon) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    names = {"location_id": salon.location_id, "appointment_id": booked["appointment_id"]}
    colleague = salon.staff(role="staff")
    seen = salon.see("get_appointment_for_staff", colleague, **names)
    assert seen["client"] == {"id": seen["client"]["id"], **ANN, "phone": None, "email": None}
    [one] = salon.see("list_appointments", colleague, location_id=salon.location_id)["items"]
    assert one == seen

    told_back = {"name": "Anna", "phone": "", "email": None}
    salon.do("update_appointment", viewer=colleague, **names, client=told_back)
    kept = salon.see("get_appointment_for_staff", salon.staff(), **names)["client"]
    assert kept == {"id": seen["client"]["id"], **ANN, "name": "Anna"}


def test_the_same_command_adds_one_client(salon: Salon) -> None:
    for _ in range(2):
        worker = a_worker(
            BookingService, salon.database, viewer=salon.staff(), command_id="key:one"
        )
        made = worker.create_client({"location_id": salon.location_id, **a_client(3)})
    assert listed(salon) == [made["id"]]
