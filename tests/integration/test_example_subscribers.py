"""The subscribers of ``docs/examples``, run as strangers: with an account that may do no more."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from amqp.basic_message import Message
from amqp.exceptions import AccessRefused
from kombu import Connection
from sqlalchemy import insert
from sqlalchemy.engine import make_url

from deploy.local.processes import Process
from deploy.local.rabbitmq import LocalRabbitMQ
from deploy.services import SERVICES
from services.common.bus.relay import Relay
from services.common.bus.topology import declare_queues
from services.common.db import Database
from services.common.events import unseal
from services.common.migrate import migrate
from services.common.outbox import outbox
from tests.integration.kitchens import eventually

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
ENVELOPE = json.loads(
    (ROOT / "tests" / "contract" / "events" / "booking.appointment_created.json").read_text()
)
OWN = r"^evt-.*--crm\."
THEIRS = "evt-booking-appointment_created--notify.queue_confirmation"
PERMISSIONS = (OWN, OWN, OWN + r"|.*\.events$")
NAMEKO = [str(Path(sys.executable).with_name("nameko")), "run"]
SUBSCRIBERS = {
    "greet": [*NAMEKO, "--config", "subscriber_nameko.yaml", "subscriber_nameko"],
    "note": ["subscriber_kombu.py"],
}


@pytest.fixture(scope="module")
def account(rabbitmq_server: LocalRabbitMQ) -> str:
    """The address of the broker for a user who may only subscribe."""
    declare_queues(rabbitmq_server.url, SERVICES.values())
    ours = make_url(rabbitmq_server.url)
    control(rabbitmq_server, "add_user", "crm", "secret")
    control(rabbitmq_server, "set_permissions", "-p", str(ours.database), "crm", *PERMISSIONS)
    return ours.set(username="crm", password="secret").render_as_string(hide_password=False)


def control(server: LocalRabbitMQ, *arguments: str) -> None:
    subprocess.run(
        [str(server._programs / "rabbitmqctl"), *arguments],
        env=server._environment,
        cwd="/",
        check=True,
        capture_output=True,
    )


@pytest.fixture(params=SUBSCRIBERS)
def subscriber(
    request: pytest.FixtureRequest, account: str, rabbitmq_server: LocalRabbitMQ, tmp_path: Path
) -> Iterator[Process]:
    """The example, running, its queue made and consumed."""
    queue = f"evt-booking-appointment_created--crm.{request.param}"
    process = Process(
        request.param,
        [sys.executable, *SUBSCRIBERS[request.param]],
        env={"PATH": os.environ["PATH"], "AMQP_URI": account, "PYTHONWARNINGS": "ignore"},
        cwd=EXAMPLES,
        log=tmp_path / "subscriber.log",
        ready=lambda: rabbitmq_server.queues().get(queue, (0, 0))[1] == 1,
    )
    with process:
        yield process


@pytest.fixture
def publish(rabbitmq_server: LocalRabbitMQ, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Lets booking's relay publish the example event."""
    url = f"sqlite:///{tmp_path}/booking.db"
    migrate("booking", url)
    database = Database(url, service="booking")
    relay = Relay(database, "booking", rabbitmq_server.url)

    def publish() -> None:
        with database.write() as session:
            session.execute(
                insert(outbox).values(
                    event_type=ENVELOPE["type"],
                    subject=ENVELOPE["subject"],
                    envelope=ENVELOPE,
                    created_at=unseal(ENVELOPE).time,
                )
            )
        assert relay.publish_waiting()

    yield publish
    relay.close()
    database.dispose()


def test_the_example_hears_of_a_booking(subscriber: Process, publish: Callable[[], None]) -> None:
    publish()

    eventually(lambda: "appointment/1 1 Ann Clark" in subscriber.log_tail())
    assert subscriber.is_running


def test_the_docs_show_these_permissions_and_files() -> None:
    text = (ROOT / "docs" / "events.md").read_text()

    assert " ".join(f"'{pattern}'" for pattern in PERMISSIONS) in text
    assert all(f"examples/{path.name}" in text for path in EXAMPLES.iterdir() if path.is_file())


def publish_event(channel: Any) -> None:
    channel.basic_publish_confirm(Message(b"{}"), "booking.events", "appointment_created")


def call_service(channel: Any) -> None:
    channel.basic_publish_confirm(Message(b"{}"), "nameko-rpc", "booking.ping")


ATTEMPTS: dict[str, Callable[[Any], Any]] = {
    "publish an event": publish_event,
    "call a service": call_service,
    "declare an exchange": lambda channel: channel.exchange_declare("x.events", "topic"),
    "take calls": lambda channel: channel.queue_declare("rpc-booking", durable=True),
    "make a queue of another name": lambda channel: channel.queue_declare(f"{THEIRS}2"),
    "read another's queue": lambda channel: channel.basic_consume(THEIRS),
    "empty another's queue": lambda channel: channel.queue_purge(THEIRS),
    "delete another's queue": lambda channel: channel.queue_delete(THEIRS),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=list(ATTEMPTS))
def test_a_stranger_may_not(account: str, attempt: Callable[[Any], Any]) -> None:
    with (
        Connection(account, transport_options={"confirm_publish": True}) as connection,
        pytest.raises(AccessRefused),
    ):
        attempt(connection.channel())
