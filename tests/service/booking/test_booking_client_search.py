"""Finding clients: by what they are called, by what they did, one page after the other."""

from typing import Any

import pytest

from tests.factories import a_wish
from tests.service.booking.conftest import Refused, Salon

PEOPLE: dict[str, dict[str, Any]] = {
    "zoe": {
        "name": "Zoë",
        "surname": "Quill",
        "phone": "+33612345601",
        "email": "zoe.quill@example.com",
        "gender": "female",
        "importance": "gold",
        "birth_date": "1950-12-30",
        "card": "A-17",
        "discount_percent": 10,
    },
    "ben": {
        "name": "Ben",
        "surname": "O'Neil 100%",
        "phone": "+33612345602",
        "gender": "male",
        "birth_date": "1990-01-02",
        "wants_mailings": False,
    },
    "cleo": {"name": "Cleo", "phone": "+33612345603", "email": "cleo@example.com"},
}
EMPTY = {
    "ids": [],
    "text": "",
    "words": [],
    "flag": True,
    "first_day": None,
    "last_day": None,
    "least_minor": None,
    "most_minor": None,
    "staff_ids": [],
    "service_ids": [],
    "statuses": [],
}


class Base:
    """A client base of three, of whom Zoë came twice and Ben did not come once."""

    def __init__(self, salon: Salon) -> None:
        self.salon, self.ids = salon, {}
        for name, client in PEOPLE.items():
            request = {"location_id": salon.location_id, **client}
            made = salon.do("create_client", viewer=salon.staff(), **request)
            self.ids[name] = made["id"]
        for person, hour, attendance in (
            ("zoe", 10, "came"),
            ("zoe", 12, "came"),
            ("ben", 14, "no_show"),
        ):
            contact = {name: PEOPLE[person].get(name) for name in ("name", "phone", "email")}
            wish = a_wish(starts_at=f"2030-06-04T{hour}:00:00")
            [booked] = salon.book(wish, client=contact)
            names = {"location_id": salon.location_id, "appointment_id": booked["appointment_id"]}
            salon.do("update_appointment", viewer=salon.staff(), **names, attendance=attendance)

    def names(self, found: dict[str, Any]) -> list[str]:
        by_id = {client_id: name for name, client_id in self.ids.items()}
        return [by_id[one["id"]] for one in found["items"]]

    def search(self, *filters: dict[str, Any], **more: Any) -> list[str]:
        return self.names(self.ask(*filters, **more))

    def ask(self, *filters: dict[str, Any], **more: Any) -> Any:
        here = {"location_id": self.salon.location_id, "filters": list(filters)}
        return self.salon.see("search_clients", self.salon.staff(), **here, **more)

    def list(self, **wanted: Any) -> list[str]:
        here = {"location_id": self.salon.location_id}
        return self.names(self.salon.see("list_clients", self.salon.staff(), **here, **wanted))


@pytest.fixture
def base(salon: Salon) -> Base:
    return Base(salon)


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"kind": "quick", "text": "QUILL zoë"[:5]}, ["zoe"]),
    ({"kind": "quick", "text": "ZOË"}, ["zoe"]),
    ({"kind": "quick", "text": "06 12"}, []),
    ({"kind": "quick", "text": "6 12 34 56 02"}, ["ben"]),
    ({"kind": "quick", "text": "example.com"}, ["zoe", "cleo"]),
    ({"kind": "quick", "text": "100%"}, ["ben"]),
    ({"kind": "quick", "text": "a-17"}, ["zoe"]),
    ({"kind": "quick", "text": "_"}, []),
    ({"kind": "gender", "words": ["female", "male"]}, ["zoe", "ben"]),
    ({"kind": "importance", "words": ["gold"]}, ["zoe"]),
    ({"kind": "importance", "words": ["gold"], "is_inverted": True}, ["ben", "cleo"]),
    ({"kind": "mailings", "flag": False}, ["ben"]),
    ({"kind": "birthday", "first_day": "2000-12-25", "last_day": "2000-01-05"}, ["zoe", "ben"]),
    ({"kind": "birthday", "first_day": "2000-01-01", "last_day": "2000-01-05"}, ["ben"]),
    ({"kind": "sold", "least_minor": 9000}, ["zoe"]),
    ({"kind": "sold", "least_minor": 9001}, []),
    ({"kind": "sold", "most_minor": 8999}, ["ben", "cleo"]),
    ({"kind": "sold", "least_minor": 0, "most_minor": 9000}, ["zoe", "ben", "cleo"]),
    ({"kind": "appointment", "staff_ids": [1]}, ["zoe", "ben"]),
    ({"kind": "appointment", "staff_ids": [2]}, []),
    ({"kind": "appointment", "service_ids": [1], "is_inverted": True}, ["cleo"]),
    ({"kind": "appointment", "statuses": ["no_show"]}, ["ben"]),
    ({"kind": "appointment", "first_day": "2030-06-03", "last_day": "2030-06-03"}, ["zoe", "ben"]),
    ({"kind": "appointment", "first_day": "2030-06-04"}, []),
    ({"kind": "appointment", "least_minor": 1, "statuses": ["came"]}, ["zoe"]),
    ({"kind": "label", "ids": [7]}, []),
    ({"kind": "ids", "ids": [2, 3]}, ["ben", "cleo"]),
]


