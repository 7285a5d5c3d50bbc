"""Booking forms and a location's settings, for staff: what the contract calls them, and ours."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from gateway.wire import documents as doc
from gateway.wire.bookforms import (
    OUR_STEPS,
    STEPS,
    STYLE,
    LangSchema,
    StepSchema,
    StyleSchema,
    show_steps,
    show_style,
)
from gateway.wire.fields import (
    INVALID,
    Choice,
    Flag,
    Inner,
    Request,
    Several,
    Text,
    WebAddress,
    Whole,
)
from gateway.wire.languages import contract_code, contract_language, ours_of

ANALYTICS = (
    "google_analytics_id",
    "facebook_pixel_id",
    "metrika_counter_id",
    "app_metrika_id",
)
MEASURING_ID = r"[A-Za-z0-9_-]{0,64}\Z"
KINDS = ("single", "class", "both")
"""``record_type``: by its number in the contract."""
EXAMPLE: dict[str, Any] = {
    "title": "Web site",
    "description": "The button on the front page",
    "is_default": True,
    "steps": [{"step": "master", "title": "Who would you like?"}, {"step": "service"}],
    "style": {"main_color": "#1f6f5c", "primaryPalette": "teal"},
    "lang": "fr-FR",
    "langs": ["fr-FR", "en-US"],
    "allowed_origins": ["https://salon.example"],
}
ONLINE_EXAMPLE: dict[str, Any] = {"seance_delay_step": 60, "any_master": True, "is_paused": False}
TIMETABLE_EXAMPLE: dict[str, Any] = {"record_type": 0, "activity_record_clients_count_max": 12}


class BookingFormSchema(doc.Answer):
    """A booking form with its settings. What is not of the contract is our own."""

    id = doc.whole()
    title = doc.text()
    description = doc.text()
    is_default = doc.flag("The one way in that counts if none is named")
    without_menu = doc.flag()
    location_id = doc.whole("0: leads to the whole chain")
    is_paused = doc.flag("New bookings through it are refused")
    steps = doc.many(StepSchema)
    style = doc.one(StyleSchema)
    lang = doc.text(example="fr-FR")
    langs = doc.many(LangSchema)
    comment_input_name = doc.text("Of this form; null: the location's", null=True)
    booking_notify_text = doc.text("Of this form; null: the location's", null=True)
    google_analytics_id = doc.text()
    facebook_pixel_id = doc.text()
    metrika_counter_id = doc.text()
    app_metrika_id = doc.text()
    allowed_origins = doc.texts("Sites whose pages may call from a browser")


class OnlineSettingsSchema(doc.Answer):
    """How clients book online."""

    confirm_number = doc.flag("A code must prove the phone")
    any_master = doc.flag("«Anybody» (`staff_id` 0) can be booked")
    seance_delay_step = doc.whole("Minutes that lie at least before a start")
    activity_online_record_clients_count_max = doc.whole("Seats of a class in one booking")
    is_paused = doc.flag("Our own: new bookings are refused, what is booked stays as it is")
    allow_change_record = doc.flag("Our own: clients may move")
    allow_change_record_delay_step = doc.whole("Our own: until so many seconds before the start")
    allow_delete_record = doc.flag("Our own: clients may cancel")
    allow_delete_record_delay_step = doc.whole("Our own: until so many seconds before the start")


class TimetableSettingsSchema(doc.Answer):
    """What kind of visits there are."""

    record_type = doc.whole("0 one to one, 1 classes, 2 both", enum=[0, 1, 2])
    activity_record_clients_count_max = doc.whole("Seats of a class")


class ChangedStepSchema(Request):
    step = Choice(*STEPS.values(), required=True)
    title = Text(allow_none=True)
    hidden = Flag()
    default = Whole(allow_none=True)


class MeasuringId(Text):
    """An id at somebody who counts visitors; front ends put it into their scripts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=64, **kwargs)
        self.validators.append(validate.Regexp(MEASURING_ID, error=INVALID))


class ChangedStyleSchema(Request):
    show_header = Flag()
    logo = WebAddress()
    header_background = WebAddress()
    menu_background = WebAddress()
    main_color = Text(most=20)
    secondary_color = Text(most=20)
    buttons_color = Text(most=20)
    primaryPalette = Text(most=20)
    accentPalette = Text(most=20)
    warnPalette = Text(most=20)
    backgroundPalette = Text(most=20)
    main_color_theme = Choice("", "light", "dark")


