"""The event of the kitchen, for the kitchen's process and for the tests' own."""

from typing import ClassVar

from marshmallow import Schema, fields

from services.common.events import Event, SchemaClass


class KettleSchema(Schema):
    drink = fields.Str()


class KettleBoiled(Event):
    """The water is hot."""

    data_schema: ClassVar[SchemaClass] = KettleSchema
    type: ClassVar[str] = "kettle_boiled"
