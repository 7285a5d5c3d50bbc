"""What a visit earns, whatever is heard of it, and when."""

from itertools import permutations
from typing import Any

import pytest

from services.loyalty.models import Transfer, VisitRecord
from tests.service.loyalty.conftest import Chain, an_event

CREATED = an_event(1, event="appointment_created", attendance="waiting")
CAME = an_event(2)
DEARER = an_event(3, event="appointment_changed", prices=[5000])
NO_SHOW = an_event(4, attendance="no_show")


def test_a_visit_that_is_only_booked_earns_nothing_and_issues_no_card(chain: Chain) -> None:
    chain.hear(CREATED)

    assert chain.balance() is None
    assert chain.transfers() == []


def test_a_client_who_came_has_a_card_with_the_cashback(chain: Chain) -> None:
    chain.hear(CREATED, CAME)

    assert chain.balance() == 225


def test_a_visit_without_a_client_earns_once_somebody_is_named(chain: Chain) -> None:
    chain.hear(an_event(2, client_id=None))
    assert chain.balance() is None
    named = an_event(3, event="appointment_changed")
    chain.hear(named, an_event(2, client_id=None), named)

    assert chain.transfers() == [225]


def test_a_mark_that_is_taken_back_takes_the_cashback_back(chain: Chain) -> None:
    chain.hear(CREATED, CAME, an_event(3, attendance="waiting"))

    assert chain.balance() == 0
    assert chain.transfers() == [225, -225]


def test_the_same_event_twice_earns_once(chain: Chain) -> None:
    chain.hear(CAME, CAME)

    assert chain.transfers() == [225]


def test_two_events_of_one_version_earn_once(chain: Chain) -> None:
    moved = an_event(2, event="appointment_moved")
    chain.hear(moved, CAME)

    assert chain.transfers() == [225]


def test_a_version_that_is_known_is_not_told_otherwise(chain: Chain) -> None:
    chain.hear(CAME, an_event(2, prices=[9000]))

    assert chain.transfers() == [225]
    assert chain.failed() == []


def test_an_older_event_that_comes_late_changes_nothing(chain: Chain) -> None:
    chain.hear(NO_SHOW, CAME, CREATED)

    assert chain.balance() is None
    assert chain.transfers() == []


def test_whichever_way_events_arrive_the_newest_state_counts(chain: Chain) -> None:
    """Every order of four events, each for a visit of its own."""
    orders = list(permutations([1, 2, 3, 4]))
    for appointment, order in enumerate(orders, start=1):
        told: dict[int, dict[str, Any]] = {
            1: {"attendance": "waiting"},
            2: {},
            3: {"attendance": "no_show"},
            4: {"prices": [5000]},
        }
        chain.hear(
            *(an_event(version, appointment=appointment, **told[version]) for version in order)
        )

    assert chain.balance() == 250 * len(orders)


def test_marks_may_change_as_often_as_they_like(chain: Chain) -> None:
    for version in range(1, 22):
        chain.hear(an_event(version, attendance="came" if version % 2 else "waiting"))

    assert chain.balance() == 225
    assert chain.transfers() == [225, -225] * 10 + [225]


def test_another_price_moves_the_difference(chain: Chain) -> None:
    chain.hear(CAME, DEARER)
    assert chain.balance() == 250
    assert chain.transfers() == [225, 25]

    chain.hear(an_event(5, event="appointment_changed", prices=[1000]))
    assert chain.balance() == 50


def test_several_services_earn_from_their_sum_rounded_once(chain: Chain) -> None:
    chain.hear(an_event(1, prices=[10, 10, 10, 9]))

    assert chain.balance() == 2, "5 % of 39 is 1.95; line by line it would be 1 + 1 + 1 + 0"


def test_a_cancelled_visit_gives_its_cashback_back(chain: Chain) -> None:
    chain.hear(CAME, an_event(3, event="appointment_cancelled", is_cancelled=True))

    assert chain.balance() == 0


def test_a_change_that_does_not_concern_money_moves_none(chain: Chain) -> None:
    chain.hear(CAME)
    chain.add_programme(1000)
    chain.hear(an_event(3, event="appointment_moved", starts_at="2030-07-01T08:00:00Z"))

    assert chain.transfers() == [225]


def test_a_visit_that_turns_out_to_be_somebody_elses_takes_its_cashback_there(chain: Chain) -> None:
    chain.hear(CAME, an_event(3, event="appointment_changed", client_id=2))

    assert (chain.balance(1), chain.balance(2)) == (0, 225)


