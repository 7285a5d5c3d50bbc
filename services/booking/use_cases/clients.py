"""A business's client base: finding people by what they tell, and adding those who are new."""

from datetime import datetime
from typing import Any

import phonenumbers
from marshmallow import ValidationError, validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Client, Location
from services.common.db import insert_into
from services.common.errors import Invalid

is_email = validate.Email()


def contact_of(details: dict[str, Any], location: Location) -> dict[str, Any]:
    """Name, phone in E.164 and e-mail as they will be stored; refused when one is wrong or missing.

    A number without a country is read as one of the location's.
    """
    name = " ".join(details["name"].split())
    if not name:
        raise Invalid("name_missing", fields={"name": "required"})
    email = (details["email"] or "").strip() or None
    if email is None and location.email_required:
        raise Invalid("email_required", fields={"email": "required"})
    if email is not None:
        try:
            is_email(email)
        except ValidationError as error:
            raise Invalid("email_malformed", fields={"email": "not an address"}) from error
    phone = normal_phone(details["phone"], location.city.country_code)
    return {"name": name, "phone": phone, "email": email}


def normal_phone(typed: str, country_code: str) -> str:
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


def find_or_add_client(
    session: Session, business_id: int, contact: dict[str, Any], *, now: datetime
) -> Client:
    """The business's unclaimed client with this phone; a new one if there is none.

    What is known about a client stays: who merely knows a number must not rename its owner.
    """
    wanted = select(Client).where(
        Client.business_id == business_id,
        Client.phone == contact["phone"],
        Client.user_id.is_(None),
    )
    while (client := session.scalar(wanted)) is None:
        session.execute(
            insert_into(session, Client)
            .values(business_id=business_id, created_at=now, **contact)
            .on_conflict_do_nothing()
        )
    return client
