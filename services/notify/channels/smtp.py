"""E-mail, handed to the installation's own SMTP server.

SMTP has no key by which a server would know a letter that comes twice. Every
attempt carries the same ``Message-ID``, so a mailbox that compares it shows one.
"""

import smtplib
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WITH_CRLF
from email.utils import format_datetime, parseaddr
from typing import Any

from services.common.mail import SmtpServer
from services.notify.channels.failures import Undeliverable
from services.notify.domain.outgoing import Outgoing

PATIENCE_SECONDS = 8.0
"""For one letter, from connecting to its acceptance: less than an attempt may last."""

FOR_GOOD = range(500, 600)


def send(server: SmtpServer, sender: str, outgoing: Outgoing) -> None:
    """Hand the message over; Undeliverable when this recipient or text is refused for good.

    What an operator can mend (a password, a sender that the server does not like)
    is an ordinary failure: the letter is tried again.
    """
    letter = letter_of(outgoing, sender)
    connection = _connect(server, _domain_of(sender))
    try:
        if server.user:
            connection.login(server.user, server.password)
        connection.sendmail(parseaddr(sender)[1], [outgoing.recipient], letter.as_bytes())
    except smtplib.SMTPRecipientsRefused as refused:
        _give_up_if(*(code for code, _text in refused.recipients.values()))
        raise
    except smtplib.SMTPDataError as refused:
        _give_up_if(refused.smtp_code)
        raise
    finally:
        # The letter has been accepted or refused by now: no goodbye changes that.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def letter_of(outgoing: Outgoing, sender: str) -> EmailMessage:
    """The message as a letter. What people typed can break out of no header."""
    letter = EmailMessage(policy=WITH_CRLF)
    name, address = parseaddr(sender)
    if not outgoing.recipient.isascii():
        raise Undeliverable("not every server on the way would take such an address")
    try:
        letter["From"] = Address(name, addr_spec=address)
        letter["To"] = Address(addr_spec=outgoing.recipient)
        letter["Subject"] = " ".join(outgoing.title.split())
    except (ValueError, MessageError, IndexError) as error:
        raise Undeliverable("it cannot be written as a letter") from error
    letter["Date"] = format_datetime(datetime.now(UTC))
    reference = f"{outgoing.message_id}.{outgoing.reference}"
    letter["Message-ID"] = f"<{reference}@{_domain_of(sender)}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["Content-Language"] = outgoing.language
    letter.set_content(outgoing.text, cte="quoted-printable")
    return letter


class _Hurried:
    """Bounds a whole conversation: an answer is waited for as long as there is time left."""

    sock: Any

    def __init__(self, *server: Any, **options: Any) -> None:
        self._until = time.monotonic() + PATIENCE_SECONDS
        super().__init__(*server, timeout=PATIENCE_SECONDS, **options)  # type: ignore[call-arg]

    def getreply(self) -> tuple[int, bytes]:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server took too long")
        if self.sock is not None:
            self.sock.settimeout(left)
        reply: tuple[int, bytes] = super().getreply()  # type: ignore[misc]
        return reply


class _Smtp(_Hurried, smtplib.SMTP):
    """Not encrypted, or not from the start."""


class _Smtps(_Hurried, smtplib.SMTP_SSL):
    """Encrypted from the start."""


def _connect(server: SmtpServer, own_name: str) -> smtplib.SMTP:
    """Connected, and encrypted if it is to be; a certificate that does not fit is a failure."""
    where = (server.host, server.port, own_name)
    if server.encryption == "tls":
        return _Smtps(*where, context=ssl.create_default_context())
    connection = _Smtp(*where)
    if server.encryption == "starttls":
        try:
            connection.starttls(context=ssl.create_default_context())
        except BaseException:
            connection.close()
            raise
    return connection


def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _give_up_if(*codes: int) -> None:
    if all(code in FOR_GOOD for code in codes):
        raise Undeliverable("the mail server refused it for good")
