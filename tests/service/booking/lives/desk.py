"""What staff do at the desk: write, rewrite, mark and delete, over a busy time if they say so."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.service.booking.lives.diary import DAY, Need, Visit
from tests.service.booking.lives.machine import ANY, VERSION, WHAT, WHEN, Machine, way
from tests.service.booking.lives.place import wall

MEMBER = st.sampled_from([1, 2, 3])
SOMETHING = st.sampled_from([[0], [0], [1], [2], [0, 1], [1, 2], []])
LENGTH = st.sampled_from([None, None, None, 20, 90])
BUFFER = st.sampled_from([None, None, None, 0, 10])
ATTENDANCE = st.sampled_from(["waiting", "confirmed", "came", "no_show"])
OFTEN = st.sampled_from([False, True, True])
SELDOM = st.sampled_from([False, False, True])


class AtDesk(Machine):
    @way(
        often=4,
        who=MEMBER,
        what=SOMETHING,
        when=WHEN,
        length=LENGTH,
        buffer=BUFFER,
        over=OFTEN,
        is_block=SELDOM,
        attendance=ATTENDANCE | st.just("waiting"),
    )
    def write(
        self,
        *,
        who: int,
        what: Sequence[int],
        when: int,
        length: int | None,
        buffer: int | None,
        over: bool,
        is_block: bool,
        attendance: str,
    ) -> None:
        """A block is an appointment for nobody, perhaps for nothing either."""
        staff, services = self.place.who(who), self.place.what(what)
        need = self.need_at_desk(services, length, buffer)
        refusal = self.refuses_at_desk(staff, services, need)
        refusal = refusal or self.refuses_time(staff, when, need, over=over)
        written = self.staff_does(
            "create_appointment",
            refusal=refusal,
            staff_id=staff,
            services=[{"id": one} for one in services],
            client=None if is_block else self.a_client(),
            starts_at=wall(when),
            attendance=attendance,
            **_given(length=length, buffer=buffer),
            save_if_busy=over,
        )
        if written is not None:
            visit = Visit(
                written["id"], written["hash"], staff, when, need, services, True, attendance
            )
            self.diary.add(visit, self.room_for(visit))
            self.latest = visit
            self.announced("appointment_created", visit)
            if attendance in ("came", "no_show"):
                self.announced("attendance_marked", visit)

    @way(
        often=4,
        if_any="visits",
        which=ANY,
        who=st.none() | MEMBER,
        what=st.none() | WHAT,
        when=st.none() | WHEN,
        length=LENGTH,
        buffer=BUFFER,
        over=SELDOM,
        version=VERSION,
        marks=st.fixed_dictionaries(
            {}, optional={"attendance": ATTENDANCE, "confirmed": st.booleans()}
        ),
    )
    def rewrite(
        self,
        *,
        which: int,
        who: int | None,
        what: Sequence[int] | None,
        when: int | None,
        length: int | None,
        buffer: int | None,
        over: bool,
        version: int | None,
        marks: dict[str, Any],
    ) -> None:
        visit = self.any_visit(which)
        staff = visit.staff if who is None else self.place.who(who)
        services = visit.services if what is None else self.place.what(what)
        start = visit.start if when is None else when
        old = need = self.diary.needs_now(visit)
        if length or what is not None:
            asked = self.need_at_desk(services, length, None)
            need = need._replace(length=asked.length, needs_room=asked.needs_room)
        if buffer is not None:
            need = need._replace(buffer=buffer)
        has_moved = (staff, start, need) != (visit.staff, visit.start, old)
        is_apart = has_moved or services != visit.services
        refusal = self.refuses_rewriting(visit, version, staff, None if what is None else services)
        if visit.class_id and refusal in (None, "staff_not_found", "service_not_found"):
            refusal = "part_of_a_class" if is_apart else None
            has_moved = False
        elif refusal is None and has_moved:
            refusal = self.refuses_time(staff, start, need, over=over, visit=visit)
        written = self.staff_does(
            "update_appointment",
            refusal=refusal,
            appointment_id=visit.id,
            version=None if version is None else visit.version + version,
            save_if_busy=over,
            **_given(length=length, buffer=buffer),
            **({} if who is None else {"staff_id": staff}),
            **({} if what is None else {"services": [{"id": one} for one in services]}),
            **({} if when is None else {"starts_at": wall(start)}),
            **marks,
        )
        if written is not None:
            is_other = services != visit.services
            visit.services = services
            if has_moved:
                visit.staff, visit.start, visit.need = staff, start, need
                self.diary.hold(visit, self.room_for(visit))
            self.mark(visit, marks, ["appointment_moved"] * has_moved, is_other=is_other)

    @way(if_any="visits", which=ANY, attendance=ATTENDANCE)
    def mark_visit(self, which: int, attendance: str) -> None:
        visit = self.any_visit(which)
        marked = self.do(
            "mark_visit",
            refusal="already_cancelled" if visit.is_cancelled else None,
            viewer=self.salon.staff(),
            visit_id=self.row(visit.id).visit_id,
            appointment_id=visit.id,
            attendance=attendance,
        )
        if marked is not None:
            self.mark(visit, {"attendance": attendance}, [])

    @way(if_any="visits", which=ANY)
    def delete(self, which: int) -> None:
        visit = self.any_visit(which)
        self.staff_does("delete_appointment", appointment_id=visit.id)
        if not visit.is_cancelled:
            self.cancelled(visit)

    def mark(
        self, visit: Visit, marks: dict[str, Any], events: list[str], *, is_other: bool = False
    ) -> None:
        """What staff say of a visit; where all is as it was, nothing has happened."""
        if marks.get("confirmed") and not visit.confirmed:
            events.append("appointment_confirmed")
        if marks.get("attendance", visit.attendance) != visit.attendance:
            events.append("attendance_marked")
        is_same = marks.get("confirmed", visit.confirmed) == visit.confirmed and not is_other
        if is_same and not events:
            return
        visit.confirmed = marks.get("confirmed", visit.confirmed)
        visit.attendance = marks.get("attendance", visit.attendance)
        visit.version += 1
        for event in events or ["appointment_changed"]:
            self.announced(event, visit)

    def need_at_desk(self, services: Sequence[int], length: int | None, buffer: int | None) -> Need:
        need = self.diary.need_of(services)
        return need._replace(
            length=length or need.length, buffer=need.buffer if buffer is None else buffer
        )

    def refuses_at_desk(self, staff: int, services: Sequence[int], need: Need) -> str | None:
        if self.diary.members[staff].is_gone:
            return "staff_not_found"
        if any(self.diary.services[one].is_archived for one in services):
            return "service_not_found"
        return None if need.length else "duration_missing"

    def refuses_rewriting(
        self, visit: Visit, version: int | None, staff: int, services: Sequence[int] | None
    ) -> str | None:
        if visit.is_cancelled:
            return "already_cancelled"
        if version:
            return "version_outdated"
        if staff != visit.staff and self.diary.members[staff].is_gone:
            return "staff_not_found"
        new = set(services or ()) - set(visit.services)
        if any(self.diary.services[one].is_archived for one in new):
            return "service_not_found"
        return None

    def refuses_time(
        self, staff: int, when: int, need: Need, *, over: bool, visit: Visit | None = None
    ) -> str | None:
        """Staff may write off the grid and in the past."""
        diary, but = self.diary, [("appointment", visit.id)] if visit else []
        last_day = diary.members[staff].last_day
        if last_day is not None and when >= (last_day + 1) * DAY:
            return "staff_not_found"
        if over:
            return None
        if not diary.at_work(staff).issuperset(range(when, when + need.length)):
            return "slot_outside_hours"
        if not diary.is_free(staff, range(when, when + need.length + need.buffer), but=but):
            return "slot_taken"
        return diary.lacks_room(when, need, but=but)

    def room_for(self, visit: Visit) -> list[int]:
        room = self.diary.free_room(visit.takes, but=[("appointment", visit.id)])
        return [room] if visit.need.needs_room and room is not None else []


def _given(*, length: int | None, buffer: int | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if length is not None:
        told["duration_seconds"] = length * 60
    if buffer is not None:
        told["buffer_seconds"] = buffer * 60
    return told
