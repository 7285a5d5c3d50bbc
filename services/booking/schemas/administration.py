"""What administrators ask: the catalogue and the people."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.models import Gender, Prepayment
from services.booking.schemas.desk import DAY_SECONDS, MOST_MINOR
from services.booking.schemas.fields import Id
from services.booking.schemas.reading import AtLocationSchema

MOST_WEIGHT = 10**6
MOST_LINKS = 500
LARGEST_PICTURE = 400_000
FUTURE_APPOINTMENTS = ("refuse", "keep", "cancel")


def Title(**kwargs: object) -> fields.String:  # noqa: N802  (a field, in the manner of fields.Str)
    return fields.String(validate=validate.Length(min=1, max=255), **kwargs)  # type: ignore[arg-type]


def Text(most: int = 255) -> fields.String:  # noqa: N802
    return fields.String(validate=validate.Length(max=most))


def ApiId() -> fields.String:  # noqa: N802
    return fields.String(allow_none=True, validate=validate.Length(max=255))


def Weight() -> fields.Integer:  # noqa: N802
    return fields.Integer(validate=validate.Range(min=-MOST_WEIGHT, max=MOST_WEIGHT))


def Minor(**kwargs: object) -> fields.Integer:  # noqa: N802
    limits = validate.Range(min=0, max=MOST_MINOR)
    return fields.Integer(validate=limits, **kwargs)  # type: ignore[arg-type]


def Length(**kwargs: object) -> fields.Integer:  # noqa: N802
    limits = validate.Range(min=300, max=DAY_SECONDS)
    return fields.Integer(validate=limits, **kwargs)  # type: ignore[arg-type]


def Version() -> fields.Integer:  # noqa: N802
    """The version that the change was decided on; None: whatever it is."""
    return fields.Integer(load_default=None, allow_none=True)


class PricesSchema(Schema):
    price_min_minor = Minor()
    price_max_minor = Minor()


class GiverSchema(PricesSchema):
    """That somebody gives a service; None: at the length and price of the service."""

    staff_id = Id(required=True)
    duration_seconds = Length(load_default=None, allow_none=True)
    price_min_minor = Minor(load_default=None, allow_none=True)
    price_max_minor = Minor(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def refuse_half_a_price(self, data: dict[str, int | None], **_: object) -> None:
        if (data["price_min_minor"] is None) != (data["price_max_minor"] is None):
            raise ValidationError("both prices or none", "price_max_minor")


class ServiceFactsSchema(AtLocationSchema, PricesSchema):
    """What may be said of a service; the keys that are absent say nothing."""

    title = Title()
    booking_title = Text()
    category_id = Id()
    comment = Text(5000)
    duration_seconds = Length()
    buffer_seconds = fields.Int(validate=validate.Range(min=0, max=3600))
    discount_percent = fields.Int(validate=validate.Range(min=0, max=100))
    weight = Weight()
    gender = fields.Enum(Gender, by_value=True)
    prepayment = fields.Enum(Prepayment, by_value=True)
    is_online = fields.Bool()
    is_membership_only = fields.Bool()
    repeat_after_days = fields.Int(allow_none=True, validate=validate.Range(min=1, max=3660))
    api_id = ApiId()
    staff = fields.List(fields.Nested(GiverSchema), validate=validate.Length(max=MOST_LINKS))


class CreateServiceSchema(ServiceFactsSchema):
    title = Title(required=True)
    category_id = Id(required=True)
    duration_seconds = Length(load_default=3600)


class ServiceAtSchema(AtLocationSchema):
    service_id = Id(required=True)


class UpdateServiceSchema(ServiceFactsSchema, ServiceAtSchema):
    version = Version()


class DeleteServiceSchema(ServiceAtSchema):
    version = Version()


class ListServicesSchema(AtLocationSchema):
    staff_id = Id(load_default=None, allow_none=True)
    category_id = Id(load_default=None, allow_none=True)


class CategoryFactsSchema(AtLocationSchema):
    title = Title()
    booking_title = Text()
    weight = Weight()
    gender = fields.Enum(Gender, by_value=True)
    api_id = ApiId()


class CreateCategorySchema(CategoryFactsSchema):
    title = Title(required=True)


class CategoryAtSchema(AtLocationSchema):
    category_id = Id(required=True)


class UpdateCategorySchema(CategoryFactsSchema, CategoryAtSchema):
    version = Version()


class DeleteCategorySchema(CategoryAtSchema):
    version = Version()


class OfBusinessSchema(Schema):
    business_id = Id(required=True)


class LinkSchema(GiverSchema):
    service_id = Id(required=True)


class SetLinksSchema(AtLocationSchema):
    """``must_exist``: change what there is, and add nothing."""

    links = fields.List(
        fields.Nested(LinkSchema), required=True, validate=validate.Length(min=1, max=MOST_LINKS)
    )
    must_exist = fields.Bool(load_default=False)


class LinkAtSchema(ServiceAtSchema):
    staff_id = Id(required=True)


class StaffFactsSchema(AtLocationSchema):
    """What may be said of a staff member; the keys that are absent say nothing."""

    name = Title()
    specialization = Text()
    information = Text(20_000)
    position_id = Id(allow_none=True)
    weight = Weight()
    is_online = fields.Bool()
    random_choice_allowed = fields.Bool()
    rating_shown = fields.Bool()
    user_id = Id(allow_none=True)
    api_id = ApiId()


class CreateStaffMemberSchema(StaffFactsSchema):
    name = Title(required=True)


class StaffMemberAtSchema(AtLocationSchema):
    staff_id = Id(required=True)


class UpdateStaffMemberSchema(StaffFactsSchema, StaffMemberAtSchema):
    """Who is ``rehired`` on paper while a ``last_day`` to come is told still leaves after it."""

    rehired = fields.Bool(load_default=False)
    dismissed = fields.Bool(load_default=False)
    last_day = fields.Date(load_default=None, allow_none=True)
    reason = Text()
    version = Version()


class WithFutureSchema(Schema):
    """What to do about appointments that are still to come."""

    future_appointments = fields.Str(
        load_default="refuse", validate=validate.OneOf(FUTURE_APPOINTMENTS)
    )
    version = Version()


class DismissStaffMemberSchema(StaffMemberAtSchema, WithFutureSchema):
    """``last_day`` is the last day of work; None: they go at once."""

    last_day = fields.Date(load_default=None, allow_none=True)
    reason = fields.Str(load_default="", validate=validate.Length(max=255))


class ListStaffSchema(AtLocationSchema):
    with_fired = fields.Bool(load_default=False)


class PositionFactsSchema(AtLocationSchema):
    title = Title()
    description = Text(5000)


class CreatePositionSchema(PositionFactsSchema):
    title = Title(required=True)


class PositionAtSchema(AtLocationSchema):
    position_id = Id(required=True)


class UpdatePositionSchema(PositionFactsSchema, PositionAtSchema):
    pass


class ChangeImageSchema(AtLocationSchema):
    """A picture as the gateway drew it, in base64; None takes it away."""

    content = fields.Str(
        required=True, allow_none=True, validate=validate.Length(max=LARGEST_PICTURE)
    )


class ChangeServiceImageSchema(ChangeImageSchema, ServiceAtSchema):
    pass


class ChangeStaffImageSchema(ChangeImageSchema, StaffMemberAtSchema):
    pass


class GetImageSchema(Schema):
    name = fields.Str(required=True, validate=validate.Length(max=64))
