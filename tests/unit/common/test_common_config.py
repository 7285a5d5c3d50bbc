"""The environment is read once, and every mistake in it is named in one line."""

import pytest

from services.common.config import (
    DEVELOPMENT_SECRET,
    SERVICES,
    VARIABLES,
    ConfigError,
    read_settings,
)
from services.common.mail import SmtpServer

ENOUGH = {"AMQP_URI": "amqp://guest:guest@127.0.0.1:5672//"}
LETTERS = {"MAIL_FROM": "a@example.com", "PUBLIC_URL": "https://booking.example.com"}
WRONG = {
    "KABINET_ENV": "staging",
    "AMQP_URI": "http://127.0.0.1:5672",
    "EMBEDDED": "yes",
    "PORT": "eighty",
    "PUBLIC_URL": "booking.example.com",
    "TRUSTED_PROXIES": "10.0.0.1/8",
    "CACHE_SECONDS": "an hour",
    "CACHE_TOLD_SECONDS": "an hour",
    "RATE_LIMITS": "dev",
    "RATE_PER_ADDRESS": "5 a second",
    "RATE_PER_PARTNER": "0/second",
    "RATE_PER_USER": "200/fortnight",
    "RATE_OF_CODES": "off,10/minute",
    "RATE_OF_SIGN_INS": "10",
    "RATE_OF_WRITES": ",",
    "REDIS_URL": "http://127.0.0.1:6379",
    "HEALTH_PORT": "70000",
    "MAX_WORKERS": "0",
    "RPC_TIMEOUT_SECONDS": "-1",
    "INBOX_RETRY_SECONDS": "1,two,3",
    "AUTH_SECRET": "too short",
    "CODE_LENGTH": "9",
    "SESSION_IDLE_DAYS": "0",
    "SESSION_DAYS": "4000",
    "CODE_CHANNELS": "sms,pigeon",
    "CODES_PER_BUSINESS": "0",
    "CODES_PER_ADDRESS": "-1",
    "CODES_PER_DEVICE": "many",
    "CODES_UNUSED_PER_PREFIX": "0",
    "CODES_PAUSE_SECONDS": "0",
    "TEST_PHONES": "0600000001:123456",
    "PASSWORD_SIGN_IN": "yes",
    "RECYCLED_AFTER_DAYS": "never",
    "HOLDS_PER_ADDRESS": "0",
    "HOLD_SECONDS": "29",
    "WAITLIST_OFFER_SECONDS": "59",
    "NOTIFY_FILE": "./var/",
    "MESSAGES_KEPT_DAYS": "0",
    "SMTP_URL": "https://mail.example.com",
    "MAIL_FROM": "Salon",
    "LOG_LEVEL": "LOUD",
}
ANYTHING_GOES = {"HOST", "HEALTH_HOST", "PHOTO_FOLDER", "IMAGE_FOLDER"}


def test_a_broker_is_enough_and_the_rest_has_defaults() -> None:
    settings = read_settings(ENOUGH)

    assert settings.env == "production"
    assert not settings.is_dev
    assert not settings.embedded
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 0)
    assert settings.max_workers == 10
    assert settings.rpc_timeout_seconds == 5.0
    assert settings.inbox_retry_seconds[:2] == (1, 5)
    assert settings.code_length == 6
    assert settings.notify_file == ""
    assert settings.log_level == "INFO"


