"""Many at once: no sixth guess, no second sign-in, no second message.

And the proof that these tests can fail: without what saves it, each attack succeeds.
"""

import time
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.auth.models import Challenge, Throttle
from services.auth.use_cases import codes, throttles
from tests.service.auth.conftest import APP, OTHER_PHONE, PHONE, WEB, Auth, at_once, refused, wrong

CALLERS = 20


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The guesses that were let through to be looked at."""
    seen: list[str] = []
    count_guess = codes.count_guess

    def watch(session: Session, aim: codes.Aim, **arguments: Any) -> str | None:
        challenge_id = count_guess(session, aim, **arguments)
        if challenge_id is not None:
            seen.append(challenge_id)
        return challenge_id

    monkeypatch.setattr(codes, "count_guess", watch)
    return seen


def test_of_twenty_guesses_at_once_five_are_looked_at(auth: Auth, looked_at: list[str]) -> None:
    code = auth.get_code()
    answers = at_once(CALLERS, lambda number: auth.prove(wrong(code, number + 1)))

    assert answers == ["code_incorrect"] * CALLERS
    assert len(looked_at) == 5
    assert auth.challenges()[0].guesses == 5
    with refused("code_incorrect"):
        auth.prove(code)


def test_of_twenty_that_contain_the_code_one_signs_in_at_most(
    auth: Auth, looked_at: list[str]
) -> None:
    for round_number in range(3):
        phone = f"+3361234567{round_number}"
        code = auth.get_code(phone)
        answers = at_once(
            CALLERS,
            lambda number, code=code, phone=phone: auth.sign_in(wrong(code, number - 10), phone),
        )
        successes = [one for one in answers if one != "code_incorrect"]
        assert len(successes) <= 1
        assert len(looked_at) <= 6
        looked_at.clear()


def test_two_right_sign_ins_at_once_make_one_session(auth: Auth) -> None:
    code = auth.get_code()
    answers = at_once(2, lambda _: auth.sign_in(code))

    assert answers.count("code_incorrect") == 1
    assert (auth.count("sessions"), auth.count("users")) == (1, 1)


def test_two_phones_of_one_person_sign_in_at_once_as_one_user(auth: Auth) -> None:
    """With the codes of two partners, so that both are right."""
    web, app = auth.get_code(), auth.get_code(after=60, partner_id=APP)
    wishes = [(web, WEB), (app, APP)]
    answers = at_once(
        2, lambda number: auth.sign_in(wishes[number][0], after=61, partner_id=wishes[number][1])
    )

    assert answers[0]["user"] == answers[1]["user"]
    assert (auth.count("sessions"), auth.count("users")) == (2, 1)


def test_right_guesses_at_once_all_get_the_one_proof(auth: Auth) -> None:
    code = auth.get_code()
    proofs = at_once(5, lambda _: auth.prove(code))

    assert {proof["proof_id"] for proof in proofs} == {auth.challenges()[0].id}
    assert auth.challenges()[0].guesses == 0


def test_of_twenty_requests_at_once_one_is_sent(auth: Auth) -> None:
    answers = at_once(CALLERS, lambda number: auth.request_code(partner_id=number + 1))

    assert answers.count("code_sent_recently") == CALLERS - 1
    assert len(auth.sent()) == auth.count("challenges") == 1


def test_the_fifth_place_is_given_once(auth: Auth) -> None:
    for after in (0, 60, 120, 180):
        auth.request_code(after=after)
    answers = at_once(CALLERS, lambda _: auth.request_code(after=300))

    assert answers.count("code_sends_used_up") == CALLERS - 1
    assert len(auth.sent()) == 5


def test_different_phones_do_not_wait_for_each_other(auth: Auth) -> None:
    answers = at_once(CALLERS, lambda number: auth.request_code(f"+336123456{number + 10}"))

    assert [answer["length"] for answer in answers] == [6] * CALLERS


def test_of_twenty_passwords_at_once_five_are_looked_at(auth: Auth) -> None:
    auth.add_staff()
    answers = Counter(
        at_once(CALLERS, lambda number: auth.staff_sign_in(f"wrong password {number}"))
    )

    assert answers["too_many_attempts"] == CALLERS - 5
    assert answers["password_incorrect"] + answers["busy"] == 5


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_guesses_that_are_read_and_then_written_are_not_counted(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would be without the one statement that counts: SQLite's one writer would hide it."""

    def careless(session: Session, aim: codes.Aim, **_: Any) -> str | None:
        of_phone = Challenge.recipient == aim.recipient
        challenge = session.scalars(select(Challenge).where(of_phone)).one()
        if challenge.guesses >= codes.MOST_GUESSES:
            return None
        time.sleep(0.2)
        count = challenge.guesses + 1
        session.execute(update(Challenge).where(Challenge.id == challenge.id).values(guesses=count))
        return challenge.id

    code = auth.get_code()
    monkeypatch.setattr(codes, "count_guess", careless)
    at_once(CALLERS, lambda number: auth.prove(wrong(code, number + 1)))

    assert auth.challenges()[0].guesses < 5
    assert auth.prove(code)["phone"] == PHONE


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_requests_that_do_not_queue_for_the_phone_send_many_codes(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(session: Session, _kind: str, _subject: str, **_: Any) -> list[datetime]:
        found = session.scalar(select(Throttle.moments)) or []
        time.sleep(0.2)
        return [datetime.fromisoformat(moment) for moment in found]

    monkeypatch.setattr(throttles, "take_turn", careless)
    answers = at_once(CALLERS, lambda _: auth.request_code(OTHER_PHONE))

    assert answers.count("code_sent_recently") < CALLERS - 1
    assert len(auth.sent()) > 1
