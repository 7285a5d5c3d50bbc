"""Cashback: which visits earn it, and how much."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.loyalty.domain.ledger import round_half_up

CAME = "came"
WHOLE_BASIS_POINTS = 10_000


@dataclass(frozen=True)
class Earning:
    """A visit that took place: who earns, and from which amount."""

    client_id: int
    currency: str
    price_minor: int


def earning_of(
    *,
    client_id: int | None,
    currency: str | None,
    price_minor: int,
    attendance: str,
    is_cancelled: bool,
) -> Earning | None:
    """What the visit is worth to a client; None unless a client came and it cost something."""
    if client_id is None or attendance != CAME or is_cancelled or currency is None:
        return None
    return Earning(client_id, currency, price_minor) if price_minor > 0 else None


def price_of(lines: Iterable[Mapping[str, Any]]) -> tuple[int, str | None]:
    """What the lines come to and its currency, which is None when there is not one."""
    prices = [(line["price_minor"] * line["amount"], line["currency"]) for line in lines]
    currencies = {currency for _, currency in prices}
    if len(currencies) != 1:
        return 0, None
    return sum(price for price, _ in prices), currencies.pop()


def cashback(price_minor: int, percent_basis_points: int) -> int:
    """The part of the price that goes back to the client, rounded once, half up."""
    return round_half_up(price_minor * percent_basis_points, WHOLE_BASIS_POINTS)