def test_every_variable_has_an_effect() -> None:
    settings = read_settings(
        ENOUGH
        | {
            "KABINET_ENV": "dev",
            "EMBEDDED": "1",
            "HOST": "0.0.0.0",
            "PORT": "9000",
            "PUBLIC_URL": "https://booking.example.com",
            "TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "RATE_LIMITS": "1",
            "RATE_PER_ADDRESS": "9/second, 90/minute",
            "RATE_PER_PARTNER": "off",
            "RATE_PER_USER": "1/second",
            "RATE_OF_CODES": "2/minute",
            "RATE_OF_SIGN_INS": "3/hour",
            "RATE_OF_WRITES": "4/day",
            "REDIS_URL": "redis://127.0.0.1:6379/0",
            "HEALTH_HOST": "::1",
            "HEALTH_PORT": "9001",
            "MAX_WORKERS": "3",
            "RPC_TIMEOUT_SECONDS": "2.5",
            "INBOX_RETRY_SECONDS": "0.5, 1",
            "AUTH_SECRET": "s" * 32,
            "CODE_LENGTH": "4",
            "PASSWORD_SIGN_IN": "1",
            "RECYCLED_AFTER_DAYS": "90",
            "PHOTO_FOLDER": "./var/photos",
            "NOTIFY_FILE": "./var/messages.log",
            "CODE_CHANNELS": "email, sms",
            "CODES_PER_BUSINESS": "5",
            "CODES_PER_ADDRESS": "4",
            "CODES_PER_DEVICE": "3",
            "CODES_UNUSED_PER_PREFIX": "2",
            "CODES_PAUSE_SECONDS": "60",
            "TEST_PHONES": "+33600000001:1234, +33600000002:5678",
            "SMTP_URL": "smtp+starttls://salon:p%40ss@mail.example.com",
            "MAIL_FROM": "Salon <no-reply@example.com>",
            "LOG_LEVEL": "DEBUG",
            "AUTH_DATABASE_URL": "sqlite:////tmp/auth.db",
        }
    )

    assert settings.is_dev and settings.embedded
    assert (settings.host, settings.port) == ("0.0.0.0", 9000)
    assert settings.public_url == "https://booking.example.com"
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert settings.has_rate_limits
    assert settings.rate_per_address == "9/second,90/minute"
    assert (settings.rate_per_partner, settings.rate_per_user) == ("off", "1/second")
    assert (settings.rate_of_codes, settings.rate_of_sign_ins) == ("2/minute", "3/hour")
    assert (settings.rate_of_writes, settings.redis_url) == ("4/day", "redis://127.0.0.1:6379/0")
    assert (settings.health_host, settings.health_port) == ("::1", 9001)
    assert (settings.max_workers, settings.rpc_timeout_seconds) == (3, 2.5)
    assert settings.inbox_retry_seconds == (0.5, 1.0)
    assert (settings.auth_secret, settings.code_length) == ("s" * 32, 4)
    assert (settings.password_sign_in, settings.recycled_after_days) == (True, 90)
    assert settings.photo_folder == "./var/photos"
    assert settings.notify_file == "./var/messages.log"
    assert settings.code_channels == ("email", "sms")
    assert (settings.codes_per_business, settings.codes_per_address) == (5, 4)
    assert (settings.codes_per_device, settings.codes_unused_per_prefix) == (3, 2)
    assert settings.codes_pause_seconds == 60.0
    assert settings.test_phones == {"+33600000001": "1234", "+33600000002": "5678"}
    assert settings.smtp_server == SmtpServer(
        "mail.example.com", 587, "starttls", user="salon", password="p@ss"
    )
    assert settings.mail_from == "Salon <no-reply@example.com>"
    assert settings.log_level == "DEBUG"
    assert settings.database_url("auth") == "sqlite:////tmp/auth.db"


def test_rates_hold_in_production_only_unless_told_otherwise() -> None:
    dev = ENOUGH | {"KABINET_ENV": "dev"}

    assert read_settings(ENOUGH).has_rate_limits
    assert not read_settings(dev).has_rate_limits
    assert not read_settings(ENOUGH | {"RATE_LIMITS": "0"}).has_rate_limits
    assert read_settings(dev | {"RATE_LIMITS": "1"}).has_rate_limits


def test_without_a_broker_nothing_starts() -> None:
    with pytest.raises(ConfigError, match=r"^AMQP_URI is missing$"):
        read_settings({})


def test_an_empty_variable_counts_as_absent() -> None:
    with pytest.raises(ConfigError, match="AMQP_URI is missing"):
        read_settings({"AMQP_URI": "  "})
    assert read_settings(ENOUGH | {"PORT": ""}).port == 8080


def test_there_is_a_wrong_value_for_every_variable_that_can_be_wrong() -> None:
    assert {variable for variable, _ in VARIABLES.values()} - ANYTHING_GOES == set(WRONG)


@pytest.mark.parametrize(("variable", "value"), WRONG.items())
def test_a_wrong_value_is_named(variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings(ENOUGH | {variable: value})

    line = str(refused.value)
    assert line.startswith(f"{variable} must be ")
    assert "\n" not in line


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:password@host/name",
        "mysql://host/name",
        "auth.db",
        "postgresql+psycopg2://user:password@host:port/name",
    ],
)
def test_a_wrong_database_is_named(service: str, url: str) -> None:
    variable = f"{service.upper()}_DATABASE_URL"
    with pytest.raises(ConfigError, match=f"^{variable} must be an address such as"):
        read_settings(ENOUGH | {variable: url})


def test_a_missing_database_is_named_when_it_is_needed() -> None:
    with pytest.raises(ConfigError, match=r"^NOTIFY_DATABASE_URL is missing$"):
        read_settings(ENOUGH).database_url("notify")


