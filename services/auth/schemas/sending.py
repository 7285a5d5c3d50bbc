"""What is said with every request for a code: how it is wished, and where it comes from."""

from typing import Any

from marshmallow import Schema, fields

from services.auth.domain.budgets import Origin
from services.auth.schemas.fields import Text
from services.common.addresses import neighbourhood


class SendingSchema(Schema):
    """``address`` and ``device`` say where the request comes from, as the gateway saw it."""

    locale = Text(20, load_default="", allow_none=True)
    address = Text(45, load_default=None, allow_none=True)
    device = Text(255, load_default=None, allow_none=True)
    business_id = fields.Int(load_default=None, allow_none=True)


ORIGIN = ("address", "device")
"""Fields that are no part of what is asked for: who repeats a request may do so elsewhere."""


def origin_of(request: dict[str, Any]) -> Origin:
    """Where a request for a code comes from."""
    return Origin(
        business_id=request["business_id"],
        address=neighbourhood(request["address"] or ""),
        device=request["device"],
    )