class Language(Text):
    """A language by the contract's code or id, or by ours; becomes ours."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, Mapping):
            value = value.get("id") or value.get("code")
        language = ours_of(super()._deserialize(value, attr, data, **kwargs))
        if language is None:
            raise ValidationError("language_unknown")
        return language


class ChangeFormSchema(Request):
    """What is left out stays."""

    title = Text()
    description = Text(most=5000, lines=True)
    is_default = Flag()
    without_menu = Flag()
    is_paused = Flag(metadata={"description": "Refuse new bookings through this form"})
    steps = Several(
        Inner(ChangedStepSchema),
        metadata={"description": "In their order; the rest follows. contact and comfirm come last"},
        validate=validate.Length(max=len(STEPS), error=INVALID),
    )
    style = Inner(ChangedStyleSchema)
    lang = Language()
    langs = Several(Language(), validate=validate.Length(max=50, error=INVALID))
    comment_input_name = Text(allow_none=True)
    booking_notify_text = Text(most=5000, lines=True, allow_none=True)
    google_analytics_id = MeasuringId()
    facebook_pixel_id = MeasuringId()
    metrika_counter_id = MeasuringId()
    app_metrika_id = MeasuringId()
    allowed_origins = Several(
        Text(most=300),
        validate=validate.Length(max=20, error=INVALID),
        metadata={"description": "`https://salon.example`; `http` on one's own machine alone"},
    )


class ChangeOnlineSettingsSchema(Request):
    """What is left out stays."""

    confirm_number = Flag()
    any_master = Flag()
    seance_delay_step = Whole(
        least=0, most=1380, metadata={"description": "Minutes, in steps of 30"}
    )
    activity_online_record_clients_count_max = Whole(least=1, most=10_000)
    is_paused = Flag()
    allow_change_record = Flag()
    allow_change_record_delay_step = Whole(least=0, most=31_536_000)
    allow_delete_record = Flag()
    allow_delete_record_delay_step = Whole(least=0, most=31_536_000)

    @validates_schema(skip_on_field_errors=True)
    def refuse_odd_minutes(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("seance_delay_step", 0) % 30:
            raise ValidationError("field_invalid", "seance_delay_step")


class ChangeTimetableSettingsSchema(Request):
    """What is left out stays."""

    record_type = Whole(least=0, most=2)
    activity_record_clients_count_max = Whole(least=1, most=10_000)


def form_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What a request says of a form, in our words."""
    same = ("title", "description", "is_default", "without_menu", "is_paused", "allowed_origins")
    wanted: dict[str, Any] = {name: form[name] for name in same if name in form}
    if "steps" in form:
        wanted["steps"] = [{**step, "step": OUR_STEPS[step["step"]]} for step in form["steps"]]
    if "style" in form:
        wanted["style"] = {STYLE[name]: value for name, value in form["style"].items()}
    if "lang" in form:
        wanted["language"] = form["lang"]
    if "langs" in form:
        wanted["languages"] = form["langs"]
    texts = {"comment_input_name": "comment_label", "booking_notify_text": "booking_notice"}
    if own := {ours: form[name] for name, ours in texts.items() if name in form}:
        wanted["texts"] = own
    if own := {name: form[name] for name in ANALYTICS if name in form}:
        wanted["analytics"] = own
    return wanted


def booking_form(form: Mapping[str, Any]) -> dict[str, Any]:
    same = ("id", "title", "description", "is_default", "without_menu", "is_paused")
    return {
        **{name: form[name] for name in same},
        "location_id": form["location_id"] or 0,
        "steps": show_steps(form["steps"]),
        "style": show_style(form["style"]),
        "lang": contract_code(form["language"]),
        "langs": [contract_language(language) for language in form["languages"]],
        "comment_input_name": form["texts"]["comment_label"],
        "booking_notify_text": form["texts"]["booking_notice"],
        **form["analytics"],
        "allowed_origins": form["allowed_origins"],
    }


ONLINE = {
    "confirm_number": "phone_confirmation_required",
    "any_master": "any_staff_allowed",
    "activity_online_record_clients_count_max": "class_clients_online_max",
    "is_paused": "is_paused",
    "allow_change_record": "move_allowed",
    "allow_change_record_delay_step": "move_notice_seconds",
    "allow_delete_record": "cancel_allowed",
    "allow_delete_record_delay_step": "cancel_notice_seconds",
}


def online_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {ours: form[name] for name, ours in ONLINE.items() if name in form}
    if "seance_delay_step" in form:
        wanted["lead_seconds"] = form["seance_delay_step"] * 60
    return wanted


def online_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: settings[ours] for name, ours in ONLINE.items()}
    return {**told, "seance_delay_step": settings["lead_seconds"] // 60}


def timetable_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if "record_type" in form:
        wanted["visit_kinds"] = KINDS[form["record_type"]]
    if "activity_record_clients_count_max" in form:
        wanted["class_clients_max"] = form["activity_record_clients_count_max"]
    return wanted


def timetable_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "record_type": KINDS.index(settings["visit_kinds"]),
        "activity_record_clients_count_max": settings["class_clients_max"],
    }
