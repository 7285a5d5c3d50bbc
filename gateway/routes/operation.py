"""For those who run it: is it alive, is it ready?"""

from flask import Response, jsonify

from gateway.context import gateway
from gateway.openapi import Routes

routes = Routes("operation", __name__, description="Health")

STATUS = {"type": "object", "properties": {"status": {"type": "string"}}}


@routes.get("/livez")
@routes.answers_bare(STATUS)
def livez() -> Response:
    """Answers as long as the process does"""
    return jsonify({"status": "ok"})


@routes.get("/readyz")
@routes.answers_bare(STATUS)
def readyz() -> Response:
    """200 when the broker can be reached, 503 when not"""
    is_ready = gateway().client.reaches_broker()
    response = jsonify({"status": "ok" if is_ready else "broker_unreachable"})
    response.status_code = 200 if is_ready else 503
    return response
