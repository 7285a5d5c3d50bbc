"""Pictures of services and staff: given by those who administer them, seen by everybody."""

import base64
from typing import Any

from flask import Response, request

from gateway.context import public_base, rpc
from gateway.openapi import Routes
from gateway.photos import LARGEST_FILE, portrait
from gateway.responses import answer, done
from gateway.wire.pictures import PictureSchema, picture_url
from services.common.errors import Invalid

routes = Routes("images", __name__, url_prefix="/api/v1", description="Pictures, for staff")

PICTURE = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}},
        }
    }
}
SERVICE = "/images/services/<id:company_id>/<id:service_id>"
STAFF = "/images/staff/<id:company_id>/<id:staff_id>"


@routes.post(SERVICE)
@routes.doc(requestBody={"required": True, "content": PICTURE})
@routes.answers(PictureSchema, status=201)
def change_service_image(company_id: int, service_id: int) -> Response:
    """Give a service a picture: a JPEG, PNG, WebP or GIF of up to 8 MiB; it is redrawn small"""
    changed = _do("change_service_image", company_id, service_id=service_id, content=_picture())
    return answer({"image": picture_url(changed["image"], None, public_base())}, status=201)


@routes.delete(SERVICE)
@routes.answers_nothing(status=204)
def delete_service_image(company_id: int, service_id: int) -> Response:
    """Take a service's picture away"""
    _do("change_service_image", company_id, service_id=service_id, content=None)
    return done(204)


@routes.post(STAFF)
@routes.doc(requestBody={"required": True, "content": PICTURE})
@routes.answers(PictureSchema, status=201)
def change_staff_image(company_id: int, staff_id: int) -> Response:
    """Give a staff member a picture: a JPEG, PNG, WebP or GIF of up to 8 MiB"""
    changed = _do("change_staff_image", company_id, staff_id=staff_id, content=_picture())
    return answer({"image": picture_url(changed["avatar"], None, public_base())}, status=201)


@routes.delete(STAFF)
@routes.answers_nothing(status=204)
def delete_staff_image(company_id: int, staff_id: int) -> Response:
    """Take a staff member's picture away"""
    _do("change_staff_image", company_id, staff_id=staff_id, content=None)
    return done(204)


def _picture() -> str:
    """The file of the form, drawn anew, in base64."""
    request.max_content_length = LARGEST_FILE
    file = request.files.get("file") or request.files.get("image")
    if file is None:
        raise Invalid("field_missing", fields={"file": "field_missing"})
    return base64.b64encode(portrait(file.stream)).decode()


def _do(method: str, company_id: int, **wanted: Any) -> Any:
    return rpc.command("booking", method, request={"location_id": company_id, **wanted})
