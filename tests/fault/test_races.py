"""Fifty clients who want one time at one moment, twenty times over: one gets it.

And the proof that the test can fail: without lock and constraint the same race
overbooks.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests
from sqlalchemy import text

from services.booking.models import NO_DOUBLE_BOOKING
from services.common.engines import make_engine
from tests.installations import Installation, a_record, real

CLIENTS, SLOTS, ENOUGH_SLOTS = 50, 20, 5

OVERLAPS = """
    SELECT one.id, other.id FROM appointments AS one JOIN appointments AS other
    ON one.staff_id = other.staff_id AND one.id < other.id
    AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
    WHERE one.cancelled_at IS NULL AND other.cancelled_at IS NULL
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("race")
    with real(folder, durable=False, replicas={"booking": 2}) as installation:
        yield installation


@pytest.fixture(scope="module")
def unguarded(guarded: Installation) -> Installation:
    """The same one from now on: whoever needs it guarded comes before."""
    assert guarded.cluster is not None
    for name in ("booking", "booking-2"):
        guarded.cluster.replace(name, "tests.fault.unguarded_booking")
    engine = make_engine(guarded.database_urls["booking"])
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE reservations DROP CONSTRAINT {NO_DOUBLE_BOOKING}"))
    engine.dispose()
    return guarded


def race(installation: Installation, slots: int) -> list[Counter[tuple[int, Any]]]:
    """For each slot, how many clients got which (status, number)."""
    service, staff = installation.bookable()
    wanted = installation.slots(service, staff, days=20)
    length = installation.data(f"book_services/{installation.location_id}")["services"][0]
    apart = -(-length["seance_length"] // 900)
    outcomes = []
    with ThreadPoolExecutor(CLIENTS) as pool:
        for when in wanted[: slots * apart : apart]:
            start = Barrier(CLIENTS)

            def book(_number: int, when: str = when, start: Barrier = start) -> tuple[int, Any]:
                with requests.Session() as session:
                    own = Installation(
                        installation.base_url, installation.demo, {}, session=session
                    )
                    start.wait()
                    answer = own.ask(
                        "POST",
                        f"book_record/{own.location_id}",
                        json=a_record(service, staff, when),
                    )
                return answer.status_code, answer.json().get("errors", {}).get("code")

            outcomes.append(Counter(pool.map(book, range(CLIENTS))))
    return outcomes


@pytest.mark.fault
def test_of_fifty_clients_who_want_one_time_one_gets_it(guarded: Installation) -> None:
    outcomes = race(guarded, SLOTS)

    assert outcomes == [Counter({(201, None): 1, (422, 433): CLIENTS - 1})] * SLOTS
    assert guarded.rows("booking", OVERLAPS) == []


@pytest.mark.fault
def test_without_lock_and_constraint_the_same_race_overbooks(unguarded: Installation) -> None:
    outcomes = race(unguarded, ENOUGH_SLOTS)

    assert any(outcome[(201, None)] > 1 for outcome in outcomes)
    assert unguarded.rows("booking", OVERLAPS) != []
