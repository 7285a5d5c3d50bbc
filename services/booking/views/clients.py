"""Clients as the staff of their business see them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from services.booking.models import (
    Appointment,
    BlacklistEntry,
    Client,
    ClientLabel,
    Label,
    Location,
)
from services.booking.use_cases.client_base import find_client
from services.booking.use_cases.client_filters import (
    came,
    listed,
    matching,
    of_business,
    sold_to,
)
from services.booking.use_cases.labels import show_label
from services.booking.use_cases.permissions import staff_location
from services.booking.views.appointments import instant
from services.common.calls import Call
from services.common.rights import Permission

LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
NEVER_CAME: dict[str, Any] = {
    "visits_count": 0,
    "first_visit_at": None,
    "last_visit_at": None,
    "sold_minor": 0,
}


def get_client(session: Session, *, location_id: int, client_id: int, call: Call) -> dict[str, Any]:
    location = staff_location(session, call, location_id, Permission.CLIENTS_VIEW)
    return show_client(session, location, find_client(session, location, client_id))


def list_clients(
    session: Session, *, location_id: int, page: int, page_size: int, call: Call, **wanted: Any
) -> dict[str, Any]:
    """Those who fit, in the order in which they came into the client base."""
    location = staff_location(session, call, location_id, Permission.CLIENTS_VIEW)
    chosen = select(Client).where(*listed(location, wanted))
    return _page(session, location, chosen, [Client.id], page, page_size)


def search_clients(
    session: Session,
    *,
    location_id: int,
    operation: str,
    filters: Sequence[dict[str, Any]],
    order_by: str,
    is_descending: bool,
    page: int,
    page_size: int,
    call: Call,
) -> dict[str, Any]:
    """Those for whom all filters hold, or one of them."""
    location = staff_location(session, call, location_id, Permission.CLIENTS_VIEW)
    group = {"operation": operation, "filters": filters}
    chosen = select(Client).where(of_business(location), matching(location, group))
    chosen, column = _ordered(location, chosen, order_by)
    order = [column.desc(), Client.id.desc()] if is_descending else [column, Client.id]
    return _page(session, location, chosen, order, page, page_size)


def show_client(session: Session, location: Location, client: Client) -> dict[str, Any]:
    [shown] = show_clients(session, location, [client])
    return shown


def show_clients(
    session: Session, location: Location, clients: Sequence[Client]
) -> list[dict[str, Any]]:
    """Everything about them, in four statements for any number."""
    ids = [client.id for client in clients]
    if not ids:
        return []
    visits, sold = _visits(session, location, ids), _sold(session, location, ids)
    labels, blocked = labels_of_clients(session, ids), _blocked(session, ids)
    return [
        {
            "id": client.id,
            "business_id": client.business_id,
            "version": client.version,
            "has_account": client.user_id is not None,
            "name": client.name,
            "surname": client.surname,
            "patronymic": client.patronymic,
            "phone": client.phone,
            "email": client.email,
            "gender": client.gender.value,
            "importance": client.importance.value,
            "discount_percent": client.discount_percent,
            "card": client.card,
            "birth_date": client.birth_date and client.birth_date.isoformat(),
            "comment": client.comment,
            "wants_birthday_messages": client.wants_birthday_messages,
            "wants_mailings": client.wants_mailings,
            "custom_fields": client.custom_fields,
            "labels": labels[client.id],
            "is_blocked": client.id in blocked,
            "created_at": instant(client.created_at),
            "changed_at": instant(client.changed_at or client.created_at),
            "currency": location.currency,
            "timezone": location.timezone,
            **NEVER_CAME,
            **visits.get(client.id, {}),
            "sold_minor": sold.get(client.id, 0),
        }
        for client in clients
    ]


def _page(
    session: Session,
    location: Location,
    chosen: Select[*tuple[Any, ...]],
    order: Sequence[Any],
    page: int,
    page_size: int,
) -> dict[str, Any]:
    total = session.scalar(
        select(func.count()).select_from(chosen.with_only_columns(Client.id).subquery())
    )
    found = session.scalars(
        chosen.order_by(*order).limit(page_size).offset((page - 1) * page_size)
    ).all()
    return {"items": show_clients(session, location, found), "total": total or 0}


def _ordered(
    location: Location, chosen: Select[*tuple[Any, ...]], order_by: str
) -> tuple[Select[*tuple[Any, ...]], ColumnElement[Any]]:
    """The same clients with the column by which they are to be ordered."""
    columns: dict[str, Any] = {
        "id": Client.id,
        "name": Client.name,
        "phone": func.coalesce(Client.phone, ""),
        "email": func.coalesce(Client.email, ""),
        "discount_percent": Client.discount_percent,
    }
    if order_by in columns:
        return chosen, columns[order_by]
    if order_by == "sold_minor":
        sums = sold_to(location, came(location.business_id)).subquery()
        return (
            chosen.outerjoin(sums, sums.c.client_id == Client.id),
            func.coalesce(sums.c.sold_minor, 0),
        )
    visits = _visits_of(came(location.business_id)).subquery()
    chosen = chosen.outerjoin(visits, visits.c.client_id == Client.id)
    if order_by == "visits_count":
        return chosen, func.coalesce(visits.c.visits_count, 0)
    # Who never came stands first, on every database.
    return chosen, func.coalesce(visits.c[order_by], LONG_AGO)


def _visits_of(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    visits: Select[*tuple[Any, ...]] = (
        select(
            Appointment.client_id,
            func.count(Appointment.visit_id.distinct()).label("visits_count"),
            func.min(Appointment.starts_at).label("first_visit_at"),
            func.max(Appointment.starts_at).label("last_visit_at"),
        )
        .where(*conditions)
        .group_by(Appointment.client_id)
    )
    return visits


def _visits(session: Session, location: Location, ids: list[int]) -> dict[int, dict[str, Any]]:
    found = session.execute(_visits_of(came(location.business_id), Appointment.client_id.in_(ids)))
    return {
        client_id: {
            "visits_count": count,
            "first_visit_at": instant(first),
            "last_visit_at": instant(last),
        }
        for client_id, count, first, last in found
    }


def _sold(session: Session, location: Location, ids: list[int]) -> dict[int, int]:
    wanted = sold_to(location, came(location.business_id), Appointment.client_id.in_(ids))
    return {client_id: int(sold) for client_id, sold in session.execute(wanted)}


def labels_of_clients(session: Session, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    labels: dict[int, list[dict[str, Any]]] = defaultdict(list)
    found = session.execute(
        select(ClientLabel.client_id, Label)
        .join(Label, Label.id == ClientLabel.label_id)
        .where(ClientLabel.client_id.in_(ids))
        .order_by(Label.id)
    )
    for client_id, label in found:
        labels[client_id].append(show_label(label))
    return labels


def _blocked(session: Session, ids: list[int]) -> set[int]:
    """Those who cannot book online, because of themselves or of their phone."""
    by_phone = select(Client.id).join(
        BlacklistEntry,
        (BlacklistEntry.business_id == Client.business_id) & (BlacklistEntry.phone == Client.phone),
    )
    by_id = select(BlacklistEntry.client_id).where(BlacklistEntry.client_id.in_(ids))
    return set(session.scalars(by_id.union_all(by_phone.where(Client.id.in_(ids)))))
