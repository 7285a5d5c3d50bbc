"""The ledger's arithmetic: what to move, how much of it can be had, and how to round.

An account's balance is what it was credited with less what it was debited. All
amounts are whole minor units of one currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why an amount was moved."""

    CASHBACK = "cashback"
    CASHBACK_TAKEN_BACK = "cashback_taken_back"


@dataclass(frozen=True, order=True)
class Way:
    """From the account that gives to the account that is given to."""

    giver_id: int
    taker_id: int


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to the quotient; a half goes away from zero."""
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def differences(booked: Mapping[Way, int], wanted: Mapping[Way, int]) -> dict[Way, int]:
    """What has to be moved along each way so that what is booked becomes what is wanted.

    Below zero: to be taken back. What is given comes first, so that an account which
    gets and loses at once can pay.
    """
    changes = {way: wanted.get(way, 0) - booked.get(way, 0) for way in sorted({*booked, *wanted})}
    given = {way: change for way, change in changes.items() if change > 0}
    return given | {way: change for way, change in changes.items() if change < 0}


def obtainable(amount_minor: int, *, balance_minor: int, may_go_negative: bool) -> int:
    """How much of the amount the account can give: all of it, or what it has."""
    if may_go_negative:
        return amount_minor
    return max(0, min(amount_minor, balance_minor))
