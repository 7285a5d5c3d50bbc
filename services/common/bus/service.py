"""The base of every service, and the five marks for its ways in."""

import functools
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from services.common import commands
from services.common.bus.entrypoints import EventHandler, Rpc
from services.common.bus.lifecycle import (
    CallProvider,
    DatabaseProvider,
    Loops,
    RpcProvider,
    SettingsProvider,
)
from services.common.bus.receive import receive
from services.common.calls import Call
from services.common.engines import LOCK_SECONDS
from services.common.errors import Conflict, DeadlinePassed, Invalid, Refusal

SAME = "same:"
"""How the id of a command begins that was made of its request."""

MARGIN_SECONDS = 0.2
"""How much earlier than its caller a command gives up waiting for its twin."""

Method = Callable[..., Any]


class Service:
    """A service: a name, a database, and methods that are marked as ways in.

    ``subscriptions`` maps the name of each handler to the handler itself,
    without the inbox around it, and to the event it takes: (method, source, type).
    """

    name: ClassVar[str]
    subscriptions: ClassVar[dict[str, tuple[Method, str, str]]] = {}

    database: Any = DatabaseProvider()
    call: Any = CallProvider()
    settings: Any = SettingsProvider()
    rpc: Any = RpcProvider()
    loops: Any = Loops()

    def ping(self) -> dict[str, Any]:
        """Do nothing, over the whole way: for measurements and health checks."""
        return {}

    ping = Rpc.decorator(ping)

    def admit(self, session: Session, arguments: dict[str, Any]) -> None:
        """Refuse a query or command because of what it is about, before it begins."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.subscriptions = {
            name: method.subscription
            for name, method in vars(cls).items()
            if hasattr(method, "subscription")
        }


def query(schema: type[Schema]) -> Callable[[Method], Method]:
    """An RPC method that reads: ``method(self, session, arguments)``.

    Called with keyword arguments, which the schema checks and completes.
    """

    checked = schema()

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def answer(self: Service, **arguments: Any) -> Any:
            left = _seconds_left(self.call)
            loaded = _load(checked, arguments)
            with self.database.read(seconds_left=left) as session:
                self.admit(session, loaded)
                return method(self, session, loaded)

        marked: Method = Rpc.decorator(answer)
        return marked

    return decorate


def command(
    schema: type[Schema],
    *,
    same_as: Callable[[Call, dict[str, Any]], Any] | None = None,
    is_stored: bool = True,
    beside: Collection[str] = (),
    after_refusal: Callable[[Any, Session, dict[str, Any], Refusal], None] | None = None,
) -> Callable[[Method], Method]:
    """An RPC method that changes something: ``method(self, session, request)``.

    One transaction, whole or not at all. With a command id the answer is stored
    for 24 h and a second call gets it again. ``same_as`` says what makes two calls
    the same: those without an id of their caller's choice get one made of that, good
    for 60 s, so that an impatient second click is not a second command. A command whose answer is
    a secret is not stored, and the gateway never sends it twice by itself.

    The fields ``beside`` are not part of what is asked for: a repeated command may
    have others. ``after_refusal(self, session, request, refusal)`` runs in a
    transaction of its own when the first one was undone, for what must be counted.
    """

    checked = schema()

    def decorate(method: Method) -> Method:
        def do(self: Service, request: dict[str, Any], loaded: dict[str, Any]) -> Any:
            call: Call = self.call
            left = _seconds_left(call)
            patience = LOCK_SECONDS if left is None else max(0.05, left - MARGIN_SECONDS)
            patience = min(patience, LOCK_SECONDS)
            with self.database.write(seconds_left=left, lock_seconds=patience) as session:
                self.admit(session, loaded)
                command_id, kept_for = _identity(call, method.__name__, loaded, same_as)
                if not (command_id and is_stored):
                    return method(self, session, loaded)
                if command_id.startswith(SAME):
                    session.info["natural_command_id"] = command_id
                told = {name: value for name, value in request.items() if name not in beside}
                fingerprint = _fingerprint(command_id, method.__name__, told)
                earlier = commands.claim(
                    session, command_id, fingerprint, now=call.now, kept_for=kept_for
                )
                if earlier is not None:
                    return earlier["result"]
                result = method(self, session, loaded)
                commands.store_answer(session, command_id, result)
                return result

        @functools.wraps(method)
        def answer(self: Service, request: dict[str, Any]) -> Any:
            _seconds_left(self.call)
            loaded = _load(checked, request)
            try:
                return _after_twin(self.call, lambda: do(self, request, loaded))
            except Refusal as refusal:
                if after_refusal is not None:
                    with self.database.write(seconds_left=_seconds_left(self.call)) as session:
                        after_refusal(self, session, loaded, refusal)
                raise

        marked: Method = Rpc.decorator(answer)
        return marked

    return decorate


def attempt(schema: type[Schema]) -> Callable[[Method], Method]:
    """An RPC method that must remember even what it refuses: ``method(self, write, request)``.

    It opens its transactions itself, one after the other, each bounded by what is
    left of the caller's patience: ``with write() as session``. What an earlier one
    has committed (a guess that was counted) stays when a later step refuses. Its
    answer is a secret and is not stored; the gateway never sends it twice by itself.
    """

    checked = schema()

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def answer(self: Service, request: dict[str, Any]) -> Any:
            call: Call = self.call
            _seconds_left(call)
            loaded = _load(checked, request)

            def write() -> AbstractContextManager[Session]:
                transaction: AbstractContextManager[Session] = self.database.write(
                    seconds_left=_seconds_left(call)
                )
                return transaction

            return method(self, write, loaded)

        marked: Method = Rpc.decorator(answer)
        return marked

    return decorate


def subscriber(source: str, event_type: str) -> Callable[[Method], Method]:
    """A handler of an event: ``method(self, session, event)``, once per event.

    The method's name is part of the queue's name: renaming it leaves the old
    queue, and what is in it, behind.
    """

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def handle_message(self: Service, message: Any) -> None:
            receive(
                self.database,
                method.__name__,
                functools.partial(method, self),
                message,
                self.settings.inbox_retry_seconds,
            )

        handle_message.subscription = (method, source, event_type)  # type: ignore[attr-defined]
        marked: Method = EventHandler.decorator(source, event_type)(handle_message)
        return marked

    return decorate


def background(*, every: float) -> Callable[[Method], Method]:
    """A step ``method(self) -> bool`` repeated while the service runs.

    At once again when it answers True (there was something to do), else after
    ``every`` seconds or as soon as a transaction of this process has committed that
    was to wake it (``wake_loop``).
    """

    def decorate(method: Method) -> Method:
        method.every = every  # type: ignore[attr-defined]
        return method

    return decorate


def _seconds_left(call: Call) -> float | None:
    """What is left of the caller's patience; DeadlinePassed when nothing is."""
    left = call.seconds_left
    if left is not None and left <= 0:
        raise DeadlinePassed("the caller has stopped waiting")
    return left


