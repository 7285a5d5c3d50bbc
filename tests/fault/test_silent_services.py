"""A service that is down: told within the deadline, and nothing happens later behind one's back."""

import time
from collections.abc import Iterator

import pytest

from tests.installations import Installation, a_record, real

DEADLINE_SECONDS = 2.0


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    env = {"RPC_TIMEOUT_SECONDS": str(DEADLINE_SECONDS)}
    with real(tmp_path_factory.mktemp("silent"), durable=False, env=env) as running:
        running.wait_until_quiet()
        yield running


@pytest.mark.fault
def test_what_a_dead_service_did_not_do_it_does_not_do_later(installation: Installation) -> None:
    assert installation.cluster is not None
    booking = installation.cluster.processes["booking"]
    service, staff = installation.bookable()
    when = installation.slots(service, staff)[0]
    before = installation.count_rows()

    booking.kill()
    began = time.monotonic()
    answer = installation.ask(
        "POST", f"book_record/{installation.location_id}", json=a_record(service, staff, when)
    )
    waited = time.monotonic() - began
    booking.start()

    assert answer.status_code == 504
    assert answer.json()["errors"]["reason"] == "service_silent"
    assert waited < DEADLINE_SECONDS + 1
    # Whatever the queue still held has had its turn once the service answers again.
    assert when in installation.slots(service, staff)
    assert installation.count_rows() == before


@pytest.mark.fault
def test_a_frozen_service_that_wakes_up_late_refuses_what_is_overdue(
    installation: Installation,
) -> None:
    assert installation.cluster is not None
    booking = installation.cluster.processes["booking"]
    service, staff = installation.bookable()
    when = installation.slots(service, staff)[0]
    before = installation.count_rows()

    booking.pause()
    answer = installation.ask(
        "POST", f"book_record/{installation.location_id}", json=a_record(service, staff, when)
    )
    booking.resume()

    assert answer.status_code == 504
    assert when in installation.slots(service, staff)
    assert installation.count_rows() == before


@pytest.mark.fault
def test_other_services_go_on_and_the_silent_one_is_left_alone(installation: Installation) -> None:
    assert installation.cluster is not None
    installation.cluster.processes["booking"].kill()
    path = f"book_staff/{installation.location_id}"

    statuses = [installation.ask("GET", path).status_code for _ in range(6)]
    began = time.monotonic()
    refused = installation.ask("GET", path)

    assert statuses[:5] == [504] * 5
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    assert time.monotonic() - began < DEADLINE_SECONDS / 2
    assert installation.session.get(f"{installation.base_url}/dev/messages").status_code == 200
    installation.cluster.processes["booking"].start()
    time.sleep(2.1)  # the circuit's pause
    assert installation.ask("GET", path).status_code == 200


@pytest.mark.fault
def test_without_a_broker_the_gateway_says_so_at_once(installation: Installation) -> None:
    assert installation.cluster is not None
    path = f"book_staff/{installation.location_id}"
    assert installation.ask("GET", path).status_code == 200

    installation.cluster.rabbitmq.kill()
    refused = installation.ask("GET", path)
    live = installation.session.get(f"{installation.base_url}/livez", timeout=10)
    ready = installation.session.get(f"{installation.base_url}/readyz", timeout=10)
    installation.cluster.rabbitmq.start()

    assert refused.status_code == 503
    assert (live.status_code, ready.status_code) == (200, 503)
    deadline = time.monotonic() + 30
    while installation.ask("GET", path).status_code != 200:
        assert time.monotonic() < deadline, "the services did not come back"
        time.sleep(0.2)
