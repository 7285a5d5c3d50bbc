"""Staff choose another password: who knows the old one, or who reads the letter."""

import threading
from typing import Any

import pytest
from sqlalchemy import update

from services.auth.models import Medium, StaffUser, User
from services.auth.use_cases.signing_in import begin
from services.auth.use_cases.staff import set_second_factor
from services.common.errors import Invalid, NotFound, TooManyAttempts, Unauthenticated
from tests.service.auth.conftest import (
    OTHER_PASSWORD,
    PASSWORD,
    PHONE,
    WEB,
    Auth,
    at_once,
    refused,
)

LOGIN = "owner@example.com"
NAME, MAILBOX = "olga", "olga@example.com"


def change(
    auth: Auth, user_id: int, old: str = PASSWORD, new: str = OTHER_PASSWORD, *, after: float = 0
) -> Any:
    viewer = {"partner_id": WEB, "user_id": user_id, "kind": "staff"}
    request = {"old_password": old, "new_password": new, "device": "iPad"}
    return auth.worker(after, viewer=viewer).change_staff_password(request=request)


def ask(auth: Auth, login: str = LOGIN, *, after: float = 0, **where: Any) -> Any:
    return auth.worker(after).request_staff_reset(request={"login": login, **where})


def link(auth: Auth, *, after: float = 0) -> str:
    token: str = auth.last_text(after=after)["link_token"]
    return token


def open_it(auth: Auth, token: str, password: str = OTHER_PASSWORD, *, after: float = 0) -> Any:
    request = {"token": token, "password": password}
    return auth.worker(after).reset_staff_password_by_link(request=request)


def letters(auth: Auth) -> list[tuple[str, str | None]]:
    return [(sent.data["purpose"], sent.data["contact"]["email"]) for sent in auth.sent()]


def demand_code(auth: Auth, login: str, medium: Medium, recipient: str) -> None:
    with auth.database.write() as session:
        set_second_factor(session, login=login, medium=medium, recipient=recipient)


def test_a_new_password_ends_all_tokens_but_the_one_in_the_answer(auth: Auth) -> None:
    user_id = auth.add_staff()
    before = auth.staff_sign_in()["token"]
    changed = change(auth, user_id)

    assert changed["user"]["login"] == LOGIN
    assert (auth.is_alive(before), auth.is_alive(changed["token"])) == (False, True)
    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in()
    assert auth.staff_sign_in(OTHER_PASSWORD)["token"]


def test_the_old_one_is_guessed_at_five_times_and_a_bad_new_one_is_no_guess(auth: Auth) -> None:
    user_id = auth.add_staff()
    for bad in ("short", LOGIN):
        with pytest.raises(Invalid, match="password_too_s"):
            change(auth, user_id, new=bad)
    for _ in range(5):
        with pytest.raises(Invalid, match="old_password_incorrect"):
            change(auth, user_id, old="wrong password")
    with refused("too_many_attempts", TooManyAttempts, seconds=600):
        change(auth, user_id)
    assert auth.staff_sign_in()["token"]  # a thief of the token keeps nobody out


def test_two_changes_at_once_are_one(auth: Auth) -> None:
    user_id = auth.add_staff()
    told = at_once(2, lambda number: change(auth, user_id, new=f"battery {number} " * 3)["token"])
    assert sum(one.startswith("ku_") for one in told) == 1
    assert sum(auth.is_alive(one) for one in told) == 1


def test_the_link_of_a_letter_opens_once_and_signs_nobody_in(auth: Auth) -> None:
    auth.add_staff()
    before = auth.staff_sign_in()["token"]
    assert ask(auth, " Owner@Example.com ") == {}
    assert letters(auth) == [("reset_staff_password", LOGIN)]
    token = link(auth)
    shown = auth.worker().look_at_link(token=token, purpose="reset_staff_password")
    assert shown == {"email": LOGIN}

    assert open_it(auth, token) == {}
    assert not auth.is_alive(before)
    assert auth.count("sessions") == 1
    assert auth.staff_sign_in(OTHER_PASSWORD)["token"]
    with refused("link_over", NotFound):
        open_it(auth, token, PASSWORD)


def test_of_many_who_open_it_at_once_one_sets_the_password(auth: Auth) -> None:
    auth.add_staff()
    ask(auth)
    token = link(auth)
    told = at_once(4, lambda number: open_it(auth, token, f"battery {number} " * 3))
    assert sorted(map(str, told)) == sorted(["{}", *["link_over"] * 3])


def test_a_bad_password_spoils_no_link(auth: Auth) -> None:
    auth.add_staff()
    ask(auth)
    with pytest.raises(Invalid, match="password_too_short"):
        open_it(auth, link(auth), "short")
    assert open_it(auth, link(auth)) == {}


def test_an_address_leads_to_who_has_another_login(auth: Auth) -> None:
    auth.add_staff(NAME, email=MAILBOX)
    ask(auth, MAILBOX)
    ask(auth, NAME, after=61)
    assert letters(auth) == [("reset_staff_password", MAILBOX)] * 2
    assert open_it(auth, link(auth, after=61), after=61) == {}
    assert auth.staff_sign_in(OTHER_PASSWORD, NAME, after=62)["token"]


