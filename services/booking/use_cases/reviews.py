"""Clients review their visits: by the link of one appointment, or being signed in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import seconds_of
from services.booking.domain.reviews import appointment_in, fits, may_review, public_name
from services.booking.events import ReviewCreated
from services.booking.models import (
    Appointment,
    Attendance,
    Review,
    ReviewPause,
    StaffMember,
)
from services.booking.use_cases.clients import own_client_ids
from services.booking.use_cases.finding import find_appointment, find_location
from services.booking.use_cases.locks import lock_appointment, lock_staff
from services.booking.use_cases.permissions import refuse_strangers
from services.booking.use_cases.ratings import recount
from services.common.calls import Call
from services.common.db import insert_into
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.outbox import announce
from services.common.rights import is_within_key


def review_by_link(
    session: Session,
    *,
    token: str,
    rating: int,
    text: str,
    name: str,
    with_tips: bool,
    call: Call,
) -> Review:
    """Review the staff member of the appointment whose token this is."""
    appointment = find_by_token(session, token, call)
    if with_tips:
        raise Invalid("tips_unavailable", fields={"tips_amount": "no payment yet"})
    appointment = _locked(session, appointment.id, appointment.staff_id)
    refuse_unless_over(appointment, call.now)
    said = {"rating": rating, "text": text, "name": name}
    return _write(session, appointment, appointment.staff_id, said, call)


def review_visit(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    rating: int,
    text: str,
    name: str,
    call: Call,
) -> Review:
    """Review the latest visit to this person, or to the location, that was not reviewed yet."""
    refuse_strangers(call)
    find_location(session, location_id)
    if staff_id is not None:
        member = session.get(StaffMember, staff_id)
        if member is None or member.location_id != location_id:
            raise NotFound("staff_not_found", fields={"staff_id": str(staff_id)})
        lock_staff(session, [staff_id])
    visits = _over(call, own_client_ids(session, call, None), location_id, staff_id)
    chosen = session.execute(visits.where(~_reviewed(staff_id)).limit(1)).first()
    if chosen is None:
        if session.execute(visits.limit(1)).first() is None:
            raise Forbidden("no_visit_to_review")
        raise Conflict("already_reviewed")
    appointment = _locked(session, chosen.id, staff_id)
    refuse_unless_over(appointment, call.now)
    said = {"rating": rating, "text": text, "name": name}
    return _write(session, appointment, staff_id, said, call)


def put_review_off(session: Session, *, token: str, hours: int, call: Call) -> datetime:
    """Ask again then, and not before."""
    appointment = find_by_token(session, token, call)
    refuse_unless_over(appointment, call.now)
    if is_reviewed(session, appointment):
        raise Conflict("already_reviewed")
    ask_again_at = call.now + timedelta(hours=hours)
    session.execute(
        insert_into(session, ReviewPause)
        .values(appointment_id=appointment.id, ask_again_at=ask_again_at)
        .on_conflict_do_update(
            index_elements=["appointment_id"], set_={"ask_again_at": ask_again_at}
        )
    )
    return ask_again_at


def find_by_token(session: Session, token: str, call: Call) -> Appointment:
    """The appointment whose token this is, or ``review_link_unknown``."""
    appointment_id = appointment_in(token)
    if appointment_id is None:
        raise NotFound("review_link_unknown")
    try:
        appointment = find_appointment(session, appointment_id)
    except NotFound:
        raise NotFound("review_link_unknown") from None
    is_right = fits(token, appointment.id, appointment.hash)
    if not is_right or not is_within_key(call.viewer, appointment.business_id):
        raise NotFound("review_link_unknown")
    return appointment


def why_not(appointment: Appointment, now: datetime) -> str | None:
    """Why the appointment cannot be reviewed, whoever wants to."""
    return may_review(
        seconds_of(appointment.ends_at),
        now=seconds_of(now),
        is_cancelled=appointment.is_cancelled,
        is_missed=appointment.attendance is Attendance.NO_SHOW,
    )


def refuse_unless_over(appointment: Appointment, now: datetime) -> None:
    if refusal := why_not(appointment, now):
        raise Forbidden(refusal)


def is_reviewed(session: Session, appointment: Appointment) -> bool:
    """Whether the staff member was reviewed after this visit."""
    wanted = select(Review.id).where(
        Review.visit_id == appointment.visit_id, Review.staff_id == appointment.staff_id
    )
    return session.scalar(wanted.limit(1)) is not None


def _over(call: Call, client_ids: list[int], location_id: int, staff_id: int | None) -> Select[int]:
    """The visits there that are over and can be reviewed, the latest first."""
    wanted = (
        select(Appointment.id)
        .where(
            Appointment.client_id.in_(client_ids),
            Appointment.location_id == location_id,
            Appointment.cancelled_at.is_(None),
            Appointment.attendance != Attendance.NO_SHOW,
            Appointment.ends_at <= call.now,
        )
        .order_by(Appointment.ends_at.desc(), Appointment.id.desc())
    )
    return wanted if staff_id is None else wanted.where(Appointment.staff_id == staff_id)


def _reviewed(staff_id: int | None) -> ColumnElement[bool]:
    about = Review.staff_id.is_(None) if staff_id is None else Review.staff_id == staff_id
    return select(Review.id).where(and_(Review.visit_id == Appointment.visit_id, about)).exists()


def _locked(session: Session, appointment_id: int, staff_id: int | None) -> Appointment:
    """The appointment as it is once nobody else can change it: staff first, as ever."""
    if staff_id is not None:
        lock_staff(session, [staff_id])
    lock_appointment(session, appointment_id)
    session.expire_all()
    appointment = find_appointment(session, appointment_id)
    if staff_id not in (None, appointment.staff_id):
        raise Conflict("busy")  # it was given to somebody else meanwhile
    return appointment


def _write(
    session: Session,
    appointment: Appointment,
    staff_id: int | None,
    said: dict[str, Any],
    call: Call,
) -> Review:
    """Store it with the numbers that follow; once per visit and person, whoever was faster."""
    added: Review | None = session.scalar(
        insert_into(session, Review)
        .values(
            business_id=appointment.business_id,
            location_id=appointment.location_id,
            staff_id=staff_id,
            visit_id=appointment.visit_id,
            appointment_id=appointment.id,
            client_id=appointment.client_id,
            rating=said["rating"],
            text=said["text"].strip(),
            name=public_name(said["name"]),
            created_at=call.now,
        )
        .on_conflict_do_nothing()
        .returning(Review)
    )
    if added is None:
        raise Conflict("already_reviewed")
    recount(session, staff_id, appointment.location_id)
    announce(session, ReviewCreated.of_review(added, appointment))
    return added
