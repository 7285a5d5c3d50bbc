"""What is asked of rooms and devices."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.fields import Id
from services.booking.schemas.reading import AtLocationSchema

MOST_INSTANCES = 200
MOST_NEEDING = 1_000


class InstanceSchema(Schema):
    """One that there shall be; without an id a new one."""

    id = Id(load_default=None, allow_none=True)
    title = fields.Str(required=True, validate=validate.Length(min=1, max=255))


class ResourceAtSchema(AtLocationSchema):
    resource_id = Id(required=True)


class SaveResourceSchema(AtLocationSchema):
    """What is None stays as it is; without a ``resource_id`` it is a new one."""

    resource_id = Id(load_default=None, allow_none=True)
    title = fields.Str(load_default=None, allow_none=True, validate=validate.Length(min=1, max=255))
    description = fields.Str(
        load_default=None, allow_none=True, validate=validate.Length(max=5_000)
    )
    instances = fields.List(
        fields.Nested(InstanceSchema),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=MOST_INSTANCES),
    )
    service_ids = fields.List(
        Id(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_NEEDING)
    )
