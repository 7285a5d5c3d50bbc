"""Staff users, their rights, sessions and a business's own keys, over the whole system."""

import itertools
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.e2e.waiting import a_minute_passes, wait_for
from tests.installations import Installation, a_phone

Ask = Callable[..., requests.Response]

PASSWORD = "a fine long password"
SECOND = 1.5
"""A verdict is remembered for a second; the rest is for the way."""

_numbers = itertools.count(random.randrange(10**9))


def an_address() -> str:
    return f"staff{next(_numbers)}@example.com"


def asking(installation: Installation, token: str, key: str | None = None) -> Ask:
    """Requests of whoever has this token."""

    def ask(method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {key or installation.key}, User {token}"}
        return installation.ask(method, path, headers=headers, **options)

    return ask


def sign_in(installation: Installation, login: str) -> Ask:
    answer = installation.ask("POST", "auth", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return asking(installation, answer.json()["data"]["user_token"])


def link_sent_to(installation: Installation, address: str, page: str = "invitation") -> str:
    """The page that the letter to this address leads to, at the gateway under test."""

    def sent() -> list[str]:
        letters = installation.messages(address)
        found = [re.findall(rf"/account/{page}/\S+", one["body"] or "") for one in letters]
        return [link for links in found for link in links]

    link: str = wait_for(sent)[0]
    return f"{installation.base_url}{link}"


def code_sent_to(installation: Installation, phone: str) -> str:
    def sent() -> list[str]:
        messages = installation.messages(phone)
        return [code for one in messages for code in re.findall(r"\b\d{6}\b", one["body"] or "")]

    code: str = wait_for(sent)[0]
    return code


def reason(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"]["reason"]


@pytest.fixture
def owner(installation: Installation) -> Ask:
    return asking(installation, installation.staff_token())


def test_from_an_invitation_to_the_desk_and_out_again(
    installation: Installation, owner: Ask
) -> None:
    here, there = installation.demo["location_ids"]
    address = an_address()
    invited = owner("POST", f"user/invite/{here}", json={"email": address, "user_role": "staff"})
    assert invited.status_code == 201, invited.text

    link = link_sent_to(installation, address)
    page = installation.session.get(link, timeout=installation.timeout)
    assert address in page.text  # read, not used
    form = {"name": "Olga Petit", "password": PASSWORD}
    done = installation.session.post(link, data=form, timeout=installation.timeout)
    assert done.status_code == 200, done.text
    again = installation.session.post(link, data=form, timeout=installation.timeout)
    assert again.status_code == 404

    olga = sign_in(installation, address)
    may = olga("GET", f"user/permissions/{here}").json()["data"]
    assert may["user_role"]["slug"] == "staff"
    assert olga("GET", f"records/{here}").status_code == 200
    assert reason(olga("GET", f"records/{there}")) == (403, "forbidden")
    assert reason(olga("DELETE", f"record/{here}/1")) == (403, "permission_missing")

    users = owner("GET", f"company/{here}/users").json()["data"]
    [olga_id] = [user["id"] for user in users if user["login"] == address]
    given = {"user_permissions": [{"slug": "records_delete", "value": True}]}
    path = f"company/{here}/users/{olga_id}"
    assert owner("PUT", f"{path}/permissions", json=given).status_code == 200
    wait_for(lambda: olga("DELETE", f"record/{here}/999999").status_code == 404, patience=SECOND)

    copied = owner("POST", f"{path}/copy_to_companies", json={"company_ids": [there]})
    assert copied.status_code == 201, copied.text
    wait_for(lambda: olga("GET", f"records/{there}").status_code == 200, patience=SECOND)
    assert owner("DELETE", path).status_code == 204
    wait_for(lambda: olga("GET", f"records/{here}").status_code == 403, patience=SECOND)
    assert olga("GET", f"records/{there}").status_code == 200


def test_the_last_owner_cannot_leave(installation: Installation, owner: Ask) -> None:
    here = installation.location_id
    users = owner("GET", f"company/{here}/users").json()["data"]
    [own_id] = [user["id"] for user in users if user["user_role"]["slug"] == "owner"]
    gone = owner("DELETE", f"company/{here}/users/{own_id}", params={"all_locations": 1})
    assert reason(gone) == (409, "last_owner")
    demoted = owner(
        "PUT",
        f"company/{here}/users/{own_id}/permissions",
        json={"user_role": {"slug": "staff"}, "all_locations": True},
    )
    assert reason(demoted) == (409, "last_owner")
    assert owner("GET", f"records/{here}").status_code == 200


def test_a_session_is_listed_and_ended(installation: Installation) -> None:
    phone = a_phone()
    installation.ask("POST", f"book_code/{installation.location_id}", json={"phone": phone})
    body = {"phone": phone, "code": code_sent_to(installation, phone)}
    answer = installation.ask("POST", "user/auth", json=body)
    ours = asking(installation, answer.json()["data"]["user_token"])
    [session] = ours("GET", "user/sessions").json()["data"]
    assert session["is_current"]
    assert ours("DELETE", f"user/sessions/{session['id']}").status_code == 204
    wait_for(lambda: ours("GET", "user/records").status_code == 401, patience=SECOND)


def test_a_business_makes_limits_rotates_and_revokes_its_own_keys(
    installation: Installation, owner: Ask
) -> None:
    here = installation.location_id
    made = owner(
        "POST", f"company/{here}/partner_keys", json={"title": "Widget", "scopes": ["booking"]}
    )
    assert made.status_code == 201, made.text
    key = made.json()["data"]

    def with_key(token: str, method: str = "GET", path: str = f"book_services/{here}") -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return int(installation.ask(method, path, headers=headers).status_code)

    first = key["partner_token"]
    assert with_key(first) == 200
    assert with_key(first, path=f"company/{here}") == 200
    assert with_key(first, "POST", "user/auth") == 403
    token = installation.staff_token()
    staff = asking(installation, token, first)
    assert reason(staff("GET", f"records/{here}")) == (403, "scope_missing")

    path = f"company/{here}/partner_keys/{key['id']}"
    rotated = owner("POST", f"{path}/rotate", json={"overlap_hours": 1}).json()["data"]
    second = rotated["partner_token"]
    assert (with_key(first), with_key(second)) == (200, 200)
    assert first not in str(owner("GET", f"company/{here}/partner_keys").json())

    assert owner("DELETE", path).status_code == 204
    wait_for(lambda: {with_key(first), with_key(second)} == {401}, patience=SECOND)


def test_a_code_follows_the_password_of_who_wants_it(
    installation: Installation, owner: Ask
) -> None:
    here, address = installation.location_id, an_address()
    owner("POST", f"user/invite/{here}", json={"email": address})
    link = link_sent_to(installation, address)
    token = link.rsplit("/", 1)[1]
    accepted = installation.ask(
        "POST", "user/invitation", json={"token": token, "name": "Olga", "password": PASSWORD}
    )
    assert accepted.json()["data"] == {"login": address}

    olga, phone = sign_in(installation, address), a_phone()
    wish = {"channel": "sms", "phone": phone, "password": PASSWORD}
    begun = olga("POST", "user/second_factor", json=wish).json()["data"]
    body = {"uuid": begun["uuid"], "code": code_sent_to(installation, phone)}
    confirmed = olga("PUT", "user/second_factor", json=body)
    assert confirmed.json()["data"] == {"channel": "sms"}

    credentials = {"login": address, "password": PASSWORD}
    answer = installation.ask("POST", "auth", json=credentials)
    # Within a minute of the last code to this phone no other one is sent.
    assert answer.status_code == 429, answer.text


def test_a_forgotten_password_is_replaced_by_the_link_of_a_letter(
    installation: Installation, owner: Ask
) -> None:
    here, address = installation.location_id, an_address()
    owner("POST", f"user/invite/{here}", json={"email": address})
    form = {"name": "Olga", "password": PASSWORD}
    invited = link_sent_to(installation, address)
    installation.session.post(invited, data=form, timeout=installation.timeout)
    olga = sign_in(installation, address)
    other = {"old_password": PASSWORD, "new_password": f"{PASSWORD} too"}
    changed = olga("PUT", "user/password", json=other).json()["data"]
    assert olga("GET", "user/sessions").status_code == 401
    olga = asking(installation, changed["user_token"])

    a_minute_passes(installation)
    for login in (address, an_address()):
        asked = installation.ask("POST", "auth/password", json={"login": login})
        assert (asked.status_code, asked.json()["data"]) == (202, None), asked.text
    link = link_sent_to(installation, address, "staff-password")
    assert address in installation.session.get(link, timeout=installation.timeout).text
    done = installation.session.post(link, data=form, timeout=installation.timeout)
    assert done.status_code == 200, done.text
    assert installation.session.get(link, timeout=installation.timeout).status_code == 404
    wait_for(lambda: olga("GET", "user/sessions").status_code == 401, patience=SECOND)
    assert sign_in(installation, address)("GET", "user/sessions").status_code == 200
