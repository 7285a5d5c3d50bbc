"""A service as a process: its broker goes and comes, it is asked to end, it is very busy."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.local.processes import Process
from deploy.local.rabbitmq import LocalRabbitMQ
from services.common.db import Database
from services.common.outbox import announce
from services.common.rpc.client import CallFailed, RpcClient, ServiceSilent
from tests.brokers import a_broker
from tests.integration.kettles import KettleBoiled
from tests.integration.kitchens import Kitchen, Stranger, a_kitchen, eventually

WORKERS = 10


@pytest.fixture(scope="module")
def broker() -> Iterator[LocalRabbitMQ]:
    with a_broker() as server:
        yield server


@pytest.fixture
def kitchen(
    broker: LocalRabbitMQ, postgres_database: Callable[[], str], tmp_path: Path
) -> Iterator[Kitchen]:
    if not broker.is_running:
        broker.start()
    with a_kitchen(tmp_path, broker.url, postgres_database()) as kitchen:
        yield kitchen


@pytest.fixture
def process(kitchen: Kitchen) -> Process:
    """The kitchen's process, running."""
    return kitchen.start()


def dawdle(kitchen: Kitchen, seconds: float, *, times: int = 1) -> Stranger:
    """Give the kitchen slow work, and wait until it is at it; the caller of that work."""
    stranger = Stranger(kitchen.env["AMQP_URI"], kitchen.name)
    for _ in range(times):
        stranger.send({"args": [], "kwargs": {"seconds": seconds}}, method="dawdle")
    eventually(lambda: len(kitchen.logged("dawdling")) >= min(times, WORKERS))
    return stranger


def health(kitchen: Kitchen, path: str) -> requests.Response:
    return requests.get(f"{kitchen.health_url}{path}", timeout=10)


def is_alive(kitchen: Kitchen) -> bool:
    try:
        return health(kitchen, "/livez").ok
    except requests.ConnectionError:
        return False


def answers_again(kitchen: Kitchen) -> bool:
    try:
        return kitchen.lives()
    except CallFailed:
        return False


def test_a_broker_that_is_away_when_the_reply_is_due_ends_nothing(
    broker: LocalRabbitMQ, kitchen: Kitchen, process: Process
) -> None:
    pid = process.pid
    dawdle(kitchen, 1.0)
    broker.kill()
    eventually(lambda: kitchen.logged("broker_unreachable"))
    eventually(lambda: kitchen.logged("reply_not_sent"))
    assert process.is_running

    broker.start()
    eventually(lambda: answers_again(kitchen))
    assert process.pid == pid


def test_what_was_announced_while_the_broker_was_away_arrives(
    broker: LocalRabbitMQ, kitchen: Kitchen, process: Process
) -> None:
    broker.kill()
    database = Database(kitchen.env["AUTH_DATABASE_URL"], service=kitchen.name)
    with database.write() as session:
        announce(session, KettleBoiled(subject="kettle/1", sequence=1, data={"drink": "tea"}))
    database.dispose()
    eventually(lambda: kitchen.logged("step_failed"))
    assert kitchen.rows("SELECT 1 FROM outbox WHERE published_at IS NULL")

    broker.start()
    eventually(lambda: kitchen.count("cups") == 1)
    assert not kitchen.rows("SELECT 1 FROM outbox WHERE published_at IS NULL")


def test_a_service_that_starts_before_its_broker_waits_for_it(
    broker: LocalRabbitMQ, kitchen: Kitchen
) -> None:
    broker.kill()
    with ThreadPoolExecutor() as pool:
        started = pool.submit(kitchen.start)
        eventually(lambda: (kitchen.folder / "kitchen.log").exists() and kitchen.log)
        broker.start()
        process = started.result()

    assert process.is_running
    eventually(lambda: answers_again(kitchen))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_is_asked_to_end_finishes_the_work_at_hand(
    kitchen: Kitchen, process: Process, number: signal.Signals
) -> None:
    with dawdle(kitchen, 1.5) as caller:
        os.kill(process.pid, number)

        assert caller.reply()["result"] == {"seconds": 1.5}
    assert process.wait(timeout=20) == 0


