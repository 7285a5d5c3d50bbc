"""Rooms and devices."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from gateway.wire import documents as doc
from gateway.wire.fields import Ids, Inner, Request, Several, Text, Whole

EXAMPLE: dict[str, Any] = {
    "title": "Massage room",
    "description": "",
    "instances": [{"title": "Room 1"}, {"title": "Room 2"}],
    "service_ids": [11],
}


class InstanceSchema(doc.Answer):
    """One of them."""

    id = doc.whole()
    title = doc.text()
    resource_id = doc.whole()


class ResourceSchema(doc.Answer):
    """A kind of room or device; a visit takes a free instance."""

    id = doc.whole()
    title = doc.text()
    description = doc.text()
    salon_id = doc.whole("The location")
    instances = doc.many(InstanceSchema)
    service_ids = fields.List(
        fields.Integer(), required=True, metadata={"description": "Services that need one"}
    )


class SetInstanceSchema(Request):
    id = Whole(least=1, load_default=None, allow_none=True)
    title = Text(least=1, required=True)


class ChangeResourceSchema(Request):
    """What is left out or null stays as it is."""

    title = Text(least=1, load_default=None, allow_none=True)
    description = Text(load_default=None, allow_none=True, most=5_000, lines=True)
    instances = Several(
        Inner(SetInstanceSchema),
        load_default=None,
        allow_none=True,
        metadata={"description": "All there shall be; those with an id stay"},
    )
    service_ids = Ids(load_default=None, allow_none=True)


class NewResourceSchema(ChangeResourceSchema):
    title = Text(least=1, required=True)


def resource(found: Mapping[str, Any], location_id: int) -> dict[str, Any]:
    return {
        "id": found["id"],
        "title": found["title"],
        "description": found["description"],
        "salon_id": location_id,
        "instances": [
            {"id": one["id"], "title": one["title"], "resource_id": found["id"]}
            for one in found["instances"]
        ],
        "service_ids": found["service_ids"],
    }
