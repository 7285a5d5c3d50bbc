"""Money: whole numbers of a currency's smallest unit, and one way to round."""

from decimal import ROUND_HALF_UP, Decimal


def discounted(amount_minor: int, percent: int) -> int:
    """The amount less so many per cent, half a unit rounded up."""
    exact = Decimal(amount_minor) * (100 - percent) / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
