"""kill -9 of every part in turn, at random moments under load; repeatable by its seed.

Afterwards everything that was acknowledged is there, once, with one message and
one loyalty record, and nothing is left unexplained anywhere.
"""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest
import requests

from tests.fault.test_races import OVERLAPS
from tests.installations import Installation, a_record, real

CLIENTS = 6
TRIES = 8
SOAK_SEEDS = range(2, 12)


@dataclass
class History:
    """What clients were told, and what they never learned."""

    booked: list[dict[str, Any]] = field(default_factory=list)
    marked: list[int] = field(default_factory=list)
    refused: int = 0
    unknown: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    env = {"RPC_TIMEOUT_SECONDS": "3", "INBOX_RETRY_SECONDS": "0.5,1,2,4,8,8,8,8"}
    with real(tmp_path_factory.mktemp("kills"), env=env) as running:
        running.wait_until_quiet()
        yield running


@pytest.mark.fault
def test_nothing_acknowledged_is_lost_or_done_twice(installation: Installation) -> None:
    survive_kills(installation, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", SOAK_SEEDS)
def test_nothing_acknowledged_is_lost_or_done_twice_with_any_seed(
    installation: Installation, seed: int
) -> None:
    survive_kills(installation, seed)


def survive_kills(installation: Installation, seed: int) -> None:
    chance = random.Random(seed)
    wishes = all_wishes(installation, chance)
    history, done = History(), Event()
    token = installation.staff_token()
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        clients = [
            pool.submit(book_until, done, installation, wishes[number::CLIENTS], history, seed)
            for number in range(CLIENTS)
        ]
        desk = pool.submit(mark_until, done, installation, token, history)
        kill_each_part(installation, chance)
        done.set()
        for client in (*clients, desk):
            client.result()
    installation.wait_until_quiet(patience=120)
    check(installation, history)


def all_wishes(installation: Installation, chance: random.Random) -> list[tuple[int, int, str]]:
    """Every (service, staff, time) on offer in the coming days, in a random order."""
    where = installation.location_id
    wishes = []
    for staff in installation.data(f"book_staff/{where}", params={"without_seances": 1}):
        offered = installation.data(f"book_services/{where}", params={"staff_id": staff["id"]})
        service = min(offered["services"], key=lambda one: one["seance_length"])["id"]
        wishes += [
            (service, staff["id"], when)
            for when in installation.slots(service, staff["id"], days=15)
        ]
    chance.shuffle(wishes)
    return wishes


def book_until(
    done: Event,
    installation: Installation,
    wishes: list[tuple[int, int, str]],
    history: History,
    seed: int,
) -> None:
    for service, staff, when in wishes:
        if done.is_set():
            return
        record = a_record(service, staff, when)
        answer = insist(installation, record, key=f"seed-{seed}-{record['phone']}")
        if answer is None:
            history.unknown.append(record["phone"])
        elif answer.status_code == 201:
            history.booked.append({**answer.json()["data"][0], "phone": record["phone"]})
        elif answer.status_code == 422:
            history.refused += 1
        else:
            history.defects.append(f"{answer.status_code} {answer.text}")


def mark_until(done: Event, installation: Installation, token: str, history: History) -> None:
    """Mark whoever has booked as come, one after the other: each earns cashback."""
    headers = {"Authorization": f"Bearer {installation.key}, User {token}"}
    while not done.is_set():
        todo = history.booked[len(history.marked) :]
        if not todo:
            time.sleep(0.1)
            continue
        path = f"record/{installation.location_id}/{todo[0]['record_id']}"
        try:
            with requests.Session() as session:
                own = Installation(
                    installation.base_url, installation.demo, {}, session=session, timeout=8
                )
                answer = own.ask("PUT", path, json={"attendance": 1}, headers=headers)
        except requests.RequestException:
            continue
        if answer.status_code == 200:
            history.marked.append(todo[0]["record_id"])
        elif answer.status_code not in (409, 500, 503, 504):
            history.defects.append(f"{answer.status_code} {answer.text}")
            return


def insist(
    installation: Installation, record: dict[str, Any], *, key: str
) -> requests.Response | None:
    """The first clear answer; a client tries again, with the same key, until it has one."""
    for _ in range(TRIES):
        try:
            with requests.Session() as session:
                own = Installation(
                    installation.base_url, installation.demo, {}, session=session, timeout=8
                )
                answer = own.ask(
                    "POST",
                    f"book_record/{own.location_id}",
                    json=record,
                    headers={"Idempotency-Key": key},
                )
        except requests.RequestException:
            time.sleep(0.3)
            continue
        if answer.status_code not in (409, 500, 503, 504):
            return answer
        time.sleep(0.3)
    return None


def kill_each_part(installation: Installation, chance: random.Random) -> None:
    """Kill and restart the four services, the gateway, RabbitMQ and PostgreSQL, in turn."""
    cluster = installation.cluster
    assert cluster is not None
    parts: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (cluster.processes[name].kill, cluster.processes[name].start)
        for name in ("auth", "booking", "notify", "loyalty", "gateway")
    ]
    parts += [(server.kill, server.start) for server in (cluster.rabbitmq, cluster.postgres)]
    chance.shuffle(parts)
    for kill, start in parts:
        time.sleep(chance.uniform(0.3, 1.5))
        kill()
        time.sleep(chance.uniform(0.0, 0.7))
        start()
    time.sleep(1)


