"""What a booking widget needs to draw itself: its configuration and its texts."""

import json
from functools import cache
from importlib import resources

from flask import Response, current_app

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire.bookforms import BookformSchema
from gateway.wire.bookforms import bookform as to_bookform
from gateway.wire.languages import best

routes = Routes("forms", __name__, url_prefix="/api/v1", description="Booking forms")


@routes.get("/bookform/<id:form_id>")
@routes.answers(BookformSchema)
def bookform(form_id: int) -> Response:
    """Configuration of a booking widget"""
    form = rpc.call("booking", "get_booking_form", form_id=form_id)
    asked = rpc.call("auth", "list_documents", location_id=form["main_location_id"])
    return answer(to_bookform(form, asked["documents"]))


@routes.get("/i18n/<string(maxlength=35):lang>")
@routes.answers_bare({"type": "object"})
def dictionary(lang: str) -> Response:
    """Texts of a booking widget, always bare; an unknown language is answered in English"""
    return current_app.response_class(_dictionary(best([lang])), mimetype="application/json")


@cache
def _dictionary(language: str) -> str:
    source = resources.files("gateway.i18n").joinpath(f"{language}.json")
    return json.dumps(json.loads(source.read_text(encoding="utf-8")), ensure_ascii=False)
