"""What staff ask of the client base."""

from marshmallow import Schema, fields, validate

from services.booking.domain import custom_fields, labels
from services.booking.domain.people import Gender, Importance
from services.booking.schemas.desk import ATTENDANCE, MOST_MINOR
from services.booking.schemas.fields import Id, Ids, Wished
from services.booking.schemas.reading import AtLocationSchema

MOST_AT_ONCE = 200
MOST_FILTERS = 50
ORDERS = (
    "id",
    "name",
    "phone",
    "email",
    "discount_percent",
    "first_visit_at",
    "last_visit_at",
    "sold_minor",
    "visits_count",
)
KINDS = (
    "ids",
    "quick",
    "birthday",
    "gender",
    "importance",
    "label",
    "mailings",
    "sold",
    "appointment",
    "group",
)
_amount = validate.Range(min=0, max=MOST_MINOR)
_line = validate.Length(max=255)


class ClientCardSchema(Schema):
    """What may be said of a client; the keys that are absent say nothing."""

    name = fields.Str(validate=_line)
    phone = fields.Str(validate=validate.Length(max=40))
    email = fields.Str(allow_none=True, validate=_line)
    surname = fields.Str(validate=_line)
    patronymic = fields.Str(validate=_line)
    gender = fields.Str(validate=validate.OneOf(list(Gender)))
    importance = fields.Str(validate=validate.OneOf(list(Importance)))
    discount_percent = fields.Int(validate=validate.Range(min=0, max=100))
    card = fields.Str(validate=_line)
    birth_date = fields.Date(allow_none=True)
    comment = fields.Str(validate=validate.Length(max=5000))
    wants_birthday_messages = fields.Bool()
    wants_mailings = fields.Bool()
    label_ids = Ids()
    custom_fields = fields.Dict(keys=fields.Str())


class NewClientSchema(ClientCardSchema):
    name = fields.Str(required=True, validate=_line)


class CreateClientSchema(NewClientSchema, AtLocationSchema):
    pass


class CreateClientsSchema(AtLocationSchema):
    clients = fields.List(
        fields.Nested(NewClientSchema),
        required=True,
        validate=validate.Length(min=1, max=MOST_AT_ONCE),
    )


class ClientAtSchema(AtLocationSchema):
    client_id = Id(required=True)


class UpdateClientSchema(ClientCardSchema, ClientAtSchema):
    version = fields.Int(load_default=None, allow_none=True)


class PagedSchema(AtLocationSchema):
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=25, validate=validate.Range(min=1, max=200))


class ListClientsSchema(PagedSchema):
    ids = Ids(load_default=list)
    fullname = fields.Str(load_default="", validate=_line)
    phone = fields.Str(load_default="", validate=_line)
    email = fields.Str(load_default="", validate=_line)
    card = fields.Str(load_default="", validate=_line)
    sold_from_minor = fields.Int(load_default=None, allow_none=True, validate=_amount)
    sold_to_minor = fields.Int(load_default=None, allow_none=True, validate=_amount)
    changed_after = Wished(load_default=None, allow_none=True)
    changed_before = Wished(load_default=None, allow_none=True)


class FilterSchema(Schema):
    """One condition of a search: its kind says which of the other fields count."""

    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    is_inverted = fields.Bool(load_default=False)
    ids = Ids(load_default=list)
    text = fields.Str(load_default="", validate=_line)
    words = fields.List(fields.Str(), load_default=list, validate=validate.Length(max=10))
    flag = fields.Bool(load_default=True)
    first_day = fields.Date(load_default=None, allow_none=True)
    last_day = fields.Date(load_default=None, allow_none=True)
    least_minor = fields.Int(load_default=None, allow_none=True, validate=_amount)
    most_minor = fields.Int(load_default=None, allow_none=True, validate=_amount)
    staff_ids = Ids(load_default=list)
    service_ids = Ids(load_default=list)
    statuses = fields.List(fields.Str(validate=validate.OneOf(ATTENDANCE)), load_default=list)
    operation = fields.Str(load_default="and", validate=validate.OneOf(["and", "or"]))
    filters = fields.List(
        fields.Nested(f"{__name__}.FilterSchema"),
        load_default=list,
        validate=validate.Length(max=MOST_FILTERS),
    )


class SearchClientsSchema(PagedSchema):
    operation = fields.Str(load_default="and", validate=validate.OneOf(["and", "or"]))
    filters = fields.List(
        fields.Nested(FilterSchema), load_default=list, validate=validate.Length(max=MOST_FILTERS)
    )
    order_by = fields.Str(load_default="id", validate=validate.OneOf(ORDERS))
    is_descending = fields.Bool(load_default=False)


class AddClientCommentSchema(ClientAtSchema):
    text = fields.Str(required=True, validate=validate.Length(min=1, max=5000))


class DeleteClientCommentSchema(ClientAtSchema):
    comment_id = Id(required=True)


class BlockSchema(AtLocationSchema):
    """A phone, or a client."""

    phone = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=40))
    client_id = Id(load_default=None, allow_none=True)
    comment = fields.Str(load_default="", validate=validate.Length(max=1000))


class UnblockSchema(AtLocationSchema):
    entry_id = Id(required=True)


class ListLabelsSchema(AtLocationSchema):
    entity = fields.Str(
        required=True, allow_none=True, validate=validate.OneOf(list(labels.Entity))
    )


class LabelsAtSchema(AtLocationSchema):
    entity = fields.Str(required=True, validate=validate.OneOf(list(labels.Entity)))


class ChangeLabelSchema(LabelsAtSchema):
    label_id = Id(required=True)
    title = fields.Str(validate=validate.Length(min=1, max=255))
    color = fields.Str(validate=validate.Length(max=20))
    icon = fields.Str(validate=validate.Length(max=50))
    font_color = fields.Str(validate=validate.Length(max=20))


class CreateLabelSchema(LabelsAtSchema):
    title = fields.Str(required=True, validate=validate.Length(min=1, max=255))
    color = fields.Str(load_default="", validate=validate.Length(max=20))
    icon = fields.Str(load_default="", validate=validate.Length(max=50))
    font_color = fields.Str(load_default="", validate=validate.Length(max=20))


class LabelAtSchema(LabelsAtSchema):
    label_id = Id(required=True)


class CustomFieldsAtSchema(AtLocationSchema):
    entity = fields.Str(required=True, validate=validate.OneOf(list(custom_fields.Entity)))


class CreateCustomFieldSchema(CustomFieldsAtSchema):
    code = fields.Str(required=True, validate=validate.Length(min=1, max=50))
    title = fields.Str(required=True, validate=validate.Length(min=1, max=255))
    kind = fields.Str(required=True, validate=validate.OneOf(list(custom_fields.Kind)))
    choices = fields.List(
        fields.Str(validate=validate.Length(min=1, max=255)),
        load_default=list,
        validate=validate.Length(max=100),
    )
    is_shown = fields.Bool(load_default=True)
    is_editable = fields.Bool(load_default=True)


class CustomFieldAtSchema(CustomFieldsAtSchema):
    field_id = Id(required=True)


class UpdateCustomFieldSchema(CustomFieldAtSchema):
    title = fields.Str(validate=validate.Length(min=1, max=255))
    choices = fields.List(
        fields.Str(validate=validate.Length(min=1, max=255)), validate=validate.Length(max=100)
    )
    is_shown = fields.Bool()
    is_editable = fields.Bool()
