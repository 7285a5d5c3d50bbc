"""What auth shows of itself."""

from typing import Any

from services.auth.models import PartnerKey


def show_partner(key: PartnerKey) -> dict[str, Any]:
    return {"id": key.id, "title": key.title}
