"""Pictures of people and services, at addresses that nobody can guess."""

import base64

from flask import Blueprint, Response, current_app

from gateway.context import rpc

routes = Blueprint("photos", __name__)

# Another picture has another address.
A_YEAR = "public, max-age=31536000, immutable"


@routes.get("/photos/<string(length=32):name>.jpg")
def photo(name: str) -> Response:
    return _jpeg(rpc.call("auth", "get_photo", name=name))


@routes.get("/images/<string(length=32):name>.jpg")
def image(name: str) -> Response:
    return _jpeg(rpc.call("booking", "get_image", name=name))


def _jpeg(found: dict[str, str]) -> Response:
    response = current_app.response_class(base64.b64decode(found["content"]), mimetype="image/jpeg")
    response.headers["Cache-Control"] = A_YEAR
    return response
