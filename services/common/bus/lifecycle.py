"""What runs in a service beside its methods: loops, the database, the call at hand."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import structlog
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.common import commands, inbox, outbox
from services.common.bus.health import serve_health
from services.common.bus.loop import Loop
from services.common.bus.relay import Relay
from services.common.calls import Call, call_of
from services.common.config import Settings
from services.common.db import Database
from services.common.events import unseal
from services.common.rpc.client import RpcClient

log = structlog.get_logger(__name__)

SETTINGS = "kabinet"
STARTED = "started"
STOPPING = "stopping"
HOUSEKEEPING_SECONDS = 3600.0


def settings_of(container: Any) -> Settings:
    settings: Settings = container.config[SETTINGS]
    return settings


def database_of(container: Any) -> Database:
    """The container's one Database; opened by whoever asks first."""
    config = container.config.setdefault("databases", {})
    name = container.service_name
    if name not in config:
        settings = settings_of(container)
        config[name] = Database(
            settings.database_url(name),
            service=name,
            pool_size=settings.max_workers + 4,
        )
    database: Database = config[name]
    return database


class DatabaseProvider(DependencyProvider):
    """Gives methods ``self.database``."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Database:
        return database_of(self.container)


class CallProvider(DependencyProvider):
    """Gives methods ``self.call``, and the logs its request id."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Call:
        call = call_of(worker_ctx.data, now=datetime.now(UTC))
        structlog.contextvars.clear_contextvars()
        if call.request_id:
            structlog.contextvars.bind_contextvars(request_id=call.request_id)
        return call


class SettingsProvider(DependencyProvider):
    """Gives methods ``self.settings``."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Settings:
        return settings_of(self.container)


class RpcProvider(DependencyProvider):
    """Gives methods ``self.rpc``, for the rare case in which a service must ask another."""

    def setup(self) -> None:
        settings = settings_of(self.container)
        self.client = RpcClient(settings.amqp_uri, timeout_seconds=settings.rpc_timeout_seconds)

    def stop(self) -> None:
        self.client.close()

    def get_dependency(self, worker_ctx: WorkerContext) -> RpcClient:
        return self.client


class Loops(DependencyProvider):
    """Runs the relay, the retries of failed events, housekeeping and the service's own steps."""

    def setup(self) -> None:
        settings = settings_of(self.container)
        self.database = database_of(self.container)
        self.loops: dict[str, Loop] = {}
        self.rpc = RpcClient(settings.amqp_uri, timeout_seconds=settings.rpc_timeout_seconds)
        self.relay = Relay(self.database, self.container.service_name, settings.amqp_uri)
        self.database.after_commit = self.wake

    def start(self) -> None:
        settings = settings_of(self.container)
        if settings.embedded:
            with self.database.write() as session:
                outbox.publish_again(session, now=datetime.now(UTC))
        self._repeat(outbox.RELAY, self.relay.publish_waiting, every=1.0)
        self._repeat("inbox_retries", self._retry_one, every=1.0)
        self._repeat("housekeeping", self._clean_up, every=HOUSEKEEPING_SECONDS)
        for name in dir(self.container.service_cls):
            step = getattr(self.container.service_cls, name)
            if hasattr(step, "every"):
                self._repeat(name, self._own_step(step), every=step.every)
        if settings.health_port:
            self.container.spawn_managed_thread(
                lambda: serve_health(
                    settings.health_host,
                    settings.health_port,
                    self.database,
                    settings.amqp_uri,
                    is_started=self.container.config[STARTED].is_set,
                    is_stopping=self.container.config[STOPPING].is_set,
                ),
                identifier="health",
            )

    def stop(self) -> None:
        for loop in self.loops.values():
            loop.stop()
        self.relay.close()
        self.rpc.close()

    def wake(self, loops: Iterable[str]) -> None:
        for name in loops:
            if loop := self.loops.get(name):  # there is none before the start
                loop.wake()

    def get_dependency(self, worker_ctx: WorkerContext) -> "Loops":
        return self

    def _repeat(self, name: str, step: Callable[[], bool], *, every: float) -> None:
        loop = self.loops[name] = Loop(name, step, every=every)
        self.container.spawn_managed_thread(loop.run, identifier=name)

    def _own_step(self, step: Callable[..., bool]) -> Callable[[], bool]:
        service = self._instance()
        return lambda: step(service)

    def _instance(self) -> Any:
        """The service as its loops see it: no call is at hand."""
        service = self.container.service_cls()
        service.database = self.database
        service.settings = settings_of(self.container)
        service.rpc = self.rpc
        return service

    def _retry_one(self) -> bool:
        """Try the most overdue failed event again; whether there was one."""
        delays = settings_of(self.container).inbox_retry_seconds
        with self.database.write() as session:
            due = inbox.take_due(session, now=datetime.now(UTC))
            if due is None:
                return False
            try:
                with session.begin_nested():
                    self._handle_again(session, due)
            except Exception as error:
                log.warning(
                    "event_failed_again",
                    event_id=due.event_id,
                    handler=due.handler,
                    attempts=due.attempts + 1,
                    error=inbox.reason_of(error),
                )
                now = datetime.now(UTC)
                inbox.settle_failure(session, due, error, delays=delays, now=now)
            else:
                inbox.settle_success(session, due, now=datetime.now(UTC))
            return True

    def _handle_again(self, session: Session, due: Row[Any]) -> None:
        handle, _source, _type = self.container.service_cls.subscriptions[due.handler]
        event = unseal(due.envelope)
        with structlog.contextvars.bound_contextvars(
            event_id=event.id, request_id=event.request_id
        ):
            handle(self._instance(), session, event)

    def _clean_up(self) -> bool:
        now = datetime.now(UTC)
        for forget in (
            outbox.forget_published,
            inbox.forget_handled,
            commands.forget_expired,
        ):
            with self.database.write() as session:
                forget(session, now=now)
        return False
