"""Events on the real bus: kept before their subscriber's first start, tried again, never lost."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection
from sqlalchemy.engine import make_url

from deploy.local.postgres import LocalPostgres
from deploy.local.rabbitmq import LocalRabbitMQ
from deploy.services import SERVICES
from services.common.bus.topology import declare_queues
from tests.integration.kitchens import Kitchen, Stranger, a_kitchen, eventually

ENVELOPE = {
    "specversion": "1.0",
    "source": "kitchen",
    "type": "kettle_boiled",
    "time": "2030-06-03T06:00:00Z",
    "subject": "kettle/7",
    "sequence": 1,
    "data": {"drink": "tea"},
}


@pytest.fixture
def kitchen(
    rabbitmq_server: LocalRabbitMQ,
    postgres_database: Callable[[], str],
    tmp_path: Path,
) -> Iterator[Kitchen]:
    """A kitchen that has not been started."""
    with a_kitchen(tmp_path, rabbitmq_server.url, postgres_database()) as kitchen:
        yield kitchen


@pytest.fixture(scope="module")
def running(
    rabbitmq_server: LocalRabbitMQ,
    postgres_server: LocalPostgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Kitchen]:
    """A kitchen that several tests share, each with events of its own."""
    url = postgres_server.create_database("events")
    with a_kitchen(tmp_path_factory.mktemp("events"), rabbitmq_server.url, url) as kitchen:
        kitchen.start()
        yield kitchen


def boil(kitchen: Kitchen, **call: Any) -> None:
    kitchen.call("boil", request={"drink": "tea"}, **call)


def dead_letters(kitchen: Kitchen) -> list[list[str]]:
    told = kitchen.kabinet("dead-letters", "list", "auth")
    return [line.split("\t") for line in told.splitlines()]


def announce(kitchen: Kitchen, body: Any, **properties: Any) -> None:
    with Stranger(kitchen.env["AMQP_URI"], kitchen.name) as publisher:
        publisher.send(
            body,
            exchange=f"{kitchen.name}.events",
            routing_key="kettle_boiled",
            reply_to=None,
            correlation_id=None,
            **properties,
        )


def is_settled(kitchen: Kitchen) -> bool:
    """Whether every event has been published and handled."""
    waiting = kitchen.rows("SELECT 1 FROM outbox WHERE published_at IS NULL")
    unhandled = kitchen.rows("SELECT 1 FROM inbox WHERE handled_at IS NULL")
    return not waiting and not unhandled and kitchen.count("inbox") > 0


def cups(kitchen: Kitchen, event_id: str) -> int:
    return len(kitchen.rows(f"SELECT 1 FROM cups WHERE id = '{event_id}'"))


def test_an_event_reaches_its_subscriber_once(kitchen: Kitchen) -> None:
    kitchen.start()
    boil(kitchen)

    eventually(lambda: is_settled(kitchen))
    assert kitchen.count("cups") == 1
    [handled] = kitchen.rows("SELECT handler, event_type FROM inbox")
    assert tuple(handled) == ("fill_cup", f"{kitchen.name}.kettle_boiled")


def test_an_event_that_is_delivered_twice_has_one_effect(running: Kitchen) -> None:
    for _ in range(5):
        announce(running, ENVELOPE | {"id": "one"})
    announce(running, ENVELOPE | {"id": "other"})

    eventually(lambda: cups(running, "other"))
    eventually(lambda: cups(running, "one"))
    assert cups(running, "one") == 1


def test_an_event_from_before_its_subscribers_first_start_is_kept(kitchen: Kitchen) -> None:
    class Subscriber:
        name = kitchen.name
        subscriptions = {"fill_cup": (None, kitchen.name, "kettle_boiled")}

    [queue] = declare_queues(kitchen.env["AMQP_URI"], [Subscriber])
    assert queue == f"evt-{kitchen.name}-kettle_boiled--{kitchen.name}.fill_cup"
    announce(kitchen, ENVELOPE | {"id": "early"})

    kitchen.start()
    eventually(lambda: kitchen.count("cups") == 1)


def test_queues_declared_beforehand_are_those_the_service_declares(kitchen: Kitchen) -> None:
    """A queue declared differently would be refused for ever."""
    for _ in range(2):
        declared = declare_queues(kitchen.env["AMQP_URI"], SERVICES.values())
    assert "evt-booking-appointment_created--notify.queue_confirmation" in declared

    with Connection(kitchen.env["AMQP_URI"]) as connection:
        for name in declared:
            again = connection.channel().queue_declare(name, durable=True, auto_delete=False)
            assert again.queue == name


def test_a_handler_that_always_fails_ends_in_the_dead_letters_and_passes_after_requeuing(
    kitchen: Kitchen,
) -> None:
    kitchen.spoilt.touch()
    kitchen.start()
    boil(kitchen, request_id="req-milk")

    [letter] = eventually(lambda: dead_letters(kitchen))
    event_id, handler, event, subject, attempts, _, reason = letter
    assert (handler, event) == ("fill_cup", f"{kitchen.name}.kettle_boiled")
    assert (subject, attempts) == ("kettle/1", "3 attempts")
    assert reason.startswith("ValueError: the milk is off: call [phone] at kitchen.py:")
    shown = json.loads(kitchen.kabinet("dead-letters", "show", "auth", event_id))
    assert shown["envelope"]["data"] == {"drink": "tea"}
    assert kitchen.count("cups") == 0

    kitchen.spoilt.unlink()
    assert kitchen.kabinet("dead-letters", "requeue", "auth", event_id) == "1 re-queued\n"
    eventually(lambda: kitchen.count("cups") == 1)
    eventually(lambda: is_settled(kitchen))
    assert dead_letters(kitchen) == []
    failures = kitchen.logged("event_failed") + kitchen.logged("event_failed_again")
    assert len(failures) == 3
    assert {entry["event_id"] for entry in failures} == {event_id}
    assert "+33612345678" not in kitchen.log


def test_a_failure_that_passes_needs_nobody(kitchen: Kitchen) -> None:
    kitchen.spoilt.touch()
    kitchen.start(INBOX_RETRY_SECONDS="0.2,0.2,0.2,0.2,60")
    boil(kitchen)
    eventually(lambda: kitchen.logged("event_failed_again"))
    kitchen.spoilt.unlink()

    eventually(lambda: is_settled(kitchen))
    assert kitchen.count("cups") == 1


@pytest.mark.parametrize(
    "body",
    [
        "{not json",
        "null",
        [],
        {},
        ENVELOPE,
        ENVELOPE | {"id": "x" * 100},
        ENVELOPE | {"id": "long", "subject": "s" * 300},
        ENVELOPE | {"id": "nul", "data": {"drink": "\x00"}},
    ],
    ids=["no JSON", "null", "a list", "empty", "no id", "a long id", "a long subject", "a NUL"],
)
def test_an_unreadable_event_is_dropped_and_the_next_one_handled(
    running: Kitchen, body: Any
) -> None:
    def dropped() -> int:
        return len(running.logged("event_unreadable") + running.logged("message_undecodable"))

    before, good = dropped(), str(uuid4())
    announce(running, body)
    announce(running, ENVELOPE | {"id": good})

    eventually(lambda: cups(running, good) == 1)
    eventually(lambda: dropped() == before + 1)
    assert not running.rows("SELECT 1 FROM inbox WHERE event_id IN ('long', 'nul')")
    assert running.lives()


@pytest.mark.parametrize("stack", [5, [5], "text"])
def test_nonsense_in_nameko_s_own_header_does_not_end_the_service(
    running: Kitchen, stack: Any
) -> None:
    odd = str(uuid4())
    announce(running, ENVELOPE | {"id": odd}, headers={"nameko.call_id_stack": stack})

    eventually(lambda: cups(running, odd) == 1)
    assert running.lives()


def test_a_request_is_followed_from_the_call_to_the_subscriber(kitchen: Kitchen) -> None:
    kitchen.start()
    boil(kitchen, request_id="req-followed")

    eventually(lambda: is_settled(kitchen))
    [boiling], [filling] = kitchen.logged("boiling"), kitchen.logged("filling")
    [event] = kitchen.rows("SELECT envelope FROM outbox")
    assert boiling["request_id"] == "req-followed"
    assert event.envelope["requestid"] == "req-followed"
    assert filling["request_id"] == "req-followed"
    assert filling["event_id"] == event.envelope["id"]


def test_a_retry_is_still_the_same_request(kitchen: Kitchen) -> None:
    kitchen.spoilt.touch()
    kitchen.start()
    boil(kitchen, request_id="req-followed")

    eventually(lambda: len(kitchen.logged("filling")) == 3)
    assert {entry["request_id"] for entry in kitchen.logged("filling")} == {"req-followed"}


def test_one_request_leaves_no_trace_in_the_next(kitchen: Kitchen) -> None:
    kitchen.start(MAX_WORKERS="1")
    for request_id in ("req-1", "req-2", ""):
        kitchen.call("dawdle", seconds=0, request_id=request_id)

    seen = [entry.get("request_id") for entry in kitchen.logged("dawdling")]
    assert seen == ["req-1", "req-2", None]


def test_the_password_of_the_database_is_not_in_the_log(kitchen: Kitchen) -> None:
    kitchen.start()
    boil(kitchen)
    eventually(lambda: is_settled(kitchen))

    log = kitchen.log
    for variable in ("AUTH_DATABASE_URL", "AMQP_URI"):
        password = make_url(kitchen.env[variable]).password
        assert password and str(password) not in log
