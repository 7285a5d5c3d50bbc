"""Classes: staff open, move and call them off; clients and staff take seats of them."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.service.booking.lives.administration import SERVICE, Administration
from tests.service.booking.lives.desk import MEMBER, SELDOM, AtDesk
from tests.service.booking.lives.diary import DAY, Holding, Key, Need, Visit
from tests.service.booking.lives.machine import ANY, VERSION, WHEN, way
from tests.service.booking.lives.place import wall

ONLINE_MOST, MOST = 2, 3
"""Seats that one client can have, online and at the desk."""
CAPACITY = st.integers(1, 4)


@dataclass
class Group:
    """A class."""

    id: int
    service: int
    staff: int
    start: int
    length: int
    capacity: int
    version: int = 1
    is_off: bool = False


class Classes(AtDesk, Administration):
    def __init__(self) -> None:
        super().__init__()
        self.classes: dict[int, Group] = {}
        self.salon.change_location(class_clients_online_max=ONLINE_MOST, class_clients_max=MOST)

    @initialize(who=MEMBER, when=WHEN, capacity=CAPACITY)
    def begin_with_a_class(self, who: int, when: int, capacity: int) -> None:
        self.open_class(who=who, which=0, when=when, capacity=capacity, over=True)
        self.take_seats(0, 1, at_desk=False)

    @way(often=2, who=MEMBER, which=SERVICE, when=WHEN, capacity=CAPACITY, over=SELDOM)
    def open_class(self, *, who: int, which: int, when: int, capacity: int, over: bool) -> None:
        """Whatever the hours of who gives it."""
        staff, service = self.place.who(who), self.place.services[which]
        kind = self.diary.services[service]
        refusal = self.refuses_at_desk(staff, [service], Need(kind.length, 0, False))
        time = range(when, when + kind.length)
        rooms = self.room_of(time) if kind.needs_room else []
        refusal = refusal or self.refuses_class(
            staff, time, lacks=kind.needs_room > len(rooms), over=over
        )
        made = self.staff_does(
            "create_class",
            refusal=refusal,
            staff_id=staff,
            service_id=service,
            starts_at=wall(when),
            capacity=capacity,
            save_if_busy=over,
        )
        if made is not None:
            group = Group(made["id"], service, staff, when, kind.length, capacity)
            self.classes[group.id] = group
            self.hold_class(group, rooms)
            self.timetable_changed()

    @way(
        often=5,
        if_any="classes",
        which=ANY,
        who=st.none() | MEMBER,
        when=st.none() | WHEN,
        capacity=st.none() | CAPACITY,
        over=SELDOM,
        version=VERSION,
    )
    def change_class(
        self,
        *,
        which: int,
        who: int | None,
        when: int | None,
        capacity: int | None,
        over: bool,
        version: int | None,
    ) -> None:
        """Where it goes, its appointments go with it; and its room, if it has one."""
        group, key = self.any_class(which), self.key(which)
        staff = group.staff if who is None else self.place.who(who)
        start = group.start if when is None else when
        rooms = sorted(self.rooms_of(group))
        over = over and not rooms
        moves = (staff, start) != (group.staff, group.start)
        refusal = self.refuses_changing(group, staff, capacity, version)
        if refusal is None and moves:
            time = range(start, start + group.length)
            refusal = self.refuses_class(staff, time, lacks=False, over=over, but=[key])
            if refusal is None and rooms and rooms[0] in self.taken_rooms(time, key):
                refusal = "no_resource_free"
        changed = self.staff_does(
            "update_class",
            refusal=refusal,
            class_id=group.id,
            version=None if version is None else group.version + version,
            save_if_busy=over,
            **({} if who is None else {"staff_id": staff}),
            **({} if when is None else {"starts_at": wall(start)}),
            **({} if capacity is None else {"capacity": capacity}),
        )
        if changed is None:
            return
        group.version += 1
        group.capacity = capacity or group.capacity
        if moves:
            group.staff, group.start = staff, start
            self.diary.give_up(key)
            self.hold_class(group, rooms)
            self.timetable_changed()
            for visit in self.booked_in(group):
                visit.staff, visit.start = staff, start
                visit.need = visit.need._replace(length=group.length)
                visit.version += 1
                self.announced("appointment_moved", visit)

    @way(if_any="classes", which=ANY)
    def call_off(self, which: int) -> None:
        group = self.any_class(which)
        self.staff_does("delete_class", class_id=group.id)
        if not group.is_off:
            for visit in self.booked_in(group):
                self.cancelled(visit)
            self.end_class(group)
            self.timetable_changed()

    @way(often=7, if_any="classes", which=ANY, seats=st.integers(1, 3), at_desk=st.booleans())
    def take_seats(self, which: int, seats: int, at_desk: bool) -> None:
        group = self.any_class(which)
        refusal = self.refuses_seats(group, seats, at_desk)
        request: dict[str, Any] = {
            "class_id": group.id,
            "client": self.a_client(),
            "seats": seats,
            "refusal": refusal,
        }
        if at_desk:
            taken = self.staff_does("write_into_class", **request)
        else:
            taken = self.do("book_class", location_id=self.salon.location_id, **request)
        if taken is None:
            return
        visit = Visit(
            taken["id" if at_desk else "appointment_id"],
            taken["hash"],
            group.staff,
            group.start,
            Need(group.length, 0, False),
            (group.service,),
            confirmed=at_desk,
            class_id=group.id,
            seats=seats,
        )
        self.diary.visits[visit.id] = self.latest = visit
        self.announced("appointment_created", visit)

    def refuses_seats(self, group: Group, seats: int, at_desk: bool) -> str | None:
        kind = self.diary.services[group.service]
        if self.diary.is_paused and not at_desk:
            return "booking_paused"
        if group.is_off:
            return "class_not_found"
        if not at_desk and (kind.is_archived or not kind.is_online):
            return "service_unavailable"
        if not at_desk and group.start <= self.diary.now:
            return "slot_in_the_past"
        if seats > (MOST if at_desk else ONLINE_MOST):
            return "too_many_seats"
        return "class_full" if self.seats_of(group) + seats > group.capacity else None

    def refuses_changing(
        self, group: Group, staff: int, capacity: int | None, version: int | None
    ) -> str | None:
        if group.is_off:
            return "class_not_found"
        if staff != group.staff and self.diary.members[staff].is_gone:
            return "staff_not_found"
        if self.rooms_of(group) - self.diary.rooms:
            return "resource_not_found"
        if version:
            return "version_outdated"
        if capacity is not None and capacity < self.seats_of(group):
            return "capacity_below_seats"
        return None

    def refuses_class(
        self, staff: int, time: range, *, lacks: bool, over: bool, but: list[Key] | None = None
    ) -> str | None:
        last_day = self.diary.members[staff].last_day
        if last_day is not None and time.start >= (last_day + 1) * DAY:
            return "staff_not_found"
        if over:
            return None
        if lacks:
            return "no_resource_free"
        return None if self.diary.is_free(staff, time, but=but or []) else "slot_taken"

    def dismissed(self, staff: int, future: str) -> None:
        """The classes of who is dismissed are called off, when what is booked is cancelled."""
        if future == "cancel":
            for group in self.classes.values():
                if group.staff == staff and not group.is_off and group.start >= self.diary.now:
                    self.end_class(group)

    def comes(self, staff: int) -> bool:
        """Classes count, too."""
        return super().comes(staff) or any(
            group.staff == staff and not group.is_off and group.start >= self.diary.now
            for group in self.classes.values()
        )

    def end_class(self, group: Group) -> None:
        self.diary.give_up(("class", group.id))
        group.is_off = True
        group.version += 1

    def hold_class(self, group: Group, rooms: list[int]) -> None:
        time = range(group.start, group.start + group.length)
        minutes = frozenset(time) - self.diary.taken(group.staff)
        self.diary.holdings["class", group.id] = Holding(
            group.staff, minutes, frozenset(rooms), time
        )

    def any_class(self, number: int) -> Group:
        """Seldom one that was called off."""
        classes = list(self.classes.values())
        if number % 5:
            classes = [one for one in classes if not one.is_off] or classes
        return classes[number % len(classes)]

    def key(self, number: int) -> Key:
        return ("class", self.any_class(number).id)

    def rooms_of(self, group: Group) -> frozenset[int]:
        holding = self.diary.holdings.get(("class", group.id))
        return holding.rooms if holding else frozenset()

    def taken_rooms(self, time: range, but: Key) -> set[int]:
        return {
            room
            for what, holding in self.diary.holdings.items()
            if what != but and not set(holding.whole).isdisjoint(time)
            for room in holding.rooms
        }

    def room_of(self, time: range) -> list[int]:
        room = self.diary.free_room(time)
        return [] if room is None else [room]

    def booked_in(self, group: Group) -> list[Visit]:
        return [
            visit
            for visit in self.diary.visits.values()
            if visit.class_id == group.id and not visit.is_cancelled
        ]

    def seats_of(self, group: Group) -> int:
        return sum(visit.seats for visit in self.booked_in(group))
