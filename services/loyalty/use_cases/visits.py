"""Keeping up with appointments."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.common.db import for_dialect, insert_into
from services.loyalty.domain.cashback import Earning, earning_of, price_of
from services.loyalty.models import VISIT_RECORDS, VisitRecord
from services.loyalty.use_cases.cashback import settle_cashback

NOT_HEARD_OF = {"version": -1, "attendance": "waiting"}


def record_visit(
    session: Session, appointment: dict[str, Any], *, version: int, now: datetime
) -> None:
    """Note the appointment as it is at this version and settle what it earns.

    Nothing happens when this version or a newer one is known already.
    """
    told = _told(appointment)
    if _is_first(session, appointment["appointment_id"], told, version):
        return
    record = _locked_record(session, appointment["appointment_id"], told)
    if record.version >= version:
        return
    before = _earning(record)
    for name, value in told.items():
        setattr(record, name, value)
    record.version = version
    session.flush()
    if _earning(record) != before:
        settle_cashback(
            session,
            business_id=record.business_id,
            subject=f"appointment/{record.appointment_id}",
            version=version,
            earning=_earning(record),
            now=now,
        )


@for_dialect
def _first_record(insert: Any) -> Any:
    return insert(VISIT_RECORDS).on_conflict_do_nothing().returning(VISIT_RECORDS.c.version)


def _is_first(session: Session, appointment_id: int, told: dict[str, Any], version: int) -> bool:
    """Note an appointment that was never heard of and earns nothing, as almost all do at first."""
    if _earning(VisitRecord(**told)) is not None:
        return False
    new = told | {"appointment_id": appointment_id, "version": version}
    return session.scalar(_first_record(session), new) is not None


def _told(appointment: dict[str, Any]) -> dict[str, Any]:
    """What a record keeps of an appointment."""
    price_minor, currency = price_of(appointment["services"])
    return {
        "visit_id": appointment["visit_id"],
        "business_id": appointment["business_id"],
        "location_id": appointment["location"]["id"],
        "client_id": appointment["client_id"],
        "starts_at": appointment["starts_at"],
        "price_minor": price_minor,
        "currency": currency,
        "attendance": appointment["attendance"],
        "is_cancelled": appointment["is_cancelled"],
    }


def _locked_record(session: Session, appointment_id: int, told: dict[str, Any]) -> VisitRecord:
    """The appointment's record, ours until the transaction ends.

    Of an appointment never heard of, one is made that is older than any version
    and has earned nothing: so there is always a row to queue at.
    """
    session.execute(
        insert_into(session, VisitRecord)
        .values(appointment_id=appointment_id, **(told | NOT_HEARD_OF))
        .on_conflict_do_nothing()
    )
    return session.scalars(
        select(VisitRecord)
        .where(VisitRecord.appointment_id == appointment_id)
        .with_for_update(key_share=True)
    ).one()


def _earning(record: VisitRecord) -> Earning | None:
    return earning_of(
        client_id=record.client_id,
        currency=record.currency,
        price_minor=record.price_minor,
        attendance=record.attendance,
        is_cancelled=record.is_cancelled,
    )
