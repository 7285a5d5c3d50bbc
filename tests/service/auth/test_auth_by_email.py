"""A code in a letter: for the account whose proven address it is, never for the phone itself."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.auth.domain.codes import CHANGE_PHONE
from services.auth.models import Medium, User
from services.auth.use_cases import codes
from services.common.errors import NotFound
from tests.service.auth.conftest import MINUTES, OTHER_PHONE, PHONE, WEB, Auth, refused
from tests.service.conftest import NOW

EMAIL = "ann@example.com"
DAY = 24 * 60 * MINUTES
A_YEAR = 365 * DAY


@pytest.fixture
def ann(auth: Auth) -> int:
    """The id of a client with that phone, who has proven that address."""
    user_id: int = auth.sign_in(auth.get_code())["user"]["id"]
    set_user(auth, email=EMAIL, email_proven_at=NOW)
    return user_id


def set_user(auth: Auth, **values: Any) -> None:
    with auth.database.write() as session:
        session.execute(update(User).where(User.phone == PHONE).values(values))


def user_of(auth: Auth, user_id: int) -> User:
    with auth.database.read() as session:
        return session.get_one(User, user_id)


def codes_of(auth: Auth, *, after: float, phone: str = PHONE, **request: Any) -> tuple[str, str]:
    """Ask for a code; what a message to the phone says, and what a letter does."""
    auth.request_code(phone, after=after, **request)
    challenge_id = auth.last_challenge_id()
    message = auth.text(challenge_id, after=after, medium="sms")
    letter = auth.text(challenge_id, after=after, medium="email")
    return message["code"], letter["code"]


def test_a_letter_goes_to_the_proven_address_and_a_message_to_the_phone(
    auth: Auth, ann: int
) -> None:
    auth.request_code(after=60, medium="email")
    event = auth.sent()[-1]

    assert event.data["medium"] == "email"
    assert event.data["contact"] == {"phone": PHONE, "email": EMAIL}
    for medium, recipient in (("sms", PHONE), ("call", PHONE), (None, PHONE), ("email", EMAIL)):
        told = auth.text(event.data["challenge_id"], after=60, medium=medium)
        assert told["recipient"] == recipient


def test_a_call_says_the_same_code_and_a_letter_another_one(auth: Auth, ann: int) -> None:
    auth.request_code(after=60)
    first = auth.last_challenge_id()
    auth.request_code(after=120, medium="call")
    auth.request_code(after=180, medium="email")

    assert {event.subject for event in auth.sent()[1:]} == {f"challenge/{first}"}
    told = {
        medium: auth.text(first, after=180, medium=medium)["code"]
        for medium in ("sms", "call", "email")
    }
    assert told["sms"] == told["call"] != told["email"]


@pytest.mark.parametrize("medium", ["sms", "email"])
def test_it_signs_in_to_the_account_whatever_was_asked_for(
    auth: Auth, ann: int, medium: str
) -> None:
    """Where a message fails for good, a letter is sent in its place."""
    _, by_email = codes_of(auth, after=60, medium=medium)

    assert auth.sign_in(by_email, after=61)["user"]["id"] == ann


def test_it_proves_no_phone_anew(auth: Auth, ann: int) -> None:
    before = user_of(auth, ann).phone_proven_at
    _, by_email = codes_of(auth, after=DAY)
    auth.sign_in(by_email, after=DAY)
    assert user_of(auth, ann).phone_proven_at == before

    by_sms, _ = codes_of(auth, after=2 * DAY)
    auth.sign_in(by_sms, after=2 * DAY)
    assert user_of(auth, ann).phone_proven_at == NOW + timedelta(days=2)


def test_a_number_that_is_somebody_elses_by_now_does_not_open_the_old_account(
    auth: Auth, ann: int
) -> None:
    """Though its owner signs in by letters: those are no proofs of the phone."""
    _, by_email = codes_of(auth, after=A_YEAR - DAY)
    assert auth.sign_in(by_email, after=A_YEAR - DAY)["user"]["id"] == ann
    by_sms, by_email = codes_of(auth, after=A_YEAR)

    assert auth.sign_in(by_sms, after=A_YEAR)["user"]["id"] != ann
    with refused("code_incorrect"):
        auth.sign_in(by_email, after=A_YEAR)


def test_whoever_reads_the_letter_keeps_the_account_however_old_the_number(
    auth: Auth, ann: int
) -> None:
    _, by_email = codes_of(auth, after=A_YEAR)

    assert auth.sign_in(by_email, after=A_YEAR)["user"]["id"] == ann


def test_it_serves_for_a_booking(auth: Auth, ann: int) -> None:
    _, by_email = codes_of(auth, after=60, medium="email")

    assert auth.prove(by_email, after=61)["phone"] == PHONE


def test_it_does_not_count_as_a_use_of_the_phones_prefix(auth: Auth, ann: int) -> None:
    before = auth.dump()["destinations"]
    _, by_email = codes_of(auth, after=60, medium="email")
    auth.prove(by_email, after=61)

    assert auth.dump()["destinations"] == before


@pytest.mark.parametrize("values", [{"email": None, "email_proven_at": None}, {}])
def test_where_no_letter_could_be_sent_its_code_is_wrong(
    auth: Auth, ann: int, values: dict[str, Any]
) -> None:
    if values:
        set_user(auth, **values)
        phone = PHONE
    else:
        phone = OTHER_PHONE
    _, by_email = codes_of(auth, after=60, phone=phone, medium="email")

    assert auth.sent()[-1].data["contact"]["email"] is None
    with refused("code_incorrect"):
        auth.prove(by_email, phone, after=61)
    for number in range(4):
        with refused("code_incorrect"):
            auth.sign_in(by_email, phone, after=61 + number)
    assert auth.challenges()[-1].guesses == 5


def test_an_address_that_is_merely_told_gets_no_letter(auth: Auth, ann: int) -> None:
    set_user(auth, email_proven_at=None)
    auth.request_code(after=60, medium="email")

    assert auth.sent()[-1].data["contact"] == {"phone": PHONE, "email": None}


@pytest.mark.parametrize("values", [{"email": "other@example.com"}, {"phone": OTHER_PHONE}])
def test_an_account_that_has_changed_since_is_not_opened(
    auth: Auth, ann: int, values: dict[str, Any]
) -> None:
    _, by_email = codes_of(auth, after=60)
    set_user(auth, **values)

    with refused("code_incorrect"):
        auth.sign_in(by_email, after=61)


def test_a_letter_to_an_old_address_does_not_open_what_has_a_new_one(auth: Auth, ann: int) -> None:
    _, old = codes_of(auth, after=60)
    set_user(auth, email="new@example.com")
    _, new = codes_of(auth, after=120)

    with refused("code_incorrect"):
        auth.sign_in(old, after=121)
    assert auth.sign_in(new, after=121)["user"]["id"] == ann


def test_an_address_that_was_proven_meanwhile_makes_no_other_code(auth: Auth, ann: int) -> None:
    set_user(auth, email=None, email_proven_at=None)
    by_sms, _ = codes_of(auth, after=60)
    set_user(auth, email=EMAIL, email_proven_at=NOW)

    assert codes_of(auth, after=120)[0] == by_sms


def test_another_phone_is_proven_by_that_phone_alone(auth: Auth, ann: int) -> None:
    aim = codes.Aim(purpose=CHANGE_PHONE, recipient=PHONE, partner_id=WEB, user_id=ann)
    with auth.database.write() as session:
        challenge, _ = codes.request_code(
            session, aim, medium=Medium.EMAIL, locale="en", now=NOW + timedelta(minutes=1)
        )
    assert challenge.email is None


def test_a_letters_code_is_not_told_once_the_challenge_is_over(auth: Auth, ann: int) -> None:
    codes_of(auth, after=60)
    with refused("challenge_over", NotFound):
        auth.text(auth.last_challenge_id(), after=60 + 600, medium="email")
