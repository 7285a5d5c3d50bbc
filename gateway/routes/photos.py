"""Pictures of people, at addresses that nobody can guess."""

import base64

from flask import Blueprint, Response, current_app

from gateway.context import rpc

routes = Blueprint("photos", __name__)

# Another picture has another address.
A_YEAR = "public, max-age=31536000, immutable"


@routes.get("/photos/<string(length=32):name>.jpg")
def photo(name: str) -> Response:
    found = rpc.call("auth", "get_photo", name=name)
    response = current_app.response_class(base64.b64decode(found["content"]), mimetype="image/jpeg")
    response.headers["Cache-Control"] = A_YEAR
    return response
