"""Configuration: the environment, read once at start, checked as a whole.

Every variable stands in ``.env.example``. A wrong or missing value stops the
start with one line that names each culprit; nothing else reads the environment.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

from services.common.mail import SmtpServer, mail_sender, smtp_server

CODE_CHANNELS = ("sms", "call", "email")
SERVICES = ("auth", "booking", "loyalty", "notify")

DEVELOPMENT_SECRET = "everybody-knows-this-one-so-not-in-production"  # noqa: S105  (it says why)
SHORTEST_SECRET = 32

TEST_PHONE = re.compile(r"\+[1-9][0-9]{6,14}:[0-9]+", re.ASCII)
RATE = re.compile(r"[1-9]\d{0,8}/(second|minute|hour|day)", re.ASCII)

Network = IPv4Network | IPv6Network


class ConfigError(Exception):
    """The environment does not describe a system that can start."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process needs to know about its surroundings."""

    env: str = "production"
    amqp_uri: str
    database_urls: dict[str, str] = field(default_factory=dict)
    embedded: bool = False
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    rate_limits: bool | None = None
    rate_per_address: str = "5/second,200/minute"
    rate_per_partner: str = "100/second,3000/minute"
    rate_per_user: str = "5/second,200/minute"
    rate_of_codes: str = "10/minute,60/hour"
    rate_of_sign_ins: str = "10/minute,100/hour"
    rate_of_writes: str = "60/minute"
    redis_url: str = field(default="", repr=False)
    health_host: str = "127.0.0.1"
    health_port: int = 0
    max_workers: int = 10
    rpc_timeout_seconds: float = 5.0
    inbox_retry_seconds: tuple[float, ...] = (1, 5, 30, 120, 600, 1800, 3600, 7200)
    auth_secret: str = field(default=DEVELOPMENT_SECRET, repr=False)
    code_length: int = 6
    session_idle_days: int = 90
    session_days: int = 365
    codes_per_business: int = 300
    codes_per_address: int = 60
    codes_per_device: int = 20
    codes_unused_per_prefix: int = 50
    codes_pause_seconds: float = 900.0
    test_phones: dict[str, str] = field(default_factory=dict, repr=False)
    code_channels: tuple[str, ...] = CODE_CHANNELS
    password_sign_in: bool = False
    recycled_after_days: int = 180
    photo_folder: str = ""
    notify_file: str = ""
    smtp_server: SmtpServer | None = None
    mail_from: str = ""
    log_level: str = "INFO"

    @property
    def is_dev(self) -> bool:
        return self.env == "dev"

    @property
    def has_rate_limits(self) -> bool:
        """As told, or else in production only."""
        return not self.is_dev if self.rate_limits is None else self.rate_limits

    def database_url(self, service: str) -> str:
        """The address of one service's database; ConfigError when it was not given."""
        try:
            return self.database_urls[service]
        except KeyError:
            raise ConfigError(f"{service.upper()}_DATABASE_URL is missing") from None


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables, or ConfigError with every problem in one line."""
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name, (variable, parse) in VARIABLES.items():
        text = environ.get(variable, "").strip()
        if not text:
            continue
        try:
            values[name] = parse(text)
        except ValueError as error:
            problems.append(f"{variable} {error}")
    if "amqp_uri" not in values:
        problems.append("AMQP_URI is missing")
    values["database_urls"] = _database_urls(environ, problems)
    _check_secret(values, problems)
    _check_test_phones(values, problems)
    if "smtp_server" in values and "mail_from" not in values:
        problems.append("MAIL_FROM is missing: who letters are from")
    if problems:
        raise ConfigError("; ".join(problems))
    return Settings(**values)


def _database_urls(environ: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    urls = {}
    for service in SERVICES:
        variable = f"{service.upper()}_DATABASE_URL"
        url = environ.get(variable, "").strip()
        if not url:
            continue
        try:
            urls[service] = _database_address(url)
        except ValueError as error:
            problems.append(f"{variable} {error}")
    return urls


def _check_secret(values: dict[str, Any], problems: list[str]) -> None:
    """In production whoever runs auth needs a secret of its own; nobody else needs any."""
    if values.get("env") == "dev" or any(one.startswith("AUTH_SECRET") for one in problems):
        return
    secret = values.setdefault("auth_secret", "")
    if secret == DEVELOPMENT_SECRET:
        problems.append("AUTH_SECRET must be one of your own: openssl rand -hex 32")
    elif not secret and "auth" in values["database_urls"]:
        problems.append("AUTH_SECRET is missing: openssl rand -hex 32")


def _check_test_phones(values: dict[str, Any], problems: list[str]) -> None:
    """Whoever knows such a phone can sign in with it; and a shorter code would never be right."""
    codes = values.get("test_phones", {}).values()
    length = values.get("code_length", Settings.code_length)
    if codes and values.get("env") != "dev":
        problems.append("TEST_PHONES are for development only")
    if any(len(code) != length for code in codes):
        problems.append(f"TEST_PHONES must have codes of {length} digits, as CODE_LENGTH says")


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return parse


def _whole_number(smallest: int, largest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not smallest <= int(text) <= largest:
            raise ValueError(f"must be a whole number from {smallest} to {largest}")
        return int(text)

    return parse


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError("must be a number of seconds") from None
    if not 0 < seconds <= 86_400:
        raise ValueError("must be a number of seconds above 0 and up to 86400")
    return seconds


def _list_of_seconds(text: str) -> tuple[float, ...]:
    return tuple(_seconds(part.strip()) for part in text.split(","))


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return text == "1"


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"must be at least {SHORTEST_SECRET} characters long")
    return text


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8,::1") from None


def _rate(text: str) -> str:
    parts = [part.strip() for part in text.split(",")]
    if parts != ["off"] and not all(RATE.fullmatch(part) for part in parts):
        raise ValueError("must be off, or rates such as 5/second,200/minute")
    return ",".join(parts)


def _some_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        named = tuple(part.strip() for part in text.split(","))
        if len(set(named)) < len(named) or not set(named) <= set(choices):
            raise ValueError(f"must be some of {', '.join(choices)}, in the order you like")
        return named

    return parse


def _codes_of_phones(text: str) -> dict[str, str]:
    pairs = [part.strip() for part in text.split(",")]
    if not all(TEST_PHONE.fullmatch(pair) for pair in pairs):
        raise ValueError("must be phones and their codes such as +33600000001:123456")
    return dict(pair.split(":") for pair in pairs)


def _path_of_a_file(text: str) -> str:
    if text.endswith("/"):
        raise ValueError("must be the path of a file, such as ./var/messages.log")
    return text


def _address(*starts: str, example: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        try:
            urlsplit(text).port  # noqa: B018  (it is asking that raises)
        except ValueError:
            is_sound = False
        else:
            is_sound = text.startswith(starts)
        if not is_sound:
            raise ValueError(f"must be an address such as {example}")
        return text

    return parse


_database_address = _address(
    "postgresql+psycopg2://",
    "sqlite:///",
    example="postgresql+psycopg2://user:password@host:5432/name or sqlite:///path",
)
_broker_address = _address(
    "amqp://", "amqps://", "kabinet-memory://", example="amqp://user:password@host:5672/vhost"
)
_redis_address = _address(
    "redis://", "rediss://", "redis+unix://", example="redis://:password@host:6379/0"
)
_web_address = _address("http://", "https://", example="https://booking.example.com")


VARIABLES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "env": ("KABINET_ENV", _one_of("dev", "production")),
    "amqp_uri": ("AMQP_URI", _broker_address),
    "embedded": ("EMBEDDED", _flag),
    "host": ("HOST", str),
    "port": ("PORT", _whole_number(1, 65535)),
    "public_url": ("PUBLIC_URL", _web_address),
    "trusted_proxies": ("TRUSTED_PROXIES", _networks),
    "rate_limits": ("RATE_LIMITS", _flag),
    "rate_per_address": ("RATE_PER_ADDRESS", _rate),
    "rate_per_partner": ("RATE_PER_PARTNER", _rate),
    "rate_per_user": ("RATE_PER_USER", _rate),
    "rate_of_codes": ("RATE_OF_CODES", _rate),
    "rate_of_sign_ins": ("RATE_OF_SIGN_INS", _rate),
    "rate_of_writes": ("RATE_OF_WRITES", _rate),
    "redis_url": ("REDIS_URL", _redis_address),
    "health_host": ("HEALTH_HOST", str),
    "health_port": ("HEALTH_PORT", _whole_number(0, 65535)),
    "max_workers": ("MAX_WORKERS", _whole_number(1, 200)),
    "rpc_timeout_seconds": ("RPC_TIMEOUT_SECONDS", _seconds),
    "inbox_retry_seconds": ("INBOX_RETRY_SECONDS", _list_of_seconds),
    "auth_secret": ("AUTH_SECRET", _secret),
    "code_length": ("CODE_LENGTH", _whole_number(4, 8)),
    "session_idle_days": ("SESSION_IDLE_DAYS", _whole_number(1, 3650)),
    "session_days": ("SESSION_DAYS", _whole_number(1, 3650)),
    "codes_per_business": ("CODES_PER_BUSINESS", _whole_number(1, 10**6)),
    "codes_per_address": ("CODES_PER_ADDRESS", _whole_number(1, 1000)),
    "codes_per_device": ("CODES_PER_DEVICE", _whole_number(1, 1000)),
    "codes_unused_per_prefix": ("CODES_UNUSED_PER_PREFIX", _whole_number(1, 10**6)),
    "codes_pause_seconds": ("CODES_PAUSE_SECONDS", _seconds),
    "test_phones": ("TEST_PHONES", _codes_of_phones),
    "code_channels": ("CODE_CHANNELS", _some_of(*CODE_CHANNELS)),
    "password_sign_in": ("PASSWORD_SIGN_IN", _flag),
    "recycled_after_days": ("RECYCLED_AFTER_DAYS", _whole_number(1, 36500)),
    "photo_folder": ("PHOTO_FOLDER", str),
    "notify_file": ("NOTIFY_FILE", _path_of_a_file),
    "smtp_server": ("SMTP_URL", smtp_server),
    "mail_from": ("MAIL_FROM", mail_sender),
    "log_level": ("LOG_LEVEL", _one_of("DEBUG", "INFO", "WARNING", "ERROR")),
}
