"""What clients do who found no time: wait, be offered what becomes free, and answer or not."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize
from sqlalchemy import select, update

from services.booking.models import Hold, Waitlist, WaitlistEntry, WaitlistOffer
from services.booking.use_cases.holds import forget_holds
from services.booking.use_cases.waitlist_offers import expire_offers, offer_free_time
from tests.service.booking.conftest import a_person
from tests.service.booking.lives.administration import Administration
from tests.service.booking.lives.clients import Clients
from tests.service.booking.lives.diary import DAY, DAYS, Holding, Key, Visit
from tests.service.booking.lives.machine import ANY, WHAT, WHO, way
from tests.service.booking.lives.place import minute_of, moment

LASTS = 15
"""Minutes in which an offer is to be answered."""
MOST_UNANSWERED = 3
PEOPLE = st.sampled_from([1, 2])


@dataclass
class Waiter:
    """Somebody who waits. ``offer`` is what keeps time for them: (hold, staff, start, until)."""

    id: int
    person: int
    staff: int
    services: tuple[int, ...]
    days: range
    asked: set[int] = field(default_factory=set)
    offer: tuple[Key, int, int, int] | None = None
    unanswered: int = 0
    version: int = 1
    has_ended: bool = False


class Waiting(Clients, Administration):
    def __init__(self) -> None:
        super().__init__()
        self.waiters: list[Waiter] = []
        self.visits_of: dict[int, list[Visit]] = {1: [], 2: []}

    @initialize(person=PEOPLE)
    def begin_with_somebody_who_waits(self, person: int) -> None:
        """For Zoe, who has no time left tomorrow."""
        zoe, massage, tomorrow = 3, [2], DAYS[-1]
        self.set_hours(zoe, tomorrow, ((9 * 60, 10 * 60),))
        self.book_all([(zoe, massage, tomorrow * DAY + 9 * 60)])
        self.join(person, zoe, massage, DAYS[-1:])
        self.look()

    @way(often=2, person=PEOPLE, who=WHO, what=WHAT, days=st.sampled_from([DAYS, DAYS[1:]]))
    def join(self, person: int, who: int, what: list[int], days: range) -> None:
        services, staff = self.place.what(what), self.place.who(who)
        joined = self.do(
            "join_waitlist",
            refusal=self.refuses_waiting(who, what),
            viewer=self.viewer(person),
            location_id=self.salon.location_id,
            service_ids=list(services),
            staff_id=staff,
            first_day=f"{moment(days[0] * DAY):%Y-%m-%d}",
            last_day=f"{moment(days[-1] * DAY):%Y-%m-%d}",
            client={"name": "Ann", "phone": "", "email": None},
        )
        if joined is None:
            return
        same = [
            one
            for one in self.waiting()
            if (one.person, one.staff, one.services, one.days) == (person, staff, services, days)
        ]
        if same:
            assert joined["id"] == same[0].id
        else:
            self.waiters.append(Waiter(joined["id"], person, staff, services, days))
            self.diary.has_freed = True

    def refuses_waiting(self, who: int, what: list[int]) -> str | None:
        if who and self.place.who(who) not in self.diary.bookable():
            return "staff_not_found"
        is_offered = all(self.is_offered(one) for one in self.place.what(what))
        return None if is_offered and self.able(who, what) else "service_unavailable"

    @way(often=6, if_any="waiters")
    def look(self) -> None:
        """What the loops of the service do from time to time."""
        now, must = moment(self.diary.now), self.diary.has_freed or self.is_long_ago()
        if self.expire():
            must = True
        planned = self.plan()
        with self.database.write() as session:
            forget_holds(session, now=now)
        with self.database.write() as session:
            expire_offers(session, now=now)
        lasts, is_busy = timedelta(minutes=LASTS), True
        while is_busy:
            with self.database.write() as session:
                is_busy = offer_free_time(session, lasts=lasts, now=now)
        self.is_settled = self.diary.has_freed = False
        made = self.take_offers()
        assert made == planned or not (made or must), f"offered {made}, could be {planned}"

    def is_long_ago(self) -> bool:
        """Since five minutes nobody has looked."""
        with self.database.read() as session:
            looked_at = session.scalar(
                select(Waitlist.looked_at).where(Waitlist.location_id == self.salon.location_id)
            )
        return looked_at is not None and looked_at <= moment(self.diary.now - 5)

    def expire(self) -> bool:
        """Who has not answered in time waits on, but not for ever."""
        late = [one for one in self.waiting() if one.offer and one.offer[3] <= self.diary.now]
        for one in late:
            one.offer = None
            one.unanswered += 1
            one.has_ended = one.unanswered >= MOST_UNANSWERED
        for one in self.waiting():
            one.has_ended = one.offer is None and one.days[-1] < self.diary.today
        return bool(late)

    def plan(self) -> list[tuple[int, int, int]]:
        """Who can be offered what, the first first: (entry, staff, start)."""
        diary, planned = self.diary, []
        for one in self.waiting():
            fit = None if one.offer else self.first_fit(one)
            if fit is not None:
                start, staff = fit
                need = diary.need_of(one.services)
                time = range(start, start + need.length + need.buffer)
                room = diary.free_room(time) if need.needs_room else None
                rooms = frozenset[int]() if room is None else frozenset([room])
                diary.holdings["plan", one.id] = Holding(staff, frozenset(time), rooms, time)
                planned.append((one.id, staff, start))
        for entry, _, _ in planned:
            del diary.holdings["plan", entry]
        return planned

    def first_fit(self, one: Waiter) -> tuple[int, int] | None:
        """The first time that they can have and were not asked about: (start, staff)."""
        diary = self.diary
        if not all(self.is_offered(service) for service in one.services):
            return None
        own = {
            minute
            for visit in self.visits_of[one.person]
            if not visit.is_cancelled
            for minute in range(visit.start, visit.start + visit.need.length)
        }
        able = diary.anybody(one.services)
        if one.staff:
            able = [staff for staff in diary.givers(one.services) if staff == one.staff]
        length = diary.need_of(one.services).length
        fits = [
            (start, diary.visits_on(staff, start // DAY), staff)
            for staff in able
            for day in one.days
            for start in diary.offered(staff, one.services, day)
            if start >= diary.now + LASTS and start not in one.asked
            if own.isdisjoint(range(start, start + length))
        ]
        return (min(fits)[0], min(fits)[2]) if fits else None

    def take_offers(self) -> list[tuple[int, int, int]]:
        """The offers that were just made, which keep their time from now on."""
        known = {one.id: one for one in self.waiting() if one.offer is None}
        with self.database.read() as session:
            rows = session.execute(
                select(WaitlistOffer, Hold.id)
                .join(Hold, Hold.offer_id == WaitlistOffer.id)
                .where(WaitlistOffer.entry_id.in_(known), WaitlistOffer.outcome == "open")
                .order_by(WaitlistOffer.id)
            ).all()
        made = []
        for offer, hold_id in rows:
            one, start = known[offer.entry_id], minute_of(offer.starts_at)
            need, until = self.diary.need_of(one.services), self.diary.now + LASTS
            time = range(start, start + need.length + need.buffer)
            room = self.diary.free_room(time) if need.needs_room else None
            rooms = frozenset[int]() if room is None else frozenset([room])
            key: Key = ("hold", hold_id, f"offer {offer.id}")
            held = Holding(offer.staff_id, frozenset(time), rooms, time, until)
            self.diary.holdings[key] = held
            one.offer = key, offer.staff_id, start, until
            one.asked.add(start)
            one.version += 1
            self.expected.append(("waitlist_offer_made", f"waitlist_entry/{one.id}", one.version))
            made.append((one.id, offer.staff_id, start))
        return made

    @way(often=2, if_any="waiters", which=ANY)
    def accept(self, which: int) -> None:
        one = self.any_waiter(which)
        if one.offer is None or one.has_ended or one.offer[3] <= self.diary.now:
            self.answer("accept", one, refusal="offer_over")
            return
        start = one.offer[2]
        kept = {
            other.offer[0]: other
            for other in self.waiting()
            if other.offer and other.person == one.person and other.offer[2] == start
            if other.offer[3] > self.diary.now
        }
        who = self.place.staff.index(one.staff) + 1 if one.staff else 0
        what = [self.place.services.index(service) for service in one.services]
        refusal, choices = self.choose([(who, what, start)], list(kept))
        booked = self.answer("accept", one, refusal=refusal)
        if booked is None:
            return
        [choice] = choices
        for key, other in kept.items():
            assert other.offer is not None
            if other.offer[1] == choice.staff:
                self.diary.give_up(key)
                other.offer, other.has_ended = None, True
        need = self.diary.need_of(one.services)
        visit = Visit(
            booked["appointment_id"], booked["hash"], choice.staff, start, need, one.services
        )
        self.diary.add(visit, choice.rooms)
        self.visits_of[one.person].append(visit)
        self.latest = visit
        self.announced("appointment_created", visit)

    @way(often=3, if_any="waiters", which=ANY)
    def decline(self, which: int) -> None:
        one = self.any_waiter(which)
        self.answer("decline", one)
        self.withdraw(one)

    @way(if_any="waiters", which=ANY, at_desk=st.booleans())
    def leave(self, which: int, at_desk: bool) -> None:
        one = self.any_waiter(which)
        if at_desk:
            self.staff_does("remove_from_waitlist", entry_id=one.id)
        else:
            self.do("leave_waitlist", viewer=self.viewer(one.person), entry_id=one.id)
        self.withdraw(one)
        one.has_ended = True

    def withdraw(self, one: Waiter) -> None:
        if one.offer:
            self.diary.give_up(one.offer[0])
            one.offer = None

    def answer(self, how: str, one: Waiter, *, refusal: str | None = None) -> Any:
        viewer = self.viewer(one.person)
        return self.do(f"{how}_offer", refusal=refusal, viewer=viewer, entry_id=one.id)

    def viewer(self, person: int) -> dict[str, Any]:
        number = self.place.business_id * 10 + person
        return a_person(number, f"+3362{number:07d}")

    def waiting(self) -> list[Waiter]:
        return [one for one in self.waiters if not one.has_ended]

    def any_waiter(self, number: int) -> Waiter:
        """Mostly one who has an offer."""
        asked = [one for one in self.waiting() if one.offer]
        among = asked if asked and number % 4 else self.waiters
        return among[number % len(among)]

    def teardown(self) -> None:
        """In the next life nobody waits from this one."""
        super().teardown()
        with self.database.write() as session:
            session.execute(
                update(WaitlistEntry)
                .where(WaitlistEntry.business_id == self.place.business_id)
                .where(WaitlistEntry.ended_at.is_(None))
                .values(ended_at=moment(self.diary.now), end_reason="left")
            )
