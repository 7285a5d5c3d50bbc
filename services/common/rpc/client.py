"""Calls to the services over the bus, for threads that know nothing of nameko.

    CallFailed
    ├── OutcomeUnknown       sent, and nobody knows what became of it
    │   └── ServiceSilent    … because the deadline came before an answer
    ├── Unreachable          not sent: no way to the broker, or no free line
    │   └── CircuitOpen      … because the service has been silent too often
    └── ServiceDefect        the service has failed

A refusal of the service is raised as it is (``services.common.errors``).
"""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.common.calls import headers
from services.common.errors import refusal_of
from services.common.rpc.circuits import Circuit
from services.common.rpc.lines import BrokerUnreachable, Lines, NoLineFree, NoReply


class CallFailed(Exception):
    """The call got no answer that could be used."""


class OutcomeUnknown(CallFailed):
    """The request was sent; whether it was carried out is unknown."""


class ServiceSilent(OutcomeUnknown):
    """The service did not answer before the deadline."""


class Unreachable(CallFailed):
    """The request was not sent, so nothing has changed."""

    retry_after_seconds = 1.0


class Overloaded(Unreachable):
    """Every line was in use until the deadline."""


class CircuitOpen(Unreachable):
    """The service has been silent so often that it is left alone for a while."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class ServiceDefect(CallFailed):
    """The service failed in a way that nobody has foreseen."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """On whose behalf, and in which request, a call is made."""

    request_id: str
    viewer: Mapping[str, int | None]
    locale: str = "en"

    def headers(self, *, command_id: str, deadline: float) -> dict[str, str]:
        """What travels beside the arguments of a call."""
        return headers(
            request_id=self.request_id,
            command_id=command_id,
            deadline=deadline,
            viewer=dict(self.viewer),
            locale=self.locale,
        )


class RpcClient:
    """Calls services; safe to be shared by threads, connects when first used."""

    def __init__(self, amqp_uri: str, *, timeout_seconds: float = 5.0) -> None:
        self._lines = Lines(amqp_uri)
        self._timeout = timeout_seconds
        self._lock = threading.Lock()
        self._circuits: defaultdict[str, Circuit] = defaultdict(Circuit)

    def call(
        self,
        service: str,
        method: str,
        arguments: dict[str, Any],
        *,
        caller: Caller,
        command_id: str = "",
        once: bool = False,
    ) -> Any:
        """What the method returns; its refusals, or a CallFailed, are raised.

        A call whose line breaks is sent once more, which is safe: queries only
        read, and a command is carried out once per ``command_id``. What is not, and
        must not happen twice, is sent ``once``: then its outcome is unknown.
        """
        circuit = self._circuit(service)
        if (wait := circuit.seconds_to_wait()) > 0:
            raise CircuitOpen(wait)
        deadline = time.monotonic() + self._timeout
        sent = caller.headers(command_id=command_id, deadline=time.time() + self._timeout)
        body = {"args": [], "kwargs": arguments}
        try:
            reply = self._ask(f"{service}.{method}", body, sent, deadline=deadline, once=once)
        except ServiceSilent:
            circuit.silent()
            raise
        circuit.answered()
        return _result_of(reply)

    def reaches_broker(self) -> bool:
        """Whether the broker answers within a second or two."""
        try:
            line = self._lines.take(deadline=time.monotonic() + 1)
        except (BrokerUnreachable, NoLineFree):
            return False
        try:
            line.check()
        except Exception:
            self._lines.discard(line)
            return False
        self._lines.give_back(line)
        return True

    def close(self) -> None:
        """Hang up every idle line."""
        self._lines.close()

    def _circuit(self, service: str) -> Circuit:
        with self._lock:
            return self._circuits[service]

    def _ask(
        self,
        routing_key: str,
        body: dict[str, Any],
        sent: dict[str, str],
        *,
        deadline: float,
        once: bool,
    ) -> dict[str, Any]:
        try:
            return self._ask_once(routing_key, body, sent, deadline=deadline, fresh=False)
        except _LineBroken as error:
            if once:
                raise OutcomeUnknown from error
        except BrokerUnreachable as error:
            raise Unreachable from error
        except NoLineFree as error:
            raise Overloaded from error
        try:
            return self._ask_once(routing_key, body, sent, deadline=deadline, fresh=True)
        except (_LineBroken, BrokerUnreachable, NoLineFree) as error:
            raise OutcomeUnknown from error

    def _ask_once(
        self,
        routing_key: str,
        body: dict[str, Any],
        sent: dict[str, str],
        *,
        deadline: float,
        fresh: bool,
    ) -> dict[str, Any]:
        line = self._lines.take(deadline=deadline, fresh=fresh)
        try:
            reply = line.ask(routing_key, body, sent, deadline=deadline)
        except NoReply as error:
            # Perhaps it is the line that has died: a new one costs little now.
            self._lines.discard(line)
            raise ServiceSilent from error
        except Exception as error:
            self._lines.discard(line)
            raise _LineBroken from error
        except BaseException:
            self._lines.discard(line)
            raise
        self._lines.give_back(line)
        return reply


class _LineBroken(Exception):
    """The request may or may not have left before the line broke."""


def _result_of(reply: dict[str, Any]) -> Any:
    error = reply.get("error")
    if error is None:
        return reply.get("result")
    if (refusal := refusal_of(error)) is not None:
        raise refusal
    if error.get("exc_type") == "DeadlinePassed":
        raise OutcomeUnknown
    # The message of the failure stays in the service's log: it may name people.
    raise ServiceDefect(str(error.get("exc_type")))
