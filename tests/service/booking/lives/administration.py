"""What administrators do: hours, people, the catalogue, rooms, a pause."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.service.booking.lives.desk import MEMBER
from tests.service.booking.lives.diary import DAY, DAYS, Hours
from tests.service.booking.lives.machine import Machine, way
from tests.service.booking.lives.place import HOURS, moment

SHIFTS: list[Hours] = [
    HOURS,
    HOURS,
    (),
    ((9 * 60, 10 * 60), (11 * 60, 13 * 60)),
    ((8 * 60 + 10, 12 * 60),),
    ((9 * 60, 11 * 60), (11 * 60, 13 * 60 + 30)),
]
MOSTLY = st.sampled_from([True, True, True, False])
SERVICE = st.sampled_from([0, 1, 2])


class Administration(Machine):
    @way(who=MEMBER, day=st.sampled_from(DAYS), hours=st.sampled_from(SHIFTS))
    def set_hours(self, who: int, day: int, hours: Hours) -> None:
        """Time off, too. What is booked stays booked."""
        slots = [{"opens_minute": opens, "closes_minute": closes} for opens, closes in hours]
        self.staff_does(
            "set_schedule",
            staff_id=self.place.who(who),
            days=[{"day": f"{moment(day * DAY):%Y-%m-%d}", "slots": slots}],
        )
        self.diary.members[self.place.who(who)].hours[day] = hours
        self.timetable_changed()

    @way(who=MEMBER, future=st.sampled_from(["keep", "refuse", "cancel", None, None, None]))
    def dismiss_or_rehire(self, who: int, future: str | None) -> None:
        if future is None:
            self.rehire(who)
        else:
            self.dismiss(who, future)

    def dismiss(self, who: int, future: str) -> None:
        staff = self.place.who(who)
        member, coming = self.diary.members[staff], self.diary.to_come(staff)
        is_refused = future == "refuse" and self.comes(staff) and not member.is_gone
        dismissed = self.staff_does(
            "dismiss_staff_member",
            refusal="appointments_to_come" if is_refused else None,
            staff_id=staff,
            future_appointments=future,
        )
        if dismissed is None or member.is_gone:
            return
        if future == "cancel":
            for visit in sorted(coming, key=lambda one: (one.class_id is None, one.id)):
                self.cancelled(visit)
        self.dismissed(staff, future)
        member.is_gone, member.last_day = True, self.diary.today
        self.member_changed(staff)

    def comes(self, staff: int) -> bool:
        """Whether there is anything to come."""
        return bool(self.diary.to_come(staff))

    def dismissed(self, staff: int, future: str) -> None:
        """What else becomes of what is to come."""

    def rehire(self, who: int) -> None:
        staff = self.place.who(who)
        self.staff_does("update_staff_member", staff_id=staff, rehired=True)
        self.diary.members[staff].is_gone = False
        self.diary.members[staff].last_day = None
        self.member_changed(staff)

    @way(who=MEMBER, is_online=MOSTLY, for_anybody=MOSTLY)
    def show_or_hide(self, who: int, is_online: bool, for_anybody: bool) -> None:
        staff = self.place.who(who)
        self.staff_does(
            "update_staff_member",
            staff_id=staff,
            is_online=is_online,
            random_choice_allowed=for_anybody,
        )
        member = self.diary.members[staff]
        member.is_online, member.for_anybody = is_online, for_anybody
        self.member_changed(staff)

    @way(
        which=SERVICE,
        length=st.sampled_from([30, 45, 60]),
        buffer=st.sampled_from([0, 15]),
        is_online=MOSTLY,
    )
    def change_service(self, which: int, length: int, buffer: int, is_online: bool) -> None:
        """What is booked stays as long as it was."""
        service = self.place.services[which]
        kind = self.diary.services[service]
        changed = self.staff_does(
            "update_service",
            refusal="no_such_service" if kind.is_archived else None,
            service_id=service,
            duration_seconds=length * 60,
            buffer_seconds=buffer * 60,
            is_online=is_online,
        )
        if changed is not None:
            kind.length, kind.buffer, kind.is_online = length, buffer, is_online
            self.service_changed(service)

    @way(which=SERVICE)
    def delete_service(self, which: int) -> None:
        service = self.place.services[which]
        kind = self.diary.services[service]
        self.staff_does("delete_service", service_id=service)
        if not kind.is_archived:
            kind.is_archived = True
            for member in self.diary.members.values():
                member.gives.discard(service)
            self.service_changed(service)
            self.put_another_in_its_place(which)

    def put_another_in_its_place(self, which: int) -> None:
        """Or soon nothing could be booked any more."""
        old = self.diary.services[self.place.services[which]]
        made = self.salon.add_service(
            *self.place.staff, duration_seconds=old.length * 60, buffer_seconds=old.buffer * 60
        )
        self.diary.services[made] = type(old)(old.length, old.buffer)
        for member in self.diary.members.values():
            member.gives.add(made)
        self.place.services.append(made)

    @way(which=SERVICE, who=MEMBER, gives=MOSTLY)
    def link(self, which: int, who: int, gives: bool) -> None:
        service, staff = self.place.services[which], self.place.who(who)
        kind, member = self.diary.services[service], self.diary.members[staff]
        refusal = "no_such_service" if kind.is_archived else None
        if gives:
            refusal = refusal or ("staff_not_found" if member.is_gone else None)
            links = [{"service_id": service, "staff_id": staff}]
            changed = self.staff_does("set_links", refusal=refusal, links=links)
        else:
            names = {"service_id": service, "staff_id": staff}
            changed = self.staff_does("remove_link", refusal=refusal, **names)
        if changed is not None and (gives or service in member.gives):
            (member.gives.add if gives else member.gives.discard)(service)
            self.service_changed(service)

    @way(count=st.integers(1, 3), needing=st.lists(SERVICE, max_size=2, unique=True))
    def set_rooms(self, count: int, needing: Sequence[int]) -> None:
        """A room goes only when nothing to come is booked with it."""
        diary = self.diary
        staying = sorted(diary.rooms)[:count]
        new = [{"title": "another"} for _ in range(count - len(staying))]
        going = diary.rooms - set(staying)
        is_used = any(
            holding.rooms & going and holding.whole.stop > diary.now
            for holding in diary.holdings.values()
        )
        services = {self.place.services[one] for one in needing}
        saved = self.staff_does(
            "save_resource",
            refusal="resource_in_use" if is_used else None,
            resource_id=self.place.resource_id,
            instances=[{"id": one, "title": "a room"} for one in staying] + new,
            service_ids=sorted(services),
        )
        if saved is not None:
            diary.rooms = {one["id"] for one in saved["instances"]}
            for one, kind in diary.services.items():
                kind.needs_room = one in services
            self.timetable_changed()

    @way(is_paused=st.sampled_from([True, False, False, False]))
    def pause(self, is_paused: bool) -> None:
        self.staff_does("update_location_settings", is_paused=is_paused)
        if is_paused is not self.diary.is_paused:
            self.diary.is_paused = is_paused
            self.location_version += 1
            location = f"location/{self.salon.location_id}"
            self.expected.append(("location_changed", location, self.location_version))

    def timetable_changed(self) -> None:
        self.timetable_version += 1
        self.diary.has_freed = True
        timetable = f"timetable/{self.salon.location_id}"
        self.expected.append(("timetable_changed", timetable, self.timetable_version))

    def member_changed(self, staff: int) -> None:
        member = self.diary.members[staff]
        member.version += 1
        self.expected.append(("staff_member_changed", f"staff/{staff}", member.version))

    def service_changed(self, service: int) -> None:
        kind = self.diary.services[service]
        kind.version += 1
        self.expected.append(("service_changed", f"service/{service}", kind.version))
