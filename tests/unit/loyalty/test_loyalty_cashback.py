"""Which visits earn, and how much."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.domain.cashback import Earning, cashback, earning_of, price_of


def a_visit(**changes: Any) -> dict[str, Any]:
    return {
        "client_id": 1,
        "currency": "EUR",
        "price_minor": 4500,
        "attendance": "came",
        "is_cancelled": False,
    } | changes


def test_a_client_who_came_earns_from_the_price() -> None:
    assert earning_of(**a_visit()) == Earning(1, "EUR", 4500)


@pytest.mark.parametrize(
    "changes",
    [
        {"attendance": "waiting"},
        {"attendance": "confirmed"},
        {"attendance": "no_show"},
        {"is_cancelled": True},
        {"currency": None},
        {"price_minor": 0},
        {"price_minor": -100},
    ],
)
def test_nobody_earns_from_a_visit_that_was_none_or_was_free(changes: dict[str, Any]) -> None:
    assert earning_of(**a_visit(**changes)) is None


def a_line(price_minor: int, currency: str = "EUR", amount: int = 1) -> dict[str, Any]:
    return {"price_minor": price_minor, "amount": amount, "currency": currency}


def test_seats_are_paid_each() -> None:
    assert price_of([a_line(1500, amount=3), a_line(100)]) == (4600, "EUR")


@pytest.mark.parametrize(
    ("lines", "price"),
    [
        ([], (0, None)),
        ([(4500, "EUR")], (4500, "EUR")),
        ([(4500, "EUR"), (0, "EUR"), (1999, "EUR")], (6499, "EUR")),
        ([(4500, "EUR"), (4500, "USD")], (0, None)),
    ],
)
def test_the_price_is_the_sum_of_the_lines_if_they_have_one_currency(
    lines: list[tuple[int, str]], price: tuple[int, str | None]
) -> None:
    assert price_of(a_line(minor, each) for minor, each in lines) == price


@pytest.mark.parametrize(
    ("price", "basis_points", "expected"),
    [(4500, 500, 225), (4510, 500, 226), (4509, 500, 225), (10, 500, 1), (9, 500, 0), (33, 0, 0)],
)
def test_cashback_is_rounded_half_up(price: int, basis_points: int, expected: int) -> None:
    assert cashback(price, basis_points) == expected


@given(price=st.integers(0, 10**12), basis_points=st.integers(0, 10_000))
def test_cashback_is_never_more_than_the_price_and_never_less_than_nothing(
    price: int, basis_points: int
) -> None:
    assert 0 <= cashback(price, basis_points) <= price
    assert cashback(price, 10_000) == price


@given(price=st.integers(0, 10**9), more=st.integers(0, 10**6), basis_points=st.integers(0, 10_000))
def test_who_pays_more_does_not_get_less(price: int, more: int, basis_points: int) -> None:
    assert cashback(price, basis_points) <= cashback(price + more, basis_points)
