"""A salon that lives any life, and a diary beside it that must agree after every step.

Whatever changes the diary is a ``@way`` in a file of its own: see ``clients.py`` and ``desk.py``.
Hypothesis's own rules all weigh the same, and it does without half of them in each run: then most
runs would be dull.
"""

import inspect
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from services.booking.models import Appointment
from services.common.db import Database
from services.common.errors import Refusal
from services.common.outbox import outbox
from tests.service.booking.laws import broken_laws
from tests.service.booking.lives.diary import DAY, DAYS, Visit
from tests.service.booking.lives.place import Place, moment

ANY = st.integers(0, 1000)
"""Which of those that there are: they are counted round."""
WHO = st.sampled_from([1, 2, 3, 1, 2, 3, 0])
"""A person, in the order of their ids; 0 is anybody."""
WHAT = st.sampled_from([[0], [0], [1], [2], [2], [0, 1], [1, 2]])
WHEN = st.builds(
    lambda day, minute: day * DAY + minute,
    st.sampled_from([1, 1, 0]),
    st.sampled_from([*range(9 * 60, 13 * 60, 30), *range(9 * 60, 13 * 60, 30), 480, 610]),
)
"""Mostly when somebody works, so that many want the same time."""
IS_PICKY = st.booleans()
"""Whether somebody takes what is on offer from then on, or asks for just that time."""
VERSION = st.sampled_from([None, None, None, 0, 0, 0, -1, 1])
"""None, or how far it is from the newest."""

Event = tuple[str, str, int]


class Way:
    """Something that can happen; no dataclass, of which a report would tell everything."""

    def __init__(
        self,
        name: str,
        arguments: dict[str, st.SearchStrategy[Any]],
        often: int,
        if_any: str | None,
    ) -> None:
        self.name, self.arguments, self.often, self.if_any = name, arguments, often, if_any

    def __repr__(self) -> str:
        return self.name


def way(*, often: int = 1, if_any: str | None = None, **arguments: Any) -> Callable[[Any], Any]:
    """Mark what can happen with such ``arguments``, so ``often``, if there is ``if_any`` of it."""

    def mark(method: Any) -> Any:
        method.way = Way(method.__name__, arguments, often, if_any)
        return method

    return mark


class Machine(RuleBasedStateMachine):
    """Each run is a place of its own in the one database."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.place = Place(self.database)
        self.salon, self.diary = self.place.salon, self.place.diary
        self.location_version, self.timetable_version = 1, 2
        self.people = 0
        self.visits = self.diary.visits
        self.latest: Visit | None = None
        self.steps = 0
        self.is_settled = self.is_sound = False
        self.expected: list[Event] = []
        self.last_position = 0
        self.hear()

    # What rules are made of.

    def do(
        self,
        command: str,
        *,
        refusal: str | None = None,
        viewer: dict[str, Any] | None = None,
        **request: Any,
    ) -> Any:
        """The answer of a command; None when it was refused, which must be with that code."""
        now = moment(self.diary.now)
        answer = code = None
        try:
            answer = self.salon.do(command, viewer=viewer or {}, now=now, **request)
        except Refusal as told:
            code = told.code
        assert code == refusal, f"{command}: it is {code}, and should be {refusal}"
        self.is_settled = self.is_settled and code is not None
        return answer

    def staff_does(self, command: str, *, refusal: str | None = None, **request: Any) -> Any:
        return self.do(
            command,
            refusal=refusal,
            viewer=self.salon.staff(),
            location_id=self.salon.location_id,
            **request,
        )

    def announced(self, event: str, visit: Visit) -> None:
        """That this was to be announced of the visit as it is now."""
        self.expected.append((event, f"appointment/{visit.id}", visit.version))

    def cancelled(self, visit: Visit) -> None:
        """Its time is free again."""
        visit.is_cancelled = True
        visit.version += 1
        self.diary.let_go(visit)
        self.announced("appointment_cancelled", visit)

    def a_client(self) -> dict[str, Any]:
        """Somebody who was never there before."""
        self.people += 1
        return {"name": "Ann", "phone": f"+3361{self.people:07d}", "email": None}

    def any_visit(self, number: int) -> Visit:
        """Often the one of which it was about last, seldom one that is cancelled."""
        visits = list(self.diary.visits.values())
        if number % 5:
            visits = [visit for visit in visits if not visit.is_cancelled] or visits
        if number % 2 or self.latest not in visits:
            self.latest = visits[number % len(visits)]
        assert self.latest is not None
        return self.latest

    def row(self, appointment_id: int) -> Appointment:
        with self.database.read() as session:
            return session.get_one(Appointment, appointment_id)

    # What always holds.

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        self.is_sound = False
        ways = [
            one
            for _, method in inspect.getmembers(type(self), inspect.isfunction)
            if (one := getattr(method, "way", None)) is not None
            if one.if_any is None or getattr(self, one.if_any)
            for _ in range(one.often)
        ]
        chosen = data.draw(st.sampled_from(ways))
        getattr(self, chosen.name)(**data.draw(st.fixed_dictionaries(chosen.arguments)))

    @way(often=3, minutes=st.sampled_from([5, 5, 5, 30]))
    def time_passes(self, minutes: int) -> None:
        if self.diary.now < DAY + 12 * 60:
            self.diary.let_time_pass(minutes)
            self.is_settled = False

    @invariant()
    def every_change_is_announced_once(self) -> None:
        told = self.hear()
        assert told == self.expected, f"announced: {told}, should be: {self.expected}"
        self.expected = []

    @invariant()
    def the_rows_are_as_the_diary_has_them(self) -> None:
        self.place.compare_rows()

    @invariant()
    def what_is_offered_is_what_is_free(self) -> None:
        """Of another service and day after each change; of all in the end."""
        if not self.is_settled:
            self.steps += 1
            services = self.place.services
            self.place.compare_offers(
                services[self.steps % len(services)], DAYS[self.steps % len(DAYS)]
            )
        self.is_settled = self.is_sound = True

    def teardown(self) -> None:
        if not self.is_sound:
            return
        for service in self.place.services:
            for day in DAYS:
                self.place.compare_offers(service, day)
        with self.database.read() as session:
            assert broken_laws(session, self.place.business_id) == {}

    def hear(self) -> list[Event]:
        """What was announced since the last time."""
        told = []
        with self.database.read() as session:
            for position, event, subject, envelope in session.execute(
                select(outbox.c.position, outbox.c.event_type, outbox.c.subject, outbox.c.envelope)
                .where(outbox.c.position > self.last_position)
                .order_by(outbox.c.position)
            ):
                self.last_position = position
                told.append((event, subject, envelope["sequence"]))
        return told
