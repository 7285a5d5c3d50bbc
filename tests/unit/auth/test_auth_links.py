"""A link's token belongs to one challenge and one purpose, and cannot be made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.codes import INVITE_STAFF, PROVE_EMAIL
from services.auth.domain.links import challenge_in, link_token

SECRET = "s" * 32
CHALLENGE = "01936d2e-7c1a-7b30-9a41-000000000001"


@given(st.text(min_size=1), st.uuids())
def test_a_token_names_its_challenge_and_needs_no_quoting(secret: str, challenge) -> None:
    token = link_token(secret, str(challenge), PROVE_EMAIL)

    assert challenge_in(secret, token, PROVE_EMAIL) == str(challenge)
    name, _, proof = token.partition(".")
    assert name == str(challenge) and len(proof) == 32 and proof.isalnum()


def test_another_purpose_secret_or_challenge_has_another_token() -> None:
    token = link_token(SECRET, CHALLENGE, PROVE_EMAIL)

    assert challenge_in(SECRET, token, INVITE_STAFF) is None
    assert challenge_in("t" * 32, token, PROVE_EMAIL) is None
    assert challenge_in(SECRET, token.replace("0001.", "0002."), PROVE_EMAIL) is None


@pytest.mark.parametrize("token", ["", ".", CHALLENGE, f"{CHALLENGE}.", "x" * 5000, "\ud800", "é"])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert challenge_in(SECRET, token, PROVE_EMAIL) is None


@given(st.integers(37, 68), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_every_letter_of_it_counts(place: int, letter: str) -> None:
    token = link_token(SECRET, CHALLENGE, PROVE_EMAIL)
    changed = token[:place] + letter + token[place + 1 :]

    assert (challenge_in(SECRET, changed, PROVE_EMAIL) is None) == (changed != token)
