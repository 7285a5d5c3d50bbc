"""Accounts by e-mail: the letter tells all, the answer nothing; nobody gets one for another."""

from datetime import timedelta

import pytest

from services.auth.domain.codes import ACCOUNT_EXISTS, PROVE_EMAIL
from services.auth.use_cases import codes
from services.auth.use_cases.sign_ups import MOST_WISHES
from services.common.errors import Forbidden, NotFound, TooManyAttempts, Unauthenticated
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
from tests.service.conftest import NOW


def test_who_opens_the_letter_and_knows_the_password_has_an_account(auth: Auth) -> None:
    auth.sign_up("  Anna@Example.com ")
    letter = auth.last_text()
    assert (letter["purpose"], letter["recipient"]) == (PROVE_EMAIL, EMAIL)
    with refused("password_incorrect", Unauthenticated):
        auth.enter()

    assert auth.confirm(letter["link_token"]) == {}
    user = auth.enter(login="ANNA@example.com")["user"]
    assert (user["name"], user["email"], user["phone"], user["login"]) == (
        "Anna",
        EMAIL,
        None,
        EMAIL,
    )


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(auth: Auth) -> None:
    auth.add_account()
    known = auth.sign_up(EMAIL, after=DAYS)
    unknown = auth.sign_up(OTHER_EMAIL, after=DAYS)

    assert known == unknown
    assert [event.data["purpose"] for event in auth.sent()[-2:]] == [ACCOUNT_EXISTS, PROVE_EMAIL]
    for email in (EMAIL, OTHER_EMAIL):
        with refused("code_sent_recently", TooManyAttempts, seconds=59):
            auth.sign_up(email, after=DAYS + 1)


def test_the_work_is_the_same_too(auth: Auth) -> None:
    auth.add_account()
    with auth.statements() as for_known:
        auth.sign_up(EMAIL, after=DAYS)
    with auth.statements() as for_unknown:
        auth.sign_up(OTHER_EMAIL, after=DAYS)

    assert [one.split()[:3] for one in for_known] == [one.split()[:3] for one in for_unknown]


def test_the_letter_about_an_account_that_exists_opens_nothing(auth: Auth) -> None:
    user_id = auth.add_account()
    auth.sign_up(EMAIL, password=OTHER_PASSWORD, after=DAYS)
    letter = auth.last_text(after=DAYS)

    assert letter["link_token"] is None
    assert auth.enter(after=DAYS)["user"]["id"] == user_id
    with refused("password_incorrect", Unauthenticated):
        auth.enter(OTHER_PASSWORD, after=DAYS)


def test_a_link_opens_once(auth: Auth) -> None:
    auth.sign_up()
    token = auth.last_text()["link_token"]
    auth.confirm(token)

    with refused("link_over", NotFound):
        auth.confirm(token, after=1)
    assert len(auth.users()) == 1


def test_whoever_reads_the_letter_without_the_password_confirms_no_strangers_account(
    auth: Auth,
) -> None:
    """Somebody signs up with Anna's address and a password of their own, and hopes she clicks."""
    auth.sign_up(password=OTHER_PASSWORD)
    token = auth.last_text()["link_token"]

    with refused("password_incorrect"):
        auth.confirm(token, PASSWORD)
    assert auth.users() == {}


def test_a_stranger_who_signs_up_too_spoils_nothing(auth: Auth) -> None:
    auth.sign_up()
    auth.sign_up(password=OTHER_PASSWORD, name="Mallory", after=61)
    token = auth.last_text(after=61)["link_token"]

    auth.confirm(token, PASSWORD, after=62)
    assert auth.enter(after=63)["user"]["name"] == "Anna"
    with refused("password_incorrect", Unauthenticated):
        auth.enter(OTHER_PASSWORD, after=63)


