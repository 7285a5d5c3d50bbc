"""The tables that can be imported, one schema each; a field is a column (docs/import.md)."""

import phonenumbers
from babel.numbers import is_currency
from marshmallow import Schema

from services.booking.domain import people
from services.booking.models import Gender, Prepayment
from services.booking.schemas.administration import MOST_WEIGHT
from services.booking.schemas.cells import (
    Amount,
    ClockMinute,
    Day,
    Degrees,
    Email,
    Minutes,
    Number,
    Several,
    Text,
    Weekdays,
    Word,
    YesNo,
)
from services.booking.schemas.fields import zones
from services.common.languages import LANGUAGES

DAY_MINUTES = 1440


class Zone(Text):
    def read(self, text: str) -> str:
        if text not in zones():
            raise ValueError("not an IANA time zone such as Europe/Paris")
        return text


class Currency(Text):
    def read(self, text: str) -> str:
        if not is_currency(text.upper()):
            raise ValueError("not an ISO 4217 currency such as EUR")
        return text.upper()


class Country(Text):
    def read(self, text: str) -> str:
        if text.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError("not an ISO 3166 country such as FR")
        return text.upper()


def Weight() -> Number:  # noqa: N802  (a cell, in the manner of fields.Str)
    return Number(-MOST_WEIGHT, MOST_WEIGHT)


class LocationTable(Schema):
    external_id = Text()
    title = Text(required=True)
    public_title = Text()
    city = Text(required=True)
    country_code = Country(required=True)
    timezone = Zone(required=True)
    currency = Currency(required=True)
    language = Word(*LANGUAGES)
    address = Text(1000)
    postal_code = Text(20)
    phones = Several(Text(40), 10)
    email = Email()
    site = Text(2000)
    description = Text(20_000, is_long=True)
    latitude = Degrees(90)
    longitude = Degrees(180)
    weight = Weight()
    grid_step_minutes = Minutes(5, DAY_MINUTES, attribute="grid_step_seconds")
    lead_minutes = Minutes(0, 366 * DAY_MINUTES, attribute="lead_seconds")


class ServiceTable(Schema):
    location = Text()
    external_id = Text()
    category = Text(required=True)
    title = Text(required=True)
    booking_title = Text()
    comment = Text(5000, is_long=True)
    duration_minutes = Minutes(5, DAY_MINUTES, required=True, attribute="duration_seconds")
    buffer_minutes = Minutes(0, 60, attribute="buffer_seconds")
    price = Amount()
    price_max = Amount()
    discount_percent = Number(0, 100)
    weight = Weight()
    gender = Word(*Gender)
    prepayment = Word(*Prepayment)
    is_online = YesNo()
    repeat_after_days = Number(1, 3660)


class StaffTable(Schema):
    location = Text()
    external_id = Text()
    name = Text(required=True)
    position = Text()
    specialization = Text()
    information = Text(20_000, is_long=True)
    weight = Weight()
    is_online = YesNo()
    random_choice_allowed = YesNo()


class LinkTable(Schema):
    location = Text()
    staff = Text(required=True)
    service = Text(required=True)
    duration_minutes = Minutes(5, DAY_MINUTES, attribute="duration_seconds")
    price = Amount()
    price_max = Amount()


class ScheduleTable(Schema):
    location = Text()
    staff = Text(required=True)
    weekday = Weekdays()
    date = Day()
    kind = Word("work", "break", "off", load_default="work")
    opens = ClockMinute()
    closes = ClockMinute()


class ClientTable(Schema):
    external_id = Text()
    phone = Text(40)
    country_code = Country()
    name = Text(required=True)
    surname = Text()
    patronymic = Text()
    email = Email()
    gender = Word(*people.Gender)
    importance = Word(*people.Importance)
    discount_percent = Number(0, 100)
    card = Text()
    birth_date = Day()
    comment = Text(5000, is_long=True)
    wants_birthday_messages = YesNo()
    wants_mailings = YesNo()


class AppointmentTable(Schema):
    location = Text()
    external_id = Text()
    staff = Text(required=True)
    services = Several(Text(), 50, required=True)
    starts_at = Text(40, required=True)
    duration_minutes = Minutes(5, DAY_MINUTES, attribute="duration_seconds")
    buffer_minutes = Minutes(0, 60, attribute="buffer_seconds")
    prices = Several(Amount(), 50)
    client = Text()
    client_phone = Text(40)
    client_name = Text()
    client_email = Email()
    comment = Text(5000, is_long=True)
    sms_reminder_hours = Number(0, 720)
    email_reminder_hours = Number(0, 720)
