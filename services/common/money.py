"""Money: whole numbers of a currency's smallest unit, from amounts as people write them."""

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217: two digits after the point, except for these.
EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def exponent_of(currency: str) -> int:
    """How many digits an amount of the currency has behind its point."""
    return EXPONENTS.get(currency, 2)


def minor_units(main: Decimal, currency: str) -> int:
    """``minor_units(Decimal("25.505"), "EUR") == 2551``: half a unit is rounded up."""
    exact = main.scaleb(exponent_of(currency))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
