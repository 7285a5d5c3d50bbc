"""Which clients of a business are meant: filters as conditions of one statement."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, extract, false, func, not_, or_, select, true

from services.booking.domain.clocks import local_day_bounds, moment_of
from services.booking.domain.people import birthday_number, sought
from services.booking.models import (
    Appointment,
    AppointmentService,
    Attendance,
    Client,
    ClientLabel,
    Location,
)
from services.booking.use_cases.availability import moment_of_limit

Condition = ColumnElement[bool]

SOLD = func.sum(AppointmentService.price_minor * AppointmentService.amount)


def came(business_id: int) -> Condition:
    """Appointments to which somebody of this business's clients came."""
    return and_(
        Appointment.business_id == business_id,
        Appointment.attendance == Attendance.CAME,
        Appointment.cancelled_at.is_(None),
    )


def sold_to(location: Location, *conditions: Condition) -> Select[*tuple[Any, ...]]:
    """(client, amount) of what was sold to each, in the location's currency."""
    sums: Select[*tuple[Any, ...]] = (
        select(Appointment.client_id, SOLD.label("sold_minor"))
        .join(AppointmentService, AppointmentService.appointment_id == Appointment.id)
        .where(
            AppointmentService.currency == location.currency,
            Appointment.client_id.is_not(None),
            *conditions,
        )
        .group_by(Appointment.client_id)
    )
    return sums


def of_business(location: Location) -> Condition:
    """The clients that staff see: those of the business that nobody has deleted."""
    return and_(Client.business_id == location.business_id, Client.deleted_at.is_(None))


def listed(location: Location, wanted: Mapping[str, Any]) -> list[Condition]:
    """The conditions of a plain list: all of them must hold."""
    conditions = [of_business(location)]
    if wanted.get("ids"):
        conditions.append(Client.id.in_(wanted["ids"]))
    if wanted.get("fullname"):
        conditions.append(_has_name(wanted["fullname"]))
    if wanted.get("phone"):
        conditions.append(_has_digits(wanted["phone"]))
    for name in ("email", "card"):
        if wanted.get(name):
            column = getattr(Client, name)
            conditions.append(func.lower(column).contains(wanted[name].lower(), autoescape=True))
    if wanted.get("sold_from_minor") is not None or wanted.get("sold_to_minor") is not None:
        bounds = wanted.get("sold_from_minor"), wanted.get("sold_to_minor")
        conditions.append(_sold_between(location, *bounds))
    changed = func.coalesce(Client.changed_at, Client.created_at)
    zone = ZoneInfo(location.timezone)
    if wanted.get("changed_after"):
        conditions.append(changed >= moment_of_limit(wanted["changed_after"], zone, is_end=False))
    if wanted.get("changed_before"):
        conditions.append(changed < moment_of_limit(wanted["changed_before"], zone, is_end=True))
    return conditions


def matching(location: Location, group: Mapping[str, Any]) -> Condition:
    """A group of filters: all of them must hold, or one of them."""
    conditions = [_one(location, each) for each in group["filters"]]
    if not conditions:
        return true()
    return or_(*conditions) if group["operation"] == "or" else and_(*conditions)


def _one(location: Location, wanted: Mapping[str, Any]) -> Condition:
    condition = KINDS[wanted["kind"]](location, wanted)
    return not_(condition) if wanted["is_inverted"] else condition


def _ids(_: Location, wanted: Mapping[str, Any]) -> Condition:
    return Client.id.in_(wanted["ids"])


def _quick(_: Location, wanted: Mapping[str, Any]) -> Condition:
    """Anything by which people are known; a number is looked for without its spaces."""
    text = sought(wanted["text"])
    if not text:
        return true()
    found: Condition = Client.search_text.contains(text, autoescape=True)
    digits = _digits(text)
    return or_(found, _has_digits(digits)) if len(digits) >= 4 and digits != text else found


def _birthday(_: Location, wanted: Mapping[str, Any]) -> Condition:
    """Between two days of the year, across its end if need be."""
    number = extract("month", Client.birth_date) * 100 + extract("day", Client.birth_date)
    first: date | None = wanted["first_day"]
    last: date | None = wanted["last_day"]
    since = birthday_number(first.month, first.day) if first else 0
    until = birthday_number(last.month, last.day) if last else birthday_number(12, 31)
    if since <= until:
        return and_(number >= since, number <= until)
    return or_(number >= since, number <= until)


