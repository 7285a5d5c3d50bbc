"""What a client has earned."""

from flask import Response

from gateway.context import location_facts, rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire.loyalty import LoyaltyCardSchema, loyalty_card
from gateway.wire.shapes import COUNTED

routes = Routes("loyalty", __name__, url_prefix="/api/v1", description="Loyalty")


@routes.get("/user/loyalty_cards/<id(min=0):group_id>")
@routes.get("/user/loyalty_cards/<id(min=0):group_id>/<id:company_id>", endpoint="loyalty_cards_at")
@routes.answers(LoyaltyCardSchema, many=True, meta=COUNTED)
def loyalty_cards(group_id: int, company_id: int | None = None) -> Response:
    """The signed-in client's cards: of a chain; with group 0 of the location, or all"""
    business_id = group_id or None
    if business_id is None and company_id is not None:
        business_id = location_facts(company_id)["business_id"]
    clients = rpc.call("booking", "list_own_client_ids", business_id=business_id)
    found = rpc.call("loyalty", "list_cards", **clients, business_id=business_id)
    cards = [loyalty_card(card) for card in found["cards"]]
    return answer(cards, meta={"count": len(cards)})
