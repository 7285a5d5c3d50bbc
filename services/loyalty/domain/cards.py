"""Numbers of loyalty cards."""

DIGITS = 16
NUMBERS = 10 ** (DIGITS - 1)
"""How many numbers there are: the last digit follows from the others."""


def card_number(chosen: int) -> str:
    """The card number of ``0 <= chosen < NUMBERS``: sixteen digits, the last a check digit.

    It is Luhn's, so that a mistyped digit and most swapped neighbours are noticed.
    """
    if not 0 <= chosen < NUMBERS:
        raise ValueError(f"there is no card number {chosen}")
    digits = [int(digit) for digit in f"{chosen:0{DIGITS - 1}d}"]
    total = sum(digits[1::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return "".join(map(str, [*digits, -total % 10]))