def test_an_address_that_two_have_leads_to_neither(auth: Auth) -> None:
    auth.add_staff(NAME, email=MAILBOX)
    auth.add_staff("igor", email=MAILBOX)
    ask(auth, MAILBOX)
    assert letters(auth) == [("reset_staff_password", None)]


@pytest.mark.parametrize("unknown", ["olga", "olga@example.com", "revoked@example.com"])
def test_an_unknown_login_is_answered_with_the_same_work(auth: Auth, unknown: str) -> None:
    """And gets no letter: what was typed stands nowhere."""
    auth.add_staff()
    auth.add_staff("revoked@example.com")
    auth.revoke("revoked@example.com")
    where = {"address": "198.51.100.7", "device": "Safari"}
    auth.settings |= {"env": "production"}
    for login in ("first@example.com", LOGIN, unknown):  # what comes first makes shared rows
        with auth.statements() as statements:
            assert ask(auth, login, after=1, **where) == {}
        if login == LOGIN:
            known = [one.split()[:3] for one in statements]
    assert [one.split()[:3] for one in statements] == known
    assert [email for _, email in letters(auth)] == [None, LOGIN, None]
    assert all(unknown not in challenge.recipient for challenge in auth.challenges())


@pytest.mark.parametrize("login", [LOGIN, "nobody"])
def test_how_often_it_is_asked_for_tells_nothing_either(auth: Auth, login: str) -> None:
    auth.add_staff()
    ask(auth, login)
    with refused("too_many_attempts", TooManyAttempts, seconds=59):
        ask(auth, login, after=1)


def test_two_names_of_one_account_get_one_letter_and_the_same_answer(auth: Auth) -> None:
    auth.add_staff(NAME, email=MAILBOX)
    assert ask(auth, NAME) == ask(auth, MAILBOX, after=1) == {}
    assert letters(auth) == [("reset_staff_password", MAILBOX)]


def test_a_second_factor_is_asked_for_after_a_reset_as_before(auth: Auth) -> None:
    auth.add_staff()
    demand_code(auth, LOGIN, Medium.SMS, PHONE)
    ask(auth)
    open_it(auth, link(auth))
    assert "token" not in auth.staff_sign_in(OTHER_PASSWORD)
    assert auth.sent()[-1].data["contact"]["phone"] == PHONE


@pytest.mark.parametrize("login", [LOGIN, MAILBOX])
def test_the_mailbox_of_the_second_factor_gets_a_letter_that_opens_nothing(
    auth: Auth, login: str
) -> None:
    auth.add_staff(login, email=MAILBOX)
    demand_code(auth, login, Medium.EMAIL, MAILBOX)
    ask(auth, MAILBOX)
    assert letters(auth) == [("reset_staff_refused", MAILBOX)]
    assert auth.last_text()["link_token"] is None


def test_nor_does_an_earlier_link_when_the_codes_go_there_now(auth: Auth) -> None:
    user_id = auth.add_staff()
    ask(auth)
    token = link(auth)
    with auth.database.write() as session:  # by whatever way that forgets no challenges
        session.execute(update(StaffUser).values(second_factor=Medium.EMAIL))
        session.execute(update(User).where(User.id == user_id).values(email=LOGIN.upper()))
    with refused("link_over", NotFound):
        open_it(auth, token)


def test_a_link_is_over_for_who_was_revoked_or_has_a_newer_password(auth: Auth) -> None:
    user_id = auth.add_staff()
    ask(auth)
    token = link(auth)
    change(auth, user_id)
    with refused("link_over", NotFound):
        open_it(auth, token)
    ask(auth, after=61)
    token = link(auth, after=61)
    auth.revoke(LOGIN)
    with refused("link_over", NotFound):
        open_it(auth, token, after=62)


def test_a_clients_letter_opens_no_account_of_the_staff(auth: Auth) -> None:
    auth.add_account(LOGIN)
    auth.add_staff()
    auth.worker(100).request_password_reset(request={"login": LOGIN})
    token = auth.last_text(after=100)["link_token"]
    with refused("link_incorrect"):
        open_it(auth, token, after=101)


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("with_code", [False, True])
def test_a_password_that_becomes_another_ends_the_session_that_the_old_one_is_just_beginning(
    auth: Auth, monkeypatch: pytest.MonkeyPatch, with_code: bool
) -> None:
    auth.add_staff()
    request: dict[str, Any] = {"login": LOGIN, "password": PASSWORD}
    if with_code:
        demand_code(auth, LOGIN, Medium.SMS, PHONE)
        challenge_id = auth.staff_sign_in()["challenge"]["challenge_id"]
        code = auth.text(challenge_id)["code"]
        request = {"login": LOGIN, "challenge_id": challenge_id, "code": code}
    other = threading.Thread(target=auth.change_password, args=[LOGIN, OTHER_PASSWORD])

    def begin_meanwhile(*arguments: Any, **facts: Any) -> str:
        other.start()
        other.join(0.3)
        assert other.is_alive()  # it waits, and so comes after this session
        return begin(*arguments, **facts)

    monkeypatch.setattr("services.auth.second_factors.begin", begin_meanwhile)
    token = auth.worker().staff_sign_in(request=request)["token"]
    other.join(10)
    assert not auth.is_alive(token)
