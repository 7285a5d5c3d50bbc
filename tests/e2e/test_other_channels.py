"""A code over another channel: offered to everybody alike, and a letter for who has an address."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from services.common.engines import make_engine
from tests.e2e.test_main_job import sign_in
from tests.e2e.waiting import wait_for
from tests.installations import Installation, a_phone


def forget_limits(installation: Installation) -> None:
    """Let a minute pass between two codes."""
    engine = make_engine(installation.database_urls["auth"])
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM throttles"))
    engine.dispose()


def codes_at(installation: Installation, recipient: str) -> list[str]:
    """The codes in the messages to a phone or an address, the newest first."""
    bodies = [one["body"] for one in installation.messages(recipient) if one["kind"] == "code"]
    return [found.group() for body in bodies if (found := re.search(r"\b\d{6}\b", body))]


def ask_for_code(installation: Installation, phone: str, **how: Any) -> dict[str, Any]:
    body = {"phone": phone, **how}
    asked = installation.ask("POST", f"book_code/{installation.location_id}", json=body)
    assert asked.status_code == 201, asked.text
    meta: dict[str, Any] = asked.json()["meta"]
    return meta


def prove_address(installation: Installation, client: Any, email: str) -> None:
    asked = client("GET", "booking/user/email_confirmation", params={"email": email})
    assert asked.status_code == 202, asked.text
    [code] = wait_for(lambda: codes_at(installation, email))
    body = {"email": email, "email_confirmation_code": code}
    changed = client("PUT", "booking/user", json=body)
    assert changed.status_code == 202, changed.text


def test_who_has_proven_an_address_signs_in_with_a_letter(installation: Installation) -> None:
    phone = a_phone()
    email = f"ann{phone[1:]}@example.com"
    client = sign_in(installation, phone)
    prove_address(installation, client, email)
    forget_limits(installation)
    [from_address] = codes_at(installation, email)

    ask_for_code(installation, phone, channel="email")
    letters = wait_for(lambda: codes_at(installation, email)[1:] and codes_at(installation, email))
    assert len(codes_at(installation, phone)) == 1, "no message besides"
    body = {"phone": phone, "code": next(one for one in letters if one != from_address)}
    answer = installation.ask("POST", "user/auth", json=body)
    assert answer.status_code == 201, answer.text
    own = client("GET", "booking/user/data").json()["data"]
    assert answer.json()["data"]["id"] == own["id"]


@pytest.mark.parametrize("channel", ["email", "call"])
def test_who_has_none_is_answered_alike_and_gets_the_code_all_the_same(
    installation: Installation, channel: str
) -> None:
    phone = a_phone()
    meta = ask_for_code(installation, phone, channel=channel)
    [code] = wait_for(lambda: codes_at(installation, phone) or spelled_at(installation, phone))

    assert meta["message"] == "Created"
    answer = installation.ask("POST", "user/auth", json={"phone": phone, "code": code})
    assert answer.status_code == 201, answer.text


def spelled_at(installation: Installation, phone: str) -> list[str]:
    """The codes of calls, whose digits are said one by one."""
    bodies = [one["body"] for one in installation.messages(phone)]
    found = [re.search(r"\d(?:, \d){5}", body) for body in bodies]
    return [one.group().replace(", ", "") for one in found if one]


def test_the_channels_are_listed(installation: Installation) -> None:
    path = f"book_code/{installation.location_id}/channel"
    listed = installation.data(path, params={"phone": a_phone()})

    assert [one["channel"] for one in listed] == ["sms", "call", "email"]
    assert installation.ask("GET", path, params={"phone": "12"}).status_code == 422
