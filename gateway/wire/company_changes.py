"""Locations as owners and administrators write them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from gateway.wire import documents as doc
from gateway.wire.companies import NETWORKS
from gateway.wire.countries import NUMBERS
from gateway.wire.fields import (
    INVALID,
    Choice,
    Coded,
    Flag,
    Id,
    Inner,
    Number,
    Query,
    Request,
    Several,
    Text,
    WebAddress,
    Whole,
)
from gateway.wire.staff_users import SLUGS
from services.common.rights import Permission, Right

YEAR_SECONDS = 366 * 86_400
CODES = {number: code for code, number in NUMBERS.items()}
COMPANY_EXAMPLE: dict[str, Any] = {
    "title": "Maison Lumière Lyon",
    "city": "Lyon",
    "address": "3 rue de la République",
    "phones": ["+33478420000"],
}
COMPANY_CHANGE_EXAMPLE: dict[str, Any] = {
    "address": "5 rue de la République",
    "allow_delete_record": True,
    "allow_delete_record_delay_step": 7200,
}


class CompanyOfGroupSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()


class GroupSchema(doc.Answer):
    """A chain, or whoever owns a lone location."""

    id = doc.whole()
    title = doc.text()
    companies = doc.many(CompanyOfGroupSchema)


class Country(Coded, fields.Integer):
    """A country by its number of ISO 3166-1."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = Whole(least=1, most=999).deserialize(value)
        if number not in CODES:
            raise self.make_error("invalid")
        return CODES[number]


class SocialNetworksSchema(Request):
    telegram = WebAddress(bare=True, allow_none=True)
    instagram = WebAddress(bare=True, allow_none=True)
    vk = WebAddress(bare=True, allow_none=True)
    facebook = WebAddress(bare=True, allow_none=True)
    viber = WebAddress(bare=True, allow_none=True)
    whatsapp = WebAddress(bare=True, allow_none=True)


def _urls(**more: Any) -> Several:
    return Several(WebAddress(), validate=validate.Length(max=50, error=INVALID), **more)


class ChangeCompanySchema(Request):
    """What is to change; what is left out or null stays as it is."""

    title = Text(allow_none=True)
    public_title = Text(allow_none=True)
    short_descr = Text(most=5000, lines=True, allow_none=True)
    description = Text(most=20_000, lines=True, allow_none=True)
    logo = WebAddress(allow_none=True, metadata={"description": "URL"})
    photos = _urls(allow_none=True)
    phone = Text(most=40, allow_none=True, metadata={"description": "Where phones is left out"})
    phones = Several(
        Text(most=40), allow_none=True, validate=validate.Length(max=10, error=INVALID)
    )
    email = Text(allow_none=True)
    site = WebAddress(bare=True, allow_none=True)
    zip = Text(most=20, allow_none=True)
    address = Text(most=1000, allow_none=True)
    schedule = Text(most=1000, lines=True, allow_none=True)
    city_id = Id(allow_none=True, metadata={"description": "Or city, by its name"})
    city = Text(allow_none=True)
    country_id = Country(allow_none=True, metadata={"description": "ISO 3166-1 numeric"})
    coordinate_lat = Number(least=-90, most=90, allow_none=True)
    coordinate_lon = Number(least=-180, most=180, allow_none=True)
    timezone_name = Text(most=64, allow_none=True, metadata={"example": "Europe/Paris"})
    social = Inner(SocialNetworksSchema, allow_none=True)
    business_type_id = Whole(least=0, most=10_000, allow_none=True)
    group_priority = Whole(least=-(10**6), most=10**6, allow_none=True)
    booking_widget_promo = Text(most=5000, lines=True, allow_none=True)
    phone_confirmation = Flag(allow_none=True)
    booking_comment_required = Flag(allow_none=True)
    booking_comment_input_name = Text(allow_none=True)
    booking_email_required = Flag(allow_none=True)
    booking_notify_text = Text(most=5000, lines=True, allow_none=True)
    allow_change_record = Flag(allow_none=True)
    allow_change_record_delay_step = Whole(least=0, most=YEAR_SECONDS, allow_none=True)
    allow_delete_record = Flag(allow_none=True)
    allow_delete_record_delay_step = Whole(least=0, most=YEAR_SECONDS, allow_none=True)
    reminds_sms_disabled = Flag(allow_none=True)
    reminds_sms_default = Whole(least=0, most=720, allow_none=True)

    def renamed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Newer texts call it ``coordinate_lng``."""
        longitude = {"coordinate_lon": data["coordinate_lng"]} if "coordinate_lng" in data else {}
        return super().renamed({**longitude, **data})


class NewCompanySchema(ChangeCompanySchema):
    """A location; what is left out is as at the first one of the business."""

    title = Text(required=True)
    group_id = Id(allow_none=True, metadata={"description": "Whose; needless for who has one"})
    currency = Text(most=3, allow_none=True, metadata={"description": "ISO 4217; for good"})


class ClosingQuerySchema(Query):
    future_appointments = Choice(
        "refuse",
        "keep",
        "cancel",
        load_default="refuse",
        metadata={"description": "What to do about appointments still to come"},
    )


PLAIN = {
    "title": "title",
    "public_title": "public_title",
    "short_descr": "short_description",
    "description": "description",
    "logo": "logo_url",
    "photos": "photo_urls",
    "phones": "phones",
    "email": "email",
    "site": "site",
    "zip": "postal_code",
    "address": "address",
    "schedule": "opening_hours_text",
    "country_id": "country_code",
    "coordinate_lat": "latitude",
    "coordinate_lon": "longitude",
    "timezone_name": "timezone",
    "business_type_id": "business_type_id",
    "group_priority": "weight",
    "phone_confirmation": "phone_confirmation_required",
    "booking_comment_required": "comment_required",
    "booking_email_required": "email_required",
    "allow_change_record": "move_allowed",
    "allow_change_record_delay_step": "move_notice_seconds",
    "allow_delete_record": "cancel_allowed",
    "allow_delete_record_delay_step": "cancel_notice_seconds",
    "reminds_sms_default": "default_sms_reminder_hours",
}
# What a location may be without: an empty text takes it away.
NULLABLE = {
    "booking_comment_input_name": "comment_label",
    "booking_notify_text": "booking_notice",
    "booking_widget_promo": "promo_text",
}


def company_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a location, in our words: only what was given."""
    given = {name: value for name, value in form.items() if value is not None}
    if "title" in given and not given["title"]:
        raise ValidationError("field_missing", "title")
    wanted = {ours: given[theirs] for theirs, ours in PLAIN.items() if theirs in given}
    wanted |= {ours: given[theirs] or None for theirs, ours in NULLABLE.items() if theirs in given}
    wanted |= {name: given[name] for name in ("city_id", "city", "currency") if given.get(name)}
    if "phone" in given:
        wanted.setdefault("phones", [given["phone"]] if given["phone"] else [])
    if "reminds_sms_disabled" in given:
        wanted["sms_reminders_enabled"] = not given["reminds_sms_disabled"]
    if "social" in given:
        told = given["social"]
        wanted["social"] = {name: told[name] for name in NETWORKS if told.get(name)}
    return wanted


def access_told(right: Right | None) -> dict[str, bool]:
    """What the viewer may do there, by the slugs of permissions."""
    allowed = set(right["permissions"]) if right else set()
    return {SLUGS[permission]: permission.value in allowed for permission in Permission}


def group(business: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": business["id"],
        "title": business["title"],
        "companies": business["locations"],
    }
