"""What staff say of an appointment beside who, when and what."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.booking.domain.custom_fields import Entity
from services.booking.domain.labels import FOR_APPOINTMENTS
from services.booking.models import Appointment, Attendance, Location
from services.booking.use_cases.client_base import come_back
from services.booking.use_cases.clients import client_at_desk, desk_contact, is_same_name
from services.booking.use_cases.custom_fields import (
    attributed_to,
    check_answers,
    corrected_answers,
    questions_for,
)
from services.booking.use_cases.labels import known_label_ids
from services.booking.use_cases.permissions import may_see_contacts
from services.booking.use_cases.writing import Facts
from services.common.calls import Call

FACTS = (
    "comment",
    "color",
    "api_id",
    "sms_reminder_hours",
    "email_reminder_hours",
)


def facts_of(
    session: Session, location: Location, request: Mapping[str, Any], contact: dict[str, Any]
) -> Facts:
    """Those of a new appointment."""
    given = request.get("custom_fields", {})
    questions = questions_for(session, location, Entity.APPOINTMENT, [given])
    label_ids = request.get("label_ids", [])
    return Facts(
        contact=contact,
        custom_fields=check_answers(questions, given),
        attributed_to=attributed_to(given),
        label_ids=known_label_ids(session, location.business_id, label_ids, FOR_APPOINTMENTS),
        attendance=Attendance(request.get("attendance", "waiting")),
        source="desk",
        **{name: request[name] for name in FACTS if name in request},
    )


def change_facts(
    session: Session,
    location: Location,
    appointment: Appointment,
    request: Mapping[str, Any],
    call: Call,
) -> None:
    for name in (*FACTS, "confirmed"):
        if name in request:
            setattr(appointment, name, request[name])
    if "custom_fields" in request:
        given = request["custom_fields"]
        appointment.custom_fields = corrected_answers(
            session, location, Entity.APPOINTMENT, appointment.custom_fields, given
        )
        appointment.attributed_to = attributed_to(given) or appointment.attributed_to
    if "label_ids" in request:
        appointment.label_ids = known_label_ids(
            session, location.business_id, request["label_ids"], FOR_APPOINTMENTS
        )
    if "attendance" in request:
        appointment.attendance = Attendance(request["attendance"])
    if request.get("client"):
        contact = desk_contact(request["client"], location)
        if not may_see_contacts(call, location):
            contact = _unseen(contact, appointment.contact)
        if _is_about_another(appointment, contact):
            client = client_at_desk(session, location.business_id, contact, now=call.now)
            come_back(session, client, call)
            appointment.client, appointment.visit.client_id = client, client.id
        appointment.contact = contact


def _unseen(contact: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What is told by somebody who sees no phones and addresses: those they leave out stay."""
    return contact | {
        name: before.get(name) for name in ("phone", "email") if contact[name] is None
    }


def _is_about_another(appointment: Appointment, contact: Mapping[str, Any]) -> bool:
    """Whether staff have named another person, and not corrected what is known of this one.

    Another phone is another person; of somebody with an account, it must be another
    name as well. Who has left no phone now is still the same.
    """
    client, before = appointment.client, appointment.contact
    if client is None:
        return True
    if contact["phone"] in (None, before.get("phone"), client.phone):
        return False
    names = (client.name, before.get("name") or "")
    return client.user_id is None or not any(is_same_name(contact["name"], one) for one in names)