def test_strangers_who_sign_up_later_push_nobody_out(auth: Auth) -> None:
    auth.sign_up()
    for number in range(1, MOST_WISHES):
        auth.sign_up(password=OTHER_PASSWORD, name="Mallory", after=number * 300)
    late = MOST_WISHES * 300
    sent = len(auth.sent())
    with refused("too_many_attempts", TooManyAttempts, seconds=DAYS - 300):
        auth.sign_up(password=OTHER_PASSWORD, after=late)
    assert len(auth.sent()) == sent
    auth.confirm(auth.text(auth.sent()[0].data["challenge_id"], after=late)["link_token"])
    assert auth.enter(after=late + 1)["user"]["name"] == "Anna"


def test_too_many_wishes_do_not_tell_whether_there_is_an_account(auth: Auth) -> None:
    auth.add_account()
    for number in range(1, MOST_WISHES + 1):
        auth.sign_up(after=DAYS + number * 300)
    with pytest.raises(TooManyAttempts, match="too_many_attempts"):
        auth.sign_up(after=DAYS + (MOST_WISHES + 1) * 300)


def test_passwords_cannot_be_guessed_at_a_link(auth: Auth) -> None:
    auth.sign_up()
    token = auth.last_text()["link_token"]
    for _ in range(5):
        with refused("password_incorrect"):
            auth.confirm(token, OTHER_PASSWORD)

    with pytest.raises(TooManyAttempts):
        auth.confirm(token)
    auth.confirm(token, after=601)


def test_looking_at_a_link_opens_nothing(auth: Auth) -> None:
    auth.sign_up()
    token = auth.last_text()["link_token"]
    shown = auth.worker(viewer={}).look_at_link(token=token, purpose=PROVE_EMAIL)

    assert shown == {"email": EMAIL}
    assert auth.users() == {}


def test_an_address_that_got_an_account_meanwhile_gets_no_second_one(auth: Auth) -> None:
    auth.sign_up()
    token = auth.last_text()["link_token"]
    user_id = auth.sign_in(auth.get_code())["user"]["id"]
    auth.take_email(user_id, EMAIL, after=61)

    with refused("link_over", NotFound):
        auth.confirm(token, after=62)
    assert len(auth.users()) == 1


def test_of_many_clicks_at_once_one_makes_the_account(auth: Auth) -> None:
    auth.sign_up()
    token = auth.last_text()["link_token"]

    answers = at_once(4, lambda _: auth.confirm(token))
    assert answers.count({}) == 1
    assert set(map(str, answers)) <= {"{}", "link_over", "busy"}
    assert len(auth.users()) == 1


def test_what_was_never_confirmed_is_forgotten(auth: Auth) -> None:
    auth.sign_up()
    with auth.database.write() as session:
        codes.forget_old(session, now=NOW + timedelta(days=3))
    assert auth.count("sign_ups") == 0


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("a" * 129, "password_too_long"),
        (EMAIL, "password_too_simple"),
    ],
)
def test_a_bad_password_is_refused_before_anything_is_sent(
    auth: Auth, password: str, code: str
) -> None:
    with pytest.raises(Exception, match=code):
        auth.sign_up(password=password)
    assert auth.sent() == []


def test_where_passwords_are_off_there_are_none(auth: Auth) -> None:
    auth.add_account()
    auth.settings["password_sign_in"] = False
    worker, own = auth.worker(), auth.signed_in_worker(1)
    link = {"token": "t", "password": PASSWORD}
    for act in (
        lambda: auth.sign_up(OTHER_EMAIL),
        auth.enter,
        lambda: worker.confirm_sign_up(request=link),
        lambda: worker.reset_password_by_link(request=link),
        lambda: worker.request_password_reset(request={"login": PHONE}),
        lambda: worker.reset_password(request={"login": PHONE, "code": "1", "password": PASSWORD}),
        lambda: own.change_password(request={"new_password": OTHER_PASSWORD}),
    ):
        with refused("password_sign_in_off", Forbidden):
            act()
