"""Money: minor units inside, decimals of the main unit on the wire."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_symbol

# ISO 4217: two digits after the point, except for these.
EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def amount(minor: int | None, currency: str) -> float:
    """``amount(2550, "EUR") == 25.5``; nothing is 0."""
    return float(Decimal(minor or 0).scaleb(-EXPONENTS.get(currency, 2)))


def plain_amount(minor: int | None, currency: str) -> int | float:
    """The same, with whole amounts as integers: strict parsers of old clients want them so."""
    exact = amount(minor, currency)
    return int(exact) if exact == int(exact) else exact


def minor_units(main: Decimal, currency: str) -> int:
    """``minor_units(Decimal("25.505"), "EUR") == 2551``: half a unit is rounded up."""
    exact = main.scaleb(EXPONENTS.get(currency, 2))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def symbol(currency: str, locale: str) -> str:
    """How the currency is written next to an amount in that language."""
    return get_currency_symbol(currency, locale)
