"""Numbers of loyalty cards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.domain.cards import NUMBERS, card_number

CHOSEN = st.integers(0, NUMBERS - 1)


def is_sound(number: str) -> bool:
    """Luhn, as it is told: from the right, every second digit doubled and its digits added."""
    total = 0
    for place, digit in enumerate(map(int, reversed(number))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def test_a_known_number_has_its_known_check_digit() -> None:
    assert card_number(453201511283036) == "4532015112830366"
    assert card_number(0) == "0000000000000000"


@given(chosen=CHOSEN)
def test_a_number_has_sixteen_digits_of_which_the_last_checks_the_others(chosen: int) -> None:
    number = card_number(chosen)
    assert len(number) == 16 and number.isdecimal()
    assert int(number[:-1]) == chosen
    assert is_sound(number)


@given(chosen=CHOSEN, place=st.integers(0, 15), other=st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(chosen: int, place: int, other: int) -> None:
    digits = list(card_number(chosen))
    digits[place] = str((int(digits[place]) + other) % 10)
    assert not is_sound("".join(digits))


@pytest.mark.parametrize("chosen", [-1, NUMBERS])
def test_there_are_no_other_numbers(chosen: int) -> None:
    with pytest.raises(ValueError, match="no card number"):
        card_number(chosen)
