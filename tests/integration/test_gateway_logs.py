"""What the gateway's server writes: the lines of everything else, and nothing about who asked."""

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.a_gateway import a_gateway

SECRET = "0123456789abcdef0123456789abcdef"
PHONE = "+33612345678"


def say(base_url: str, text: str) -> bytes:
    """What is answered to something that is hardly HTTP."""
    address = urlsplit(base_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(text.encode())
        return line.recv(1000)


def test_every_line_is_json_with_the_same_fields_and_quotes_nobody(tmp_path: Path) -> None:
    with a_gateway(tmp_path) as base_url:
        path = f"/api/v1/book_record/1/2/{SECRET}?phone={PHONE}"
        requests.get(f"{base_url}{path}", timeout=10)
        assert b" 400 " in say(base_url, f"GET {path} it is me\r\n\r\n")
        assert b" 400 " in say(base_url, f"GET / HTTP/1.1\r\n{SECRET} {PHONE}: 1\r\n\r\n")
    text = (tmp_path / "gateway.log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]

    assert {"timestamp", "level", "logger", "service", "event"} <= set.intersection(
        *(set(line) for line in lines)
    )
    assert {line["service"] for line in lines} == {"gateway"}
    assert any(line["event"].startswith("Listening at") for line in lines)
    invalid = [line["event"] for line in lines if line["event"].startswith("Invalid request")]
    assert len(invalid) == 2
    assert SECRET not in text
    assert PHONE not in text
