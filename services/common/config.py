"""Configuration: the environment, read once at start, checked as a whole.

Every variable stands in ``.env.example``. A wrong or missing value stops the
start with one line that names each culprit; nothing else reads the environment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.common import variables as read
from services.common.mail import SmtpServer, mail_sender, smtp_server

CODE_CHANNELS = ("sms", "call", "email")
SERVICES = ("auth", "booking", "loyalty", "notify")

DEVELOPMENT_SECRET = "everybody-knows-this-one-so-not-in-production"  # noqa: S105  (it says why)


class ConfigError(Exception):
    """The environment does not describe a system that can start."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process needs to know about its surroundings."""

    env: str = "production"
    amqp_uri: str = field(repr=False)
    database_urls: dict[str, str] = field(default_factory=dict, repr=False)
    embedded: bool = False
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    trusted_proxies: tuple[read.Network, ...] = ()
    cache_seconds: float = 1.0
    cache_told_seconds: float = 5.0
    rate_limits: bool | None = None
    rate_per_address: str = "5/second,200/minute"
    rate_per_partner: str = "500/second,20000/minute"
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
    hold_seconds: int = 300
    holds_per_address: int = 5
    waitlist_offer_seconds: int = 900
    photo_folder: str = ""
    image_folder: str = ""
    notify_file: str = ""
    messages_kept_days: int = 90
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

    @property
    def web_address(self) -> str:
        """Where people find the gateway, for links in letters."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

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
    if "smtp_server" in values and "public_url" not in values and values.get("env") != "dev":
        problems.append("PUBLIC_URL is missing: where the links in letters lead")
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
            urls[service] = read.database_address(url)
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


VARIABLES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "env": ("KABINET_ENV", read.one_of("dev", "production")),
    "amqp_uri": ("AMQP_URI", read.broker_address),
    "embedded": ("EMBEDDED", read.flag),
    "host": ("HOST", str),
    "port": ("PORT", read.whole_number(1, 65535)),
    "public_url": ("PUBLIC_URL", read.web_address),
    "trusted_proxies": ("TRUSTED_PROXIES", read.networks),
    "cache_seconds": ("CACHE_SECONDS", read.short_time),
    "cache_told_seconds": ("CACHE_TOLD_SECONDS", read.short_time),
    "rate_limits": ("RATE_LIMITS", read.flag),
    "rate_per_address": ("RATE_PER_ADDRESS", read.rate),
    "rate_per_partner": ("RATE_PER_PARTNER", read.rate),
    "rate_per_user": ("RATE_PER_USER", read.rate),
    "rate_of_codes": ("RATE_OF_CODES", read.rate),
    "rate_of_sign_ins": ("RATE_OF_SIGN_INS", read.rate),
    "rate_of_writes": ("RATE_OF_WRITES", read.rate),
    "redis_url": ("REDIS_URL", read.redis_address),
    "health_host": ("HEALTH_HOST", str),
    "health_port": ("HEALTH_PORT", read.whole_number(0, 65535)),
    "max_workers": ("MAX_WORKERS", read.whole_number(1, 200)),
    "rpc_timeout_seconds": ("RPC_TIMEOUT_SECONDS", read.seconds),
    "inbox_retry_seconds": ("INBOX_RETRY_SECONDS", read.list_of_seconds),
    "auth_secret": ("AUTH_SECRET", read.secret),
    "code_length": ("CODE_LENGTH", read.whole_number(4, 8)),
    "session_idle_days": ("SESSION_IDLE_DAYS", read.whole_number(1, 3650)),
    "session_days": ("SESSION_DAYS", read.whole_number(1, 3650)),
    "codes_per_business": ("CODES_PER_BUSINESS", read.whole_number(1, 10**6)),
    "codes_per_address": ("CODES_PER_ADDRESS", read.whole_number(1, 1000)),
    "codes_per_device": ("CODES_PER_DEVICE", read.whole_number(1, 1000)),
    "codes_unused_per_prefix": ("CODES_UNUSED_PER_PREFIX", read.whole_number(1, 10**6)),
    "codes_pause_seconds": ("CODES_PAUSE_SECONDS", read.seconds),
    "test_phones": ("TEST_PHONES", read.codes_of_phones),
    "code_channels": ("CODE_CHANNELS", read.some_of(*CODE_CHANNELS)),
    "password_sign_in": ("PASSWORD_SIGN_IN", read.flag),
    "recycled_after_days": ("RECYCLED_AFTER_DAYS", read.whole_number(1, 36500)),
    "hold_seconds": ("HOLD_SECONDS", read.whole_number(30, 3600)),
    "holds_per_address": ("HOLDS_PER_ADDRESS", read.whole_number(1, 1000)),
    "waitlist_offer_seconds": ("WAITLIST_OFFER_SECONDS", read.whole_number(60, 43_200)),
    "photo_folder": ("PHOTO_FOLDER", str),
    "image_folder": ("IMAGE_FOLDER", str),
    "notify_file": ("NOTIFY_FILE", read.path_of_a_file),
    "messages_kept_days": ("MESSAGES_KEPT_DAYS", read.whole_number(1, 3650)),
    "smtp_server": ("SMTP_URL", smtp_server),
    "mail_from": ("MAIL_FROM", mail_sender),
    "log_level": ("LOG_LEVEL", read.one_of("DEBUG", "INFO", "WARNING", "ERROR")),
}
