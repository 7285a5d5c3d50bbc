"""What the text of a variable may be, and what it means; ValueError says what it must be."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
TEST_PHONE = re.compile(r"\+[1-9][0-9]{6,14}:[0-9]+", re.ASCII)
RATE = re.compile(r"[1-9]\d{0,8}/(second|minute|hour|day)", re.ASCII)

Network = IPv4Network | IPv6Network


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return parse


def whole_number(smallest: int, largest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not smallest <= int(text) <= largest:
            raise ValueError(f"must be a whole number from {smallest} to {largest}")
        return int(text)

    return parse


def seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError("must be a number of seconds") from None
    if not 0 < seconds <= 86_400:
        raise ValueError("must be a number of seconds above 0 and up to 86400")
    return seconds


def short_time(text: str) -> float:
    try:
        parsed = float(text)
    except ValueError:
        parsed = -1.0
    if not 0 <= parsed <= 10:
        raise ValueError("must be a number of seconds from 0 to 10")
    return parsed


def list_of_seconds(text: str) -> tuple[float, ...]:
    return tuple(seconds(part.strip()) for part in text.split(","))


def flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return text == "1"


def secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"must be at least {SHORTEST_SECRET} characters long")
    return text


def networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8,::1") from None


def rate(text: str) -> str:
    parts = [part.strip() for part in text.split(",")]
    if parts != ["off"] and not all(RATE.fullmatch(part) for part in parts):
        raise ValueError("must be off, or rates such as 5/second,200/minute")
    return ",".join(parts)


def some_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        named = tuple(part.strip() for part in text.split(","))
        if len(set(named)) < len(named) or not set(named) <= set(choices):
            raise ValueError(f"must be some of {', '.join(choices)}, in the order you like")
        return named

    return parse


def codes_of_phones(text: str) -> dict[str, str]:
    pairs = [part.strip() for part in text.split(",")]
    if not all(TEST_PHONE.fullmatch(pair) for pair in pairs):
        raise ValueError("must be phones and their codes such as +33600000001:123456")
    return dict(pair.split(":") for pair in pairs)


def path_of_a_file(text: str) -> str:
    if text.endswith("/"):
        raise ValueError("must be the path of a file, such as ./var/messages.log")
    return text


def address(*starts: str, example: str) -> Callable[[str], str]:
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


database_address = address(
    "postgresql+psycopg2://",
    "sqlite:///",
    example="postgresql+psycopg2://user:password@host:5432/name or sqlite:///path",
)
broker_address = address(
    "amqp://", "amqps://", "kabinet-memory://", example="amqp://user:password@host:5672/vhost"
)
redis_address = address(
    "redis://", "rediss://", "redis+unix://", example="redis://:password@host:6379/0"
)
web_address = address("http://", "https://", example="https://booking.example.com")
