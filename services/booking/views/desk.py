"""Appointments as the staff of their location see them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models import Appointment, Attendance, Client, GroupClass, Label, Location
from services.booking.use_cases.blacklist import is_blocked
from services.booking.use_cases.labels import show_label
from services.booking.use_cases.permissions import may_see_contacts
from services.booking.views.appointments import show_appointment
from services.booking.views.clients import labels_of_clients
from services.common.calls import Call

MARKED = (Attendance.CAME, Attendance.NO_SHOW)


def show_for_staff(
    session: Session, location: Location, appointments: Sequence[Appointment], call: Call
) -> list[dict[str, Any]]:
    """With what is known of the clients, in three statements more for any number.

    Phones and addresses are for staff who may see the client base.
    """
    with_contacts = may_see_contacts(call, location)
    counts = _counts(session, location, appointments)
    labels = labels_of(session, location, appointments)
    clients = {one.client_id for one in appointments if one.client_id is not None}
    tags = labels_of_clients(session, sorted(clients)) if with_contacts else {}
    told = []
    for appointment in appointments:
        shown = show_appointment(appointment)
        if shown["client"] is not None and not with_contacts:
            shown["client"] |= {"phone": None, "email": None}
        shown["client_card"] = None
        if appointment.client is not None:
            shown["client_card"] = {
                **_card(appointment.client, with_contacts=with_contacts),
                "labels": tags.get(appointment.client.id, []),
                "came_count": counts[appointment.client.id, Attendance.CAME],
                "no_show_count": counts[appointment.client.id, Attendance.NO_SHOW],
            }
        shown["warnings"] = []
        shown["color"], shown["referrer"] = appointment.color, appointment.referrer
        shown["labels"] = [labels[one] for one in appointment.label_ids if one in labels]
        told.append(shown)
    return told


def show_written(
    session: Session, location: Location, appointment: Appointment, call: Call
) -> dict[str, Any]:
    """The same after staff have written it, with what they should know."""
    [shown] = show_for_staff(session, location, [appointment], call)
    client = appointment.client
    is_warned = client is not None and is_blocked(
        session,
        location.business_id,
        {},
        appointment.contact.get("phone"),
        client_id=client.id,
    )
    return shown | {"warnings": ["client_banned"] if is_warned else []}


def _card(client: Client, *, with_contacts: bool) -> dict[str, Any]:
    if not with_contacts:
        return {"surname": client.surname, "patronymic": client.patronymic}
    return {
        "surname": client.surname,
        "patronymic": client.patronymic,
        "comment": client.comment,
        "card": client.card,
        "discount_percent": client.discount_percent,
        "gender": client.gender.value,
        "birth_date": client.birth_date and client.birth_date.isoformat(),
        "custom_fields": client.custom_fields,
    }


def _counts(
    session: Session, location: Location, appointments: Sequence[Appointment]
) -> dict[tuple[int, Attendance], int]:
    """How often each of the clients came to the business, and did not come."""
    counts: dict[tuple[int, Attendance], int] = defaultdict(int)
    ids = {one.client_id for one in appointments if one.client_id is not None}
    if not ids:
        return counts
    found = session.execute(
        select(Appointment.client_id, Appointment.attendance, func.count())
        .where(
            Appointment.client_id.in_(ids),
            Appointment.business_id == location.business_id,
            Appointment.attendance.in_(MARKED),
            Appointment.cancelled_at.is_(None),
        )
        .group_by(Appointment.client_id, Appointment.attendance)
    )
    for client_id, attendance, count in found:
        counts[client_id or 0, attendance] = count
    return counts


def labels_of(
    session: Session, location: Location, labelled: Sequence[Appointment | GroupClass]
) -> dict[int, dict[str, Any]]:
    """The labels that are on any of these, by id."""
    ids = {one for thing in labelled for one in thing.label_ids}
    if not ids:
        return {}
    found = session.scalars(
        select(Label).where(Label.id.in_(ids), Label.business_id == location.business_id)
    )
    return {label.id: show_label(label) for label in found}
