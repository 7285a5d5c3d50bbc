"""The cards of a client, as they are shown."""

from typing import Any

import pytest

from services.common.errors import Invalid
from services.loyalty.service import LoyaltyService
from tests.service.conftest import a_worker
from tests.service.loyalty.conftest import Chain, an_event


def test_a_card_is_shown_with_all_that_is_known_of_it(chain: Chain) -> None:
    chain.came(1, 4500)

    [card] = chain.list_cards()
    number = card.pop("number")
    assert len(number) == 16 and number.isdecimal()
    assert card == {
        "id": card["id"],
        "balance_minor": 225,
        "currency": "EUR",
        "points": 0,
        "paid_minor": 4500,
        "sold_minor": 4500,
        "visits_count": 1,
        "type": {"id": chain.card_type_id, "title": "Carte Lumière"},
        "business": {"id": 1, "title": None},
        "programmes": [
            {
                "id": chain.programme_id,
                "title": "Cashback",
                "kind": "cashback_static_paid",
                "percent_basis_points": 500,
            }
        ],
    }


def test_a_client_without_cards_is_shown_none(chain: Chain) -> None:
    chain.came(1)

    assert chain.list_cards(2) == []
    assert chain.list_cards(1, business_id=2) == []


def test_of_many_clients_all_cards_are_shown_in_the_order_of_their_issue(chain: Chain) -> None:
    other = Chain(chain.database, business_id=2)
    for appointment, client in ((1, 3), (2, 1), (3, 2)):
        chain.came(appointment, client_id=client)
    other.came(4, client_id=9, business_id=2)

    shown = chain.list_cards(9, 1, 2, 3)
    assert [card["business"]["id"] for card in shown] == [1, 1, 1, 2]
    assert [card["id"] for card in shown] == sorted(card["id"] for card in shown)
    assert len({card["number"] for card in shown}) == 4
    assert [len(chain.list_cards(9, 1, 2, 3, business_id=one)) for one in (1, 2)] == [3, 1]


def test_only_visits_that_came_are_counted(chain: Chain) -> None:
    chain.came(1, 4500)
    chain.came(2, 1000)
    chain.hear(
        an_event(1, appointment=3, attendance="no_show"),
        an_event(1, appointment=4, attendance="waiting"),
        an_event(1, appointment=5, is_cancelled=True),
        an_event(1, appointment=6, client_id=2),
        an_event(1, appointment=7, business_id=2),
    )

    [card] = chain.list_cards()
    assert (card["visits_count"], card["sold_minor"], card["paid_minor"]) == (2, 5500, 5500)


def test_appointments_of_one_visit_count_as_one(chain: Chain) -> None:
    for appointment in (1, 2):
        chain.came(appointment, 1000, visit_id=1)

    [card] = chain.list_cards()
    assert (card["visits_count"], card["sold_minor"]) == (1, 2000)


def test_a_visit_in_another_currency_counts_but_adds_nothing(chain: Chain) -> None:
    chain.came(1, 4500)
    chain.came(2, 9900, currency="USD")

    [card] = chain.list_cards()
    assert (card["visits_count"], card["sold_minor"]) == (2, 4500)


def test_a_mark_that_is_taken_back_counts_no_more(chain: Chain) -> None:
    chain.came(1, 4500)
    chain.hear(an_event(2, attendance="waiting"))

    [card] = chain.list_cards()
    assert (card["visits_count"], card["sold_minor"], card["balance_minor"]) == (0, 0, 0)


def test_a_programme_that_has_ended_is_not_shown(chain: Chain) -> None:
    second = chain.add_programme(100)
    chain.came(1)
    chain.end_programme(chain.programme_id)

    [card] = chain.list_cards()
    assert [programme["id"] for programme in card["programmes"]] == [second]


@pytest.mark.parametrize(
    "ids", [[0], [-1], ["1"], [2**63], [1.5], [None], "1", None, list(range(1, 1002))]
)
def test_what_are_no_clients_is_refused(chain: Chain, ids: Any) -> None:
    with pytest.raises(Invalid, match="validation_failed"):
        a_worker(LoyaltyService, chain.database).list_cards(client_ids=ids)
