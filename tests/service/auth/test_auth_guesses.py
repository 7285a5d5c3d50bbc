"""Guessing a code: five times, each counted, and whatever is wrong is answered alike."""

from collections.abc import Callable
from typing import Any

import pytest

from services.auth.domain.codes import PROVE_PHONE, code_of, is_right
from services.common.config import DEVELOPMENT_SECRET
from services.common.errors import DeadlinePassed, Invalid, Unauthenticated
from tests.service.auth.conftest import APP, MINUTES, OTHER_PHONE, PHONE, Auth, refused, wrong


def guesses(auth: Auth) -> int:
    return auth.challenges()[-1].guesses


def test_a_right_code_proves_the_phone(auth: Auth) -> None:
    code = auth.get_code()
    proof = auth.prove(code, "+33 6 12 34 56 78")

    assert proof == {"phone": PHONE, "proof_id": auth.challenges()[0].id}


def test_the_same_code_gives_the_same_proof_again(auth: Auth) -> None:
    """A slot that somebody else has taken costs no second code."""
    code = auth.get_code()
    proof = auth.prove(code)

    assert [auth.prove(code, after=after) for after in (1, 60, 599)] == [proof] * 3
    assert guesses(auth) == 0


def test_a_proof_lasts_ten_minutes_from_when_it_was_given(auth: Auth) -> None:
    code = auth.get_code()
    proof = auth.prove(code, after=9 * MINUTES)

    assert auth.prove(code, after=19 * MINUTES - 1) == proof
    with refused("code_incorrect"):
        auth.prove(code, after=19 * MINUTES)


def test_a_code_expires_after_ten_minutes(auth: Auth) -> None:
    code = auth.get_code()

    with refused("code_incorrect"):
        auth.prove(code, after=10 * MINUTES)
    assert auth.prove(code, after=10 * MINUTES - 0.001)["phone"] == PHONE


def test_a_wrong_code_is_refused_and_counted(auth: Auth) -> None:
    code = auth.get_code()
    for count in range(1, 5):
        with refused("code_incorrect"):
            auth.prove(wrong(code, count))
        assert guesses(auth) == count
    assert auth.prove(code)["phone"] == PHONE
    assert guesses(auth) == 4


def test_after_five_wrong_guesses_even_the_right_code_is_refused(auth: Auth) -> None:
    code = auth.get_code()
    for step in range(1, 6):
        with refused("code_incorrect"):
            auth.prove(wrong(code, step))

    for act in (auth.prove, auth.sign_in):
        with refused("code_incorrect"):
            act(code)
    assert guesses(auth) == 5


def test_sending_it_again_gives_no_more_guesses(auth: Auth) -> None:
    code = auth.get_code()
    for step in range(1, 5):
        with refused("code_incorrect"):
            auth.prove(wrong(code, step))
    assert auth.get_code(after=60) == code
    with refused("code_incorrect"):
        auth.prove(wrong(code), after=61)

    with refused("code_incorrect"):
        auth.prove(code, after=61)


def test_a_right_guess_gives_no_more_wrong_ones(auth: Auth) -> None:
    code = auth.get_code()
    for step in range(1, 5):
        with refused("code_incorrect"):
            auth.prove(wrong(code, step))
        auth.prove(code)
    with refused("code_incorrect"):
        auth.prove(wrong(code, 5))

    with refused("code_incorrect"):
        auth.prove(code)


def test_a_wrong_guess_at_signing_in_counts_as_well(auth: Auth) -> None:
    code = auth.get_code()
    for step in range(1, 6):
        with refused("code_incorrect"):
            auth.sign_in(wrong(code, step))

    assert guesses(auth) == 5
    assert (auth.count("users"), auth.count("sessions")) == (0, 0)


def test_another_partners_code_is_incorrect(auth: Auth) -> None:
    code = auth.get_code()

    for act in (auth.prove, auth.sign_in):
        with refused("code_incorrect"):
            act(code, partner_id=APP)
    assert guesses(auth) == 0
    assert auth.prove(code)["phone"] == PHONE


def test_another_phones_code_is_incorrect(auth: Auth) -> None:
    code, other = auth.get_code(), auth.get_code(OTHER_PHONE)
    assert code != other

    with refused("code_incorrect"):
        auth.prove(code, OTHER_PHONE)


