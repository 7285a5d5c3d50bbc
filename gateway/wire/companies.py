"""Locations, which the contract calls companies."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.wire import documents as doc
from gateway.wire import money, times
from gateway.wire.countries import country_id, country_title
from gateway.wire.fields import Flag, Id, Ids, Number, Query, Text
from gateway.wire.pages import PagedQuerySchema, page_wanted

NETWORKS = ("telegram", "instagram", "vk", "facebook", "viber", "whatsapp")
LARGEST_PAGE_SIZE = 200


class SocialSchema(doc.Answer):
    telegram = doc.text()
    instagram = doc.text()
    vk = doc.text()
    facebook = doc.text()
    viber = doc.text()
    whatsapp = doc.text()


class BookformLinkSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    is_default = doc.flag()
    url = doc.text(doc.NOT_KEPT)


class PaymentPolicySchema(doc.Answer):
    type = doc.text(enum=["none", "deposit", "card_guarantee"])


class CompanySchema(doc.Answer):
    """A location of a business."""

    id = doc.whole()
    title = doc.text()
    public_title = doc.text()
    short_descr = doc.text()
    description = doc.text("May contain HTML")
    logo = doc.text("URL, or empty")
    photos = doc.texts("URLs")
    company_photos = doc.texts("The same as photos")
    active = doc.flag()
    is_paused = doc.flag("Our own: new bookings are refused for now")
    any_master = doc.flag("Our own: «anybody» can be booked")
    phone = doc.text("The first of the phones, or empty")
    phones = doc.texts("E.164")
    email = doc.text()
    site = doc.text()
    zip = doc.text()
    address = doc.text()
    schedule = doc.text("Opening hours in words")
    city_id = doc.whole()
    city = doc.text()
    country_id = doc.whole("ISO 3166-1 numeric")
    country = doc.text("In the language of the request")
    coordinate_lat = doc.number("0 when unknown")
    coordinate_lon = doc.number("0 when unknown")
    coordinate_lng = doc.number("The same as coordinate_lon")
    timezone = doc.number("Hours ahead of UTC today")
    timezone_name = doc.text("IANA", example="Europe/Paris")
    phone_confirmation = doc.flag("Whether book_record needs a code")
    push_notification_phone_confirm = doc.flag(doc.NOT_KEPT)
    active_staff_count = doc.whole()
    next_slot = doc.text("With forBooking=1: the nearest free time", null=True)
    booking_comment_required = doc.flag()
    booking_email_required = doc.flag()
    booking_comment_input_name = doc.text("Caption of the comment", null=True)
    booking_notify_text = doc.text(null=True)
    allow_change_record = doc.flag()
    allow_change_record_delay_step = doc.whole("Seconds before the start")
    allow_delete_record = doc.flag()
    allow_delete_record_delay_step = doc.whole("Seconds before the start")
    reminds_sms_disabled = doc.flag()
    reminds_sms_default = doc.whole("Hours before the start; 0 is off")
    group_priority = doc.whole("Greater comes first")
    bookform_group_priority = doc.whole(doc.NOT_KEPT)
    app_ios = doc.text(doc.NOT_KEPT)
    app_android = doc.text(doc.NOT_KEPT)
    currency_short_title = doc.text("Symbol", example="€")
    booking_widget_promo = doc.text("Promo block", null=True)
    social = doc.one(SocialSchema)
    business_type_id = doc.whole()
    main_group_id = doc.whole("The chain; 0 for a lone location")
    main_group = doc.either(doc.titled(), doc.EMPTY_ARRAY, about="The chain, or an empty array")
    groups = doc.mapping('With show_groups=1: {"<id>": {id, title}}')
    bookforms = doc.many(BookformLinkSchema, "With showBookforms=1 or bookform_id")
    online_sales_form_url = doc.text(doc.NOT_KEPT)
    payment_policy = doc.one(PaymentPolicySchema, doc.NOT_KEPT)
    access = doc.mapping("With my=1: {slug of a permission: whether you have it}")
    rating = doc.number("Our own: what all reviews here come to; 0 without any")
    votes_count = doc.whole("Our own: reviews")
    comments_count = doc.whole("Our own: those with a text")


class CompanyQuerySchema(Query):
    my = Flag(load_default=False, metadata={"description": "Where you work, and what you may do"})
    for_booking = Flag(data_key="forBooking", load_default=False)
    show_groups = Flag(load_default=False)
    show_bookforms = Flag(data_key="showBookforms", load_default=False)
    bookform_id = Id(load_default=0)


class CompaniesQuerySchema(CompanyQuerySchema, PagedQuerySchema):
    ids = Ids(data_key="id", metadata={"description": "Only these locations"})
    group_id = Id(load_default=0, metadata={"description": "Only this chain; 0 is any"})
    active = Flag(load_default=None)
    moderated = Flag(
        load_default=None, metadata={"description": "All are: with 0 the list is empty"}
    )
    coordinate_lat = Number(least=-90, most=90, load_default=None)
    coordinate_lon = Number(least=-180, most=180, load_default=None)
    distance = Number(
        least=0, most=50_000, load_default=None, metadata={"description": "Kilometres"}
    )
    title = Text(load_default=None)
    city_id = Id(load_default=0)


def locations_wanted(query: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``list_locations`` for a query."""
    return {
        "location_ids": query["ids"] or None,
        "business_id": query["group_id"] or None,
        "city_id": query["city_id"] or None,
        "title": query["title"],
        "near": _near(query),
        "active": query["active"],
        "mine": query["my"],
        "form_id": query["bookform_id"] or None,
        **page_wanted(query, largest=LARGEST_PAGE_SIZE),
        **details_wanted(query),
    }


