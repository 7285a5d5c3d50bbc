"""Booking appointments online.

Time is given away in this order: lock the people, look at what is free, choose,
write the reservation. The lock makes clients queue, the constraint on
reservations makes a double booking impossible whatever else goes wrong.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.booking.domain.clocks import day_of, seconds_of
from services.booking.domain.custom_fields import Entity
from services.booking.events import AppointmentCreated, ProofUsed
from services.booking.models import (
    Appointment,
    BookingForm,
    Hold,
    Location,
    UsedProof,
    Visit,
)
from services.booking.use_cases.availability import wished
from services.booking.use_cases.blacklist import refuse_blocked
from services.booking.use_cases.choice import Choice, choose_people
from services.booking.use_cases.client_base import come_back
from services.booking.use_cases.clients import client_who_books, contact_of
from services.booking.use_cases.custom_fields import (
    attributed_to,
    check_answers,
    questions_for,
)
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.holds import (
    give_back,
    holds_of,
    kept_by,
    told_that_hold_is_over,
)
from services.booking.use_cases.pause import refuse_when_paused
from services.booking.use_cases.waitlist_offers import Offered, accept, open_offers
from services.booking.use_cases.writing import (
    Facts,
    Slot,
    lines_of,
    new_appointment,
    new_visit,
    reserve,
)
from services.common.calls import Call
from services.common.db import insert_into
from services.common.errors import Forbidden, Invalid
from services.common.outbox import announce
from services.common.viewers import proven_phone


def check_appointments(
    session: Session,
    *,
    location_id: int,
    appointments: Sequence[dict[str, Any]],
    hold: str | None = None,
    call: Call,
) -> None:
    """Refuse exactly what ``book_appointments`` would refuse at this moment, and change nothing.

    Whose phone it is, nobody has said yet: of who is blocked only the signed-in are known.
    """
    location = find_location(session, location_id)
    refuse_when_paused(location)
    if call.viewer.get("kind") == "client":
        refuse_blocked(session, location.business_id, call)
    _answers(session, location, appointments)
    holds, offered = _kept_for(session, location, appointments, hold, call, lock=False)
    kept = kept_by(session, [*holds, *(one.hold for one in offered)])
    choose_people(session, location, appointments, now=call.now, lock=False, kept=kept)


def book_appointments(
    session: Session,
    *,
    location_id: int,
    client: dict[str, Any],
    appointments: Sequence[dict[str, Any]],
    proof: dict[str, str] | None = None,
    hold: str | None = None,
    call: Call,
    **rest: Any,
) -> list[tuple[int, Appointment]]:
    """Book every wished appointment, or refuse with the handle of the first that cannot be had.

    The time of the ``hold`` is theirs, and the hold is over once they have booked.
    """
    location = find_location(session, location_id)
    facts = facts_told(session, location, client, proof, rest, call)
    answers = _answers(session, location, appointments)
    choices = _choose(session, location, appointments, hold, call)
    person = client_who_books(session, location.business, facts.contact, call)
    come_back(session, person, call)
    visits: dict[date, Visit] = {}
    booked = []
    for choice, told in zip(choices, answers, strict=True):
        day = day_of(choice.start, ZoneInfo(location.timezone))
        if day not in visits:
            visits[day] = new_visit(session, location, person, call.now)
        slot = Slot(
            choice.staff,
            choice.start,
            choice.need,
            choice.staff_requested,
            choice.instance_ids,
        )
        own = replace(facts, **told)
        lines = lines_of(location, choice.offers)
        appointment = new_appointment(location, visits[day], slot, lines, own, call)
        reserve(session, appointment, now=call.now, handle=choice.handle)
        announce(session, AppointmentCreated.of(appointment))
        booked.append((choice.handle, appointment))
    use_up(session, proof, booked[0][1], call.now)
    return booked


def _choose(
    session: Session,
    location: Location,
    appointments: Sequence[dict[str, Any]],
    hold: str | None,
    call: Call,
) -> list[Choice]:
    """Who takes each wish. The hold's time is theirs, and that of an offer they wait for.

    The hold is over, and so is an offer that they accept by it.
    """
    holds, offered = _kept_for(session, location, appointments, hold, call, lock=True)
    kept = kept_by(session, [*holds, *(one.hold for one in offered)])
    with told_that_hold_is_over(hold, holds):
        choices = choose_people(session, location, appointments, now=call.now, lock=True, kept=kept)
    give_back(session, holds)
    accept(session, [one for one in offered if one.is_for(choices)], call.now)
    return choices


def facts_told(
    session: Session,
    location: Location,
    client: dict[str, Any],
    proof: dict[str, str] | None,
    rest: dict[str, Any],
    call: Call,
) -> Facts:
    """What who books online says; refused to whoever may not, or has not said what is needed."""
    refuse_when_paused(location)
    rest["form_id"] = _form_here(session, location, rest.get("form_id"))
    if location.comment_required and not rest["comment"].strip():
        raise Invalid("comment_required", fields={"comment": "required"})
    facts = Facts(contact=contact_of(client, location), **rest)
    if location.phone_confirmation_required:
        _refuse_unproven(call, facts.contact["phone"], proof)
    refuse_blocked(session, location.business_id, call, facts.contact["phone"])
    return facts


def use_up(
    session: Session, proof: dict[str, str] | None, appointment: Appointment, now: datetime
) -> None:
    """Let the proof, if there is one, pay for this booking; refused when it has for another."""
    if proof is None:
        return
    proof_id = proof["proof_id"]
    taken = session.scalar(
        insert_into(session, UsedProof)
        .values(proof_id=proof_id, visit_id=appointment.visit_id, used_at=now)
        .on_conflict_do_nothing()
        .returning(UsedProof.proof_id)
    )
    if taken is None:
        raise Invalid("code_incorrect", fields={"code": "used before"})
    announce(session, ProofUsed.of(proof_id, visit_id=appointment.visit_id))


def _kept_for(
    session: Session,
    location: Location,
    appointments: Sequence[dict[str, Any]],
    hold: str | None,
    call: Call,
    *,
    lock: bool,
) -> tuple[list[Hold], list[Offered]]:
    """What is kept for who asks: the hold that they name, and what they are offered of this."""
    offered = open_offers(session, call, location_id=location.id, lock=lock)
    if offered:
        zone = ZoneInfo(location.timezone)
        starts = {wished(one["starts_at"], zone, handle=one["handle"]) for one in appointments}
        offered = [one for one in offered if seconds_of(one.offer.starts_at) in starts]
    return holds_of(session, hold, call), offered


def _answers(
    session: Session, location: Location, appointments: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What each says to the location's own questions, and for whose front end it counts."""
    given = [(wish["handle"], wish.get("custom_fields") or {}) for wish in appointments]
    questions = questions_for(session, location, Entity.APPOINTMENT, [told for _, told in given])
    return [
        {
            "custom_fields": check_answers(questions, told, handle=handle),
            "attributed_to": attributed_to(told, handle=handle),
        }
        for handle, told in given
    ]


def _form_here(session: Session, location: Location, form_id: int | None) -> int | None:
    """The form that was used, if it leads here; what else a request names is of no account."""
    form = session.get(BookingForm, form_id) if form_id is not None else None
    if form is None or form.business_id != location.business_id:
        return None
    if form.location_id not in (None, location.id):
        return None
    if form.is_paused:
        raise Forbidden("booking_paused")
    return form.id


def _refuse_unproven(call: Call, phone: str, proof: dict[str, str] | None) -> None:
    """Where the location asks for a code, the phone must be proven: just now, or by signing in."""
    proven = proof["phone"] if proof is not None else proven_phone(call.viewer)
    if proven != phone:
        raise Invalid("code_incorrect", fields={"code": "required"})
