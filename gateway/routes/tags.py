"""Labels as the contract's second version calls and tells them."""

from flask import Response, jsonify

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.wire import labels as wire

routes = Routes("tags", __name__, url_prefix="/api/v2", description="Labels, in JSON:API")


@routes.get("/companies/<id:company_id>/tags")
@routes.answers_bare(wire.TAGS)
def tags(company_id: int) -> Response:
    """All labels of the business, for whatever they are"""
    found = rpc.call("booking", "list_labels", location_id=company_id, entity=None)["labels"]
    return jsonify(wire.tags_told(found))
