"""What people say of themselves, and the e-mail address that they prove."""

import pytest

from services.common.errors import Conflict, Invalid, Unauthenticated
from tests.service.auth.conftest import (
    EMAIL,
    OTHER_EMAIL,
    OTHER_PHONE,
    PASSWORD,
    PHONE,
    Auth,
    refused,
)


def client(auth: Auth, phone: str = PHONE, *, after: float = 0) -> int:
    signed_in = auth.sign_in(auth.get_code(phone, after=after), phone, after=after)
    user_id: int = signed_in["user"]["id"]
    return user_id


def test_a_profile_says_what_was_told(auth: Auth) -> None:
    user_id = client(auth)
    told = {
        "name": "Anna Clark",
        "language": "fr",
        "date_format": "ymd",
        "time_format": "12h",
        "notifications_enabled": False,
    }
    shown = auth.change(user_id, **told, email="Anna@Example.com")

    assert shown == auth.signed_in_worker(user_id).get_profile()
    assert shown == {
        "id": user_id,
        **told,
        "phone": PHONE,
        "email": EMAIL,
        "is_email_proven": False,
        "has_password": False,
        "login": PHONE,
        "photo": None,
    }


def test_what_is_not_mentioned_stays(auth: Auth) -> None:
    user_id = client(auth)
    before = auth.change(user_id, name="Anna", language="fr")

    assert auth.change(user_id) == before
    assert auth.change(user_id, phone=PHONE, email=None) == before


def test_what_somebody_wants_is_told_with_a_version_and_without_who_they_are(auth: Auth) -> None:
    user_id = client(auth)
    for enabled in (False, True, False):
        auth.change(user_id, name="Anna Clark", notifications_enabled=enabled)

    told = [event for event in auth.sent() if event.type == "user_changed"]
    assert [event.data for event in told] == [
        {"user_id": user_id, "notifications_enabled": enabled} for enabled in (False, True, False)
    ]
    assert [event.sequence for event in told] == [2, 3, 4]
    assert {event.subject for event in told} == {f"user/{user_id}"}


def test_what_is_refused_is_not_told(auth: Auth) -> None:
    user_id = client(auth)
    with refused("code_incorrect"):
        auth.change(
            user_id, notifications_enabled=False, phone=OTHER_PHONE, phone_code="000000", after=60
        )
    assert auth.announced("user_changed") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "\x00"},
        {"name": "a" * 256},
        {"language": "French"},
        {"date_format": "dd.mm.yyyy"},
        {"time_format": "24"},
        {"notifications_enabled": "maybe"},
        {"email": "nobody"},
        {"phone": "nothing"},
    ],
)
def test_nonsense_is_refused(auth: Auth, changes: dict) -> None:
    user_id = client(auth)
    before = auth.dump()["users"]
    with pytest.raises(Invalid):
        auth.change(user_id, **changes)
    assert auth.dump()["users"] == before


def test_another_phone_needs_its_code(auth: Auth) -> None:
    user_id = client(auth)
    with pytest.raises(Invalid) as told:
        auth.change(user_id, name="Anna", phone=OTHER_PHONE)
    assert (told.value.code, list(told.value.fields)) == ("code_incorrect", ["confirmation_code"])
    assert auth.users()[user_id].name == ""

    assert auth.take_phone(user_id, OTHER_PHONE)["phone"] == OTHER_PHONE
    assert client(auth, OTHER_PHONE, after=700) == user_id
    assert client(auth, PHONE, after=700) != user_id


def test_a_code_changes_a_phone_once(auth: Auth) -> None:
    user_id = client(auth)
    auth.signed_in_worker(user_id).request_phone_change(request={"phone": OTHER_PHONE})
    code = auth.last_text()["code"]
    auth.change(user_id, phone=OTHER_PHONE, phone_code=code)

    with refused("code_incorrect"):
        auth.change(user_id, after=1, phone=OTHER_PHONE, phone_code=code)


def test_an_email_that_is_merely_told_opens_nothing(auth: Auth) -> None:
    user_id = client(auth)
    auth.change(user_id, email=EMAIL)

    assert auth.signed_in_worker(user_id).get_profile()["is_email_proven"] is False
    assert auth.add_account(EMAIL, after=60) != user_id  # its owner may still have an account
    assert auth.change(user_id, after=70, email="")["email"] is None


def test_a_proven_email_changes_by_its_code_alone(auth: Auth) -> None:
    user_id = auth.add_account()
    with pytest.raises(Invalid) as told:
        auth.change(user_id, email=OTHER_EMAIL)
    assert list(told.value.fields) == ["email_confirmation_code"]

    shown = auth.take_email(user_id, OTHER_EMAIL, after=60)
    assert (shown["email"], shown["is_email_proven"]) == (OTHER_EMAIL, True)
    assert auth.enter(login=OTHER_EMAIL, after=61)["user"]["id"] == user_id
    with refused("password_incorrect", Unauthenticated):
        auth.enter(login=EMAIL, after=61)


def test_the_letter_of_a_change_has_no_link_for_others_to_click(auth: Auth) -> None:
    user_id = auth.add_account()
    auth.signed_in_worker(user_id, 60).request_email_change(request={"email": OTHER_EMAIL})

    assert auth.last_text(after=60)["link_token"] is None


def test_the_email_of_an_account_without_a_phone_brings_that_account_along(auth: Auth) -> None:
    """E-mail first; later the same person signs in by phone, and proves the address there."""
    by_email = auth.add_account()
    user_id = client(auth)
    shown = auth.take_email(user_id, EMAIL, after=60)

    assert (shown["email"], shown["has_password"], shown["name"]) == (EMAIL, True, "Anna")
    assert auth.users()[by_email].merged_into_id == user_id
    assert auth.enter(PASSWORD, after=61)["user"]["id"] == user_id
    assert auth.announced("user_merged") == [{"user_id": by_email, "into_user_id": user_id}]


def test_the_email_of_an_account_with_a_phone_is_refused_once_it_is_proven(auth: Auth) -> None:
    other = auth.add_account()
    auth.take_phone(other, OTHER_PHONE, after=60)
    user_id = client(auth, after=60)

    with pytest.raises(Conflict) as told:
        auth.take_email(user_id, EMAIL, after=130)
    assert told.value.code == "email_of_another_account"
    assert auth.users()[other].email == EMAIL


def test_of_accounts_merged_one_after_the_other_all_lead_to_the_last(auth: Auth) -> None:
    first = client(auth)
    second = client(auth, OTHER_PHONE)
    auth.take_phone(second, PHONE, after=100)
    third = auth.add_account(after=200)
    auth.take_phone(third, PHONE, after=300)

    assert {user.merged_into_id for user in auth.users().values()} == {None, third}
    assert auth.users()[first].merged_into_id == third


def test_staff_have_no_client_profile(auth: Auth) -> None:
    viewer = {"partner_id": 1, "user_id": auth.add_staff(), "kind": "staff"}
    with refused("unauthenticated", Unauthenticated):
        auth.worker(viewer=viewer).get_profile()
