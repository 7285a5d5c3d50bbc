"""Countries, cities and telephone numbers, the same for everybody."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

import phonenumbers
from babel import Locale
from babel.numbers import get_territory_currencies

from gateway.wire import documents as doc
from gateway.wire.countries import NUMBERS, country_id
from gateway.wire.fields import Id, Query

WITHOUT_MONEY = frozenset({"AQ"})


class CountrySchema(doc.Answer):
    """A country, and how its telephone numbers are written."""

    id = doc.whole("ISO 3166-1 numeric")
    title = doc.text("In the language of the request", example="France")
    full_title = doc.text("The same as title")
    code = doc.text("Our own: ISO 3166-1, two letters", example="FR")
    phone_code = doc.text("What follows the plus", example="33")
    phone_template = doc.text("# stands for a digit", example="+33 # ## ## ## ##")
    phone_example = doc.text("E.164, or empty", example="+33612345678")
    currency = doc.text("ISO 4217, or empty", example="EUR")
    exchange = doc.number("Always 1: prices are in the location's own currency")


class CitySchema(doc.Answer):
    id = doc.whole()
    country_id = doc.whole("ISO 3166-1 numeric")
    title = doc.text()


class CitiesQuerySchema(Query):
    country_id = Id(load_default=0, metadata={"description": "Only of this country; 0 is any"})
    company_id = Id(load_default=0, metadata={"description": "Only where this location is"})


class PhoneSchema(doc.Answer):
    is_valid = doc.flag()


def city(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "country_id": country_id(row["country_code"]),
        "title": row["title"],
    }


@cache
def countries(locale: str) -> list[dict[str, Any]]:
    """All countries by name, read once for each language."""
    names = Locale.parse(locale).territories
    told = [
        {"id": number, "title": str(names.get(code, code)), "code": code, **_facts(code)}
        for code, number in NUMBERS.items()
    ]
    return sorted(
        ({**one, "full_title": one["title"]} for one in told), key=lambda one: _folded(one["title"])
    )


@cache
def _facts(code: str) -> dict[str, Any]:
    """What does not depend on the language."""
    example = phonenumbers.example_number_for_type(code, phonenumbers.PhoneNumberType.MOBILE)
    example = example or phonenumbers.example_number(code)
    e164 = international = ""
    if example is not None:
        e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        international = phonenumbers.format_number(
            example, phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    dialled = str(phonenumbers.country_code_for_region(code) or "")
    template = f"+{dialled}" + re.sub(r"\d", "#", international.removeprefix(f"+{dialled}"))
    currencies = get_territory_currencies(code) if code not in WITHOUT_MONEY else []
    return {
        "phone_code": dialled,
        "phone_template": template if example is not None else "",
        "phone_example": e164,
        "currency": currencies[-1] if currencies else "",
        "exchange": 1.0,
    }


def _folded(title: str) -> str:
    """For sorting: Österreich beside Oman."""
    folded: str = unicodedata.normalize("NFKD", title).casefold()
    return folded
