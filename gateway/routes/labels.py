"""Labels and custom fields: the words and questions of a business's own."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import labels as wire
from gateway.wire.labels import (
    ChangeCustomFieldSchema,
    ChangeLabelSchema,
    CustomFieldFormSchema,
    CustomFieldSchema,
    LabelFormSchema,
    LabelSchema,
)
from gateway.wire.shapes import COUNTED

routes = Routes("labels", __name__, url_prefix="/api/v1", description="Labels and custom fields")
ENTITY = "<string(maxlength=20):entity>"


@routes.get(f"/labels/<id:company_id>/{ENTITY}")
@routes.answers(LabelSchema, many=True, meta=COUNTED)
def labels(company_id: int, entity: str) -> Response:
    """Labels for common, client, record or activity (or 0 to 3)"""
    found = rpc.call("booking", "list_labels", **_label_place(company_id, entity))["labels"]
    return answer([wire.label_told(one) for one in found], meta={"count": len(found)})


@routes.post(f"/labels/<id:company_id>/{ENTITY}")
@routes.arguments(LabelFormSchema, example=wire.LABEL_EXAMPLE)
@routes.answers(LabelSchema, status=201)
def create_label(form: dict[str, Any], company_id: int, entity: str) -> Response:
    """Make a label"""
    request = {**_label_place(company_id, entity), **form}
    return answer(
        wire.label_told(rpc.command("booking", "create_label", request=request)), status=201
    )


@routes.put(f"/labels/<id:company_id>/{ENTITY}/<id:label_id>")
@routes.arguments(ChangeLabelSchema, example=wire.LABEL_EXAMPLE)
@routes.answers(LabelSchema)
def update_label(form: dict[str, Any], company_id: int, entity: str, label_id: int) -> Response:
    """Change a label wherever it is"""
    request = {**_label_place(company_id, entity), "label_id": label_id, **form}
    return answer(wire.label_told(rpc.command("booking", "update_label", request=request)))


@routes.delete(f"/labels/<id:company_id>/{ENTITY}/<id:label_id>")
@routes.answers_nothing(status=204)
def delete_label(company_id: int, entity: str, label_id: int) -> Response:
    """Take a label off everything it is on"""
    request = {**_label_place(company_id, entity), "label_id": label_id}
    rpc.command("booking", "delete_label", request=request)
    return done(204)


@routes.get(f"/custom_fields/{ENTITY}/<id:company_id>")
@routes.answers(CustomFieldSchema, many=True, meta=COUNTED)
def custom_fields(company_id: int, entity: str) -> Response:
    """What a location asks of every record, or a business of every client"""
    found = rpc.call("booking", "list_custom_fields", **_field_place(company_id, entity))
    told = [wire.field_told(one, company_id) for one in found["custom_fields"]]
    return answer(told, meta={"count": len(told)})


@routes.post(f"/custom_fields/{ENTITY}/<id:company_id>")
@routes.arguments(CustomFieldFormSchema, example=wire.FIELD_EXAMPLE)
@routes.answers(CustomFieldSchema, status=201)
def create_custom_field(form: dict[str, Any], company_id: int, entity: str) -> Response:
    """Ask something more"""
    request = {**_field_place(company_id, entity), **wire.field_wanted(form)}
    made = rpc.command("booking", "create_custom_field", request=request)
    return answer(wire.field_told(made, company_id), status=201)


@routes.put(f"/custom_fields/{ENTITY}/<id:company_id>/<id:field_id>")
@routes.arguments(ChangeCustomFieldSchema, example={"title": "Your animal"})
@routes.answers(CustomFieldSchema)
def update_custom_field(
    form: dict[str, Any], company_id: int, entity: str, field_id: int
) -> Response:
    """Ask it in other words"""
    request = {
        **_field_place(company_id, entity),
        "field_id": field_id,
        **wire.field_wanted(form),
    }
    changed = rpc.command("booking", "update_custom_field", request=request)
    return answer(wire.field_told(changed, company_id))


@routes.delete(f"/custom_fields/{ENTITY}/<id:company_id>/<id:field_id>")
@routes.answers_nothing(status=204)
def delete_custom_field(company_id: int, entity: str, field_id: int) -> Response:
    """Ask it no longer; the answers stay where they were given"""
    request = {**_field_place(company_id, entity), "field_id": field_id}
    rpc.command("booking", "delete_custom_field", request=request)
    return done(204)


def _label_place(company_id: int, entity: str) -> dict[str, Any]:
    return {"location_id": company_id, "entity": wire.label_entity(entity)}


def _field_place(company_id: int, entity: str) -> dict[str, Any]:
    return {"location_id": company_id, "entity": wire.field_entity(entity)}
