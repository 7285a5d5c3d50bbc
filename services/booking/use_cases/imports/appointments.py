"""Importing appointments that are still to come.

The time is taken as in a booking: the people are locked, what is free is looked at, and the
constraint on reservations guards whatever else goes wrong. Nothing is overbooked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.booking.domain.clocks import moment_of
from services.booking.events import (
    AppointmentChanged,
    AppointmentCreated,
    AppointmentEvent,
    AppointmentMoved,
)
from services.booking.models import (
    Appointment,
    AppointmentService,
    Client,
    Reservation,
)
from services.booking.use_cases.clients import is_same_name
from services.booking.use_cases.free_time import tell_of_free_time
from services.booking.use_cases.history import note_change, state_of
from services.booking.use_cases.imports.attendees import Attendees, contact_of
from services.booking.use_cases.imports.reading import Line, in_chunks, read_places
from services.booking.use_cases.imports.times import Plan, take_times
from services.booking.use_cases.imports.wishes import (
    BY,
    Wish,
    known_appointments,
    understand_wishes,
)
from services.booking.use_cases.locks import lock_business, lock_resources, lock_staff
from services.booking.use_cases.offers import Need, Offer, need_of, offers_of, resources_needed
from services.booking.use_cases.writing import (
    Facts,
    lines_of,
    new_appointment,
    new_visit,
    place,
    touch,
)
from services.booking.use_cases.writing_many import reserve_many, write_many
from services.common.calls import Call
from services.common.imports import Report
from services.common.outbox import announce_all

Offers = Mapping[int, Mapping[int, Offer]]
Happened = tuple[type[AppointmentEvent], Appointment]
FACTS = ("comment", "sms_reminder_hours", "email_reminder_hours")


def import_appointments(
    session: Session,
    business_id: int,
    lines: Sequence[Line],
    report: Report,
    call: Call,
    *,
    outside_hours: bool = False,
    tells_clients: bool = False,
) -> None:
    """Write these appointments, and change those of earlier imports that nobody else has changed.

    All of it is announced; clients are told of it only if ``tells_clients``.
    """
    places = read_places(session, business_id, lock=True)
    wishes = understand_wishes(session, places, lines, report, call)
    services = {service.id: service for wish in wishes for service in wish.services}
    staff_ids = {wish.staff.id for wish in wishes}
    lock_staff(session, staff_ids)
    lock_resources(session, resources_needed(services.values()))
    lock_business(session, business_id)
    known = known_appointments(session, wishes, call)
    offers = offers_of(session, staff_ids, services)
    plans = [
        plan
        for wish in wishes
        if (plan := _plan(wish, known.get(wish.key), _offers(wish, offers), report)) is not None
    ]
    guests = [plan.wish for plan in plans if plan.is_anothers]
    attendees = Attendees(session, business_id, guests, report, call)
    moving = [plan for plan in plans if plan.moves]
    _release(session, [plan.known for plan in moving if plan.known is not None])
    take_times(session, places, moving, report, call, outside_hours=outside_hours)
    report.stop_if_refused()
    people = attendees.write(session, report)
    made = _create(session, plans, offers, people, report, call)
    happened = [*made, *_change(session, plans, offers, people, call)]
    is_silent = not tells_clients
    telling = report.progress(happened, "Telling")
    announce_all(session, (kind.of(one, is_silent=is_silent) for kind, one in telling))


def _plan(
    wish: Wish, known: Appointment | None, offers: Sequence[Offer], report: Report
) -> Plan | None:
    """What is to be done; None for what is as told already, or is somebody else's by now."""
    need = need_of(offers)
    if known is None:
        report.created += 1
        return Plan(wish, None, _as_told(need, wish), moves=True, is_anothers=True)
    if not _has_other_services(known, wish):
        # What was agreed stays, whatever the catalogue says by now.
        length = int((known.ends_at - known.starts_at).total_seconds())
        need = need._replace(duration=length, buffer=known.buffer_seconds)
    need = _as_told(need, wish)
    moves = (known.staff_id, known.starts_at, known.ends_at, known.buffer_seconds) != (
        wish.staff.id,
        moment_of(wish.start),
        moment_of(wish.start + need.duration),
        need.buffer,
    )
    is_anothers = not _is_of(known, wish)
    if not (moves or is_anothers or _has_other_services(known, wish) or _differs(known, wish)):
        report.same += 1
    elif known.is_cancelled:
        report.skip(wish.line.number, "", "was cancelled after it was imported, and stays so")
    elif known.changed_by != BY:
        report.skip(wish.line.number, "", "was changed after it was imported, and stays as it is")
    else:
        report.changed += 1
        return Plan(wish, known, need, moves, is_anothers)
    return None


def _has_other_services(known: Appointment, wish: Wish) -> bool:
    given = [line.service_id for line in known.services]
    return known.staff_id != wish.staff.id or given != [one.id for one in wish.services]


