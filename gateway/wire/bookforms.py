"""The booking form: what a widget shows, in which order and in which colours."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import INCLUDE

from gateway.wire import documents as doc
from gateway.wire.agreements import FormAgreementSchema, form_agreement
from gateway.wire.languages import contract_code, contract_language

# Our steps, and the contract's; «comfirm» is how it is spelled there.
STEPS = {
    "city": "city",
    "location": "company",
    "service": "service",
    "staff": "master",
    "time": "datetime",
    "contact": "contact",
    "confirm": "comfirm",
}
OUR_STEPS = {theirs: ours for ours, theirs in STEPS.items()}
STYLE = {
    "show_header": "show_header",
    "logo": "logo_url",
    "header_background": "header_background_url",
    "menu_background": "menu_background_url",
    "main_color": "main_color",
    "secondary_color": "secondary_color",
    "buttons_color": "buttons_color",
    "primaryPalette": "primary_palette",
    "accentPalette": "accent_palette",
    "warnPalette": "warn_palette",
    "backgroundPalette": "background_palette",
    "main_color_theme": "theme",
}
RECORD_TYPES = {"single": 0, "class": 1, "both": 2}
ANY = -1
NO_TIME = -1


class StepSchema(doc.Answer):
    """A step; the datetime step alone also has date_hidden, time_hidden and their defaults."""

    class Meta:
        unknown = INCLUDE

    step = doc.text(enum=list(STEPS.values()))
    title = doc.text("Empty when the form gives none")
    num = doc.whole("From 1")
    hidden = doc.flag()
    default = doc.either({"type": "integer"}, {"type": "string"}, about="-1: none, or any")
    is_title_default = doc.flag()
    category_view_type = doc.whole(doc.NOT_KEPT)


class StyleSchema(doc.Answer):
    show_header = doc.flag()
    logo = doc.text("URL, or empty")
    logo_full = doc.text("The same as logo")
    header_background = doc.text("URL, or empty")
    header_background_full = doc.text("URL, or empty")
    header_background_new = doc.either(
        {"type": "object"}, doc.EMPTY_ARRAY, about="The same as {sm, norm, origin}, or []"
    )
    menu_background = doc.text("URL, or empty")
    menu_background_full = doc.text("URL, or empty")
    main_color = doc.text(example="#1f6f5c")
    secondary_color = doc.text()
    buttons_color = doc.text()
    primaryPalette = doc.text("A colour, or a palette of Material", example="teal")
    accentPalette = doc.text("A colour, or a palette of Material", example="teal")
    warnPalette = doc.text("A colour, or a palette of Material", example="teal")
    backgroundPalette = doc.text("A colour, or a palette of Material", example="teal")
    main_color_theme = doc.text("light, dark or empty")


class LangSchema(doc.Answer):
    id = doc.whole()
    code = doc.text(example="fr-FR")
    title = doc.text(example="Français")


class BookformSchema(doc.Answer):
    """The configuration of a booking widget."""

    id = doc.whole()
    title = doc.text()
    steps = doc.many(StepSchema)
    style = doc.one(StyleSchema)
    group_id = doc.whole("The chain to choose a location from; 0 for a single location")
    company_id = doc.whole("The location, or the chain's main one")
    location_id = doc.whole("The same as company_id")
    phone_confirmation = doc.flag("Means something if group_id is 0; else ask the location")
    lang = doc.text(example="fr-FR")
    langs = doc.many(LangSchema)
    comment_required = doc.flag()
    comment_input_name = doc.text(null=True)
    booking_notify_text = doc.text(null=True)
    google_analytics_id = doc.text()
    facebook_pixel_id = doc.text()
    metrika_counter_id = doc.text()
    app_metrika_id = doc.text()
    sms_enabled = doc.flag()
    is_show_privacy_policy = doc.flag("There is one: `privacy_policy`")
    specialization_display_mode = doc.whole("0 specialization, 1 position", enum=[0, 1])
    is_paused = doc.flag("Our own: new bookings are refused for now")
    any_master = doc.flag("Our own: «anybody» can be booked")
    url = doc.text(doc.NOT_KEPT)
    staff_name = doc.mapping(doc.NOT_KEPT)
    without_menu = doc.flag()
    sequence_type = doc.text(doc.NOT_KEPT)
    client_scripts = doc.text(doc.NOT_KEPT)
    y_injection = doc.text(doc.NOT_KEPT)
    injection = doc.mapping(doc.NOT_KEPT)
    first_service_category_close = doc.flag(doc.NOT_KEPT)
    map = doc.mapping(doc.NOT_KEPT)
    salon_select_type_code = doc.text(doc.NOT_KEPT)
    is_client_agreements_feature_enabled = doc.flag("There are texts to accept")
    agreements = doc.many(FormAgreementSchema, "Our own: what to accept before `book_code`")
    ab_test_enabled = doc.flag(doc.NOT_KEPT)
    ab_test_percentage = doc.whole(doc.NOT_KEPT)
    is_online_sale_available = doc.flag(doc.NOT_KEPT)
    legal_info = doc.text(doc.NOT_KEPT)
    online_sales_links = doc.texts(doc.NOT_KEPT)
    google_analytics_client_id_index = doc.text(doc.NOT_KEPT)
    brand = doc.mapping(doc.NOT_KEPT)
    display_activity_type = doc.text(doc.NOT_KEPT)
    is_multiple_activity_record = doc.flag(doc.NOT_KEPT)
    activity_record_count = doc.whole(doc.NOT_KEPT)
    weekly_view_enabled = doc.flag(doc.NOT_KEPT)
    show_weekly_view_without_online_booking = doc.flag(doc.NOT_KEPT)
    weekly_view_default_salon_id = doc.whole("The same as company_id")
    chain_main_salon_id = doc.whole("The same as company_id")
    record_type_id = doc.whole("0 one to one, 1 classes, 2 both")
    features = doc.mapping(doc.NOT_KEPT)
    certificate_count = doc.whole(doc.NOT_KEPT)
    abonement_count = doc.whole(doc.NOT_KEPT)


NOT_KEPT: dict[str, Any] = {
    "url": "",
    "staff_name": {},
    "sequence_type": "",
    "client_scripts": "",
    "y_injection": "",
    "injection": {},
    "first_service_category_close": False,
    "map": {},
    "salon_select_type_code": "",
    "ab_test_enabled": False,
    "ab_test_percentage": 0,
    "is_online_sale_available": False,
    "legal_info": "",
    "online_sales_links": [],
    "google_analytics_client_id_index": "",
    "brand": {},
    "display_activity_type": "",
    "is_multiple_activity_record": False,
    "activity_record_count": 0,
    "weekly_view_enabled": False,
    "show_weekly_view_without_online_booking": False,
    "features": {},
    "certificate_count": 0,
    "abonement_count": 0,
}


def bookform(form: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A booking form in the contract's words.

    A form of a whole chain lets the client choose among its locations; a form
    of one location does not, even if the location belongs to a chain.
    """
    company_id = form["location_id"] or form["main_location_id"]
    is_for_chain = form["business"]["is_chain"] and not form["location_id"]
    return {
        **NOT_KEPT,
        "id": form["id"],
        "title": form["title"],
        "steps": show_steps(form["steps"]),
        "style": show_style(form["style"]),
        "group_id": form["business"]["id"] if is_for_chain else 0,
        "company_id": company_id,
        "location_id": company_id,
        "weekly_view_default_salon_id": company_id,
        "chain_main_salon_id": company_id,
        "phone_confirmation": form["phone_confirmation_required"],
        "lang": contract_code(form["language"]),
        "langs": [contract_language(language) for language in form["languages"]],
        "comment_required": form["comment_required"],
        "comment_input_name": form["comment_label"],
        "booking_notify_text": form["booking_notice"],
        "sms_enabled": form["sms_enabled"],
        "is_show_privacy_policy": any(one["kind"] == "privacy_policy" for one in documents),
        "is_client_agreements_feature_enabled": bool(documents),
        "agreements": [form_agreement(one) for one in documents],
        "specialization_display_mode": form["specialization_display_mode"],
        "is_paused": form["is_paused"],
        "any_master": form["any_staff_allowed"],
        "without_menu": form["without_menu"],
        "record_type_id": RECORD_TYPES[form["visit_kinds"]],
        **form["analytics"],
    }


def show_steps(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_step(step, number) for number, step in enumerate(steps, start=1)]


def _step(step: Mapping[str, Any], number: int) -> dict[str, Any]:
    default = ANY if step["default"] is None else step["default"]
    told = {
        "step": STEPS[step["step"]],
        "title": step["title"] or "",
        "num": number,
        "hidden": step["hidden"],
        "default": default,
        "is_title_default": not step["title"],
        "category_view_type": 0,
    }
    if step["step"] != "time":
        return told
    hidden = step["hidden"]
    return told | {
        "date_hidden": hidden,
        "time_hidden": hidden,
        "date_default": "",
        "time_default": NO_TIME,
    }


def show_style(style: Mapping[str, Any]) -> dict[str, Any]:
    """Every name of the contract; what was not chosen is empty, and the front end's own."""
    told: dict[str, Any] = {name: style.get(ours) or "" for name, ours in STYLE.items()}
    header = told["header_background"]
    return {
        **told,
        "show_header": bool(style.get("show_header", True)),
        "logo_full": told["logo"],
        "header_background_full": header,
        "header_background_new": dict.fromkeys(("sm", "norm", "origin"), header) if header else [],
        "menu_background_full": told["menu_background"],
    }
