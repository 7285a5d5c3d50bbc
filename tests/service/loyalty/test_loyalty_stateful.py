"""Any life of any visits, heard of in any way: the laws hold after every step.

Booking's side of the machine changes visits and announces each change. Loyalty's side hears of the
events in any order, late, twice, several at one moment, or not until the very end. The oracle knows
nothing of transfers or differences: it looks at the newest snapshot heard of each visit.
"""

import itertools
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.common.db import Database
from tests.service.conftest import NewDatabase, at_once
from tests.service.loyalty.conftest import Chain, Envelope, an_event

numbers = itertools.count(1)
CLIENTS = st.integers(1, 2)
PRICES = st.lists(st.integers(0, 9999), max_size=3)
ATTENDANCE = st.sampled_from(["waiting", "confirmed", "came", "came", "no_show"])
ANY_EVENT = st.integers(0, 10**6)


class Lives(RuleBasedStateMachine):
    """Each run is another business, with visits and clients of its own, in the one database."""

    database: Database
    appointments = Bundle("appointments")

    def __init__(self) -> None:
        super().__init__()
        self.number = next(numbers)
        self.chain = Chain(self.database, business_id=self.number)
        self.visits: dict[int, dict[str, Any]] = {}
        self.announced: list[Envelope] = []
        self.heard: dict[int, Envelope] = {}
        self.spent = {self.client(one): 0 for one in (1, 2)}
        self.is_settled = False
        # Not the remains of a run that failed, of which this one may be a shorter form.
        self.broken_before = self.chain.broken_laws()

    def client(self, one: int) -> int:
        return self.number * 10 + one

    def announce(self, appointment: int, event: str, **changes: Any) -> None:
        visit = self.visits[appointment]
        visit.update(changes, version=visit.get("version", 0) + 1)
        self.announced.append(
            an_event(event=event, appointment=appointment, business_id=self.number, **visit)
        )

    @rule(target=appointments, one=CLIENTS, prices=PRICES, attendance=ATTENDANCE)
    def book(self, one: int, prices: list[int], attendance: str) -> int:
        appointment = self.number * 10_000 + len(self.visits)
        self.visits[appointment] = {}
        self.announce(
            appointment,
            "appointment_created",
            client_id=self.client(one),
            prices=prices,
            attendance=attendance,
            is_cancelled=False,
        )
        return appointment

    @rule(appointment=appointments, attendance=ATTENDANCE)
    def mark(self, appointment: int, attendance: str) -> None:
        self.announce(appointment, "attendance_marked", attendance=attendance)

    @rule(appointment=appointments, prices=PRICES)
    def reprice(self, appointment: int, prices: list[int]) -> None:
        self.announce(appointment, "appointment_changed", prices=prices)

    @rule(appointment=appointments, one=CLIENTS)
    def hand_over(self, appointment: int, one: int) -> None:
        self.announce(appointment, "appointment_changed", client_id=self.client(one))

    @rule(appointment=appointments)
    def move(self, appointment: int) -> None:
        self.announce(appointment, "appointment_moved")

    @rule(appointment=appointments)
    def cancel(self, appointment: int) -> None:
        self.announce(appointment, "appointment_cancelled", is_cancelled=True)

    @precondition(lambda self: self.announced)
    @rule(which=ANY_EVENT)
    def hear_one(self, which: int) -> None:
        """Any event ever announced: perhaps an old one, perhaps one that was heard before."""
        event = self.announced[which % len(self.announced)]
        self.chain.hear(event)
        self.remember(event)

    @precondition(lambda self: self.announced)
    @rule(which=st.lists(ANY_EVENT, min_size=2, max_size=6))
    def hear_several_at_once(self, which: list[int]) -> None:
        events = [self.announced[one % len(self.announced)] for one in which]
        tasks = [lambda event=event: self.chain.hear(event) for event in events]
        assert [answer for answer in at_once(tasks) if answer is not None] == []
        for event in events:
            self.remember(event)

    @rule(one=CLIENTS, percent=st.integers(1, 100))
    def spend(self, one: int, percent: int) -> None:
        client = self.client(one)
        amount = (self.chain.balance(client) or 0) * percent // 100
        if amount:
            self.chain.spend(amount, client)
            self.spent[client] += amount
            self.is_settled = False

    def remember(self, event: Envelope) -> None:
        self.is_settled = False
        appointment = event["data"]["appointment_id"]
        known = self.heard.get(appointment)
        if known is None or known["sequence"] < event["sequence"]:
            self.heard[appointment] = event

    def worth(self, client: int) -> int:
        """5 % of every visit that, as far as was heard, this client came to."""
        total = 0
        for event in self.heard.values():
            told = event["data"]
            if told["client_id"] == client and told["attendance"] == "came":
                price = sum(line["price_minor"] for line in told["services"])
                exact = Decimal(0 if told["is_cancelled"] else price) * 5 / 100
                total += int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        return total

    @invariant()
    def the_laws_hold(self) -> None:
        if self.is_settled:
            return
        assert self.chain.broken_laws() == self.broken_before
        self.clients_have_what_their_visits_are_worth()
        self.is_settled = True

    def clients_have_what_their_visits_are_worth(self) -> None:
        """Who spent what was then to be taken back may have had more, never less."""
        for client, spent in self.spent.items():
            had = (self.chain.balance(client) or 0) + spent
            assert had >= self.worth(client)
            if not spent:
                assert had == self.worth(client)

    def teardown(self) -> None:
        """In the end everything is heard, the newest first; then all is as booking has it."""
        for event in reversed(self.announced):
            self.chain.hear(event)
            self.remember(event)
        assert {one: event["sequence"] for one, event in self.heard.items()} == {
            one: visit["version"] for one, visit in self.visits.items()
        }
        self.the_laws_hold()
        for client in self.spent:
            for card in self.chain.list_cards(client):
                self.its_events_tell_its_story(card)

    def its_events_tell_its_story(self, card: dict[str, Any]) -> None:
        """Versions without a gap, in order; nobody announces here what was spent."""
        subject = f"card/{card['id']}"
        events = [event for event in self.chain.events() if event["subject"] == subject]
        versions = [event["sequence"] for event in events]
        assert versions == sorted(set(versions))
        assert events[0]["type"] == "card_issued" and versions[0] == 1
        if not self.spent[events[0]["data"]["client_id"]]:
            assert versions == list(range(1, len(versions) + 1))
            assert events[-1]["data"]["balance_minor"] == card["balance_minor"]


@pytest.fixture
def lives(new_database: NewDatabase) -> type[Lives]:
    class HereLives(Lives):
        database = new_database("loyalty")

    return HereLives


def live(lives: type[Lives], *, runs: int, steps: int) -> None:
    run_state_machine_as_test(
        lives,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_and_however_it_is_heard_the_laws_hold(lives: type[Lives]) -> None:
    live(lives, runs=12, steps=25)


@pytest.mark.soak
def test_in_many_long_lives_the_laws_hold(lives: type[Lives]) -> None:
    live(lives, runs=100, steps=50)
