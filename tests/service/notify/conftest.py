"""Notify with a real database, a file to send to, a small auth to ask, and a clock to turn."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from sqlalchemy import select
from uuid_utils import uuid7

from services.common.config import Settings
from services.common.db import Database
from services.common.rpc.client import RpcClient
from services.notify.channels import console
from services.notify.domain.outgoing import Outgoing
from services.notify.models import Message, Notice
from services.notify.service import NotifyService
from services.notify.use_cases.sending import Sender
from tests.factories import an_appointment_event
from tests.service.conftest import NewDatabase, a_worker
from tests.small_bus import URI, SmallService

ANN = "+33612345678"
CODE = "042137"

Answer = Callable[..., dict[str, Any]]


@dataclass
class Clock:
    """The time as it is, and as much later as a test wants."""

    later: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later

    def advance(self, seconds: float) -> None:
        self.later += timedelta(seconds=seconds)


@dataclass
class Notify:
    """An installation of notify that sends to a file."""

    database: Database
    file: Path
    settings: Settings
    rpc: RpcClient
    clock: Clock = field(default_factory=Clock)

    def worker(self, **call: Any) -> Any:
        worker = a_worker(NotifyService, self.database, **call)
        worker.settings = self.settings
        worker.rpc = self.rpc
        return worker

    def hear(self, event: dict[str, Any]) -> None:
        """Receive an event as the bus would deliver it."""
        handlers = {
            f"{source}.{type_}": name
            for name, (_, source, type_) in NotifyService.subscriptions.items()
        }
        getattr(self.worker(), handlers[f"{event['source']}.{event['type']}"])(event)

    def sender(self) -> Sender:
        return Sender(
            database=self.database, rpc=self.rpc, settings=self.settings, clock=self.clock
        )

    def send(self, *, is_urgent: bool = False) -> bool:
        """Send one message, or else one letter."""
        sender = self.sender()
        sent = sender.send_next(is_urgent=is_urgent)
        return sent or sender.send_next(is_urgent=is_urgent, by_email=True)

    def send_all(self) -> None:
        """Send whatever is due now."""
        for is_urgent in (True, False):
            while self.send(is_urgent=is_urgent):
                pass

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What has left, in order."""
        if not self.file.exists():
            return []
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    @property
    def messages(self) -> list[Message]:
        with self.database.read() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))

    @property
    def message(self) -> Message:
        [message] = self.messages
        return message

    @property
    def notices(self) -> list[Notice]:
        with self.database.read() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))

    def changed(self, **settings: Any) -> "Notify":
        return replace(self, settings=replace(self.settings, **settings))


@pytest.fixture
def notify(new_database: NewDatabase, tmp_path: Path) -> Iterator[Notify]:
    file = tmp_path / "messages.log"
    settings = Settings(
        env="production",
        amqp_uri=URI,
        notify_file=str(file),
        public_url="https://salon.example",
        rpc_timeout_seconds=1.0,
    )
    forget_calls()
    rpc = RpcClient(URI, timeout_seconds=settings.rpc_timeout_seconds)
    yield Notify(new_database("notify"), file, settings, rpc)
    rpc.close()


def forget_calls() -> None:
    """Empty auth's queue: a bus in memory keeps what nobody took past its time."""
    with Connection(URI) as connection:
        connection.channel().queue_purge("rpc-auth")


def an_event(
    type: str = "appointment_created", sequence: int = 1, **changes: Any
) -> dict[str, Any]:
    """What booking says about appointment 17, or another ``number``; ``data`` is merged."""
    number = changes.pop("number", 17)
    data = {"appointment_id": number, "created_by": "client", **changes.pop("data", {})}
    return an_appointment_event(
        type=type, sequence=sequence, subject=f"appointment/{number}", data=data, **changes
    )


def a_code_request(
    sequence: int = 1,
    *,
    challenge: str = "0b7c1f6e",
    phone: str = ANN,
    locale: str = "en",
    good_for: float = 600,
) -> dict[str, Any]:
    """What auth says when somebody asks for a code."""
    at = datetime.now(UTC)
    return {
        "specversion": "1.0",
        "id": str(uuid7()),
        "source": "auth",
        "type": "code_requested",
        "time": _z(at),
        "subject": f"challenge/{challenge}",
        "sequence": sequence,
        "datacontenttype": "application/json",
        "data": {
            "challenge_id": challenge,
            "purpose": "prove_phone",
            "medium": "sms",
            "locale": locale,
            "expires_at": _z(at + timedelta(seconds=good_for)),
            "contact": {"phone": phone, "email": None},
        },
    }


def a_code_text(**changes: Any) -> dict[str, Any]:
    """What auth answers when it is asked for the text of a code."""
    expires_at = _z(datetime.now(UTC) + timedelta(seconds=600))
    return {
        "code": CODE,
        "link_token": None,
        "purpose": "prove_phone",
        "recipient": ANN,
        "expires_at": expires_at,
        **changes,
    }


def _z(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class Killed(BaseException):
    """The process dies: no handler of ours gets to see it."""


class Terminal:
    """A terminal, which is outside of the system: what it printed, and how it behaves."""

    def __init__(self) -> None:
        self.printed: list[int] = []
        self.behave: Callable[[], Any] = lambda: None

    def send(self, outgoing: Outgoing) -> None:
        self.behave()
        self.printed.append(outgoing.message_id)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal()
    monkeypatch.setattr(console, "send", terminal.send)
    return terminal


@pytest.fixture
def dev(notify: Notify) -> Notify:
    """An installation whose only channel is the terminal."""
    return notify.changed(env="dev", notify_file="")


def fails() -> None:
    raise OSError("the terminal is gone, said +33 6 12 34 56 78")


def dies() -> None:
    raise Killed


def end_of(message: Message) -> tuple[bool, bool, bool, bool]:
    """Whether it is due, was sent, was skipped, has failed."""
    moments = (message.next_attempt_at, message.sent_at, message.skipped_at, message.failed_at)
    due, sent, skipped, failed = (moment is not None for moment in moments)
    return due, sent, skipped, failed


DUE, SENT, SKIPPED, FAILED = (tuple(at == of for at in range(4)) for of in range(4))


def knows_the_code(challenge_id: str, medium: str) -> dict[str, Any]:
    return a_code_text()


@contextmanager
def auth(answer: Answer = knows_the_code) -> Iterator[SmallService]:
    """Auth on the bus of this test, for as long as the block lasts."""
    with SmallService("auth", {"get_code_text": answer}) as service:
        yield service


def send_code(notify: Notify) -> bool:
    return notify.send(is_urgent=True)
