"""Whose time each wished appointment takes."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.booking.domain.clocks import day_of, seconds_of
from services.booking.domain.intervals import Interval, merge, overlaps
from services.booking.domain.slots import Candidate, choose_staff
from services.booking.models import Location, Service, StaffMember
from services.booking.use_cases.availability import wished
from services.booking.use_cases.diary import Person, read_people
from services.booking.use_cases.locks import lock_chosen, lock_resources
from services.booking.use_cases.offers import (
    Need,
    Offer,
    bookable_staff,
    chosen_services,
    for_anybody,
    need_of,
    offers_of,
    services_by_id,
)
from services.common.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True)
class Wish:
    """One wished appointment, understood: what, when, and who may give it (and what it takes)."""

    handle: int
    start: int
    service_ids: tuple[int, ...]
    staff_requested: bool
    needs: Mapping[int, Need]


@dataclass(frozen=True)
class Kept:
    """What is kept for who asks: their holds, and whose time they are about, from when."""

    hold_ids: tuple[int, ...] = ()
    times: frozenset[tuple[int, int]] = frozenset()


NOTHING_KEPT = Kept()


@dataclass(frozen=True)
class Choice:
    """One appointment that can be had."""

    handle: int
    start: int
    need: Need
    staff: StaffMember
    staff_requested: bool
    offers: tuple[Offer, ...]
    instance_ids: tuple[int, ...]


def choose_people(
    session: Session,
    location: Location,
    appointments: Sequence[dict[str, Any]],
    *,
    now: datetime,
    lock: bool,
    kept: Kept = NOTHING_KEPT,
) -> list[Choice]:
    """Find somebody for every wished appointment, or refuse with the handle of the first without.

    With ``lock`` the people are locked before anybody looks at their time, so
    what is chosen stays free until the transaction ends. What is ``kept`` for who asks is
    free for them, and theirs before anything else.
    """
    staff, offers = _read_offers(session, location, appointments)
    wishes = [_understand(location, wish, staff, offers) for wish in appointments]
    candidates = {staff_id for wish in wishes for staff_id in wish.needs}
    needs = [need for wish in wishes for need in wish.needs.values()]
    resource_ids = frozenset[int]().union(*(need.resource_ids for need in needs))
    if lock:
        lock_chosen(session, [staff[staff_id] for staff_id in candidates])
        lock_resources(session, resource_ids)
    people = {
        person.staff.id: person
        for person in read_people(
            session,
            list(staff.values()),
            {location.id: location},
            dict.fromkeys(candidates, Need(location.grid_step_seconds, resource_ids=resource_ids)),
            first=min(wish.start for wish in wishes),
            last=max(
                wish.start + max(need.duration for need in wish.needs.values()) for wish in wishes
            ),
            now=seconds_of(now),
            own_holds=kept.hold_ids,
        )
    }
    taken: dict[int, list[Interval]] = defaultdict(list)
    choices = []
    for wish in wishes:
        person = _choose(wish, people, taken, kept)
        staff_id = person.staff.id
        need, time = wish.needs[staff_id], person.terms.takes(wish.start)
        taken[staff_id].append(time)
        instance_ids = person.resources.take(need.resource_ids, time)
        choices.append(
            Choice(
                wish.handle,
                wish.start,
                need,
                staff[staff_id],
                wish.staff_requested,
                tuple(offers[staff_id][service_id] for service_id in wish.service_ids),
                tuple(instance_ids),
            )
        )
    return choices


def _read_offers(
    session: Session, location: Location, appointments: Sequence[dict[str, Any]]
) -> tuple[dict[int, StaffMember], dict[int, dict[int, Offer]]]:
    """The location's bookable staff and what they give of what is wished."""
    for wish in appointments:
        if not wish["service_ids"]:
            raise Invalid(
                "services_missing", fields={"service_ids": "required"}, handle=wish["handle"]
            )
    known = services_by_id(
        session, location.id, {wanted for wish in appointments for wanted in wish["service_ids"]}
    )
    services: dict[int, Service] = {}
    for wish in appointments:
        try:
            services |= chosen_services(known, wish["service_ids"])
        except (Invalid, NotFound) as refusal:
            refusal.handle = wish["handle"]
            raise
    asked = {wish["staff_id"] or 0 for wish in appointments}
    named = () if 0 in asked else asked
    staff = {member.id: member for member in bookable_staff(session, [location.id], named)}
    return staff, offers_of(session, list(staff), services)


def _understand(
    location: Location,
    wish: dict[str, Any],
    staff: Mapping[int, StaffMember],
    offers: Mapping[int, Mapping[int, Offer]],
) -> Wish:
    handle, service_ids = wish["handle"], tuple(wish["service_ids"])
    start = wished(wish["starts_at"], ZoneInfo(location.timezone), handle=handle)
    asked = wish["staff_id"] or 0
    if not asked and not location.any_staff_allowed:
        raise Invalid("staff_required", fields={"staff_id": "required"}, handle=handle)
    if asked and asked not in staff:
        raise NotFound("staff_not_found", fields={"staff_id": str(asked)}, handle=handle)
    whom = [asked] if asked else [member.id for member in for_anybody(staff.values())]
    needs = {
        staff_id: need_of(offers[staff_id][service_id] for service_id in service_ids)
        for staff_id in whom
        if all(service_id in offers.get(staff_id, ()) for service_id in service_ids)
    }
    if not needs:
        raise Invalid(
            "service_unavailable", fields={"service_ids": "nobody gives these"}, handle=handle
        )
    return Wish(handle, start, service_ids, bool(asked), needs)


def _choose(
    wish: Wish,
    people: Mapping[int, Person],
    taken: Mapping[int, Sequence[Interval]],
    kept: Kept,
) -> Person:
    """Who takes this wish: who was asked for or is kept, or the fairest of those who are free."""
    free, reasons = [], Counter[str]()
    able = {staff_id: people[staff_id].needing(need) for staff_id, need in wish.needs.items()}
    for staff_id, person in able.items():
        if (staff_id, wish.start) in kept.times:
            able[staff_id] = person.promised(wish.start)
    for staff_id, person in able.items():
        reason = _reason(person, wish.start, taken.get(staff_id, ()))
        if reason is None:
            visits = visits_that_day(person, wish.start, taken.get(staff_id, ()))
            free.append(Candidate(staff_id, visits, person.staff.weight))
        else:
            reasons[reason] += 1
    promised = [one for one in free if (one.staff_id, wish.start) in kept.times]
    chosen = choose_staff(promised or free)
    if chosen is not None:
        return able[chosen]
    if wish.staff_requested or (len(reasons) == 1 and "slot_taken" not in reasons):
        raise Conflict(next(iter(reasons)), fields={"starts_at": "not free"}, handle=wish.handle)
    raise Conflict("no_staff_free", fields={"starts_at": "nobody is free"}, handle=wish.handle)


def _reason(person: Person, start: int, taken: Sequence[Interval]) -> str | None:
    reason = person.refuses(start)
    if reason is None and overlaps(merge(taken), person.terms.takes(start)):
        return "overlaps_in_request"
    return reason


def visits_that_day(person: Person, start: int, taken: Sequence[Interval] = ()) -> int:
    """Those in the diary and those of this request."""
    day = day_of(start, person.zone)
    starts = [*person.taken_starts, *(interval.start for interval in taken)]
    return sum(day_of(other, person.zone) == day for other in starts)