def test_every_filter_finds_whom_it_means(base: Base) -> None:
    found = {number: base.search(wanted) for number, (wanted, _) in enumerate(FILTERS)}
    assert found == {number: names for number, (_, names) in enumerate(FILTERS)}


def test_all_filters_hold_or_one_of_them(base: Base) -> None:
    female = {"kind": "gender", "words": ["female"]}
    cleo = {"kind": "quick", "text": "cleo"}
    assert base.search(female, cleo) == []
    assert base.search(female, cleo, operation="or") == ["zoe", "cleo"]
    either = {"kind": "group", "operation": "or", "filters": [female, cleo]}
    assert base.search(either, {"kind": "quick", "text": "cleo@"}) == ["cleo"]
    assert base.search() == ["zoe", "ben", "cleo"]


@pytest.mark.parametrize(
    ("order_by", "ordered"),
    [
        ("id", ["zoe", "ben", "cleo"]),
        ("name", ["ben", "cleo", "zoe"]),
        ("phone", ["zoe", "ben", "cleo"]),
        ("discount_percent", ["ben", "cleo", "zoe"]),
        ("sold_minor", ["ben", "cleo", "zoe"]),
        ("visits_count", ["ben", "cleo", "zoe"]),
        ("first_visit_at", ["ben", "cleo", "zoe"]),
        ("last_visit_at", ["ben", "cleo", "zoe"]),
    ],
)
def test_they_come_in_any_order_and_back(base: Base, order_by: str, ordered: list[str]) -> None:
    assert base.search(order_by=order_by) == ordered
    backwards = base.search(order_by=order_by, is_descending=True)
    assert backwards == ordered[::-1]


def test_pages_are_disjoint_and_the_total_is_that_of_all(base: Base) -> None:
    pages = [base.ask(order_by="name", page=page, page_size=2) for page in (1, 2, 3)]
    assert [base.names(page) for page in pages] == [["ben", "cleo"], ["zoe"], []]
    assert {page["total"] for page in pages} == {3}


def test_sums_and_dates_are_those_of_visits_that_took_place(base: Base) -> None:
    [zoe, ben, _] = base.ask()["items"]
    assert (zoe["visits_count"], zoe["sold_minor"]) == (2, 9000)
    assert zoe["first_visit_at"] == "2030-06-04T08:00:00Z"
    assert zoe["last_visit_at"] == "2030-06-04T10:00:00Z"
    assert (ben["visits_count"], ben["sold_minor"], ben["first_visit_at"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["zoe", "ben", "cleo"]),
        ({"fullname": "quill"}, ["zoe"]),
        ({"fullname": "example"}, []),
        ({"phone": "45603"}, ["cleo"]),
        ({"phone": "none"}, []),
        ({"email": "ZOE.Q"}, ["zoe"]),
        ({"card": "a-1"}, ["zoe"]),
        ({"ids": [3, 1]}, ["zoe", "cleo"]),
        ({"sold_from_minor": 100}, ["zoe"]),
        ({"sold_to_minor": 100}, ["ben", "cleo"]),
        ({"changed_after": "2030-06-03"}, ["zoe", "ben", "cleo"]),
        ({"changed_after": "2030-06-04"}, []),
        ({"changed_before": "2030-06-03"}, ["zoe", "ben", "cleo"]),
        ({"changed_before": "2030-06-02T10:00:00"}, []),
    ],
)
def test_the_plain_list_is_narrowed_down(
    base: Base, wanted: dict[str, Any], found: list[str]
) -> None:
    assert base.list(**wanted) == found


def test_nobody_finds_the_clients_of_others(base: Base, refused: Refused) -> None:
    with refused("forbidden"):
        base.salon.see(
            "search_clients",
            base.salon.staff(business_id=99),
            location_id=base.salon.location_id,
        )


def test_records_are_listed_by_who_wrote_them_and_in_one_order(base: Base) -> None:
    salon, here = base.salon, {"location_id": base.salon.location_id}
    other = salon.add_staff()
    written = []
    for staff_id in (other, salon.olga):
        request = {
            "staff_id": staff_id,
            "services": [{"id": salon.haircut}],
            "client": None,
            "starts_at": "2030-06-05T10:00:00",
        }
        written.append(salon.do("create_appointment", viewer=salon.staff(), **here, **request))
    found = salon.see("list_appointments", salon.staff(), **here, created_by_user_id=70)
    assert [one["id"] for one in found["items"]] == [one["id"] for one in written]
    assert found["total"] == 2
    nobody = salon.see("list_appointments", salon.staff(), **here, created_by_user_id=7)
    assert nobody["items"] == []
