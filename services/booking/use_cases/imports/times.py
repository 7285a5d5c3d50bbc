"""Whether the times of imported appointments are to be had, and which rooms they get."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.booking.domain.clocks import DAY, seconds_of
from services.booking.domain.intervals import Interval
from services.booking.models import Appointment
from services.booking.use_cases.diary import Person, end_of_work, read_people
from services.booking.use_cases.imports.reading import Places
from services.booking.use_cases.imports.wishes import Wish
from services.booking.use_cases.offers import Need
from services.booking.use_cases.writing import Slot
from services.common.calls import Call
from services.common.imports import Report


@dataclass
class Plan:
    """What is to become of a row: an appointment that is new, or ``known`` and to be changed.

    ``moves``: other time is taken than before. ``is_anothers``: the client is another.
    """

    wish: Wish
    known: Appointment | None
    need: Need
    moves: bool
    is_anothers: bool
    instance_ids: tuple[int, ...] = ()

    @property
    def slot(self) -> Slot:
        return Slot(self.wish.staff, self.wish.start, self.need, True, self.instance_ids)

    @property
    def time(self) -> Interval:
        """With the buffer behind it."""
        return Interval(self.wish.start, self.wish.start + self.need.duration + self.need.buffer)


def take_times(
    session: Session,
    places: Places,
    plans: Sequence[Plan],
    report: Report,
    call: Call,
    *,
    outside_hours: bool,
) -> None:
    """Refuse the rows whose time somebody has, be it another row; give the others their rooms.

    The people are locked, and have given back what the rows do not want any more.
    """
    _refuse_each_other(plans, report)
    if not plans:
        return
    people = _read(session, places, plans, call)
    for plan in plans:
        wish, number = plan.wish, plan.wish.line.number
        person = people[wish.staff.id].needing(plan.need)
        if reason := _reason(person, plan, outside_hours):
            report.refuse(number, "starts_at", reason)
            continue
        found = person.resources.take(plan.need.resource_ids, plan.time)
        if len(found) < len(plan.need.resource_ids):
            report.refuse(number, "starts_at", "no room or device is free")
        plan.instance_ids = tuple(found)


def _reason(person: Person, plan: Plan, outside_hours: bool) -> str | None:
    """Why somebody cannot have the time, in a few words."""
    wish, name = plan.wish, person.staff.name
    if person.staff.last_day is not None and wish.start >= end_of_work(person.staff, wish.location):
        return f"{name} works there no longer then"
    if not outside_hours and not person.works(wish.start):
        return f"outside the hours of {name}"
    if not person.is_free(wish.start):
        return f"{name} has something else at that time"
    return None


def _refuse_each_other(plans: Sequence[Plan], report: Report) -> None:
    by_staff: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans:
        by_staff[plan.wish.staff.id].append(plan)
    for rows in by_staff.values():
        rows.sort(key=lambda plan: (plan.wish.start, plan.wish.line.number))
        longest = rows[0]
        for plan in rows[1:]:
            if plan.time.start < longest.time.end:
                name, first = plan.wish.staff.name, longest.wish.line.number
                reason = f"{name} has something else at that time, in row {first}"
                report.refuse(plan.wish.line.number, "starts_at", reason)
            if plan.time.end > longest.time.end:
                longest = plan


def _read(
    session: Session, places: Places, plans: Sequence[Plan], call: Call
) -> Mapping[int, Person]:
    staff = {plan.wish.staff.id: plan.wish.staff for plan in plans}
    wanted = frozenset[int]().union(*(plan.need.resource_ids for plan in plans))
    people = read_people(
        session,
        list(staff.values()),
        {location.id: location for location in places.all},
        dict.fromkeys(staff, Need(DAY, resource_ids=wanted)),
        first=min(plan.time.start for plan in plans) - DAY,
        last=max(plan.time.end for plan in plans) + DAY,
        now=seconds_of(call.now),
    )
    return {person.staff.id: person for person in people}
