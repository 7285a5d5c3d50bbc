"""Money: minor units inside, decimals of the main unit on the wire."""

from decimal import Decimal

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


def symbol(currency: str, locale: str) -> str:
    """How the currency is written next to an amount in that language."""
    return get_currency_symbol(currency, locale)