def test_a_code_that_nobody_has_asked_for_is_incorrect_for_the_same_work(auth: Auth) -> None:
    with auth.statements() as for_none, refused("code_incorrect"):
        auth.prove("123456", OTHER_PHONE)
    code = auth.get_code()
    with auth.statements() as for_some, refused("code_incorrect"):
        auth.prove(wrong(code))

    assert for_none == for_some


def test_no_code_fits_a_challenge_that_is_not_there(auth: Auth) -> None:
    """Not even the one that is compared with so that the work is the same."""
    code = code_of(DEVELOPMENT_SECRET, "none", purpose=PROVE_PHONE, length=6)

    for act in (auth.prove, auth.sign_in):
        with refused("code_incorrect"):
            act(code)


@pytest.mark.parametrize("act", [Auth.prove, Auth.sign_in])
def test_a_code_that_signs_somebody_in_while_it_is_looked_at_is_incorrect(
    auth: Auth, monkeypatch: pytest.MonkeyPatch, act: Callable[[Auth, str], Any]
) -> None:
    code = auth.get_code()

    def look_slowly(typed: str, expected: str) -> bool:
        monkeypatch.undo()
        auth.sign_in(code)
        return is_right(typed, expected)

    monkeypatch.setattr("services.auth.asking.is_right", look_slowly)
    with refused("code_incorrect"):
        act(auth, code)
    assert auth.count("sessions") == 1


@pytest.mark.parametrize("code", ["", " ", "0", "abc", "1234567", "\u0661" * 3, "ß" * 50])
def test_nonsense_is_an_incorrect_code(auth: Auth, code: str) -> None:
    auth.request_code()

    with refused("code_incorrect"):
        auth.prove(code)


@pytest.mark.parametrize(
    "changes", [{"code": None}, {"code": 123456}, {"code": "1" * 51}, {"phone": None}]
)
def test_a_request_of_a_wrong_shape_is_refused(auth: Auth, changes: dict[str, Any]) -> None:
    request = {"phone": PHONE, "code": "123456"} | changes

    for method in ("prove_phone", "sign_in"):
        with pytest.raises(Invalid) as refusal:
            getattr(auth.worker(), method)(request=request)
        assert refusal.value.code == "validation_failed"


def test_what_is_no_phone_has_no_code(auth: Auth) -> None:
    with pytest.raises(Invalid) as refusal:
        auth.prove("123456", "not a phone")
    assert refusal.value.code == "phone_malformed"


def test_nobody_without_a_partner_can_guess(auth: Auth) -> None:
    code = auth.get_code()
    with refused("partner_key_missing", Unauthenticated):
        auth.worker(viewer={}).prove_phone(request={"phone": PHONE, "code": code})


def test_a_guess_that_nobody_waits_for_is_not_counted(auth: Auth) -> None:
    code = auth.get_code()
    with pytest.raises(DeadlinePassed):
        auth.worker(deadline=1.0).prove_phone(request={"phone": PHONE, "code": code})
    assert guesses(auth) == 0


def test_a_booking_uses_the_proof_up(auth: Auth) -> None:
    code = auth.get_code()
    proof = auth.prove(code)
    auth.book_with(proof["proof_id"], after=10)

    with refused("code_incorrect"):
        auth.sign_in(code, after=11)
    with refused("code_incorrect"):
        auth.prove(code, after=70)


def test_for_a_minute_after_it_the_proof_is_given_to_an_impatient_second_click(auth: Auth) -> None:
    """It gets the first click's answer from booking, which takes no proof for a second visit."""
    code = auth.get_code()
    proof = auth.prove(code)
    auth.book_with(proof["proof_id"], after=10)

    assert auth.prove(code, after=69) == proof
    with refused("code_incorrect"):
        auth.prove(wrong(code), after=69)


def test_a_booking_heard_of_twice_uses_it_once(auth: Auth) -> None:
    proof = auth.prove(auth.get_code())
    auth.book_with(proof["proof_id"], after=10)
    before = auth.dump()

    auth.book_with(proof["proof_id"], after=20)
    assert auth.dump() == before


def test_a_proof_that_nobody_knows_uses_nothing_up(auth: Auth) -> None:
    code = auth.get_code()
    auth.prove(code)
    before = auth.dump()

    auth.book_with("unknown")
    assert auth.dump() == before
    auth.sign_in(code)


def test_a_challenge_that_was_not_proven_is_no_proof(auth: Auth) -> None:
    code = auth.get_code()
    auth.book_with(auth.challenges()[0].id)

    assert auth.sign_in(code)["user"]["phone"] == PHONE