@pytest.mark.parametrize(
    "changes",
    [{"prices": []}, {"prices": [0]}, {"prices": [9]}, {"currency": "USD"}],
)
def test_nothing_is_earned_without_a_price_or_a_card_in_its_currency(
    chain: Chain, changes: dict[str, Any]
) -> None:
    chain.hear(an_event(1, **changes))

    assert chain.balance() is None
    assert chain.transfers() == []
    assert chain.failed() == []


def test_lines_in_several_currencies_earn_nothing(chain: Chain) -> None:
    event = an_event(1, prices=[4500, 4500])
    event["data"]["services"][1]["currency"] = "USD"
    chain.hear(event)

    assert chain.balance() is None


def test_each_currency_has_its_card(chain: Chain) -> None:
    dollars = chain.add_card_type("USD")
    chain.add_programme(1000, card_type_id=dollars)
    chain.came(1, 4500)
    chain.came(2, 4500, currency="USD")

    shown = {card["currency"]: card["balance_minor"] for card in chain.list_cards()}
    assert shown == {"EUR": 225, "USD": 450}


def test_every_active_programme_gives_and_a_card_is_issued_once(chain: Chain) -> None:
    chain.add_programme(100)
    chain.hear(CAME)

    assert chain.balance() == 225 + 45


def test_a_programme_that_has_ended_gives_no_more_but_follows_what_it_gave(chain: Chain) -> None:
    chain.came(1, 4500)
    chain.end_programme(chain.programme_id)
    chain.came(2, 4500)
    assert chain.transfers() == [225]

    chain.hear(an_event(2, appointment=1, prices=[5000]))
    assert chain.transfers() == [225, 25]

    chain.hear(an_event(3, appointment=1, attendance="waiting"))
    assert chain.balance() == 0

    chain.hear(an_event(4, appointment=1))
    assert chain.balance() == 0


def test_nobody_elses_programme_gives(chain: Chain) -> None:
    other = Chain(chain.database, business_id=2)
    chain.came(1)

    assert chain.balance() == 225
    assert other.balance() is None


def test_what_was_spent_is_not_taken_back_and_the_visit_still_earns_once(chain: Chain) -> None:
    chain.hear(CAME)
    chain.spend(200)
    chain.hear(NO_SHOW)
    assert chain.balance() == 0

    chain.hear(an_event(5))
    assert chain.balance() == 25, "200 of 225 were still booked for this visit"


def test_of_two_clients_the_one_who_spent_keeps_it_and_the_other_gets_all(chain: Chain) -> None:
    chain.hear(CAME)
    chain.spend(225)
    chain.hear(an_event(3, client_id=2))

    assert (chain.balance(1), chain.balance(2)) == (0, 225)


def test_a_transfer_says_what_it_is_for(chain: Chain) -> None:
    chain.hear(CAME, NO_SHOW)

    told = chain.transfers(Transfer.reason, Transfer.subject, Transfer.currency, Transfer.key)
    assert [tuple(row[:3]) for row in told] == [
        ("cashback", "appointment/1", "EUR"),
        ("cashback_taken_back", "appointment/1", "EUR"),
    ]
    assert [row.key.split("/")[1] for row in told] == ["1@2", "1@4"]


def test_a_visit_is_remembered_as_it_is_now(chain: Chain) -> None:
    chain.hear(CREATED, CAME, CREATED, DEARER)

    with chain.database.read() as session:
        record = session.get_one(VisitRecord, 1)
    assert (record.version, record.attendance, record.price_minor, record.currency) == (
        3,
        "came",
        5000,
        "EUR",
    )


def test_every_change_is_announced_with_the_card_as_it_then_is(chain: Chain) -> None:
    chain.hear(CAME, DEARER, NO_SHOW)

    told = [
        (event["type"], event["sequence"], event["data"]["balance_minor"])
        for event in chain.events()
    ]
    assert told == [
        ("card_issued", 1, 0),
        ("balance_changed", 2, 225),
        ("balance_changed", 3, 250),
        ("balance_changed", 4, 0),
    ]
    last = chain.events()[-1]
    assert last["subject"] == f"card/{chain.list_cards()[0]['id']}"
    assert last["data"]["last_transfer"]["amount_minor"] == -250
    assert last["data"]["last_transfer"]["reason"] == "cashback_taken_back"
    assert last["data"]["last_transfer"]["subject"] == "appointment/1"
