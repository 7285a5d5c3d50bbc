"""Telephone numbers: many spellings, one form (E.164)."""

import phonenumbers

from services.common.errors import Invalid


def normal_phone(typed: str, country_code: str | None) -> str:
    """E.164 of a number as people and front ends write it, or ``phone_malformed``.

    Digits alone may be a whole international number without its plus, or one of
    the country; the first reading that is a possible number counts.
    """
    typed = typed.strip()
    digits = "".join(character for character in typed if character.isdecimal())
    if not typed.isascii() or not 7 <= len(digits) <= 15:
        raise Invalid("phone_malformed", fields={"phone": "not a phone number"})
    readings: list[tuple[str, str | None]] = [(typed, country_code)]
    if not typed.startswith("+"):
        readings.append((f"+{digits}", None))
    for text, region in readings:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Invalid("phone_malformed", fields={"phone": "not a phone number"})
