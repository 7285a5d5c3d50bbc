"""What clients do: book, move, cancel, confirm."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.service.booking.lives.diary import DAY, Holding, Key, Need, Visit
from tests.service.booking.lives.machine import (
    ANY,
    IS_PICKY,
    VERSION,
    WHAT,
    WHEN,
    WHO,
    Machine,
    way,
)
from tests.service.booking.lives.place import wall

TAKEN = ("slot_taken", "no_staff_free", "no_resource_free")
Wish = tuple[int, Sequence[int], int]


class Clients(Machine):
    @initialize(wishes=st.lists(st.tuples(WHO, WHAT, WHEN), min_size=3, max_size=6))
    def begin(self, wishes: list[Wish]) -> None:
        for wish in wishes:
            self.book_all([wish])

    @way(often=4, wish=st.tuples(WHO, WHAT, WHEN), is_picky=IS_PICKY, is_impatient=st.booleans())
    def book(self, wish: Wish, is_picky: bool, is_impatient: bool) -> None:
        """Who is impatient clicks twice, and gets the same answer twice."""
        self.book_all([wish if is_picky else self.possible(wish)], is_impatient)

    @way(wishes=st.lists(st.tuples(WHO, WHAT, WHEN), min_size=2, max_size=3))
    def book_several(self, wishes: list[Wish]) -> None:
        self.book_all(wishes)

    def book_all(
        self,
        wishes: Sequence[Wish],
        is_impatient: bool = False,
        *,
        hold: str | None = None,
        own: Collection[Key] = (),
    ) -> None:
        """``own`` is what the ``hold`` keeps, unless it is over."""
        refusal, choices = self.choose(wishes, own)
        if hold and not own and refusal in TAKEN:
            refusal = "hold_expired"
        request: dict[str, Any] = {
            "location_id": self.salon.location_id,
            "client": self.a_client(),
            "appointments": self.wished(wishes),
            "hold": hold,
        }
        booked = self.do("book_appointments", refusal=refusal, **request)
        if booked is None:
            return
        for one in own:
            self.diary.give_up(one)
        if is_impatient:
            assert self.do("book_appointments", **request) == booked
        for one, choice, (_, what, when) in zip(
            booked["appointments"], choices, wishes, strict=True
        ):
            services = self.place.what(what)
            visit = Visit(
                one["appointment_id"],
                one["hash"],
                choice.staff,
                when,
                self.diary.need_of(services),
                services,
            )
            self.diary.add(visit, choice.rooms)
            self.latest = visit
            self.announced("appointment_created", visit)

    def possible(self, wish: Wish) -> Wish:
        """The same a little later that day, if that can be had."""
        who, what, when = wish
        return who, what, self.diary.next_free(self.able(who, what), when, self.needed(what))

    def wished(self, wishes: Sequence[Wish]) -> list[dict[str, Any]]:
        return [
            {
                "handle": handle,
                "staff_id": self.place.who(who),
                "service_ids": list(self.place.what(what)),
                "starts_at": wall(when),
            }
            for handle, (who, what, when) in enumerate(wishes)
        ]

    def choose(
        self, wishes: Sequence[Wish], own: Collection[Key] = ()
    ) -> tuple[str | None, list[Holding]]:
        """Why not all of it can be had, or who takes what."""
        diary = self.diary
        if diary.is_paused:
            return "booking_paused", []
        for _, what, _ in wishes:
            if not all(self.is_offered(one) for one in self.place.what(what)):
                return "service_unavailable", []
        for who, what, _ in wishes:
            if who and self.place.who(who) not in diary.bookable():
                return "staff_not_found", []
            if not self.able(who, what):
                return "service_unavailable", []
        chosen: list[Holding] = []
        try:
            for number, (who, what, when) in enumerate(wishes):
                need = self.needed(what)
                choice = self.give(who, self.able(who, what), when, need, chosen=chosen, own=own)
                if isinstance(choice, str):
                    return choice, []
                chosen.append(choice)
                # Of people it is asked below what this request takes; of rooms, in the diary.
                diary.holdings["wish", number] = Holding(0, frozenset(), choice.rooms, choice.whole)
        finally:
            for number in range(len(wishes)):
                diary.holdings.pop(("wish", number), None)
        return None, chosen

    def give(
        self,
        who: int,
        able: list[int],
        when: int,
        need: Need,
        *,
        chosen: list[Holding],
        own: Collection[Key],
    ) -> Holding | str:
        """Who takes one wish: who is promised; else of those who are free, who has least to do."""
        diary, reasons, free = self.diary, Counter[str](), []
        time, day = range(when, when + need.length + need.buffer), when // DAY
        kept = {(diary.holdings[one].staff, diary.holdings[one].whole.start) for one in own}
        for staff in able:
            others = [one.whole for one in chosen if one.staff == staff]
            is_promised = (staff, when) in kept
            reason = diary.refuses(staff, when, need, but=own, is_promised=is_promised)
            if reason is None and any(not set(other).isdisjoint(time) for other in others):
                reason = "overlaps_in_request"
            if reason is None:
                visits = diary.visits_on(staff, day, but=own)
                visits += sum(other.start // DAY == day for other in others)
                free.append((not is_promised, visits, staff))
            else:
                reasons[reason] += 1
        if free:
            room = diary.free_room(time, but=own) if need.needs_room else None
            rooms = frozenset[int]() if room is None else frozenset([room])
            return Holding(min(free)[2], frozenset(time), rooms, time)
        if who or (len(reasons) == 1 and "slot_taken" not in reasons):
            return next(iter(reasons))
        return "no_staff_free"

    def is_offered(self, service: int) -> bool:
        kind = self.diary.services[service]
        return kind.is_online and not kind.is_archived

    def needed(self, what: Sequence[int]) -> Need:
        return self.diary.need_of(self.place.what(what))

    def able(self, who: int, what: Sequence[int]) -> list[int]:
        services = self.place.what(what)
        if not who:
            return self.diary.anybody(services)
        return [one for one in self.diary.givers(services) if one == self.place.who(who)]

    @way(
        often=5,
        if_any="visits",
        which=ANY,
        to=WHEN,
        who=st.none() | WHO,
        is_picky=IS_PICKY,
        version=VERSION,
    )
    def move(
        self, which: int, to: int, who: int | None, is_picky: bool, version: int | None
    ) -> None:
        visit, diary = self.any_visit(which), self.diary
        staff = self.place.who(who or 0) or visit.staff
        need = diary.needs_now(visit)
        if not is_picky:
            to = diary.next_free([staff], to, need)
        refusal = self.refuses_change(visit, version)
        is_other = (staff, to) != (visit.staff, visit.start)
        if refusal is None and is_other and visit.class_id:
            refusal = "part_of_a_class"
        elif refusal is None and is_other:
            refusal = self.refuses_place(visit, staff, to, need)
        moved = self.do(
            "move_appointment",
            refusal=refusal,
            **self.named(visit, version),
            starts_at=wall(to),
            staff_id=staff if who is not None else None,
        )
        if moved is not None and is_other:
            visit.staff, visit.start, visit.need = staff, to, need
            room = diary.free_room(visit.takes, but=[("appointment", visit.id)])
            diary.hold(visit, [room] if need.needs_room and room is not None else [])
            visit.version += 1
            self.announced("appointment_moved", visit)

    def refuses_place(self, visit: Visit, staff: int, to: int, need: Need) -> str | None:
        diary = self.diary
        if staff not in diary.bookable():
            return "staff_not_found"
        if staff != visit.staff and not diary.members[staff].gives >= set(visit.services):
            return "service_unavailable"
        return diary.refuses(staff, to, need, but=[("appointment", visit.id)], while_paused=True)

    def refuses_change(self, visit: Visit, version: int | None) -> str | None:
        if visit.is_cancelled:
            return "already_cancelled"
        if version:
            return "version_outdated"
        return "already_started" if self.diary.now >= visit.start else None

    @way(often=2, if_any="visits", which=ANY, version=VERSION)
    def cancel(self, which: int, version: int | None) -> None:
        visit = self.any_visit(which)
        refusal = None if visit.is_cancelled else self.refuses_change(visit, version)
        cancelled = self.do("cancel_appointment", refusal=refusal, **self.named(visit, version))
        if cancelled is not None and not visit.is_cancelled:
            self.cancelled(visit)

    @way(if_any="visits", which=ANY)
    def confirm(self, which: int) -> None:
        visit = self.any_visit(which)
        names = {"appointment_id": visit.id, "hash": visit.hash}
        confirmed = self.do(
            "confirm_appointment", refusal=self.refuses_change(visit, None), **names
        )
        if confirmed is not None and visit.attendance == "waiting":
            visit.attendance = "confirmed"
            visit.version += 1
            self.announced("appointment_confirmed", visit)

    def named(self, visit: Visit, version: int | None) -> dict[str, Any]:
        return {
            "appointment_id": visit.id,
            "hash": visit.hash,
            "version": None if version is None else visit.version + version,
        }
