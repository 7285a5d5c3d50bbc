"""The token of a review, and who may write one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.reviews import (
    appointment_in,
    average,
    fits,
    may_review,
    public_name,
    token_of,
)

SECRET = "ab" * 16


@given(st.integers(1, 2**63 - 1), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_token_fits_its_own_appointment_alone(appointment_id: int, secret: str) -> None:
    token = token_of(appointment_id, secret)
    assert appointment_in(token) == appointment_id
    assert fits(token, appointment_id, secret)
    assert not fits(token, appointment_id + 1, secret)
    assert not fits(token, appointment_id, secret + "0")
    assert len(token) <= 64


@pytest.mark.parametrize(
    "text", ["", "17", "-1-" + "0" * 32, "0-" + "0" * 32, "17-" + "0" * 31, "٣-" + "0" * 32, SECRET]
)
def test_what_is_no_token_names_no_appointment(text: str) -> None:
    assert appointment_in(text) is None


@pytest.mark.parametrize(
    ("now", "is_cancelled", "is_missed", "refusal"),
    [
        (99, False, False, "visit_not_over"),
        (100, False, False, None),
        (100, True, False, "visit_cancelled"),
        (99, True, False, "visit_cancelled"),
        (100, False, True, "visit_missed"),
    ],
)
def test_a_visit_is_reviewed_when_it_has_taken_place(
    now: int, is_cancelled: bool, is_missed: bool, refusal: str | None
) -> None:
    told = may_review(100, now=now, is_cancelled=is_cancelled, is_missed=is_missed)
    assert told == refusal


@pytest.mark.parametrize(
    ("name", "shown"),
    [(" Ann  C. ", "Ann C."), ("Louis 14", "Louis 14"), ("a@b", ""), ("0612345678", "")],
)
def test_a_name_that_reaches_somebody_is_not_shown(name: str, shown: str) -> None:
    assert public_name(name) == shown


def test_the_mark_of_nothing_is_nothing() -> None:
    assert (average(0, 0), average(14, 3)) == (0.0, 4.67)