def check(installation: Installation, history: History) -> None:
    assert history.defects == []
    assert len(history.booked) >= CLIENTS, "the load was too small to prove anything"
    for made in history.booked:
        shown = installation.data(
            f"book_record/{installation.location_id}/{made['record_id']}/{made['record_hash']}"
        )
        assert shown["deleted"] is False
    assert installation.rows("booking", OVERLAPS) == []
    appointments = appointments_by_phone(installation)
    for made in history.booked:
        assert appointments[made["phone"]] == [made["record_id"]]
    for phone in history.unknown:
        assert len(appointments.get(phone, [])) <= 1
    ours = {one for made in appointments.values() for one in made}
    messages = [
        int(subject.removeprefix("appointment/"))
        for (subject,) in installation.rows(
            "notify", "SELECT subject FROM messages WHERE sent_at IS NOT NULL ORDER BY id"
        )
    ]
    assert sorted(one for one in messages if one in ours) == sorted(ours)
    visits = installation.rows("loyalty", "SELECT appointment_id FROM visit_records")
    assert ours <= {one for (one,) in visits}
    check_ledger(installation, history)


def check_ledger(installation: Installation, history: History) -> None:
    """Every visit marked as come has earned once; every balance is the sum of its transfers."""
    assert history.marked, "nobody was marked, so nothing was proven"
    accruals = [
        int(subject.removeprefix("appointment/"))
        for (subject,) in installation.rows("loyalty", "SELECT subject FROM transfers")
    ]
    assert set(history.marked) <= set(accruals)
    assert len(accruals) == len(set(accruals))
    unbalanced = """
        SELECT account.id FROM accounts AS account WHERE balance_minor <>
        coalesce((SELECT sum(amount_minor) FROM transfers WHERE credit_account_id = account.id), 0)
        - coalesce((SELECT sum(amount_minor) FROM transfers WHERE debit_account_id = account.id), 0)
    """
    assert installation.rows("loyalty", unbalanced) == []


def appointments_by_phone(installation: Installation) -> dict[str, list[int]]:
    """The appointments that clients of this test made."""
    found: dict[str, list[int]] = {}
    query = """
        SELECT clients.phone, appointments.id FROM appointments
        JOIN clients ON clients.id = appointments.client_id WHERE clients.phone LIKE '+3362%'
    """
    for phone, appointment in installation.rows("booking", query):
        found.setdefault(phone, []).append(appointment)
    return found
