"""Mail servers and senders as the environment names them."""

from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

EXAMPLE = "smtps://user:password@mail.example.com"
SCHEMES = {"smtps": ("tls", 465), "smtp+starttls": ("starttls", 587), "smtp": ("none", 25)}


@dataclass(frozen=True)
class SmtpServer:
    """Where letters are handed in, and as whom."""

    host: str
    port: int
    encryption: str
    user: str = ""
    password: str = field(default="", repr=False)


def smtp_server(text: str) -> SmtpServer:
    """A server from ``smtps://`` (TLS), ``smtp+starttls://`` or ``smtp://`` (not encrypted)."""
    try:
        url = urlsplit(text)
        encryption, usual_port = SCHEMES[url.scheme]
        host, port = url.hostname or "", url.port or usual_port
    except (KeyError, ValueError):
        raise ValueError(f"must be an address such as {EXAMPLE}") from None
    if not host or url.path.strip("/") or url.query or url.fragment:
        raise ValueError(f"must be an address such as {EXAMPLE}")
    user, password = unquote(url.username or ""), unquote(url.password or "")
    if user and encryption == "none" and not _is_this_machine(host):
        raise ValueError("would send a password in the clear; use smtps:// or smtp+starttls://")
    return SmtpServer(host, port, encryption, user, password)


def mail_sender(text: str) -> str:
    """A sender such as ``Salon <no-reply@example.com>``."""
    name, address = parseaddr(text)
    try:
        Address(name, addr_spec=address)
    except (ValueError, MessageError, IndexError):
        address = ""
    if "@" not in address or not address.isascii() or not text.isprintable():
        raise ValueError("must be a sender such as Salon <no-reply@example.com>")
    return text


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
