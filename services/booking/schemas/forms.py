"""What is asked of booking forms and of a location's settings. What is left out stays."""

from marshmallow import Schema, fields, validate

from services.booking.domain.forms import STEPS
from services.booking.schemas.fields import Id
from services.booking.schemas.reading import AtLocationSchema

A_YEAR = 366 * 24 * 3600
MOST_CLIENTS = 10_000


def Short(most: int = 255) -> fields.Str:  # noqa: N802
    return fields.Str(validate=validate.Length(max=most))


def Several(one: fields.Field, most: int) -> fields.List:  # type: ignore[type-arg]  # noqa: N802
    return fields.List(one, validate=validate.Length(max=most))


class StepSchema(Schema):
    step = fields.Str(required=True, validate=validate.OneOf(STEPS))
    title = fields.Str(allow_none=True, validate=validate.Length(max=255))
    hidden = fields.Bool()
    default = fields.Int(allow_none=True)


class StyleSchema(Schema):
    show_header = fields.Bool()
    logo_url = Short(2000)
    header_background_url = Short(2000)
    menu_background_url = Short(2000)
    main_color = Short(20)
    secondary_color = Short(20)
    buttons_color = Short(20)
    primary_palette = Short(20)
    accent_palette = Short(20)
    warn_palette = Short(20)
    background_palette = Short(20)
    theme = fields.Str(validate=validate.OneOf(("", "light", "dark")))


class FormTextsSchema(Schema):
    comment_label = fields.Str(allow_none=True, validate=validate.Length(max=255))
    booking_notice = fields.Str(allow_none=True, validate=validate.Length(max=5000))


class AnalyticsSchema(Schema):
    google_analytics_id = Short(64)
    facebook_pixel_id = Short(64)
    metrika_counter_id = Short(64)
    app_metrika_id = Short(64)


class FormAtSchema(AtLocationSchema):
    form_id = Id(required=True)


class DeleteFormSchema(FormAtSchema):
    version = fields.Int(load_default=None, allow_none=True)


class CreateFormSchema(AtLocationSchema):
    title = Short()
    description = Short(5000)
    is_default = fields.Bool()
    without_menu = fields.Bool()
    steps = Several(fields.Nested(StepSchema), len(STEPS))
    style = fields.Nested(StyleSchema)
    language = Short(8)
    languages = Several(Short(8), 50)
    texts = fields.Nested(FormTextsSchema)
    analytics = fields.Nested(AnalyticsSchema)
    allowed_origins = Several(Short(300), 20)
    is_paused = fields.Bool()


class UpdateFormSchema(CreateFormSchema):
    form_id = Id(required=True)
    version = fields.Int(load_default=None, allow_none=True)


class UpdateSettingsSchema(AtLocationSchema):
    phone_confirmation_required = fields.Bool()
    any_staff_allowed = fields.Bool()
    lead_seconds = fields.Int(validate=validate.Range(min=0, max=A_YEAR))
    move_allowed = fields.Bool()
    move_notice_seconds = fields.Int(validate=validate.Range(min=0, max=A_YEAR))
    cancel_allowed = fields.Bool()
    cancel_notice_seconds = fields.Int(validate=validate.Range(min=0, max=A_YEAR))
    visit_kinds = fields.Str(validate=validate.OneOf(("single", "class", "both")))
    class_clients_max = fields.Int(validate=validate.Range(min=1, max=MOST_CLIENTS))
    class_clients_online_max = fields.Int(validate=validate.Range(min=1, max=MOST_CLIENTS))
    is_paused = fields.Bool()
    version = fields.Int(load_default=None, allow_none=True)


class ListCitiesSchema(Schema):
    country_code = fields.Str(load_default=None, allow_none=True, validate=validate.Length(equal=2))
    location_id = Id(load_default=None, allow_none=True)


class NothingSchema(Schema):
    """Asked without arguments."""
