"""Money: minor units inside, decimals of the main unit on the wire."""

from decimal import Decimal

from babel.numbers import get_currency_symbol

from services.common.money import exponent_of


def amount(minor: int | None, currency: str) -> float:
    """``amount(2550, "EUR") == 25.5``; nothing is 0."""
    return float(Decimal(minor or 0).scaleb(-exponent_of(currency)))


def plain_amount(minor: int | None, currency: str) -> int | float:
    """The same, with whole amounts as integers: strict parsers of old clients want them so."""
    exact = amount(minor, currency)
    return int(exact) if exact == int(exact) else exact


def symbol(currency: str, locale: str) -> str:
    """How the currency is written next to an amount in that language."""
    return get_currency_symbol(currency, locale)