def details_wanted(query: Mapping[str, Any]) -> dict[str, Any]:
    """Which costly details of a location the query asks for."""
    return {
        "with_next_slot": query["for_booking"],
        "with_forms": query["show_bookforms"] or query["bookform_id"] > 0,
    }


def _near(query: Mapping[str, Any]) -> dict[str, Any] | None:
    if query["coordinate_lat"] is None or query["coordinate_lon"] is None:
        return None
    return {
        "latitude": query["coordinate_lat"],
        "longitude": query["coordinate_lon"],
        "max_km": query["distance"],
    }


def company(
    location: Mapping[str, Any],
    *,
    locale: str,
    now: datetime,
    show_groups: bool,
    access: Mapping[str, bool] | None = None,
) -> dict[str, Any]:
    """A location in the contract's words; ``access`` is what the viewer may do there."""
    group = _group(location["business"])
    return {
        **_about(location),
        **_where(location, locale=locale, now=now),
        **_rules(location),
        "next_slot": location["next_slot_at"]
        and times.iso(location["next_slot_at"], location["timezone"]),
        "main_group_id": group["id"] if group else 0,
        "main_group": group or [],
        "groups": {str(group["id"]): group} if group and show_groups else {},
        "bookforms": [{**form, "url": ""} for form in location["forms"] or []],
        "online_sales_form_url": "",
        "payment_policy": {"type": "none"},
        "access": access or {},
        "rating": float(location["rating"]),
        "votes_count": location["votes_count"],
        "comments_count": location["comments_count"],
    }


def _group(business: Mapping[str, Any]) -> dict[str, Any] | None:
    """The chain; a business with one location is none."""
    return {"id": business["id"], "title": business["title"]} if business["is_chain"] else None


def _about(location: Mapping[str, Any]) -> dict[str, Any]:
    social = location["social"] or {}
    return {
        "id": location["id"],
        "title": location["title"],
        "public_title": location["public_title"] or location["title"],
        "short_descr": location["short_description"] or "",
        "description": location["description"] or "",
        "logo": location["logo_url"] or "",
        "photos": location["photo_urls"],
        "company_photos": location["photo_urls"],
        "active": location["is_active"],
        "is_paused": location["is_paused"],
        "phone": next(iter(location["phones"]), ""),
        "phones": location["phones"],
        "email": location["email"] or "",
        "site": location["site"] or "",
        "schedule": location["opening_hours_text"] or "",
        "active_staff_count": location["active_staff_count"],
        "app_ios": "",
        "app_android": "",
        "booking_widget_promo": location["promo_text"],
        "social": {network: social.get(network) or "" for network in NETWORKS},
        "business_type_id": location["business_type_id"] or 0,
        "group_priority": location["weight"],
        "bookform_group_priority": 0,
    }


def _where(location: Mapping[str, Any], *, locale: str, now: datetime) -> dict[str, Any]:
    return {
        "zip": location["postal_code"] or "",
        **place(location, locale=locale),
        "timezone": times.offset_hours(location["timezone"], now),
        "timezone_name": location["timezone"],
    }


def place(location: Mapping[str, Any], *, locale: str) -> dict[str, Any]:
    """Where it is, and what money is used there."""
    longitude = location["longitude"] or 0.0
    return {
        "address": location["address"] or "",
        "city_id": location["city_id"] or 0,
        "city": location["city"] or "",
        "country_id": country_id(location["country_code"]),
        "country": country_title(location["country_code"], locale),
        "coordinate_lat": location["latitude"] or 0.0,
        "coordinate_lon": longitude,
        "coordinate_lng": longitude,
        "currency_short_title": money.symbol(location["currency"], locale),
    }


def changes_allowed(location: Mapping[str, Any]) -> dict[str, Any]:
    """Whether and until when clients may move and cancel."""
    return {
        "allow_change_record": location["move_allowed"],
        "allow_change_record_delay_step": location["move_notice_seconds"],
        "allow_delete_record": location["cancel_allowed"],
        "allow_delete_record_delay_step": location["cancel_notice_seconds"],
    }


def _rules(location: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "phone_confirmation": location["phone_confirmation_required"],
        "any_master": location["any_staff_allowed"],
        "push_notification_phone_confirm": False,
        "booking_comment_required": location["comment_required"],
        "booking_email_required": location["email_required"],
        "booking_comment_input_name": location["comment_label"],
        "booking_notify_text": location["booking_notice"],
        **changes_allowed(location),
        "reminds_sms_disabled": not location["sms_reminders_enabled"],
        "reminds_sms_default": location["default_sms_reminder_hours"] or 0,
    }
