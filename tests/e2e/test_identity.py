"""Stories of identity, as front ends and people meet them: letters, links, numbers that move."""

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.e2e.waiting import a_minute_passes, change, wait_for
from tests.installations import Installation, a_phone, a_record

PASSWORD, OTHER_PASSWORD = "correct horse battery", "another horse battery"
TERMS = {"terms": True, "fullname": "Ann Clark"}


class Person:
    """Somebody at a front end of the installation, perhaps signed in."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.token = ""

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        known = f"Bearer {self.installation.key}" + (f", User {self.token}" if self.token else "")
        return self.installation.ask(method, path, headers={"Authorization": known}, **options)

    def do(self, method: str, path: str, **options: Any) -> Any:
        """The data of a success; anything else fails the test."""
        answer = self.ask(method, path, **options)
        assert answer.status_code < 300, answer.text
        return answer.json()["data"]

    def refused(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        answer = self.ask(method, path, **options)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["errors"]["reason"]

    def read(self, recipient: str, *, more_than: int = 0) -> str:
        """The newest of more than so many codes or letters to this phone or address."""

        def codes() -> list[dict[str, Any]]:
            sent = self.installation.messages(recipient)
            return [one for one in sent if one["kind"] == "code"]

        wait_for(lambda: len(codes()) > more_than)
        body: str = codes()[0]["body"]
        return body

    def code_to(self, recipient: str, *, more_than: int = 0) -> str:
        found = re.search(r"\b\d{6}\b", self.read(recipient, more_than=more_than))
        assert found
        return found.group()

    def sign_in(self, phone: str, *, more_than: int = 0, **more: Any) -> int:
        """With a code; the id of the account."""
        a_minute_passes(self.installation)
        self.do("POST", f"book_code/{self.installation.location_id}", json={"phone": phone})
        code = self.code_to(phone, more_than=more_than)
        data = self.do("POST", "user/auth", json={"phone": phone, "code": code, **more})
        self.token = data["user_token"]
        return int(data["id"])

    def enter(self, login: str, password: str = PASSWORD) -> int:
        data = self.do("POST", "booking/auth", json={"login": login, "password": password})
        self.token = data["user_token"]
        return int(data["id"])

    def sign_up(self, email: str, **more: Any) -> str:
        """Ask for an account and open the letter; the address of the page behind its link."""
        wish = {"email": email, "password": PASSWORD, **TERMS, **more}
        self.do("POST", "booking/account", json=wish)
        found = re.search(r"http\S+/account/confirm/\S+", self.read(email))
        assert found
        return found.group()

    def take_phone(self, phone: str, *, more_than: int = 0) -> requests.Response:
        a_minute_passes(self.installation)
        self.do("GET", "booking/user/phone_confirmation", params={"phone": phone})
        code = self.code_to(phone, more_than=more_than)
        return self.ask("PUT", "booking/user", json={"phone": phone, "confirmation_code": code})

    def records(self) -> set[int]:
        return {record["id"] for record in self.do("GET", "user/records")}

    def book(self, phone: str, **changes: Any) -> dict[str, Any]:
        here = self.installation
        service, staff = here.bookable()
        for when in here.slots(service, staff, days=20):
            record = a_record(service, staff, when, phone=phone, **changes)
            answer = self.ask("POST", f"book_record/{here.location_id}", json=record)
            if answer.status_code == 201:
                booked: dict[str, Any] = answer.json()["data"][0]
                return booked
        raise AssertionError("no time was free")


@pytest.fixture
def person(installation: Installation) -> Person:
    return Person(installation)


@pytest.fixture
def other(installation: Installation) -> Person:
    return Person(installation)


def an_email() -> str:
    return f"ann{a_phone().removeprefix('+')}@example.com"


def half_a_year_passes(installation: Installation, user_id: int) -> None:
    """The number of this account was last proven long ago."""
    long_ago = f"{datetime.now(UTC) - timedelta(days=181):%Y-%m-%d %H:%M:%S.%f}"
    statement = "UPDATE users SET phone_proven_at = :long_ago WHERE id = :id"
    change(installation, statement, long_ago=long_ago, id=user_id)


def test_an_account_by_email_comes_from_an_appointment_and_gets_a_phone_later(
    person: Person,
) -> None:
    phone, email = a_phone(), an_email()
    booked = person.book(phone, email=email)
    named = {"record_id": booked["record_id"], "record_hash": booked["record_hash"]}
    person.do("POST", "booking/account", json={"password": PASSWORD, "terms": True, **named})
    found = re.search(r"http\S+/account/confirm/\S+", person.read(email))
    assert found
    page = found.group()

    # A mail program looks first, more than once. Then comes whoever can read the letter.
    for _ in range(3):
        looked = requests.get(page, timeout=30)
        assert looked.status_code == 200 and email in looked.text
    assert person.refused("POST", "booking/auth", json={"login": email, "password": PASSWORD}) == (
        401,
        "password_incorrect",
    )
    assert requests.post(page, data={"password": OTHER_PASSWORD}, timeout=30).status_code == 401
    assert requests.post(page, data={"password": PASSWORD}, timeout=30).status_code == 200
    assert requests.get(page, timeout=30).status_code == 404

    user_id = person.enter(email.upper())
    assert person.records() == {booked["record_id"]}
    known = person.do("GET", "booking/user/data")
    assert (known["0"], known["user_token"]) == (person.token, person.token)
    assert (known["name"], known["email"], known["phone"]) == ("Ann Clark", email, "")

    later = person.book(phone, email="")["record_id"]  # her phone is not proven: not yet hers
    assert later not in person.records()
    assert person.take_phone(phone).status_code == 202
    wait_for(lambda: later in person.records())
    assert Person(person.installation).sign_in(phone, more_than=1) == user_id


def test_two_people_one_recycled_number(person: Person, other: Person) -> None:
    phone = a_phone()
    old = person.book(phone)["record_id"]
    first = person.sign_in(phone)
    assert person.records() == {old}
    half_a_year_passes(person.installation, first)

    second = other.sign_in(phone, more_than=1)
    assert second != first
    assert other.records() == set(), "the last owner's history"
    new = other.book(phone)["record_id"]
    assert other.records() == {new}
    # The old owner is still signed in and has lost the number alone.
    wait_for(lambda: person.do("GET", "booking/user/data")["phone"] == "")
    assert person.records() == {old}


def test_the_old_owner_of_a_number_is_not_shown_its_new_owners_visits(
    person: Person, other: Person
) -> None:
    """The new owner has not even signed in yet; the old one still is."""
    phone = a_phone()
    first = person.sign_in(phone)
    old = person.book(phone)["record_id"]
    half_a_year_passes(person.installation, first)
    time.sleep(1.1)  # so long the gateway may rely on what it was told of them

    booked = other.book(phone, fullname="Ben")
    assert person.records() == {old}
    status, reason = person.refused("GET", f"user/records/{booked['record_id']}")
    assert (status, reason) == (404, "appointment_not_found")
    other.sign_in(phone, more_than=1)
    assert other.records() == {booked["record_id"]}
    assert person.records() == {old}


@pytest.mark.parametrize("fact", ["token", "hash"])
def test_whoever_knows_more_keeps_their_account_after_half_a_year(
    person: Person, fact: str
) -> None:
    phone = a_phone()
    booked = person.book(phone)
    user_id = person.sign_in(phone)
    person.records()
    half_a_year_passes(person.installation, user_id)
    told = {"record_id": booked["record_id"], "record_hash": booked["record_hash"]}
    if fact == "hash":
        person.token = ""

    again = person.sign_in(phone, more_than=1, **(told if fact == "hash" else {}))
    assert again == user_id
    assert person.records() == {booked["record_id"]}


def test_one_person_two_numbers(person: Person, other: Person) -> None:
    private, business = a_phone(), a_phone()
    visits = {person.book(phone)["record_id"] for phone in (private, business)}
    first = person.sign_in(private)
    second = other.sign_in(business)
    assert first != second
    assert person.records() | other.records() == visits

    assert person.take_phone(business, more_than=1).status_code == 202
    wait_for(lambda: person.records() == visits)
    wait_for(lambda: other.ask("GET", "user/records").status_code == 401)
    assert Person(person.installation).sign_in(business, more_than=2) == first


def test_a_new_phone_that_is_somebody_elses(person: Person, other: Person) -> None:
    theirs, email = a_phone(), an_email()
    requests.post(other.sign_up(email), data={"password": PASSWORD}, timeout=30)
    other.enter(email)
    assert other.take_phone(theirs).status_code == 202
    hers = other.book(theirs)["record_id"]
    person.sign_in(a_phone())

    assert person.refused(
        "PUT", "booking/user", json={"phone": theirs, "confirmation_code": "000000"}
    ) == (422, "code_incorrect")
    refused = person.take_phone(theirs, more_than=1)
    assert (refused.status_code, refused.json()["errors"]["reason"]) == (
        409,
        "phone_of_another_account",
    )
    assert person.records() == set()
    assert other.records() == {hers}


def test_a_forgotten_password_comes_back_by_letter_and_ends_what_was_open(
    person: Person, other: Person
) -> None:
    email = an_email()
    requests.post(person.sign_up(email), data={"password": PASSWORD}, timeout=30)
    person.enter(email)
    wait_for(
        lambda: other.ask("POST", "booking/password", json={"login": email}).status_code == 429
    )
    a_minute_passes(person.installation)
    other.do("POST", "booking/password", json={"login": email})
    letter = person.read(email, more_than=1)
    found = re.search(r"http\S+/account/password/\S+", letter)
    assert found

    saved = requests.post(found.group(), data={"password": OTHER_PASSWORD}, timeout=30)
    assert saved.status_code == 200, saved.text
    wait_for(lambda: person.ask("GET", "booking/user/data").status_code == 401)
    assert other.enter(email, OTHER_PASSWORD)


def test_a_changed_password_kills_other_tokens_and_the_answer_carries_a_new_one(
    person: Person, other: Person
) -> None:
    email = an_email()
    requests.post(person.sign_up(email), data={"password": PASSWORD}, timeout=30)
    person.enter(email)
    other.enter(email)
    change = {"old_password": PASSWORD, "new_password": OTHER_PASSWORD}
    assert person.refused("PUT", "booking/user/password", json=change | {"old_password": "no"}) == (
        422,
        "old_password_incorrect",
    )

    person.token = person.do("PUT", "booking/user/password", json=change)["user_token"]
    assert person.do("GET", "booking/user/data")["has_password"] is True
    wait_for(lambda: other.ask("GET", "booking/user/data").status_code == 401)


def test_what_was_last_answered_fills_in_the_next_booking(person: Person) -> None:
    phone = a_phone()
    person.sign_in(phone)
    person.do(
        "PUT",
        "booking/user",
        json={"name": "Ann Clark", "language": "fr", "date_format": "dmy", "notifications": 0},
    )
    known = person.do("GET", "booking/user/data")
    assert (known["language"], known["date_format"], known["notifications"]) == ("fr", "dmy", False)
    assert known["prefill"] | {"custom_fields": {}} == {
        "name": "Ann Clark",
        "phone": phone,
        "email": "",
        "custom_fields": {},
    }
