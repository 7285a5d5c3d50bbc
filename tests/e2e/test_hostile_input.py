"""Input that is made to hurt: it is refused at once, or it is text like any other."""

import time
from collections.abc import Iterator

import pytest
import requests

from tests.e2e.test_bad_input import refused, visit
from tests.installations import V2, Installation, a_record

HOSTILE_BODIES = {
    "deep": b'{"appointments": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "less deep": b'{"appointments": ' + b"[" * 100 + b"]" * 100 + b"}",
    "many": b'{"appointments": [' + b",".join([b"{}"] * 300_000) + b"]}",
    "digits": b'{"phone": ' + b"9" * 100_000 + b"}",
    "a key twice inside": b'{"appointments": [{"id": 1, "id": 2}]}',
    "half a character": b'{"fullname": "\\ud800"}',
    "infinity": b'{"phone": 1e999}',
    "not a number": b'{"phone": NaN}',
    "UTF-16": '{"phone": "+33612345678"}'.encode("utf-16"),
    "comments": b'{"phone": "+33612345678" /* mine */}',
    "compressed": b"\x1f\x8b\x08\x00" + b"\x00" * 30,
}


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_a_body_made_to_hurt_is_refused_at_once(installation: Installation, name: str) -> None:
    started = time.monotonic()
    before = installation.count_rows()
    answer = installation.ask(
        "POST",
        f"book_record/{installation.location_id}",
        data=HOSTILE_BODIES[name],
        headers={"Content-Type": "application/json"},
    )

    assert (answer.status_code, answer.json()["errors"]["reason"]) == (400, "json_malformed")
    assert len(answer.content) < 2_000
    assert installation.count_rows() == before
    assert time.monotonic() - started < 10


def chunks(size: int) -> Iterator[bytes]:
    yield from [b"x" * 65536] * (size // 65536 + 1)


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_over_a_mebibyte_is_refused(installation: Installation, in_chunks: bool) -> None:
    size = 2 * 1024 * 1024
    try:
        answer = installation.ask(
            "POST",
            f"book_record/{installation.location_id}",
            data=chunks(size) if in_chunks else b"x" * size,
            headers={"Content-Type": "application/json"},
        )
    except requests.ConnectionError:
        return  # it hung up on us, as it may
    assert (answer.status_code, answer.json()["errors"]["reason"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "x"]
)
def test_a_body_that_is_said_to_be_no_json_is_refused(
    installation: Installation, content_type: str
) -> None:
    told = refused(installation, data=b"{}", headers={"Content-Type": content_type})
    assert told == (415, 415, "content_type_unsupported")


PHONE_REASONS = ("phone_malformed", "field_invalid", "validation_failed")
ABSURD_PHONES = [
    "+\uff13\uff13612345678",
    "\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    "+3361234567\u0668",
    "+33612345678\u200b",
    "\u202e+33612345678",
    "+33612345678\r\n+33612345679",
    "+33612345678\x1b[2J",
    "9" * 255,
    "+" * 50,
    "+999612345678",
    "+00000000000",
    "' OR 1=1 --",
    "+33612345678' OR '1'='1",
    "\U0001f4de",
]


@pytest.mark.parametrize("path", ["book_record/{}", "book_code/{}", "user/auth"])
def test_absurd_phones_are_refused_wherever_phones_are_taken(
    installation: Installation, path: str
) -> None:
    where = path.format(installation.location_id)
    before = installation.count_rows()
    wished = [visit(installation)]
    for phone in ABSURD_PHONES:
        body = a_record(0, 0, "", appointments=wished) | {"phone": phone, "code": "123456"}
        answer = installation.ask("POST", where, json=body)
        assert answer.status_code == 422, (phone, answer.text)
        assert answer.json()["errors"]["reason"] in PHONE_REASONS, phone
    assert installation.count_rows() == before


INJECTIONS = [
    "Robert'); DROP TABLE clients;--",
    '"; SELECT pg_sleep(10); --',
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {0.__class__}",
    "%s %(name)s %n %x \\ \\0 \\u0000",
    "<script>alert(1)</script>&lt;b&gt;",
    "../../../../etc/passwd",
    "${jndi:ldap://127.0.0.1/a} $(id) `id` | id ; id",
    "O\u2019Brien-\u0130\u015f\u0131k \u5c71\u7530 \U0001f9d1\u200d\U0001f692 e\u0301",
]


def test_what_would_be_an_injection_elsewhere_is_text_here(installation: Installation) -> None:
    """It comes back letter by letter, and nothing of it was carried out."""
    service, staff = installation.bookable()
    tables = installation.count_rows().keys()
    for text, when in zip(INJECTIONS, installation.slots(service, staff)[::12], strict=False):
        body = a_record(service, staff, when, fullname=text, comment=text, api_id=text)
        body |= {"type": text[:50], "referrer": text, "code": None}
        body["appointments"][0]["custom_fields"] = {text: text}
        booked = installation.ask("POST", f"book_record/{installation.location_id}", json=body)
        assert booked.status_code == 201, (text, booked.text)
        one = booked.json()["data"][0]
        where = f"book_record/{installation.location_id}/{one['record_id']}/{one['record_hash']}"
        assert installation.data(where)["comment"] == text
        found = installation.data("companies", params={"title": text})
        assert found == []
    assert installation.count_rows().keys() == tables


@pytest.mark.parametrize("field", ["fullname", "email", "phone", "api_id", "type", "referrer"])
@pytest.mark.parametrize("steering", ["\r\nBcc: all@example.com", "\x1b[2J", "\u202e", "\x7f"])
def test_what_steers_a_terminal_or_a_letter_is_refused(
    installation: Installation, field: str, steering: str
) -> None:
    record = a_record(0, 0, "", appointments=[visit(installation)])
    value = {"email": "ann@example.com", "phone": "+33612345678"}.get(field, "Ann")
    told = refused(installation, json=record | {field: value + steering + "x"})
    assert told[0] == 422


def test_headers_made_to_hurt_change_nothing(installation: Installation) -> None:
    plain = installation.ask("GET", "companies").json()
    for header, value in {
        "X-Request-Id": "a" * 5000,
        "Accept-Language": "x-" * 1000 + ",fr;q=NaN,*;q=-1",
        "Accept": V2 + ";q=9" * 500,
        "If-Match": '"' * 1000,
        "User-Agent": "(" * 5000,
        "Idempotency-Key": "k" * 5000,
        "Host": "evil.example",
        "X-HTTP-Method-Override": "DELETE",
    }.items():
        answer = installation.ask("GET", "companies", headers={header: value})
        assert (answer.status_code, answer.json()) == (200, plain), header
        assert value not in str(answer.headers), header
