"""Clients' passwords: tried a few times, changed by who knows them, reset by who has the phone."""

import pytest

from services.common.errors import Forbidden, Invalid, NotFound, TooManyAttempts, Unauthenticated
from tests.service.auth.conftest import (
    DAYS,
    EMAIL,
    OTHER_EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    PHONE,
    Auth,
    at_once,
    refused,
)


def change_password(auth: Auth, old: str | None, new: str = OTHER_PASSWORD, *, after: float = 0):
    request = {"old_password": old, "new_password": new, "device": "iPhone"}
    return auth.signed_in_worker(1, after).change_password(request=request)


def ask_for_reset(auth: Auth, login: str = EMAIL, *, after: float = 0) -> dict:
    answer: dict = auth.worker(after).request_password_reset(request={"login": login})
    return answer


def reset(auth: Auth, code: str, login: str = EMAIL, *, after: float = 0):
    request = {"login": login, "code": code, "password": OTHER_PASSWORD}
    return auth.worker(after).reset_password(request=request)


def test_phone_and_email_are_both_a_login(auth: Auth) -> None:
    user_id = auth.add_account()
    auth.take_phone(user_id, PHONE, after=60)

    by_phone = auth.enter(login=PHONE, after=61)
    assert by_phone["user"]["id"] == auth.enter(after=61)["user"]["id"] == user_id
    assert auth.is_alive(by_phone["token"])


@pytest.mark.parametrize("login", [EMAIL, OTHER_EMAIL, PHONE])
def test_known_and_unknown_logins_are_refused_alike(auth: Auth, login: str) -> None:
    auth.add_account()
    for _ in range(5):
        with refused("password_incorrect", Unauthenticated):
            auth.enter(OTHER_PASSWORD, login=login, after=700)
    with refused("too_many_attempts", TooManyAttempts, seconds=600):
        auth.enter(login=login, after=700)


def test_known_and_unknown_logins_cost_the_same(auth: Auth) -> None:
    auth.add_account()
    counts = []
    for login in (EMAIL, OTHER_EMAIL):
        with auth.statements() as sent, refused("password_incorrect", Unauthenticated):
            auth.enter(OTHER_PASSWORD, login=login, after=700)
        counts.append([one.split()[:3] for one in sent])
    assert counts[0] == counts[1]


def test_a_right_try_is_no_failure(auth: Auth) -> None:
    auth.add_account()
    for _ in range(7):
        auth.enter(after=1)


def test_somebody_without_a_password_has_none_that_fits(auth: Auth) -> None:
    auth.sign_in(auth.get_code())
    with refused("password_incorrect", Unauthenticated):
        auth.enter("", login=PHONE)


def test_a_new_password_signs_out_everywhere_but_here(auth: Auth) -> None:
    auth.add_account()
    before = auth.enter(after=1)["token"]
    changed = change_password(auth, PASSWORD, after=2)

    assert not auth.is_alive(before, after=3)
    assert auth.is_alive(changed["token"], after=3)
    assert auth.enter(OTHER_PASSWORD, after=3)
    with refused("password_incorrect", Unauthenticated):
        auth.enter(after=3)


def test_who_does_not_know_the_old_password_chooses_no_new_one(auth: Auth) -> None:
    auth.add_account()
    for old in ("", None, OTHER_PASSWORD):
        with pytest.raises(Invalid, match="old_password_incorrect"):
            change_password(auth, old, after=1)
    assert auth.enter(after=2)


def test_the_right_old_password_is_no_failure_when_the_new_one_is_none(auth: Auth) -> None:
    auth.add_account()
    for after in range(1, 8):
        with pytest.raises(Invalid, match="password_too_short"):
            change_password(auth, PASSWORD, "short", after=after)
    assert change_password(auth, PASSWORD, after=9)


def test_nor_is_one_that_came_with_a_code(auth: Auth) -> None:
    auth.take_phone(auth.add_account(), PHONE, after=1)
    for number in range(6):
        after = 130 * number + 100
        assert auth.sign_in(auth.get_code(after=after), after=after, password=PASSWORD)
    assert auth.enter(login=PHONE, after=751)