def _after_twin(call: Call, do: Callable[[], Any]) -> Any:
    """Its answer; while a twin holds the command's id, again until the caller's patience ends.

    A command waits for no lock longer than usual, but a twin may take its time.
    """
    while True:
        try:
            return do()
        except Conflict as refusal:
            left = call.seconds_left or 0
            if refusal.code != commands.IN_PROGRESS or left < 2 * MARGIN_SECONDS:
                raise


def _fingerprint(command_id: str, name: str, request: dict[str, Any]) -> str:
    """What a repeated command must have in common with the first: for a second click, the id."""
    told = command_id if command_id.startswith(SAME) else request
    return commands.fingerprint_of(name, told)


def _load(schema: Schema, request: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(request)
    except ValidationError as error:
        raise Invalid("validation_failed", fields=error.normalized_messages()) from error
    return loaded


def _identity(
    call: Call,
    name: str,
    request: dict[str, Any],
    same_as: Callable[[Call, dict[str, Any]], Any] | None,
) -> tuple[str, timedelta]:
    """The command's id and how long its answer is kept."""
    if same_as is not None and not call.command_id.startswith("key:"):
        made = commands.fingerprint_of(name, same_as(call, request))
        return f"{SAME}{made}", commands.DOUBLE_CLICK
    return call.command_id, commands.KEPT_FOR
