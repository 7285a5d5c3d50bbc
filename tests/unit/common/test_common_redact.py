"""Phone numbers and e-mail addresses are masked; what only looks a little like them is not."""

import time
import uuid
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils import uuid7

from services.common.logs import redact

PHONES = [
    "+33612345678",
    "+33 6 12 34 56 78",
    "+1 (212) 555-0123",
    "+1-212-555-0123",
    "+44 20 7946 0958",
    "+7.495.123.45.67",
    "33612345678",
    "0612345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "12 34 56 78",
    "212-555-0123",
    "212.555.0123",
    "(212) 555-0123",
    "0033 6 12 34 56 78",
    "123456789012345",
]
EMAILS = ["ann@example.com", "ann.clark+salon@mail.example.co.uk", "o'brien@example.ie", "ü@ü.de"]
SURROUNDINGS = [
    "{}",
    "call {} today",
    "({})",
    "phone={}",
    "phone: {}",
    "'{}'",
    '{{"phone": "{}"}}',
    "{}, then",
    "{}.",
    "{}: busy",
    "to {}; again",
    "Key (business_id, phone)=(1, {}) already exists.",
    "?to={}&limit=3",
]
LEFT_ALONE = [
    "appointment/17",
    "appointment/1234567890",
    "staff 12345678",
    "[1001, 1002, 1003, 1004]",
    "2026-11-20",
    "2026-11-20 09:00:00",
    "2026-11-20T09:00:00Z",
    "2026-11-20 09:00:00.123456+00:00",
    "[2026-11-20 09:00:00+00, 2026-11-20 10:00:00+00)",
    "2026-11-20 2026-11-21",
    "attempt 5 2026-11-20",
    "09:00-10:30",
    "1234.50 EUR",
    "4500",
    "12 345 678",
    "127.0.0.1:5672",
    "192.168.100.200",
    "line 1234, in handle",
    "1763683200.123456",
    "01936d2e-1234-7abc-8def-123456789012",
    "12345678-1234-7234-8234-123456789012",
    "PostgreSQL 15.14 (Debian 15.14-0+deb12u1)",
    "HTTP/1.1 200",
]
numbers = st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True)
words = st.sampled_from(["at", "from", "until", "and", "=", "("])


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_masked_wherever_it_stands(phone: str, surrounding: str) -> None:
    masked = redact(surrounding.format(phone))

    assert "[phone]" in masked
    assert not any(part in masked for part in ("5678", "0123", "0958", "45.67", "9012"))


def test_a_number_with_its_plus_is_masked_even_where_others_could_be_part_of_something() -> None:
    assert redact("tel:+33612345678 sip/+33612345678") == "tel:[phone] sip/[phone]"


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("email", EMAILS)
def test_an_email_address_is_masked_wherever_it_stands(email: str, surrounding: str) -> None:
    masked = redact(surrounding.format(email))

    assert "[email]" in masked
    assert "@" not in masked
    assert not any(part in masked for part in ("ann", "brien", "ü"))


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_neither_stays_as_it_is(text: str) -> None:
    assert redact(text) == text
    assert redact(f"before {text} after") == f"before {text} after"


@given(numbers, words, words)
def test_no_international_number_gets_through(phone: str, before: str, after: str) -> None:
    assert phone[-4:] not in redact(f"{before} {phone} {after}").replace("[phone]", "")


@given(st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)), words)
def test_every_instant_stays(moment: datetime, word: str) -> None:
    for text in (f"{moment}", moment.isoformat(), f"{moment.isoformat()}Z", f"{moment.date()}"):
        assert redact(f"{word} {text} {word}") == f"{word} {text} {word}"


@given(st.dates(date(1970, 1, 1), date(2099, 12, 31)), st.integers(0, 10**8 - 1))
def test_days_and_ids_stay_side_by_side(day: date, number: int) -> None:
    text = f"appointment {number} {day} {number}"

    assert redact(text) == text


@given(st.uuids())
def test_every_uuid_stays(value: uuid.UUID) -> None:
    assert redact(f"event {value} failed") == f"event {value} failed"


def test_request_ids_stay() -> None:
    for _ in range(1000):
        text = f"request {uuid7()}"
        assert redact(text) == text


@given(st.integers(0, 10**7), st.sampled_from(["EUR", "USD", "JPY"]))
def test_amounts_stay(minor: int, currency: str) -> None:
    text = f"{minor / 100:.2f} {currency} ({minor})"

    assert redact(text) == text


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("unit", ["a", "1", "1 ", "a.", "+1", "1-", "2026-11-20 "])
def test_the_time_it_takes_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        best = float("inf")
        for _ in range(3):
            begun = time.perf_counter()
            redact(text)
            best = min(best, time.perf_counter() - begun)
        return best

    assert seconds(64_000) < 300 * seconds(2_000)  # 32 times the text


def test_a_row_that_the_database_refuses_is_not_shown() -> None:
    told = 'null value in column "phone"\nDETAIL:  Failing row contains '
    text = f"{told}(7, Ann Clark, $argon2id$v=19)."

    assert redact(text) == f"{told}[row]"