def test_all_mistakes_are_told_at_once_in_one_line() -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings(WRONG | {"BOOKING_DATABASE_URL": "nowhere"})

    line = str(refused.value)
    assert "\n" not in line
    assert all(variable in line for variable in [*WRONG, "BOOKING_DATABASE_URL"])


@pytest.mark.parametrize("value", ["0", "nan", "inf", "86401", "soon"])
def test_seconds_are_above_zero_and_up_to_a_day(value: str) -> None:
    with pytest.raises(ConfigError, match="RPC_TIMEOUT_SECONDS must be a number of seconds"):
        read_settings(ENOUGH | {"RPC_TIMEOUT_SECONDS": value})


def test_secrets_do_not_stand_in_the_line() -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings(ENOUGH | {"AUTH_DATABASE_URL": "postgres://kabinet:s3cret@host/auth"})

    assert "s3cret" not in str(refused.value)


def test_in_production_auth_does_not_start_without_a_secret_of_its_own() -> None:
    auth = ENOUGH | {"AUTH_DATABASE_URL": "sqlite:///auth.db"}

    with pytest.raises(ConfigError, match=r"^AUTH_SECRET is missing"):
        read_settings(auth)
    with pytest.raises(ConfigError, match=r"^AUTH_SECRET must be one of your own"):
        read_settings(auth | {"AUTH_SECRET": DEVELOPMENT_SECRET})
    assert read_settings(auth | {"AUTH_SECRET": "s" * 32}).auth_secret == "s" * 32
    assert read_settings(auth | {"KABINET_ENV": "dev"}).auth_secret == DEVELOPMENT_SECRET


@pytest.mark.parametrize(
    "url",
    [
        "smtp://user:password@mail.example.com",
        "smtps://",
        "smtps://host:port",
        "smtps://host/path",
        "smtps://host?x=1",
        "mail.example.com",
    ],
)
def test_a_wrong_mail_server_is_named_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^SMTP_URL ") as refused:
        read_settings(ENOUGH | {"SMTP_URL": url, "MAIL_FROM": "a@example.com"})
    assert "user:password@mail" not in str(refused.value).replace("smtps://user:password@", "")


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtps://mail.example.com", 465),
        ("smtp://mail.example.com", 25),
        ("smtp://user:password@127.0.0.1:1025", 1025),
        ("smtp://user:password@localhost", 25),
    ],
)
def test_a_mail_server_has_its_usual_port(url: str, port: int) -> None:
    settings = read_settings(ENOUGH | LETTERS | {"SMTP_URL": url})
    assert settings.smtp_server is not None
    assert settings.smtp_server.port == port


def test_test_phones_stop_the_start_of_production() -> None:
    phones = {"TEST_PHONES": "+33600000001:123456"}
    with pytest.raises(ConfigError, match=r"^TEST_PHONES are for development only"):
        read_settings(ENOUGH | phones)
    assert read_settings(ENOUGH | phones | {"KABINET_ENV": "dev"}).test_phones


@pytest.mark.parametrize("code", ["12345", "1234567"])
def test_the_codes_of_test_phones_are_as_long_as_others(code: str) -> None:
    with pytest.raises(ConfigError, match=r"^TEST_PHONES must have codes of 6 digits"):
        read_settings(ENOUGH | {"KABINET_ENV": "dev", "TEST_PHONES": f"+33600000001:{code}"})


@pytest.mark.parametrize("missing", ["MAIL_FROM", "PUBLIC_URL"])
def test_letters_need_a_sender_and_an_address_to_lead_to(missing: str) -> None:
    told = ENOUGH | LETTERS | {"SMTP_URL": "smtps://mail.example.com"}
    del told[missing]
    with pytest.raises(ConfigError, match=f"^{missing} is missing"):
        read_settings(told)


@pytest.mark.parametrize("value", ["sms,sms", "", ",", "sms,,email", "fax"])
def test_ways_of_codes_are_known_and_named_once(value: str) -> None:
    if not value:
        assert read_settings(ENOUGH | {"CODE_CHANNELS": value}).code_channels[0] == "sms"
        return
    with pytest.raises(ConfigError, match="CODE_CHANNELS must be some of sms, call, email"):
        read_settings(ENOUGH | {"CODE_CHANNELS": value})


def test_in_production_the_others_need_no_secret_and_have_none() -> None:
    assert read_settings(ENOUGH).auth_secret == ""


def test_the_secret_is_in_no_printed_settings() -> None:
    settings = read_settings(ENOUGH | {"AUTH_SECRET": "s3cret" * 8})

    assert "s3cret" not in repr(settings)
