"""Links of letters: opened once, by nobody who guesses, and not by being looked at."""

from datetime import timedelta

import pytest

from services.auth.domain.codes import INVITE_STAFF, MOST_GUESSES, PROVE_EMAIL, PROVE_PHONE
from services.auth.models import Challenge, Medium, Use
from services.auth.use_cases import codes
from services.auth.use_cases.links import look_at_link, open_link
from services.common.config import DEVELOPMENT_SECRET
from services.common.errors import Conflict, NotFound
from tests.service.auth.conftest import PHONE, WEB, Auth, at_once, refused
from tests.service.conftest import NOW

EMAIL = "anna@example.com"
DAY = 24 * 3600


def write_letter(auth: Auth, purpose: str = PROVE_EMAIL, *, after: float = 0) -> str:
    """Have a letter sent; the token of its link."""
    aim = codes.Aim(purpose=purpose, recipient=EMAIL, partner_id=WEB)
    with auth.database.write() as session:
        codes.request_code(
            session, aim, medium=Medium.EMAIL, locale="fr", now=NOW + timedelta(seconds=after)
        )
    challenge_id = auth.sent()[-1].data["challenge_id"]
    token: str = auth.text(challenge_id, after=after)["link_token"]
    return token


def open_it(
    auth: Auth, token: str, purpose: str = PROVE_EMAIL, *, after: float = 0, look=open_link
) -> Challenge:
    with auth.database.write() as session:
        challenge: Challenge = look(
            session,
            token,
            purpose=purpose,
            secret=DEVELOPMENT_SECRET,
            now=NOW + timedelta(seconds=after),
        )
        return challenge


def use(auth: Auth, challenge: Challenge) -> bool:
    with auth.database.write() as session:
        return codes.use_up(session, challenge.id, Use.ACCOUNT, now=NOW)


def test_whoever_opens_the_link_has_proven_the_address(auth: Auth) -> None:
    challenge = open_it(auth, write_letter(auth), after=3600)

    assert (challenge.recipient, challenge.proven_at) == (EMAIL, NOW + timedelta(hours=1))


def test_a_link_that_was_used_is_over(auth: Auth) -> None:
    token = write_letter(auth)
    assert use(auth, open_it(auth, token))

    with refused("link_over", NotFound):
        open_it(auth, token)


def test_opening_it_again_before_it_is_used_changes_nothing(auth: Auth) -> None:
    token = write_letter(auth)
    first, again = open_it(auth, token), open_it(auth, token, after=60)

    assert (first.proven_at, first.expires_at) == (again.proven_at, again.expires_at)


def test_looking_at_a_link_does_not_open_it(auth: Auth) -> None:
    token = write_letter(auth)
    assert open_it(auth, token, look=look_at_link).proven_at is None
    assert open_it(auth, token, after=DAY - 1).proven_at is not None


@pytest.mark.parametrize(("purpose", "seconds"), [(PROVE_EMAIL, DAY), (INVITE_STAFF, 7 * DAY)])
def test_a_link_lasts_for_its_time(auth: Auth, purpose: str, seconds: int) -> None:
    token = write_letter(auth, purpose)
    open_it(auth, token, purpose, after=seconds - 1, look=look_at_link)

    with refused("link_over", NotFound):
        open_it(auth, token, purpose, after=seconds)


def test_a_link_for_another_purpose_opens_nothing(auth: Auth) -> None:
    token = write_letter(auth)
    with refused("link_incorrect"):
        open_it(auth, token, INVITE_STAFF)


def test_a_letter_asked_for_again_carries_the_same_link(auth: Auth) -> None:
    assert write_letter(auth) == write_letter(auth, after=60)


def test_wrong_codes_do_not_spoil_the_link(auth: Auth) -> None:
    token = write_letter(auth)
    aim = codes.Aim(purpose=PROVE_EMAIL, recipient=EMAIL, partner_id=WEB)
    for _ in range(MOST_GUESSES + 1):
        with auth.database.write() as session:
            codes.count_guess(session, aim, now=NOW)

    assert use(auth, open_it(auth, token))


def test_of_many_who_open_it_at_once_one_may_use_it(auth: Auth) -> None:
    token = write_letter(auth)

    def attempt(_: int) -> bool:
        return use(auth, open_it(auth, token))

    answers = at_once(20, attempt)
    assert answers.count(True) == 1
    assert set(answers) <= {True, False, "link_over", Conflict("busy").code}


def test_a_message_to_a_phone_carries_no_link(auth: Auth) -> None:
    auth.request_code(PHONE)
    told = auth.text(auth.sent()[-1].data["challenge_id"])

    assert (told["link_token"], told["purpose"]) == (None, PROVE_PHONE)
