"""The ledger's arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.domain.ledger import Way, differences, obtainable, round_half_up

AMOUNTS = st.integers(-(10**15), 10**15)
WAYS = st.builds(Way, st.integers(1, 4), st.integers(5, 8))
BOOKED = st.dictionaries(WAYS, st.integers(1, 1000))


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(0, 2, 0), (1, 2, 1), (3, 2, 2), (-1, 2, -1), (49, 100, 0), (50, 100, 1), (149, 100, 1)],
)
def test_a_half_is_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert round_half_up(numerator, denominator) == rounded


@given(numerator=AMOUNTS, denominator=st.sampled_from([1, 2, 4, 5, 100, 10_000]))
def test_rounding_is_what_decimal_calls_half_up(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / denominator
    assert round_half_up(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("denominator", [0, -1])
def test_nothing_is_divided_by_nothing(denominator: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        round_half_up(1, denominator)


@given(booked=BOOKED, wanted=BOOKED)
def test_what_is_booked_and_the_differences_make_what_is_wanted(
    booked: dict[Way, int], wanted: dict[Way, int]
) -> None:
    after = dict(booked)
    for way, change in differences(booked, wanted).items():
        after[way] = after.get(way, 0) + change
    assert {way: amount for way, amount in after.items() if amount} == wanted


@given(booked=BOOKED, wanted=BOOKED)
def test_once_settled_there_is_nothing_to_move(
    booked: dict[Way, int], wanted: dict[Way, int]
) -> None:
    assert differences(wanted, wanted) == {}
    assert 0 not in differences(booked, wanted).values()


@given(booked=BOOKED, wanted=BOOKED)
def test_what_is_given_comes_before_what_is_taken(
    booked: dict[Way, int], wanted: dict[Way, int]
) -> None:
    takes = [change < 0 for change in differences(booked, wanted).values()]
    assert takes == sorted(takes)


@given(amount=st.integers(0, 1000), balance=st.integers(0, 1000))
def test_an_account_that_may_not_go_below_zero_gives_no_more_than_it_has(
    amount: int, balance: int
) -> None:
    had = obtainable(amount, balance_minor=balance, may_go_negative=False)
    assert 0 <= had <= amount
    assert balance - had == max(0, balance - amount)


def test_an_account_below_zero_that_may_not_be_gives_nothing() -> None:
    assert obtainable(5, balance_minor=-3, may_go_negative=False) == 0


@given(amount=st.integers(0, 1000), balance=AMOUNTS)
def test_an_account_that_may_go_below_zero_gives_everything(amount: int, balance: int) -> None:
    assert obtainable(amount, balance_minor=balance, may_go_negative=True) == amount