def _is_of(known: Appointment, wish: Wish) -> bool:
    """Whether the row names the client that the appointment has."""
    told, contact = wish.told, known.contact
    if "client" in told:
        return known.client is not None and known.client.api_id == told["client"]
    if wish.phone is None:
        return known.client_id is None
    name = told.get("client_name", contact.get("name", ""))
    return contact.get("phone") == wish.phone and is_same_name(contact.get("name", ""), name)


def _differs(known: Appointment, wish: Wish) -> bool:
    """Whether the row says something else beside who, what and when."""
    told = wish.told
    prices = tuple(line.price_minor for line in known.services)
    return (
        any(name in told and told[name] != getattr(known, name) for name in FACTS)
        or wish.prices not in (None, prices)
        or told.get("client_email") not in (None, known.contact.get("email"))
    )


def _create(
    session: Session,
    plans: Sequence[Plan],
    offers: Offers,
    people: Mapping[int, Client],
    report: Report,
    call: Call,
) -> list[Happened]:
    new = [plan for plan in plans if plan.known is None]
    made: list[Appointment] = []
    for chunk in report.progress(list(in_chunks(new)), "Writing"):
        made += [_appointment(session, plan, offers, people, call) for plan in chunk]
        write_many(session, made[-len(chunk) :], now=call.now)
    return [(AppointmentCreated, one) for one in made]


def _appointment(
    session: Session, plan: Plan, offers: Offers, people: Mapping[int, Client], call: Call
) -> Appointment:
    wish, location = plan.wish, plan.wish.location
    client = people.get(wish.line.number)
    usual = location.default_sms_reminder_hours if location.sms_reminders_enabled else 0
    facts = Facts(
        contact=contact_of(wish, client),
        api_id=wish.told.get("external_id"),
        source=BY,
        **{"sms_reminder_hours": usual}
        | {name: wish.told[name] for name in FACTS if name in wish.told},
    )
    return new_appointment(
        location,
        new_visit(session, location, client, call.now),
        plan.slot,
        _lines(wish, offers),
        facts,
        replace(call, locale=location.language),
    )


def _change(
    session: Session,
    plans: Sequence[Plan],
    offers: Offers,
    people: Mapping[int, Client],
    call: Call,
) -> list[Happened]:
    changed: list[Happened] = []
    for plan in plans:
        wish, appointment = plan.wish, plan.known
        if appointment is None:
            continue
        before = state_of(appointment)
        if _has_other_services(appointment, wish) or wish.prices is not None:
            appointment.services = _lines(wish, offers)
        if plan.moves:
            place(appointment, plan.slot)
        for name in FACTS:
            if name in wish.told:
                setattr(appointment, name, wish.told[name])
        _change_client(plan, appointment, people.get(wish.line.number))
        touch(appointment, call)
        appointment.version += 1
        kind = AppointmentMoved if plan.moves else AppointmentChanged
        note_change(session, appointment, "moved" if plan.moves else "changed", before, call)
        changed.append((kind, appointment))
    session.flush()
    moved = [one for kind, one in changed if kind is AppointmentMoved]
    reserve_many(session, moved, now=call.now)
    return changed


def _change_client(plan: Plan, appointment: Appointment, client: Client | None) -> None:
    if plan.is_anothers:
        appointment.client = appointment.visit.client = client
        appointment.contact = contact_of(plan.wish, client)
    elif "client_email" in plan.wish.told:
        appointment.contact = appointment.contact | {"email": plan.wish.told["client_email"]}


def _offers(wish: Wish, offers: Offers) -> list[Offer]:
    """Each service as this person gives it, else as the catalogue has it, like at the desk."""
    own = offers.get(wish.staff.id, {})
    return [
        own.get(service.id)
        or Offer(
            service,
            service.duration_seconds,
            service.price_min_minor,
            service.price_max_minor,
        )
        for service in wish.services
    ]


def _as_told(need: Need, wish: Wish) -> Need:
    return need._replace(
        duration=wish.told.get("duration_seconds", need.duration),
        buffer=wish.told.get("buffer_seconds", need.buffer),
    )


def _lines(wish: Wish, offers: Offers) -> list[AppointmentService]:
    """Lines at the prices of the row, else at those of the catalogue."""
    lines = lines_of(wish.location, _offers(wish, offers))
    for line, price in zip(lines, wish.prices or (), strict=False):
        line.price_minor = line.price_min_minor = line.price_max_minor = price
        line.discount_percent = 0
    return lines


def _release(session: Session, appointments: Sequence[Appointment]) -> None:
    """Give their time back; others may have waited for it."""
    tell_of_free_time(session, {one.location_id for one in appointments})
    for chunk in in_chunks(one.id for one in appointments):
        session.execute(delete(Reservation).where(Reservation.appointment_id.in_(chunk)))