def test_a_first_password_needs_a_proof_of_just_now(auth: Auth) -> None:
    auth.sign_in(auth.get_code())
    with refused("proof_needed", Forbidden):
        change_password(auth, None, after=600)

    auth.sign_in(auth.get_code(after=700), after=700)
    changed = change_password(auth, None, after=1299)
    assert auth.is_alive(changed["token"], after=1300)
    assert auth.enter(OTHER_PASSWORD, login=PHONE, after=1300)


def test_two_changes_at_once_are_one(auth: Auth) -> None:
    auth.add_account()
    answers = at_once(2, lambda place: change_password(auth, PASSWORD, f"battery {place} " * 3))

    assert sum(isinstance(answer, dict) for answer in answers) == 1
    assert (
        sum(auth.is_alive(answer["token"]) for answer in answers if isinstance(answer, dict)) == 1
    )


@pytest.mark.parametrize("login", [EMAIL, PHONE])
def test_a_code_resets_the_password_and_signs_in(auth: Auth, login: str) -> None:
    user_id = auth.add_account()
    auth.take_phone(user_id, PHONE, after=60)
    token = auth.enter(after=100)["token"]
    ask_for_reset(auth, login, after=200)
    told = auth.last_text(after=200)
    assert (told["recipient"], told["link_token"] is None) == (login, login == PHONE)

    done = reset(auth, told["code"], login, after=201)
    assert done["user"]["id"] == user_id
    assert (auth.is_alive(token, after=202), auth.is_alive(done["token"], after=202)) == (
        False,
        True,
    )
    assert auth.enter(OTHER_PASSWORD, after=203)
    with refused("code_incorrect"):
        reset(auth, told["code"], login, after=204)


def test_so_does_the_link_of_the_letter(auth: Auth) -> None:
    auth.add_account()
    ask_for_reset(auth, after=200)
    token = auth.last_text(after=200)["link_token"]
    request = {"token": token, "password": OTHER_PASSWORD}

    assert auth.worker(201).reset_password_by_link(request=request) == {}
    assert auth.enter(OTHER_PASSWORD, after=202)
    with refused("link_over", NotFound):
        auth.worker(203).reset_password_by_link(request=request)


def test_of_two_letters_neither_is_good_once_the_password_is_new(auth: Auth) -> None:
    auth.add_account()
    ask_for_reset(auth, after=200)
    link = auth.last_text(after=200)["link_token"]
    for number in range(5):  # too many guesses: the next letter has another code
        with refused("code_incorrect"):
            reset(auth, f"00000{number}", after=201)
    ask_for_reset(auth, after=300)
    reset(auth, auth.last_text(after=300)["code"], after=301)

    with refused("link_over", NotFound):
        auth.worker(302).reset_password_by_link(
            request={"token": link, "password": "a third battery"}
        )


def test_whether_there_is_an_account_is_told_to_who_has_the_address(auth: Auth) -> None:
    auth.add_account()
    known = ask_for_reset(auth, EMAIL, after=200)
    unknown = ask_for_reset(auth, OTHER_EMAIL, after=200)
    assert known == unknown

    with refused("code_incorrect"):
        reset(auth, "000000", OTHER_EMAIL, after=201)
    with refused("account_not_found", NotFound):
        reset(auth, auth.last_text(after=200)["code"], OTHER_EMAIL, after=201)
    assert len(auth.users()) == 1


def test_a_letter_is_good_for_an_hour(auth: Auth) -> None:
    auth.add_account()
    ask_for_reset(auth, after=200)
    code = auth.last_text(after=200)["code"]

    with refused("code_incorrect"):
        reset(auth, code, after=200 + 3600)
    assert reset(auth, code, after=200 + 3599)


def test_a_weak_password_costs_no_guess(auth: Auth) -> None:
    auth.add_account()
    ask_for_reset(auth, after=DAYS)
    code = auth.last_text(after=DAYS)["code"]
    request = {"login": EMAIL, "code": code, "password": "short"}
    for _ in range(6):
        with pytest.raises(Invalid, match="password_too_short"):
            auth.worker(DAYS).reset_password(request=request)
    assert reset(auth, code, after=DAYS)
