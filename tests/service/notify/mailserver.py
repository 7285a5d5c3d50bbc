"""A mail server on this machine, as aiosmtpd runs it, and what it was given."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from deploy.local.ports import free_port
from services.common.mail import SmtpServer

ACCEPTED = "250 OK"
CERTIFICATE = Path(__file__).with_name("localhost.pem")


@dataclass
class MailServer:
    """``recipient`` and ``content`` answer as a test wants."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    recipient: Callable[[], str] = lambda: ACCEPTED
    content: Callable[[], str] = lambda: ACCEPTED

    @property
    def address(self) -> SmtpServer:
        return SmtpServer("127.0.0.1", self.port, "none")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.recipient()
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.content()
        if answer == ACCEPTED:
            letter = message_from_bytes(envelope.content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return answer


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def encrypting(encryption: str) -> AbstractContextManager[MailServer]:
    """A server with a certificate for localhost that it has made itself."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    if encryption == "tls":
        return mail_server(ssl_context=context)
    return mail_server(tls_context=context, require_starttls=True)


def knows(user: bytes, password: bytes) -> Callable[..., AuthResult]:
    """An authenticator that lets one user in."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> Any:
        return AuthResult(success=told == LoginPassword(user, password), handled=False)

    return check


def slowly() -> str:
    time.sleep(2)
    return ACCEPTED
