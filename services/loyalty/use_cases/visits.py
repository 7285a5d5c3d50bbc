"""Keeping up with appointments."""

from typing import Any

from sqlalchemy.orm import Session

from services.common.db import insert_into
from services.loyalty.models import VisitRecord


def record_visit(session: Session, appointment: dict[str, Any], *, version: int) -> None:
    """Note the appointment as it is at this version, unless a newer one is known already."""
    lines = appointment["services"]
    values = {
        "version": version,
        "business_id": appointment["business_id"],
        "location_id": appointment["location"]["id"],
        "client_id": appointment["client_id"],
        "starts_at": appointment["starts_at"],
        "price_minor": sum(line["price_minor"] for line in lines),
        "currency": lines[0]["currency"],
        "attendance": appointment["attendance"],
        "is_cancelled": appointment["is_cancelled"],
    }
    session.execute(
        insert_into(session, VisitRecord)
        .values(appointment_id=appointment["appointment_id"], **values)
        .on_conflict_do_update(
            index_elements=["appointment_id"], set_=values, where=VisitRecord.version < version
        )
    )
