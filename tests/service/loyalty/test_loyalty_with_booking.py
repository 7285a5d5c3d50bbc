"""Loyalty hears booking itself, and the demo chain gives what it promises."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from deploy.demo_loyalty import load_loyalty_once
from services.common.config import Settings
from services.common.db import Database
from services.common.migrate import migrate
from services.loyalty.models import CardType, Programme
from services.loyalty.service import LoyaltyService
from tests.factories import LONG_AGO
from tests.service.booking.conftest import Salon
from tests.service.conftest import NewDatabase, a_worker
from tests.service.loyalty.conftest import CLIENT, Chain, an_event

ANN = {"name": "Ann", "phone": "+33612345678", "email": None}


class Desk:
    """A salon whose events loyalty hears after each thing done there."""

    def __init__(self, salon: Salon, chain: Chain) -> None:
        self.salon, self.chain, self.heard = salon, chain, 0

    def do(self, command: str, **request: Any) -> Any:
        done = self.salon.do(
            command,
            viewer=self.salon.staff(),
            location_id=self.salon.location_id,
            **request,
        )
        events = self.salon.events()
        self.chain.hear(*events[self.heard :])
        self.heard = len(events)
        return done

    def write(self, *prices: int, discount_percent: int = 0, **changes: Any) -> int:
        """An appointment at these prices before the discount; its id."""
        services = [
            {
                "id": self.salon.haircut,
                "first_cost_minor": price,
                "discount_percent": discount_percent,
            }
            for price in prices
        ]
        made = self.do(
            "create_appointment",
            staff_id=self.salon.olga,
            services=services,
            client=ANN,
            starts_at="2030-06-04T10:00:00",
            **changes,
        )
        number: int = made["id"]
        return number


@pytest.fixture
def desk(new_database: NewDatabase) -> Iterator[Desk]:
    chain = Chain(new_database("loyalty"))
    yield Desk(Salon(new_database("booking")), chain)
    assert chain.broken_laws() == set()


def test_a_visit_marked_as_come_at_the_desk_puts_cashback_on_the_card(desk: Desk) -> None:
    number = desk.write(4500)
    assert desk.chain.balance() is None

    desk.do("update_appointment", appointment_id=number, attendance="came")
    assert desk.chain.balance() == 225

    desk.do("update_appointment", appointment_id=number, attendance="waiting")
    assert desk.chain.balance() == 0


def test_cashback_is_of_the_price_after_the_discount(desk: Desk) -> None:
    desk.write(4000, 1000, discount_percent=10, attendance="came")

    assert desk.chain.balance() == 225


def test_what_is_changed_after_the_visit_is_settled_anew(desk: Desk) -> None:
    number = desk.write(4500, attendance="came")
    dearer = [{"id": desk.salon.haircut, "cost_minor": 5000}]
    desk.do("update_appointment", appointment_id=number, services=dearer)
    assert desk.chain.balance() == 250

    desk.do("update_appointment", appointment_id=number, starts_at="2030-06-04T12:00:00")
    assert desk.chain.balance() == 250

    desk.do("delete_appointment", appointment_id=number)
    assert desk.chain.transfers() == [225, 25, -250]


def test_a_visit_without_services_earns_nothing_and_harms_nothing(desk: Desk) -> None:
    desk.write(attendance="came", duration_seconds=1800)

    assert desk.chain.balance() is None


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Database]:
    """Loyalty's database of the demo chain, after two starts."""
    url = f"sqlite:///{tmp_path}/loyalty.db"
    migrate("loyalty", url)
    settings = Settings(env="dev", amqp_uri="memory://", database_urls={"loyalty": url})
    for _start in range(2):
        load_loyalty_once(settings, 1, now=LONG_AGO)
    database = Database(url, service="loyalty")
    yield database
    database.dispose()


def test_the_demo_chain_has_a_programme_for_each_of_its_currencies(demo: Database) -> None:
    terms = (
        select(CardType.currency, Programme.percent_basis_points, Programme.is_active)
        .join(CardType, CardType.id == Programme.card_type_id)
        .order_by(CardType.currency)
    )
    with demo.read() as session:
        told = [tuple(row) for row in session.execute(terms)]
    assert told == [("EUR", 500, True), ("USD", 500, True)]


def test_its_clients_collect_five_per_cent_in_both(demo: Database) -> None:
    loyalty = a_worker(LoyaltyService, demo)
    loyalty.settle_attendance(an_event(1, appointment=1, prices=[6200]))
    loyalty.settle_attendance(an_event(1, appointment=2, prices=[11000], currency="USD"))

    cards = loyalty.list_cards(client_ids=[CLIENT], business_id=1)["cards"]
    assert [(card["currency"], card["balance_minor"]) for card in cards] == [
        ("EUR", 310),
        ("USD", 550),
    ]