def test_a_service_that_is_ending_is_not_ready_and_takes_no_new_work(
    broker: LocalRabbitMQ, kitchen: Kitchen, process: Process
) -> None:
    with dawdle(kitchen, 5.0) as caller:
        os.kill(process.pid, signal.SIGTERM)
        eventually(lambda: "stopping" in health(kitchen, "/readyz").json()["problems"])
        eventually(lambda: broker.queues()[f"rpc-{kitchen.name}"][1] == 0)
        caller.send({"args": [], "kwargs": {"request": {"drink": "tea"}}}, method="boil")

        assert caller.reply()["result"] == {"seconds": 5.0}
    assert process.wait(timeout=20) == 0
    assert kitchen.count("kettles") == 0


def test_an_event_at_hand_is_finished_too(kitchen: Kitchen, process: Process) -> None:
    kitchen.call("boil", request={"drink": "tea"})
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(timeout=20) == 0

    kitchen.start()
    eventually(lambda: kitchen.count("cups") == 1)


def test_a_service_whose_broker_is_away_ends_when_asked_to(
    broker: LocalRabbitMQ, kitchen: Kitchen, process: Process
) -> None:
    broker.kill()
    eventually(lambda: kitchen.logged("broker_unreachable"))

    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(timeout=15) == 0


def test_a_service_whose_broker_has_fallen_silent_ends_when_asked_to(
    broker: LocalRabbitMQ, kitchen: Kitchen, process: Process
) -> None:
    broker.pause()
    try:
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=25) == 0
    finally:
        broker.resume()
    assert kitchen.logged("not_finished_in_time")


def test_health_answers_while_every_worker_is_busy(kitchen: Kitchen, process: Process) -> None:
    with dawdle(kitchen, 4.0, times=WORKERS):
        with pytest.raises(ServiceSilent):
            kitchen.call("ping", timeout=0.3)

        assert health(kitchen, "/livez").json() == {"ok": True, "problems": []}
        assert health(kitchen, "/readyz").status_code == 200
        with pytest.raises(ServiceSilent):
            kitchen.call("ping", timeout=0.3)
        assert health(kitchen, "/elsewhere").status_code == 404


def test_a_service_is_ready_when_all_of_it_has_started(kitchen: Kitchen) -> None:
    kitchen.cold.touch()
    process = kitchen.launch()
    eventually(lambda: is_alive(kitchen))

    ready = health(kitchen, "/readyz")
    assert (ready.status_code, ready.json()["problems"]) == (503, ["starting"])

    kitchen.cold.unlink()
    process.wait_until_ready()
    assert kitchen.lives()


def test_readiness_names_what_is_missing_and_liveness_does_not_care(
    broker: LocalRabbitMQ, kitchen: Kitchen, process: Process
) -> None:
    broker.kill()

    ready = health(kitchen, "/readyz")
    assert ready.status_code == 503
    [problem] = ready.json()["problems"]
    assert problem.startswith("broker: ")
    assert health(kitchen, "/livez").status_code == 200


def test_slow_queries_do_not_wait_for_each_other(kitchen: Kitchen, process: Process) -> None:
    client: RpcClient = kitchen.client()

    def seconds_for(calls: int) -> float:
        def slow(_number: int) -> Any:
            return kitchen.call("query_slowly", seconds=0.3)

        with ThreadPoolExecutor(calls) as pool:
            begun = time.perf_counter()
            assert list(pool.map(slow, range(calls))) == [{"seconds": 0.3}] * calls
            return time.perf_counter() - begun

    seconds_for(WORKERS)  # opens the connections
    one = min(seconds_for(1) for _ in range(3))
    ten = min(seconds_for(WORKERS) for _ in range(3))
    client.close()
    assert ten < 3 * one