def _gender(_: Location, wanted: Mapping[str, Any]) -> Condition:
    return Client.gender.in_(wanted["words"])


def _importance(_: Location, wanted: Mapping[str, Any]) -> Condition:
    return Client.importance.in_(wanted["words"])


def _label(_: Location, wanted: Mapping[str, Any]) -> Condition:
    labelled = select(ClientLabel.client_id).where(ClientLabel.label_id.in_(wanted["ids"]))
    return Client.id.in_(labelled)


def _mailings(_: Location, wanted: Mapping[str, Any]) -> Condition:
    return Client.wants_mailings.is_(wanted["flag"])


def _sold(location: Location, wanted: Mapping[str, Any]) -> Condition:
    return _sold_between(location, wanted["least_minor"], wanted["most_minor"])


def _appointment(location: Location, wanted: Mapping[str, Any]) -> Condition:
    """Somebody who has an appointment for which all of this is true."""
    conditions = [Appointment.business_id == location.business_id]
    if not wanted["statuses"]:
        conditions.append(Appointment.cancelled_at.is_(None))
    if wanted["staff_ids"]:
        conditions.append(Appointment.staff_id.in_(wanted["staff_ids"]))
    if wanted["service_ids"]:
        chosen = select(AppointmentService.appointment_id).where(
            AppointmentService.service_id.in_(wanted["service_ids"])
        )
        conditions.append(Appointment.id.in_(chosen))
    if wanted["statuses"]:
        conditions.append(Appointment.attendance.in_(wanted["statuses"]))
        conditions.append(Appointment.cancelled_at.is_(None))
    zone = ZoneInfo(location.timezone)
    if wanted["first_day"]:
        begin = moment_of(local_day_bounds(wanted["first_day"], zone)[0])
        conditions.append(Appointment.created_at >= begin)
    if wanted["last_day"]:
        end = moment_of(local_day_bounds(wanted["last_day"] + timedelta(days=1), zone)[0])
        conditions.append(Appointment.created_at < end)
    # Nobody's appointments would make of an inverted filter one that is never true.
    conditions.append(Appointment.client_id.is_not(None))
    if wanted["least_minor"] is None and wanted["most_minor"] is None:
        return Client.id.in_(select(Appointment.client_id).where(*conditions))
    sums = sold_to(location, came(location.business_id), *conditions)
    bounded = _bounded(sums, wanted["least_minor"], wanted["most_minor"])
    return Client.id.in_(select(bounded.subquery().c.client_id))


def _group(location: Location, wanted: Mapping[str, Any]) -> Condition:
    return matching(location, wanted)


KINDS: Mapping[str, Callable[[Location, Mapping[str, Any]], Condition]] = {
    "ids": _ids,
    "quick": _quick,
    "birthday": _birthday,
    "gender": _gender,
    "importance": _importance,
    "label": _label,
    "mailings": _mailings,
    "sold": _sold,
    "appointment": _appointment,
    "group": _group,
}


def _sold_between(location: Location, least: int | None, most: int | None) -> Condition:
    """Nobody who never came is in the sums, so they are told by their absence."""
    sums = sold_to(location, came(location.business_id))
    if least is not None and least > 0:
        return Client.id.in_(select(_bounded(sums, least, most).subquery().c.client_id))
    if most is None:
        return true()
    if most < 0:
        return false()
    return Client.id.not_in(select(sums.having(most < SOLD).subquery().c.client_id))


def _bounded(
    sums: Select[*tuple[Any, ...]], least: int | None, most: int | None
) -> Select[*tuple[Any, ...]]:
    if least is not None:
        sums = sums.having(least <= SOLD)
    return sums if most is None else sums.having(most >= SOLD)


def _has_name(typed: str) -> Condition:
    """In the first line of the text that people are found by."""
    text = sought(typed)
    for steering in ("/", "%", "_"):
        text = text.replace(steering, f"/{steering}")
    return Client.search_text.like(f"%{text}%\n%", escape="/")


def _digits(typed: str) -> str:
    return "".join(one for one in typed if one.isascii() and one.isdigit())


def _has_digits(typed: str) -> Condition:
    digits = _digits(typed)
    return Client.phone.contains(digits) if digits else false()
